"""Tables that only grow: the access log, the seals, and every table of the change history.

Grants keep the application's roles from more than adding; a trigger refuses the rest, also to the owner, who
may only delete whole rows (when their term is over; `seals.remove` leaves a tombstone).
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from pghistory.models import Event

from .models import AccessLog, Seal

REFUSE = """
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       AND current_user::text = (SELECT relowner::regrole::text FROM pg_class WHERE oid = TG_RELID) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$
"""
TRIGGERS = """
CREATE OR REPLACE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON "{table}"
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE OR REPLACE TRIGGER audit_no_truncate BEFORE TRUNCATE ON "{table}"
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
"""


def sealed_tables() -> dict[str, str]:
    """The tables that are sealed in batches, each with its column of transaction numbers."""
    events = {
        model._meta.db_table: "pgh_transaction"
        for model in apps.get_models()
        if issubclass(model, Event) and any(f.name == "pgh_transaction" for f in model._meta.fields)
    }
    return {AccessLog._meta.db_table: "transaction", **dict(sorted(events.items()))}


def append_only_tables() -> list[str]:
    return [*sealed_tables(), Seal._meta.db_table]


def protect(cursor: Any, existing: list[str]) -> None:
    """Put the triggers in place on the tables that are there (an app may be migrated alone)."""
    cursor.execute(REFUSE)
    for table in append_only_tables():
        if table in existing:
            cursor.execute(TRIGGERS.format(table=table))
