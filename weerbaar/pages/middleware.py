"""What every answer of the site has in common: its zone and its headers."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse

from weerbaar.files.uploads import largest_request
from weerbaar.zones import Zone

from . import health
from .errors import error_page

GetResponse = Callable[[HttpRequest], HttpResponse]

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
METHODS = {"GET", "HEAD", "OPTIONS", "POST"}  # what a page without JavaScript needs
HSTS = "max-age=63072000; includeSubDomains"


class StrictHeaders:
    """The same strict headers on every route and every status; only static files may be kept."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.headers = HEADERS | ({"Strict-Transport-Security": HSTS} if settings.SECURE else {})

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trust_own_origin(request)
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers[name] = value
        if not (
            request.path_info.startswith(settings.STATIC_URL) and response.status_code in {200, 206, 304}
        ):
            response.headers["Cache-Control"] = "no-store"
        return response


def trust_own_origin(request: HttpRequest) -> None:
    """With our `no-referrer` browsers post `Origin: null`; Sec-Fetch-Site still tells whose form it was.

    A browser too old to send it (no header) is left to the token and the SameSite cookie.
    """
    meta = request.META
    if meta.get("HTTP_ORIGIN") == "null" and meta.get("HTTP_SEC_FETCH_SITE", "same-origin") == "same-origin":
        meta["HTTP_ORIGIN"] = f"{request.scheme}://{meta.get('HTTP_HOST', '')}"


class Zones:
    """Pick the URLconf by path, refuse the zones that this process does not serve, leave no error bare."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = request.zone = Zone.of_path(request.path_info)  # type: ignore[attr-defined]  # every view reads it
        request.urlconf = zone.urlconf
        if request.method not in METHODS:  # Django's own views would take TRACE for GET
            return error_page(request, 405)
        if probe := health.PROBES.get(request.path_info):  # asked of every process, whatever it serves
            return probe(request)
        if zone not in settings.ZONES:
            raise Http404
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and size > largest_request(
            request.path_info, zone.urlconf
        ):
            raise RequestDataTooBig
        response = self.get_response(request)
        if response.status_code >= 400 and not response.streaming and not response.content:
            page = error_page(request, response.status_code)
            response.content, response.headers["Content-Type"] = page.content, page.headers["Content-Type"]
        return response
