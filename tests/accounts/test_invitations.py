"""An account comes by invitation; a forgotten password by a link. Each link works once, for its owner."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from tests.accounts.conftest import code_now, give_code, give_password
from tests.conftest import Granter
from weerbaar.accounts.actions import grant_role, invite, revoke_role
from weerbaar.accounts.models import PasswordLink, User
from weerbaar.accounts.roles import Role
from weerbaar.jobs import run_due

PASSWORD = "vier woorden achter elkaar"


@pytest.fixture
def post(settings, tmp_path):
    """The mails that went out: run what waits, and give their texts, oldest first."""
    settings.MAIL_DIR = str(tmp_path)

    def mails() -> list[str]:
        run_due()
        return [path.read_text() for path in sorted(tmp_path.glob("*.eml"))]

    return mails


def link_in(mail: str) -> str:
    text = mail.replace("=\n", "").replace("=3D", "=")
    (link,) = re.findall(r"http://[^/\s]+(/\S+)", text)
    return link


def test_an_invited_colleague_chooses_a_password_and_sets_up_a_second_factor(client, post):
    user = invite("Nieuw@Test.invalid", "Nina Nieuw", Role.EERSTE_LIJN, by=Granter())
    assert user.email == "nieuw@test.invalid"
    assert user.has_role(Role.EERSTE_LIJN)
    (mail,) = post()
    link = link_in(mail)
    assert link.startswith("/beheer/account/uitnodiging/")

    page = client.get(link)
    assert page.status_code == 200
    assert b'autocomplete="new-password"' in page.content
    assert client.post(link, {"password": "kort"}).status_code == 422
    response = client.post(link, {"password": PASSWORD})
    assert response["Location"] == "/beheer/"
    assert client.get("/beheer/")["Location"].startswith("/beheer/account/2fa/totp/activate/")
    secret = client.get("/beheer/account/2fa/totp/activate/").context["form"].secret
    client.post("/beheer/account/2fa/totp/activate/", {"code": code_now(secret)})
    assert client.get("/beheer/account/").status_code == 200

    assert client.get(link).status_code == 404
    assert Client().post(link, {"password": PASSWORD + "!"}).status_code == 404
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_an_invitation_names_nothing_but_the_portal(post):
    invite("nina@test.invalid", "Nina Nieuw", Role.EERSTE_LIJN, by=Granter())
    (mail,) = post()
    for word in ("Nina", "eerste", "lijn", "ondersteuning", "bedreig", "melding", "systeem"):
        assert word not in mail.split("\n\n", 1)[1]


def test_looking_at_a_link_changes_nothing(client, post):
    """Mail scanners open every link."""
    user = invite("nieuw@test.invalid", "Nina", Role.AMBTSDRAGER, by=Granter())
    (mail,) = post()
    for _ in range(3):
        assert client.get(link_in(mail)).status_code == 200
        assert client.head(link_in(mail)).status_code in (200, 405)
    assert not User.objects.get(pk=user.pk).has_usable_password()
    assert client.post(link_in(mail), {"password": PASSWORD}).status_code == 302


def test_a_link_is_not_in_the_database(post):
    invite("nieuw@test.invalid", "Nina", Role.AMBTSDRAGER, by=Granter())
    token = link_in(post()[0]).rstrip("/").rsplit("/", 1)[1]
    from tests.accounts.test_sessions import everything_in_the_database

    assert len(token) == 40
    assert token.encode() not in everything_in_the_database()


@pytest.mark.parametrize(
    ("kind", "lasts"), [("uitnodiging", timedelta(days=7)), ("vergeten", timedelta(hours=1))]
)
def test_a_link_ends_by_itself(client, make_user, post, kind, lasts):
    if kind == "uitnodiging":
        invite("nieuw@test.invalid", "Nina", Role.AMBTSDRAGER, by=Granter())
    else:
        client.post("/mijn/account/password/reset/", {"email": make_user(Role.AMBTSDRAGER).email})
    link = link_in(post()[0])
    row = PasswordLink.objects.get()
    assert abs(row.expires_at - timezone.now() - lasts) < timedelta(minutes=1)
    assert client.get(link).status_code == 200
    PasswordLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(link).status_code == 404
    assert client.post(link, {"password": PASSWORD}).status_code == 404


def test_a_link_works_in_its_own_zone_and_for_its_own_purpose_only(client, post):
    invite("nieuw@test.invalid", "Nina", Role.AMBTSDRAGER, by=Granter())
    link = link_in(post()[0])
    assert client.get(link.replace("/mijn/", "/beheer/")).status_code == 404
    assert client.get(link.replace("/uitnodiging/", "/wachtwoord/")).status_code == 404


def test_who_forgot_the_password_still_needs_the_second_factor(client, make_user, with_app, post, sign_in):
    user = make_user(Role.EERSTE_LIJN)
    secret = with_app(user)
    thief = Client()
    sign_in(thief, user)
    client.post("/beheer/account/password/reset/", {"email": user.email.upper()})
    (mail,) = post()
    response = client.post(link_in(mail), {"password": PASSWORD})
    assert response["Location"] == "/beheer/account/2fa/authenticate/"
    assert client.get("/beheer/account/").status_code == 302
    assert thief.get("/beheer/account/").status_code == 302  # every session ended
    assert give_code(client, user, code_now(secret)).status_code == 302
    assert client.get("/beheer/account/").status_code == 200
    assert "Uw account is gewijzigd" in post()[-1]


def test_a_retried_mail_carries_the_same_link(post):
    from weerbaar.accounts.tasks import send_password_link
    from weerbaar.jobs.models import Job

    invite("nieuw@test.invalid", "Nina", Role.AMBTSDRAGER, by=Granter())
    (first,) = post()
    Job.objects.update(state="waiting", done_at=None, due_at=timezone.now())
    second = post()[-1]
    assert link_in(first) == link_in(second)
    assert send_password_link


def test_inviting_somebody_again_gives_the_role_and_no_second_account(make_user, post):
    user = make_user(Role.ORGANISATIECONTACT)
    assert invite(user.email, "Anders", Role.AMBTSDRAGER, by=Granter()).pk == user.pk
    assert User.objects.get(pk=user.pk).roles == {Role.ORGANISATIECONTACT, Role.AMBTSDRAGER}
    assert not PasswordLink.objects.exists()


def test_a_role_of_another_desk_asks_for_a_new_second_factor(client, make_user, with_app, sign_in, post):
    """By a link in the mail: who merely knows the old password sets up no second factor for the staff."""
    user = make_user(Role.AMBTSDRAGER)
    with_app(user)
    there = Client()
    sign_in(there, user)
    grant_role(user, Role.EERSTE_LIJN, by=Granter())
    user = User.objects.get(pk=user.pk)
    for zone in ("mijn", "beheer"):
        assert give_password(Client(), user, zone=zone).status_code == 422
    assert there.get("/mijn/account/").status_code == 302

    (mail,) = post()
    assert link_in(mail).startswith("/beheer/account/uitnodiging/")
    assert client.post(link_in(mail), {"password": PASSWORD})["Location"] == "/beheer/"
    assert client.get("/beheer/")["Location"].startswith("/beheer/account/2fa/totp/activate/")
    revoke_role(user, Role.EERSTE_LIJN, by=Granter())
    assert client.get("/beheer/")["Location"].startswith("/beheer/account/login/")
    assert link_in(post()[-1]).startswith("/mijn/account/uitnodiging/")


def test_who_lost_the_last_role_is_not_invited_again(make_user, with_app):
    user = make_user(Role.EERSTE_LIJN)
    with_app(user)
    revoke_role(user, Role.EERSTE_LIJN, by=Granter())
    assert not User.objects.get(pk=user.pk).has_usable_password()
    assert not PasswordLink.objects.exists()


def test_a_role_of_the_same_desk_leaves_password_and_second_factor(make_user, with_app):
    user = make_user(Role.EERSTE_LIJN)
    with_app(user)
    grant_role(user, Role.TWEEDE_LIJN, by=Granter())
    assert User.objects.get(pk=user.pk).check_password("geheim")
    assert Authenticator.objects.filter(user=user).count() == 1
