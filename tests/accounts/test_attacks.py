"""Ways in that an attacker tried, and may not succeed with again."""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.test import Client
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from tests.accounts.conftest import code_now, give_code, give_password
from weerbaar.accounts.models import CacheRow
from weerbaar.accounts.roles import Role
from weerbaar.jobs import run_due

HERE = "testserver"
TOUCHED, VERIFIED = AuthenticatorData.FLAG.UP, AuthenticatorData.FLAG.UV


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


class Key:
    """A key on a key ring. It signs when touched; only with `pin=True` it says that it knows its owner."""

    def __init__(self, user) -> None:
        self.user, self.id = user, secrets.token_bytes(16)
        self.private = ec.generate_private_key(ec.SECP256R1())
        public = ES256.from_cryptography_key(self.private.public_key())
        data = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        made = self._data(TOUCHED | VERIFIED | AuthenticatorData.FLAG.AT, data)
        response = {
            "clientDataJSON": text(self._client("webauthn.create", "")),
            "attestationObject": text(bytes(AttestationObject.create("none", made, {}))),
        }
        credential = self._credential(response) | {"clientExtensionResults": {"credProps": {"rk": True}}}
        Authenticator.objects.create(
            user=user, type="webauthn", data={"name": "Sleutel", "credential": credential}
        )

    def sign(self, challenge: str, *, pin: bool) -> str:
        data = self._data(TOUCHED | VERIFIED if pin else TOUCHED)
        client = self._client("webauthn.get", challenge)
        signature = self.private.sign(bytes(data) + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": text(client),
            "authenticatorData": text(bytes(data)),
            "signature": text(signature),
            "userHandle": text(user_pk_to_url_str(self.user).encode()),
        }
        return json.dumps(self._credential(response))

    def _data(self, flags, credential_data=b"") -> AuthenticatorData:
        return AuthenticatorData.create(sha256(HERE.encode()).digest(), flags, 0, credential_data)

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": f"https://{HERE}", "crossOrigin": False}
        return json.dumps(said).encode()

    def _credential(self, response: dict[str, str]) -> dict[str, object]:
        return {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}


def challenge_of(options) -> str:
    return options["request_options"]["publicKey"]["challenge"]


def asked_alone(client: Client) -> str:
    """The challenge of who signs in with a key alone."""
    path = "/beheer/account/2fa/webauthn/login/"
    return challenge_of(client.get(path, headers={"X-Requested-With": "XMLHttpRequest"}).json())


def asked_after_the_password(client: Client, user) -> str:
    """The challenge of the second step, which asks for a touch and no pin."""
    give_password(client, user)
    page = client.get("/beheer/account/2fa/authenticate/")
    return challenge_of(page.context["js_data"])


def come_in(client: Client, credential: str):
    client.post("/beheer/account/2fa/webauthn/login/", {"credential": credential})
    return client.get("/beheer/account/").status_code


def test_a_key_that_knows_its_owner_is_enough(client, make_user):
    key = Key(make_user(Role.EERSTE_LIJN))
    assert come_in(client, key.sign(asked_alone(client), pin=True)) == 200


def test_a_stolen_key_without_its_pin_opens_nothing(client, make_user):
    key = Key(make_user(Role.EERSTE_LIJN))
    assert come_in(client, key.sign(asked_alone(client), pin=False)) == 302


def test_a_stolen_key_opens_nothing_with_the_challenge_of_a_colleagues_second_step(
    client, make_user, settings
):
    """That one asks for a touch alone, since a password went before it: somebody else's password. It stays in
    the session after the second step was given up."""
    key, colleague = Key(make_user(Role.COORDINATOR)), make_user(Role.EERSTE_LIJN)
    Key(colleague)
    challenge = asked_after_the_password(client, colleague)
    settings.ACCOUNT_LOGIN_TIMEOUT = 0  # a quarter of an hour later
    assert come_in(client, key.sign(challenge, pin=False)) == 302


@pytest.mark.parametrize(
    "credential", ["", "x", "[]", "1", "null", "{}", '{"response": 1}', '{"response": {"userHandle": 7}}']
)
def test_nonsense_in_place_of_a_key_is_refused_and_no_fault_of_ours(client, credential):
    client.raise_request_exception = False
    asked_alone(client)
    answer = client.post("/beheer/account/2fa/webauthn/login/", {"credential": credential})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/beheer/account/login/")


ELSEWHERE = [
    *(
        "https://elders.invalid/",
        "//elders.invalid/",
        "/\\elders.invalid/",
        "\\\\elders.invalid",
        "///x.invalid",
    ),
    *(
        "https:elders.invalid",
        "javascript:alert(1)",
        "/\t/elders.invalid",
        "http://127.0.0.1/",
        "https://testserver/",
    ),
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_after_signing_in_nobody_is_sent_to_another_site(client, make_user, with_app, settings, address):
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1"]  # as in production: the second one asks for /readyz
    user = make_user(Role.EERSTE_LIJN)
    secret = with_app(user)
    login = {"login": user.email, "password": "geheim", "next": address}
    client.post("/beheer/account/login/", login, query_params={"next": address})
    answer = client.post(
        "/beheer/account/2fa/authenticate/",
        {"code": code_now(secret), "next": address},
        query_params={"next": address},
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/beheer/")
    again = {"code": code_now(secret, 1), "next": address}
    answer = client.post("/beheer/account/2fa/reauthenticate/", again, query_params={"next": address})
    assert answer.headers["Location"] == "/beheer/"
    answer = client.post("/beheer/account/logout/", {"next": address}, query_params={"next": address})
    assert answer.headers["Location"] == "/beheer/account/login/"


def test_the_link_in_a_mail_leads_here_whatever_the_request_says(client, make_user, settings, tmp_path):
    settings.MAIL_DIR = str(tmp_path)
    user = make_user(Role.AMBTSDRAGER)
    said = {
        "X-Forwarded-Host": "elders.invalid",
        "X-Forwarded-For": "1.2.3.4",
        "Forwarded": "host=elders.invalid",
    }
    client.post("/mijn/account/password/reset/", {"email": user.email}, headers=said)
    run_due()
    (mail,) = tmp_path.glob("*.eml")
    assert settings.SITE_URL in mail.read_text()
    assert "elders" not in mail.read_text()


@pytest.mark.parametrize(
    "address", ["a@b.invalid\nBcc: c@d.invalid", "a@b.invalid\r\n\r\nHoi", "a@b.invalid, c@d.invalid"]
)
def test_an_address_with_more_in_it_gets_no_mail(client, settings, tmp_path, address):
    settings.MAIL_DIR = str(tmp_path)
    assert client.post("/mijn/account/password/reset/", {"email": address}).status_code == 422
    run_due()
    assert not list(tmp_path.glob("*.eml"))


@pytest.mark.parametrize("zone", ["mijn", "beheer"])
def test_a_session_key_that_somebody_else_chose_is_never_used(client, make_user, with_app, zone):
    user = make_user(Role.EERSTE_LIJN if zone == "beheer" else Role.AMBTSDRAGER)
    client.cookies[f"sessie_{zone}"] = "a" * 32
    secret = with_app(user)
    give_password(client, user)
    half = client.cookies[f"sessie_{zone}"].value
    give_code(client, user, code_now(secret))
    whole = client.cookies[f"sessie_{zone}"].value
    assert len({"a" * 32, half, whole}) == 3
    thief = Client()
    for planted in ("a" * 32, half):
        thief.cookies[f"sessie_{zone}"] = planted
        assert thief.get(f"/{zone}/account/").status_code == 302


def test_the_counts_of_one_zone_are_not_those_of_another(settings):
    settings.ZONES = frozenset({"mijn"})
    cache.set("proef", 1)
    settings.ZONES = frozenset({"beheer"})
    assert cache.get("proef") is None
    assert CacheRow.objects.get(cache_key__contains="proef").cache_key.startswith("mijn|")
