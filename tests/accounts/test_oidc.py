"""An organisation's own sign-in, as a setting. A process of its own, since settings are read once."""

from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings

WALK = """
import django; django.setup()
from unittest import mock
from urllib.parse import parse_qs, urlsplit
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from weerbaar.accounts.actions import grant_role
from weerbaar.accounts.models import User
from weerbaar.accounts.roles import Role
from weerbaar.audit.log import Actor

call_command("migrate", verbosity=0)
for email, role in [("gast@elders.invalid", Role.AMBTSDRAGER),
                    ("rosa@stad.invalid", Role.AMBTSDRAGER), ("femke@stad.invalid", Role.EERSTE_LIJN)]:
    user = User.objects.create_user(email, None, name="Iemand")
    grant_role(user, role, by=Actor.service("test"))
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})

CONFIG = {name: f"https://idp.invalid/{name}" for name in ("authorization_endpoint", "token_endpoint",
          "userinfo_endpoint", "issuer", "jwks_uri")}

def sign_in(email, verified, zone="mijn"):
    class Answer:
        status_code, headers, text, content = 200, {"content-type": "application/json"}, "", b""
        def __init__(self, data): self.data = data
        def json(self): return self.data
        def raise_for_status(self): pass
    class Idp:
        def __enter__(self): return self
        def __exit__(self, *args): pass
        def get(self, url, **kwargs):
            info = {"sub": email, "email": email, "email_verified": verified}
            return Answer(info if "userinfo" in url else CONFIG)
        def request(self, *args, **kwargs): return Answer({"access_token": "token"})
    client = Client()
    with mock.patch("weerbaar.accounts.oidc.OidcAdapter.get_requests_session", lambda self: Idp()):
        page = client.get(f"/{zone}/account/login/")
        assert b"Aanmelden met de Stad" in page.content
        away = client.post(f"/{zone}/account/oidc/organisatie/login/?process=login")["Location"]
        state = parse_qs(urlsplit(away).query)["state"][0]
        back = client.get(f"/{zone}/account/oidc/organisatie/login/callback/?code=c&state={state}")
    return back, client

for email, verified, zone in [("gast@elders.invalid", True, "mijn"),
                              ("niemand@stad.invalid", True, "mijn"), ("rosa@stad.invalid", False, "mijn"),
                              ("femke@stad.invalid", True, "mijn"), ("femke@stad.invalid", False, "beheer")]:
    back, client = sign_in(email, verified, zone)
    assert "2fa" not in back.get("Location", ""), (email, back)
    assert client.get(f"/{zone}/account/").status_code == 302
back, client = sign_in("rosa@stad.invalid", True)
assert back["Location"] == "/mijn/account/2fa/authenticate/", back["Location"]
assert client.get("/mijn/account/").status_code == 302
assert User.objects.count() == 3
print("walked")
"""


def test_it_replaces_the_password_and_never_the_second_factor(own_database):
    base = os.environ["DATABASE_OWNER_URL"].rpartition("/")[0]
    env = os.environ | {
        "DATABASE_URL": f"{base}/{own_database}",
        "OIDC_ISSUER": "https://idp.invalid",
        "OIDC_NAME": "de Stad",
        "OIDC_DOMAINS": "stad.invalid",
        "OIDC_CLIENT_ID": "id",
        "OIDC_CLIENT_SECRET": "geheim",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    done = subprocess.run([sys.executable, "-c", WALK], env=env, capture_output=True, text=True)
    assert done.stdout.strip().endswith("walked"), done.stderr[-3000:]


def test_without_the_setting_there_is_no_trace_of_it(client):
    assert "allauth.socialaccount" not in settings.INSTALLED_APPS
    assert b"oidc" not in client.get("/mijn/account/login/").content
    assert client.get("/mijn/account/oidc/organisatie/login/").status_code == 404


def test_an_issuer_without_domains_stops_the_start():
    """Whoever runs it could else vouch for anybody: also for who was invited and has no second factor yet."""
    env = os.environ | {"OIDC_ISSUER": "https://idp.invalid", "OIDC_DOMAINS": ""}
    done = subprocess.run(
        [sys.executable, "-c", "import weerbaar.settings"], env=env, capture_output=True, text=True
    )
    assert done.returncode
    assert done.stderr.startswith("Instelling OIDC_DOMAINS")
