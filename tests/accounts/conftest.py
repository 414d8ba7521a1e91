"""People who sign in, step by step, as a browser does."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from weerbaar.accounts.adapter import seal_secret


@pytest.fixture
def with_app():
    """with_app(user): give the account an authenticator app; gives the secret."""

    def give(user) -> str:
        secret = generate_totp_secret()
        Authenticator.objects.create(user=user, type="totp", data={"secret": seal_secret(user.zone, secret)})
        return secret

    return give


def code_now(secret: str, step: int = 0) -> str:
    """The code that the app shows, now or some steps of 30 seconds away."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def give_password(client: Client, user, password: str = "geheim", zone=None):
    return client.post(f"/{zone or user.zone}/account/login/", {"login": user.email, "password": password})


def give_code(client: Client, user, code: str):
    return client.post(f"/{user.zone}/account/2fa/authenticate/", {"code": code})
