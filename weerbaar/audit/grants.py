"""What each zone's database role may do. Placed after every migrate, by the owner; the rest is refused."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections


def grant(using: str, **kwargs: Any) -> None:
    """Give the roles in settings.DATABASE_ROLES their rights; does nothing for a role that owns no tables."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'audit_accesslog'")
        if cursor.fetchone() != (True,):
            return
        for role in set(settings.DATABASE_ROLES.values()):
            cursor.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
            cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"')
            cursor.execute(f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"')
