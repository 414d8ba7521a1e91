"""One-time codes are taken once: over all workers, whatever becomes of Redis."""

from __future__ import annotations

from datetime import timedelta

from allauth.core.internal.cryptokit import normalize_user_code
from django.utils import timezone

from .models import UsedCode, User
from .sealing import keyed_hash

REMEMBERED = timedelta(minutes=10)  # well past the 90 seconds in which a TOTP code would be right


def use_once(user: User, code: str) -> bool:
    """Whether nobody used this code of this account just before; the database decides who is first."""
    UsedCode.objects.filter(user=user, used_at__lt=timezone.now() - REMEMBERED).delete()
    code_hash = keyed_hash(user.zone, normalize_user_code(code), about=f"code:{user.pk}")
    _used, first = UsedCode.objects.get_or_create(user=user, code=code_hash)
    return first
