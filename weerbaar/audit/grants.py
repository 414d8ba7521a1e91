"""What each zone's database role may do, put in place by the owner after every migrate.

A role may read and write a table unless a line of RULES says less; a model may say
`hidden_from = {"publiek", "mijn"}`. The embedded default has one role for everything ("alles").
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction

from .append_only import append_only_tables, protect

WRITE = "SELECT, INSERT, UPDATE, DELETE"
OUTSIDE = {"publiek", "mijn"}
ALL = OUTSIDE | {"beheer", "worker", "alles"}
LOOKED = (
    "INSERT, SELECT (id, at, transaction, role, dossier, purpose, result)"  # what a reporter's overview needs
)
PERSON = "SELECT (id, name, email, is_active, is_staff)"  # not the password

RULES: list[tuple[set[str], str, str]] = [  # zones, tables, rights: the first line that fits counts
    (ALL, "django_migrations", "SELECT"),
    (OUTSIDE, "audit_accesslog", LOOKED),
    (ALL, "audit_accesslog", "SELECT, INSERT"),
    (OUTSIDE, "audit_seal", ""),
    ({"beheer"}, "audit_seal", "SELECT"),
    (ALL, "audit_seal", "SELECT, INSERT"),
    (OUTSIDE, "*trackedevent", "INSERT"),
    (ALL, "*trackedevent", "SELECT, INSERT"),
    (OUTSIDE, "vault_blindindex", ""),
    (OUTSIDE, "vault_lockbox", "SELECT, INSERT, DELETE"),  # and only some rows: see BOXES
    ({"publiek"}, "accounts_user", PERSON),
    ({"publiek"}, "accounts_cache", WRITE),
    ({"publiek"}, "accounts_*", ""),
    ({"publiek"}, "account_*", ""),
    ({"publiek"}, "socialaccount_*", ""),
    ({"publiek"}, "mfa_*", ""),
    ({"publiek"}, "auth_*", "SELECT"),
    ({"publiek"}, "pages_draft", WRITE),
    (OUTSIDE, "jobs_job", "SELECT, INSERT"),
    (OUTSIDE, "jobs_*", "SELECT"),
    (OUTSIDE, "guardian_*", "SELECT"),
    (OUTSIDE, "django_admin_log", ""),
    ({"mijn"}, "accounts_beheersession", ""),
    ({"beheer"}, "accounts_mijnsession", "SELECT, DELETE"),  # to sign somebody out
    ({"worker"}, "accounts_*session", "SELECT, DELETE"),  # to tidy up
    (OUTSIDE, "netwerk_organisation", "SELECT"),
    (OUTSIDE, "netwerk_contact", "SELECT"),  # who writes here chooses who reads what is shared
    ({"publiek"}, "netwerk_*", ""),
    ({"publiek"}, "*", "SELECT, INSERT, UPDATE"),
    (ALL, "*", WRITE),
]
BOXES = "reader NOT LIKE 'team:%'"  # the outer zones may add a team's lockbox, not see or remove it


def rights(zone: str, table: str) -> str:
    """The privileges of a zone on a table, as GRANT spells them; "" for none."""
    model = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}.get(table)
    if zone in getattr(model, "hidden_from", ()):
        return ""
    return next(right for zones, tables, right in RULES if zone in zones and fnmatch(table, tables))


def statements(zone: str, role: str, tables: list[str]) -> Iterator[str]:
    """The SQL that gives one zone's role what it may do."""
    yield f'GRANT USAGE ON SCHEMA public TO "{role}"'
    yield f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"'
    for table in tables:
        if right := rights(zone, table):
            yield f'GRANT {right} ON "{table}" TO "{role}"'
    seen = BOXES if zone in OUTSIDE else "true"
    name = f"{role}_{zone}"
    for verb, check in [
        ("SELECT", f"USING ({seen})"),
        ("DELETE", f"USING ({seen})"),
        ("UPDATE", f"USING ({seen})"),
        ("INSERT", "WITH CHECK (true)"),
    ]:
        policy = f"{name}_{verb}".lower()
        yield f'DROP POLICY IF EXISTS "{policy}" ON vault_lockbox'
        yield f'CREATE POLICY "{policy}" ON vault_lockbox FOR {verb} TO "{role}" {check}'


def apply(cursor: Any, roles: dict[str, str]) -> None:
    """Put triggers, grants and policies in place for these roles (zone → role); the cursor is the owner's."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    tables = [row[0] for row in cursor.fetchall()]
    protect(cursor, tables)
    cursor.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    cursor.execute("ALTER TABLE vault_lockbox ENABLE ROW LEVEL SECURITY")
    for role in set(roles.values()):
        cursor.execute(f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}"')
    for zone, role in roles.items():
        for statement in statements(zone, role, tables):
            cursor.execute(statement)


def grant(using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate. Does nothing for a role that does not own the tables ."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'audit_accesslog'")
        if cursor.fetchone() == (True,):
            apply(cursor, settings.DATABASE_ROLES)


__all__ = ["append_only_tables", "apply", "grant", "rights"]
