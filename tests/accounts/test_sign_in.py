"""The way in: password, second factor, and nothing else."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from allauth.mfa.base import views as base_views
from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tests.accounts.conftest import code_now, give_code, give_password
from weerbaar.accounts.models import CacheRow, UsedCode
from weerbaar.accounts.roles import Role
from weerbaar.accounts.sessions import cookie_name
from weerbaar.zones import Zone

ZONE_ROLE = [(Zone.MIJN, Role.AMBTSDRAGER), (Zone.BEHEER, Role.EERSTE_LIJN)]


def every_url(zone: Zone) -> list[tuple[str, str, object]]:
    """(path, name, view) of every page of a zone, with something filled in for what varies."""
    found = []

    def walk(patterns, prefix, namespace):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                space = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                walk(pattern.url_patterns, route, space)
            elif isinstance(pattern, URLPattern):
                path = re.sub(r"<(int:)[^>]+>", "1", route)
                path = re.sub(r"<(uuid:)[^>]+>", "00000000-0000-0000-0000-000000000001", path)
                path = re.sub(r"<[^>]+>", "x", path)
                path = re.sub(r"\(\?P[^)]*\)", "x", path)
                path = path.replace("^", "").replace("\\Z", "").replace("$", "").replace("(?:", "")
                found.append(("/" + path, namespace + (pattern.name or ""), pattern.callback))

    walk(get_resolver(zone.urlconf).url_patterns, "", "")
    return [entry for entry in found if re.fullmatch(r"/[\w/.-]+", entry[0])]


# On the way in, or on the way out; each of these is meant to be seen without signing in.
OPEN = {
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_new_password",
    "account_invitation",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "netwerk:ask_account",
    "netwerk:account_asked",
}


@pytest.mark.parametrize("zone", [Zone.MIJN, Zone.BEHEER])
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_page_asks_to_sign_in(client, zone, method):
    urls = every_url(zone)
    assert len(urls) > 20
    for path, name, _view in urls:
        if name in OPEN or name.endswith(":exit") or "verlaten" in path:
            continue
        response = getattr(client, method)(path)
        assert response.status_code == 302, (path, name, response.status_code)
        assert response["Location"].startswith(f"/{zone}/account/login/"), (path, response["Location"])


@pytest.mark.parametrize("zone", [Zone.MIJN, Zone.BEHEER])
def test_only_the_way_in_is_open(zone):
    open_names = {name for path, name, view in every_url(zone) if not getattr(view, "login_required", True)}
    assert {name for name in open_names if not name.startswith("pages:")} <= OPEN


@pytest.mark.parametrize(("zone", "role"), ZONE_ROLE)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_password_alone_opens_no_page(client, make_user, sign_in, with_app, zone, role, method):
    """Even with a session that was made elsewhere, or stolen half-way."""
    user = make_user(role)
    with_app(user)
    sign_in(client, user, second_factor=False)
    allowed = OPEN | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
    for path, name, _view in every_url(zone):
        if name in allowed or "verlaten" in path:
            continue
        response = getattr(client, method)(path)
        assert response.status_code == 302, (path, response.status_code)
        assert response["Location"].startswith(f"/{zone}/account/2fa/reauthenticate/"), (path, name)


@pytest.mark.parametrize(("zone", "role"), ZONE_ROLE)
def test_who_has_no_second_factor_can_only_set_it_up(client, make_user, sign_in, zone, role):
    user = make_user(role)
    sign_in(client, user, second_factor=False)
    allowed = OPEN | {"mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"}
    for path, name, _view in every_url(zone):
        if name in allowed or "verlaten" in path:
            continue
        response = client.get(path)
        assert response.status_code == 302, (path, response.status_code)
        assert response["Location"].startswith(f"/{zone}/account/2fa/totp/activate/"), path


@pytest.mark.parametrize(("zone", "role"), ZONE_ROLE)
def test_sign_in_takes_password_and_code(client, make_user, with_app, zone, role):
    user = make_user(role)
    secret = with_app(user)
    response = give_password(client, user)
    assert response["Location"] == f"/{zone}/account/2fa/authenticate/"
    assert client.get(f"/{zone}/account/")["Location"].startswith(f"/{zone}/account/login/")
    assert give_code(client, user, "000000").status_code == 422
    response = give_code(client, user, code_now(secret))
    assert response["Location"] == f"/{zone}/"
    assert client.get(f"/{zone}/account/").status_code == 200


def test_a_new_account_sets_up_its_app_and_is_in(client, make_user):
    user = make_user(Role.EERSTE_LIJN)
    assert give_password(client, user)["Location"] == "/beheer/"
    page = client.get("/beheer/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert b"data:image/svg+xml" in page.content
    code = code_now(secret)
    response = client.post("/beheer/account/2fa/totp/activate/", {"code": code})
    assert response["Location"] == "/beheer/account/2fa/recovery-codes/"
    codes = client.get("/beheer/account/2fa/recovery-codes/")
    assert codes.status_code == 200
    assert len(codes.context["unused_codes"]) == 10
    assert client.get("/beheer/account/").status_code == 200

    stranger = type(client)()  # the code that set it up does not work a second time
    give_password(stranger, user)
    assert give_code(stranger, user, code).status_code == 422


def test_staff_cannot_sign_in_at_mijn_nor_members_at_beheer(client, make_user, with_app):
    for role, elsewhere in [(Role.EERSTE_LIJN, Zone.MIJN), (Role.AMBTSDRAGER, Zone.BEHEER)]:
        user = make_user(role)
        with_app(user)
        assert give_password(client, user, zone=elsewhere).status_code == 422


@pytest.mark.parametrize(("zone", "role"), ZONE_ROLE)
def test_a_session_of_one_zone_is_nothing_in_the_other(client, make_user, sign_in, zone, role):
    user = make_user(role)
    session = sign_in(client, user)
    assert client.get(f"/{zone}/account/").status_code == 200
    other = Zone.MIJN if zone == Zone.BEHEER else Zone.BEHEER
    client.cookies[cookie_name(other)] = session.session_key  # the same key under the other name
    assert client.get(f"/{other}/account/").status_code == 302
    forged = sign_in(client, user, zone=other)  # even a session that the other zone itself made
    assert forged.session_key
    assert client.get(f"/{other}/account/").status_code == 302


def test_an_account_that_is_switched_off_is_out_at_once(client, make_user, sign_in):
    user = make_user(Role.EERSTE_LIJN)
    sign_in(client, user)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/beheer/account/").status_code == 302


def test_a_code_is_refused_again_also_when_the_cache_was_emptied(client, make_user, with_app):
    user = make_user(Role.EERSTE_LIJN)
    secret = with_app(user)
    code = code_now(secret, step=1)  # the app's clock is ahead: the code is good for another minute
    give_password(client, user)
    assert give_code(client, user, code).status_code == 302
    CacheRow.objects.all().delete()
    again = type(client)()
    give_password(again, user)
    assert give_code(again, user, code).status_code == 422
    assert give_code(again, user, code_now(secret)).status_code == 302


def test_a_recovery_code_works_once(client, make_user, with_app):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    user = make_user(Role.EERSTE_LIJN)
    with_app(user)
    seed = "a" * 80
    from weerbaar.accounts.adapter import seal_secret

    row = Authenticator.objects.create(
        user=user,
        type="recovery_codes",
        data={"seed": seal_secret(user.zone, seed), "used_mask": 0},
    )
    from allauth.core import context
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.zone = user.zone
    with context.request_context(request):
        code = RecoveryCodes(row).generate_codes()[3]
    give_password(client, user)
    assert give_code(client, user, code).status_code == 302
    UsedCode.objects.all().delete()  # long after
    again = type(client)()
    give_password(again, user)
    assert give_code(again, user, code).status_code == 422


def test_the_last_second_factor_cannot_be_taken_away(client, make_user, with_app, sign_in):
    user = make_user(Role.EERSTE_LIJN)
    with_app(user)
    sign_in(client, user)
    response = client.post("/beheer/account/2fa/totp/deactivate/")
    assert response.status_code == 422
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_a_weighty_change_asks_the_second_factor_again_not_the_password(client, make_user, with_app, sign_in):
    user = make_user(Role.EERSTE_LIJN)
    with_app(user)
    session = sign_in(client, user)
    session["account_authentication_methods"] = [{"method": "mfa", "at": 0.0}]
    session.save()
    response = client.post("/beheer/account/2fa/recovery-codes/generate/")
    assert response["Location"].startswith("/beheer/account/2fa/reauthenticate/")
    response = client.post("/beheer/account/reauthenticate/", {"password": "geheim"})
    assert response["Location"].startswith("/beheer/account/2fa/reauthenticate/")
    response = client.post("/beheer/account/2fa/recovery-codes/generate/")
    assert response["Location"].startswith("/beheer/account/2fa/reauthenticate/")


def test_signing_out_everywhere_ends_every_session(client, make_user, sign_in):
    user = make_user(Role.EERSTE_LIJN)
    other = type(client)()
    sign_in(other, user)
    sign_in(client, user)
    assert client.post("/beheer/account/overal-afmelden/").status_code == 302
    assert client.get("/beheer/account/").status_code == 302
    assert other.get("/beheer/account/").status_code == 302


def test_what_is_typed_can_be_filled_in_by_a_password_manager(client, make_user, with_app):
    """T20: autocomplete tokens, nothing that stops pasting, no puzzle; and all of it by keyboard."""
    page = client.get("/beheer/account/login/").content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert page.index('name="login"') < page.index('name="password"') < page.index('type="submit"')
    assert "onpaste" not in page
    assert "tabindex" not in page.replace('id="main" tabindex="-1"', "")
    user = make_user(Role.EERSTE_LIJN)
    with_app(user)
    give_password(client, user)
    page = client.get("/beheer/account/2fa/authenticate/").content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page


def test_who_signs_in_is_told_when_that_was_done_before(client, make_user, with_app):
    user = make_user(Role.EERSTE_LIJN)
    user.last_login = timezone.make_aware(datetime(2026, 11, 2, 9, 5))
    user.save(update_fields=["last_login"])
    secret = with_app(user)
    give_password(client, user)
    give_code(client, user, code_now(secret))
    assert "maandag 2 november 2026, 09:05" in client.get("/beheer/account/").content.decode()


def test_what_needs_javascript_is_not_there_without_it(client, make_user, with_app, monkeypatch):
    """The passkey's button is hidden until our own script shows it (`static/js/passkey.js`)."""
    page = client.get("/beheer/account/login/").content.decode()
    assert re.search(r'<form id="mfa_login"[^>]* data-needs-js hidden>', page)
    user = make_user(Role.EERSTE_LIJN)
    with_app(user)
    give_password(client, user)
    page = client.get("/beheer/account/2fa/authenticate/").content.decode()
    assert "passkey" not in page  # who has none is not asked for one
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Sleutel 1"})
    monkeypatch.setattr(base_views.webauthn_auth, "begin_authentication", lambda user: {})
    page = client.get("/beheer/account/2fa/authenticate/").content.decode()
    assert re.search(r'<form id="webauthn_form"[^>]* data-needs-js hidden>', page)
    assert "js/passkey.js" in page


def test_djangos_own_sign_in_page_does_not_exist(client):
    assert client.get("/beheer/login/")["Location"].startswith("/beheer/account/login/")
    response = client.post("/beheer/login/", {"username": "x", "password": "y"})
    assert response["Location"].startswith("/beheer/account/login/")


def test_a_view_is_closed_unless_it_says_otherwise():
    assert login_not_required(lambda request: None).login_required is False
