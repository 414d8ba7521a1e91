"""One-time codes are taken once: over all workers, whatever becomes of Redis."""

from __future__ import annotations

from allauth.core.internal.cryptokit import normalize_user_code
from django.db import connection

from .models import User
from .sealing import keyed_hash

# `tasks.clear_what_expired` tidies up, well past the 90 seconds in which a TOTP code would be right
TAKE = """
    INSERT INTO accounts_usedcode (user_id, code, used_at) VALUES (%s, %s, statement_timestamp())
    ON CONFLICT (user_id, code) DO NOTHING
"""


def use_once(user: User, code: str) -> bool:
    """Whether nobody used this code of this account just before; the database decides who is first."""
    code_hash = keyed_hash(user.zone, normalize_user_code(code), about=f"code:{user.pk}")
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [user.pk, code_hash])
        return cursor.rowcount > 0
