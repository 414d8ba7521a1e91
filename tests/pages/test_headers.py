"""The same strict headers on every route and every status."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from weerbaar.pages.errors import PAGES, error_page
from weerbaar.pages.health import PROBES
from weerbaar.pages.middleware import HEADERS, HSTS, StrictHeaders, trust_own_origin
from weerbaar.zones import Zone

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
FILLED = {"int": "1", "uuid": "4b7d2c1e-0000-4000-8000-000000000000", "slug": "x", "str": "x", "path": "x"}


def routes(patterns, before: str = "/"):
    """Every path of a URLconf, with something in the place of each variable."""
    for pattern in patterns:
        part = str(pattern.pattern)
        for name, converter in pattern.pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
            part = part.replace(f"<{kind}:{name}>", FILLED.get(kind, "1")).replace(f"<{name}>", FILLED["str"])
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, before + part)
        elif isinstance(pattern, URLPattern):
            yield (before + part).replace("^", "").replace("$", "")


EVERY = sorted(
    {path for zone in Zone for path in routes(get_resolver(zone.urlconf).url_patterns)}
    | {"/livez", "/readyz", "/static/css/thema.css", "/static/nergens.css", "/nergens/", "/mijn/nergens/"}
)


def assert_strict(response, path: str) -> None:
    for name, value in HEADERS.items():
        assert response.headers.get(name) == value, (path, name)
    policy = response.headers["Content-Security-Policy"]
    assert {part.strip() for part in policy.split(";")} == POLICY, path
    if path.startswith("/static/") and response.status_code == 200:
        assert "no-store" not in response.headers["Cache-Control"]
        assert "Access-Control-Allow-Origin" not in response.headers
    else:
        assert response.headers["Cache-Control"] == "no-store", path


@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_every_route_answers_with_the_same_strict_headers(method):
    client = Client(raise_request_exception=False)
    statuses = set()
    for path in EVERY:
        response = getattr(client, method)(path)
        assert_strict(response, path)
        statuses.add(response.status_code)
    assert len(EVERY) > 40
    assert statuses >= {"get": {200, 302, 404}, "post": {405}, "put": {405}}[method]


@pytest.mark.parametrize("status", sorted(PAGES))
def test_every_error_page_has_the_phone_number_the_exit_and_the_strict_headers(status):
    answer = StrictHeaders(lambda request: error_page(request, status))
    response = answer(RequestFactory().get("/nergens/"))
    page = response.content.decode()
    assert response.status_code == status
    assert 'href="tel:112"' in page
    assert settings.TEAM_PHONE in page
    assert "data-verlaten" in page
    assert page.count("<h1") == 1
    assert response.headers["Cache-Control"] == "no-store"


def test_a_failing_view_gives_a_calm_page_with_strict_headers(monkeypatch):
    from weerbaar.pages import views

    monkeypatch.setattr(views, "render", lambda *args, **kwargs: 1 / 0)
    client = Client(raise_request_exception=False)
    response = client.get("/privacy/")
    assert response.status_code == 500
    assert_strict(response, "/privacy/")
    assert "Er ging iets mis bij ons" in response.content.decode()
    assert "ZeroDivision" not in response.content.decode()


def test_a_database_that_is_gone_gives_503_and_says_to_come_back(monkeypatch):
    from django.db import OperationalError

    from weerbaar.pages import views

    def gone(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(views, "render", gone)
    response = Client(raise_request_exception=False).get("/privacy/")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"


def test_a_file_that_is_too_large_is_refused_before_it_is_read():
    file = SimpleUploadedFile("film.mp4", b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    response = Client().post("/melden/gevaar/", {"danger": "no", "film": file})
    assert response.status_code == 413
    assert response.headers["Cache-Control"] == "no-store"


def test_a_post_that_is_too_large_gets_413_and_keeps_the_strict_headers():
    response = Client().post("/melden/gevaar/", {"danger": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert response.status_code == 413
    assert_strict(response, "/melden/gevaar/")


def test_an_unknown_host_gets_400_with_strict_headers():
    response = Client().get("/", HTTP_HOST="elders.example")
    assert response.status_code == 400
    assert_strict(response, "/")


def test_a_bare_405_gets_a_page_too():
    response = Client().post("/privacy/")
    assert response.status_code == 405
    assert response.headers["Allow"]
    assert "Dit kan hier niet" in response.content.decode()


def test_https_is_kept_for_two_years(settings):
    settings.SECURE = True
    response = StrictHeaders(lambda request: HttpResponse())(RequestFactory().get("/"))
    assert response.headers["Strict-Transport-Security"] == HSTS


@pytest.mark.parametrize(
    ("fetched", "expected"),
    [
        ("same-origin", "http://testserver"),
        ("cross-site", "null"),
        ("none", "null"),
        (None, "http://testserver"),
    ],
)
def test_a_form_of_our_own_may_post_without_telling_its_origin(fetched, expected):
    headers = {"HTTP_ORIGIN": "null", "HTTP_HOST": "testserver"}
    if fetched:
        headers["HTTP_SEC_FETCH_SITE"] = fetched
    request = RequestFactory().post("/", **headers)
    trust_own_origin(request)
    assert request.META["HTTP_ORIGIN"] == expected


def test_a_form_of_another_site_is_refused_though_it_has_the_token():
    client = Client(enforce_csrf_checks=True)
    client.get("/melden/hervatten/")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    data = {"code": "x", "csrfmiddlewaretoken": token}
    own = {"HTTP_HOST": "testserver", "HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "same-origin"}
    assert client.post("/melden/hervatten/", data, **own).status_code == 422
    other = own | {"HTTP_SEC_FETCH_SITE": "cross-site"}
    assert client.post("/melden/hervatten/", data, **other).status_code == 403


METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE"]


@pytest.mark.parametrize("role", [None, "organisatiecontact", "coordinator"])
def test_no_route_breaks_on_a_method_nor_takes_one_it_has_no_use_for(role, make_user, sign_in):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if role:
        sign_in(client, make_user(role))
    for path in EVERY:
        for method in METHODS:
            status = client.generic(method, path, b"").status_code
            assert status < 500 or path == "/readyz", (method, path, status)
            if method in {"POST", "PUT", "PATCH", "DELETE", "TRACE"} and path not in PROBES:
                assert not 200 <= status < 300, (method, path, status)


def test_a_flow_takes_what_it_needs_and_no_more(client):
    for path in (
        "/melden/",
        "/melden/gevaar/",
        "/melden/controleren/",
        "/melden/hervatten/",
        "/bel-mij/nummer/",
    ):
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "OPTIONS"):
            assert client.generic(method, path).status_code == 405, (method, path)
