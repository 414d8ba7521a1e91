"""B15: signing in costs one Argon2 and little else.

The rest is measured by itself, with a password check that costs nothing: Argon2 takes both cores, and one run
of it differs from the next by as much as all the rest.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from unittest.mock import patch

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password
from django.test import Client

from weerbaar.accounts.actions import grant_role
from weerbaar.accounts.adapter import seal_secret
from weerbaar.accounts.models import BeheerSession, CacheRow, UsedCode, User
from weerbaar.accounts.roles import Role
from weerbaar.audit.log import Actor
from weerbaar.zones import Zone

from .frame import Line, figure, measure

PASSWORD = "vier woorden achter elkaar"
ACCOUNT = "/beheer/account"


@figure("B15", what="sign-in: password, second factor, first page", goal="all but Argon2 ≤ 15 % of it")
def sign_in() -> Iterator[Line]:
    user = User.objects.create_user("femke@test.invalid", PASSWORD, name="Femke")
    grant_role(user, Role.EERSTE_LIJN, by=Actor.service("bench"))
    secret = generate_totp_secret()
    sealed = {"secret": seal_secret(Zone.BEHEER, secret)}
    Authenticator.objects.create(user=user, type="totp", data=sealed)

    def forget() -> None:
        for model in (CacheRow, UsedCode, BeheerSession):
            model.objects.all().delete()

    client = Client(HTTP_HOST="localhost")

    def whole() -> None:
        client.cookies.clear()
        client.get(f"{ACCOUNT}/login/")
        client.post(f"{ACCOUNT}/login/", {"login": user.email, "password": PASSWORD})
        client.get(f"{ACCOUNT}/2fa/authenticate/")
        code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
        answer = client.post(f"{ACCOUNT}/2fa/authenticate/", {"code": code})
        assert answer["Location"] == "/beheer/", answer

    ours = measure(whole, runs=20, between=forget)
    argon2 = measure(lambda: check_password(PASSWORD, user.password), runs=20)
    with patch.object(Argon2PasswordHasher, "verify", return_value=True) as verified:
        rest = measure(whole, runs=60, between=forget)
        assert verified.called
    share = rest.cpu / argon2.cpu
    note = f"{rest}; {share:.0%} of Argon2"
    yield Line("CPU: everything but Argon2 | Argon2", rest.cpu, argon2.cpu, "ms", ok=share <= 0.15, note=note)
    yield Line("CPU: all of it", ours.cpu, argon2.cpu, "ms", note=str(ours))
