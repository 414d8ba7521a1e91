"""What each zone's database role may do, put in place by the owner after every migrate.

A role may read and write a table unless a line of RULES says less; a model may say
`hidden_from = {"publiek", "mijn"}`. The embedded default has one role for everything ("alles").
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction

from weerbaar.accounts.roles import STAFF_ROLES, Role

from .append_only import append_only_tables, protect

WRITE = "SELECT, INSERT, UPDATE, DELETE"
OUTSIDE = {"publiek", "mijn"}
ALL = OUTSIDE | {"beheer", "worker", "alles"}
LOOKED = (
    "INSERT, SELECT (id, at, transaction, role, dossier, purpose, result)"  # what a reporter's overview needs
)
ANSWER = "SELECT, INSERT, UPDATE"  # what somebody writes back, and marks as read or withdrawn

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
    (OUTSIDE, "vault_lockbox", "SELECT, INSERT, DELETE"),
    ({"publiek"}, "accounts_user", "SELECT (id, is_active)"),  # whether a contact still reads; not who
    ({"publiek"}, "accounts_cache", WRITE),
    ({"publiek"}, "accounts_*", ""),
    ({"publiek"}, "account_*", ""),
    ({"publiek"}, "socialaccount_*", ""),
    ({"publiek"}, "mfa_*", ""),
    ({"mijn"}, "accounts_user", ANSWER),  # and only some rows of these: see ROWS
    (OUTSIDE, "auth_*", "SELECT"),
    (OUTSIDE, "django_content_type", "SELECT"),
    ({"publiek"}, "pages_draft", WRITE),
    ({"mijn"}, "pages_draft", "INSERT"),  # /readyz tries whether it can write
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
    (OUTSIDE, "ondersteuning_assignment", "SELECT"),  # who writes here chooses who opens a case
    (OUTSIDE, "ondersteuning_caseuserobjectpermission", ""),
    (OUTSIDE, "ondersteuning_dutyshift", ""),
    ({"mijn"}, "ondersteuning_case", "SELECT"),
    ({"mijn"}, "ondersteuning_organisation*", ANSWER),
    ({"mijn"}, "ondersteuning_share", ANSWER),
    ({"mijn"}, "ondersteuning_*", ""),
    ({"mijn"}, "documents_*", ""),
    ({"publiek"}, "*", ANSWER),
    (ALL, "*", WRITE),
]


class Rows(NamedTuple):
    """Which rows of a table some zones may see, and which they may make or change; others: all of them."""

    zones: set[str]
    table: str
    seen: str
    written: str


# Who sets a password, a second factor or a role of the staff, is the staff: mijn may only for its own people.
_NOT_OF_STAFF = "NOT EXISTS (SELECT FROM accounts_user person WHERE person.id = user_id AND person.is_staff)"
_STAFF_ROLES = ", ".join(f"'{role.value}'" for role in Role if role in STAFF_ROLES)
_OWN_PEOPLE = [
    "account_emailaddress",
    "accounts_passwordlink",
    "mfa_authenticator",
    "socialaccount_socialaccount",
]
ROWS = [
    # the outer zones may add a team's lockbox, not see or remove it
    Rows(OUTSIDE, "vault_lockbox", "reader NOT LIKE 'team:%'", "true"),
    Rows({"mijn"}, "accounts_user", "true", "NOT is_staff"),
    Rows({"mijn"}, "accounts_rolegrant", "true", f"role NOT IN ({_STAFF_ROLES}) AND {_NOT_OF_STAFF}"),
    *(Rows({"mijn"}, table, _NOT_OF_STAFF, _NOT_OF_STAFF) for table in _OWN_PEOPLE),
    Rows({"mijn"}, "accounts_user_user_permissions", "true", "false"),
    Rows({"mijn"}, "ondersteuning_case", "wish IN ('organisation', 'both')", "false"),
]


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
    for zones, table, seen, written in ROWS:
        if table in tables:
            yield from policies(zone, role, table, *((seen, written) if zone in zones else ("true", "true")))


def policies(zone: str, role: str, table: str, seen: str, written: str) -> Iterator[str]:
    """The SQL that lets a role see and write these rows of a table and no others."""
    for verb, check in [
        ("SELECT", f"USING ({seen})"),
        ("DELETE", f"USING (({seen}) AND ({written}))"),
        ("UPDATE", f"USING (({seen}) AND ({written})) WITH CHECK ({written})"),
        ("INSERT", f"WITH CHECK ({written})"),
    ]:
        name = f"{role}_{zone}_{verb}".lower()
        yield f'DROP POLICY IF EXISTS "{name}" ON "{table}"'
        yield f'CREATE POLICY "{name}" ON "{table}" FOR {verb} TO "{role}" {check}'


def apply(cursor: Any, roles: dict[str, str]) -> None:
    """Put triggers, grants and policies in place for these roles (zone → role); the cursor is the owner's."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    tables = [row[0] for row in cursor.fetchall()]
    protect(cursor, tables)
    cursor.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for table in {rows.table for rows in ROWS} & set(tables):
        cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
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
