"""Mails about accounts: that something waits or changed, never what, from where or by whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from weerbaar.jobs import beat, enqueue, job, mail
from weerbaar.zones import Zone, zone_url

from .models import CacheRow, PasswordLink, UsedCode, User
from .sessions import STORES

SIGNED_IN = frozenset({Zone.MIJN, Zone.BEHEER})


@job(zones=SIGNED_IN)
def send_password_link(link_id: str) -> None:
    """Mail the link with which somebody chooses a password. For an address without an account: nothing."""
    link = PasswordLink.objects.open().filter(pk=link_id, user__is_active=True).select_related("user").first()
    if link is None or link.user is None:
        return
    token = salted_hmac("weerbaar.accounts", str(link.pk), algorithm="sha256").hexdigest()[:40]
    link.token_hash = hash_token(token)  # a second attempt makes the same one
    link.save(update_fields=["token_hash"])
    page = "account_invitation" if link.kind == PasswordLink.Kind.INVITATION else "account_new_password"
    mail.send(f"account_{link.kind}", to=link.user.email, link=zone_url(link.user.zone, page, token))


@job(zones=SIGNED_IN)
def tell_account_changed(user_id: str) -> None:
    """Tell the owner that the account's security changed, so that a stranger's hand is noticed."""
    if user := User.objects.filter(pk=user_id, is_active=True).first():
        mail.send("account_gewijzigd", to=user.email, link=f"/{user.zone}/account/")


@transaction.atomic
def notify_later(user: User) -> None:
    """Enqueue the notice that something changed."""
    enqueue(tell_account_changed, key=f"account-changed:{uuid4()}", user_id=str(user.pk))


@beat(every=timedelta(hours=1))
def clear_what_expired(now: datetime) -> None:
    """Sessions, used codes, links and rate limits of the past have no reason to stay."""
    for store in STORES.values():
        store.clear_expired()
    UsedCode.objects.filter(used_at__lt=now - timedelta(hours=1)).delete()
    PasswordLink.objects.filter(expires_at__lt=now).delete()
    CacheRow.objects.filter(expires__lt=timezone.now()).delete()


def hash_token(token: str) -> str:
    """How the database knows a token; 160 random-looking bits need no salt."""
    return sha256(token.encode()).hexdigest()
