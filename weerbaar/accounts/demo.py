"""One account for each role, for `./portaal` alone: a printed password and a printed TOTP secret."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from weerbaar.audit.log import Actor

from .actions import grant_role
from .adapter import seal_secret
from .models import User
from .roles import Role

NAMES: dict[Role, str] = {
    Role.AMBTSDRAGER: "Rosa van Dalen",
    Role.ORGANISATIECONTACT: "Hilde Postma",
    Role.PARTNER: "Mehmet Aydin",
    Role.SCANADVISEUR: "Joris Kramer",
    Role.TOETSADVISEUR: "Anneke Brouwer",
    Role.BEVEILIGINGSAUTORITEIT: "Wim Dijkstra",
    Role.NETWERKBEHEER: "Carla Mulder",
    Role.EERSTE_LIJN: "Sanne de Wit",
    Role.TWEEDE_LIJN: "Imane El Idrissi",
    Role.COORDINATOR: "Pieter Veenstra",
    Role.AUDITOR: "Gerda Smeets",
    Role.TECHNISCH_BEHEER: "Bart Hoekstra",
}


def make_accounts() -> None:
    """Make what is missing of the demo accounts and write them to `$VAR/demo-accounts.json`.

    Run again, it leaves accounts and file as they are. Raises ImproperlyConfigured outside `./portaal`.
    """
    if not settings.EMBEDDED:
        raise ImproperlyConfigured("Demo accounts exist only under ./portaal.")
    path = Path(os.environ.get("VAR") or settings.BASE_DIR / "var") / "demo-accounts.json"
    known = {account["role"]: account for account in json.loads(path.read_text())} if path.exists() else {}
    accounts = [known.get(role.value) or new_account(role) for role in Role]
    write(path, accounts)  # first: an account whose password nobody knows helps no one
    for account in accounts:
        make_account(account, again=account["role"] not in known)


def new_account(role: Role) -> dict[str, str]:
    return {
        "role": role.value,
        "email": f"{role.value}@demo.invalid",
        "password": secrets.token_urlsafe(12),
        "totp_secret": generate_totp_secret(),
    }


@transaction.atomic
def make_account(account: dict[str, str], *, again: bool) -> User:
    """The account as the file says it; with `again`, its password and secret are set anew."""
    role = Role(account["role"])
    user = User.objects.filter(email=account["email"]).first()
    if user is None:
        user = User.objects.create_user(account["email"], account["password"], name=NAMES[role])
    elif again:
        user.set_password(account["password"])
        user.save(update_fields=["password"])
    grant_role(user, role, by=Actor.service("demo"))
    user.refresh_from_db()
    if again or not Authenticator.objects.filter(user=user, type="totp").exists():
        sealed = {"secret": seal_secret(user.zone, account["totp_secret"])}
        Authenticator.objects.update_or_create(user=user, type="totp", defaults={"data": sealed})
    return user


def write(path: Path, accounts: list[dict[str, str]]) -> None:
    """Write the file as a whole, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(accounts, file, indent=1)
    half.replace(path)
