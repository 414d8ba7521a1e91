"""Sessions are the zone's own: sealed, found by hash, over after a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.accounts.conftest import code_now, give_code, give_password
from weerbaar.accounts.models import BeheerSession, MijnSession
from weerbaar.accounts.roles import Role
from weerbaar.accounts.sealing import Unreadable, seal, unseal
from weerbaar.accounts.sessions import BeheerStore, MijnStore, cookie_name
from weerbaar.accounts.tasks import clear_what_expired
from weerbaar.zones import Zone


def everything_in_the_database() -> bytes:
    """All rows of all tables, as text and with binary columns as they are."""
    found = b""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        tables = [name for (name,) in cursor.fetchall()]
        assert {"mfa_authenticator", "accounts_beheersession", "accounts_cache"} <= set(tables)
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                found += b"".join(bytes(v) if isinstance(v, memoryview) else str(v).encode() for v in row)
    return found


def test_the_key_of_a_session_is_nowhere_in_the_database(client, make_user, sign_in):
    session = sign_in(client, make_user(Role.EERSTE_LIJN))
    assert session.session_key.encode() not in everything_in_the_database()


def test_a_secret_is_in_no_table_in_clear_not_even_during_set_up(client, make_user):
    user = make_user(Role.EERSTE_LIJN)
    give_password(client, user)
    secret = client.get("/beheer/account/2fa/totp/activate/").context["form"].secret
    assert BeheerSession.objects.filter(user=user).exists()
    assert secret.encode() not in everything_in_the_database()
    client.post("/beheer/account/2fa/totp/activate/", {"code": code_now(secret)})
    codes = client.get("/beheer/account/2fa/recovery-codes/").context["unused_codes"]
    found = everything_in_the_database()
    assert secret.encode() not in found
    assert not [code for code in codes if code.encode() in found]


def test_the_public_zone_sets_no_session_cookie_and_knows_nobody(client, make_user, sign_in):
    sign_in(client, make_user(Role.EERSTE_LIJN))
    response = client.get("/")
    assert not response.cookies.keys() & {"sessionid", cookie_name(Zone.MIJN), cookie_name(Zone.BEHEER)}
    assert not response.wsgi_request.user.is_authenticated


@pytest.mark.parametrize("https", [True, False])
def test_the_cookie_is_strict_and_stays_in_its_zone(client, make_user, settings, https):
    settings.SECURE = https
    user = make_user(Role.EERSTE_LIJN)
    cookie = give_password(client, user).cookies[cookie_name(Zone.BEHEER)]
    assert cookie["path"] == "/beheer/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert bool(cookie["secure"]) == https
    assert not cookie["max-age"]
    assert not cookie["expires"]


def test_a_session_gets_another_key_at_sign_in(client, make_user, with_app):
    user = make_user(Role.EERSTE_LIJN)
    secret = with_app(user)
    half_way = give_password(client, user).cookies[cookie_name(Zone.BEHEER)].value
    whole = give_code(client, user, code_now(secret)).cookies[cookie_name(Zone.BEHEER)].value
    assert half_way != whole
    assert not BeheerStore().exists(half_way)


@pytest.mark.parametrize(
    ("store", "idle"), [(BeheerStore, timedelta(minutes=30)), (MijnStore, timedelta(hours=2))]
)
def test_a_session_ends_when_idle_and_after_twelve_hours(store, idle):
    session = store()
    session["name"] = "value"
    session.create()
    rows = store.model.objects
    assert rows.get().expires_at - timezone.now() <= idle
    assert store(session.session_key)["name"] == "value"

    rows.update(expires_at=timezone.now() + idle / 2)  # busy: half the time has passed
    again = store(session.session_key)
    assert again["name"] == "value"
    again.touch()
    assert rows.get().expires_at - timezone.now() > idle * 0.9

    begun = timezone.now() - timedelta(hours=11, minutes=50)
    rows.update(begun_at=begun, expires_at=timezone.now() + timedelta(minutes=5))
    again = store(session.session_key)
    assert again["name"] == "value"
    again.touch()
    assert rows.get().expires_at == begun + timedelta(hours=12)

    rows.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert store(session.session_key).get("name") is None
    clear_what_expired(timezone.now())
    assert not rows.exists()


def test_a_quick_second_request_writes_nothing(client, make_user, sign_in, django_assert_num_queries):
    sign_in(client, make_user(Role.EERSTE_LIJN))
    with django_assert_num_queries(2):  # the session, the account; a redirect, so no page
        client.get("/beheer/account/login/")


def test_sealed_bytes_open_only_for_their_zone_purpose_and_whole():
    sealed = seal(Zone.MIJN, b"secret", about="one")
    assert unseal(Zone.MIJN, sealed, about="one") == b"secret"
    for zone, data, about in [
        (Zone.BEHEER, sealed, "one"),
        (Zone.MIJN, sealed, "other"),
        (Zone.MIJN, sealed[:-1], "one"),
        (Zone.MIJN, sealed[:-1] + bytes([sealed[-1] ^ 1]), "one"),
        (Zone.MIJN, b"", "one"),
    ]:
        with pytest.raises(Unreadable):
            unseal(zone, data, about=about)


def test_a_second_factor_outlives_the_zones_secret(client, make_user, with_app, settings):
    """A new secret in front of the old one: everybody signs in anew, and nobody loses the app."""
    user = make_user(Role.EERSTE_LIJN)
    secret = with_app(user)
    old = settings.SECRET_KEYS
    settings.SECRET_KEYS = {zone: f"new-{zone} {key}" for zone, key in old.items()}
    give_password(client, user)
    assert give_code(client, user, code_now(secret)).status_code == 302
    settings.SECRET_KEYS = {zone: f"new-{zone}" for zone in old}
    again = type(client)()
    give_password(again, user)
    with pytest.raises(Unreadable):
        give_code(again, user, code_now(secret, step=1))


def test_a_session_row_pasted_under_another_key_does_not_open(make_user):
    one, other = BeheerStore(), BeheerStore()
    one["who"] = "one"
    other["who"] = "other"
    one.create()
    other.create()
    row = BeheerSession.objects.get(pk=one.row.pk)
    BeheerSession.objects.filter(pk=other.row.pk).update(data=row.data)
    assert BeheerStore(other.session_key).get("who") is None


def test_a_process_without_the_secret_of_a_zone_cannot_make_its_session(settings):
    settings.SECRET_KEYS = {Zone.PUBLIEK: settings.SECRET_KEYS[Zone.PUBLIEK]}
    session = BeheerStore()
    with pytest.raises(KeyError):
        session.create()
    assert not BeheerSession.objects.exists()
    assert not MijnSession.objects.exists()
