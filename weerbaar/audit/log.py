"""The access log: a committed row before any content opens. No row, no content."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import Error, transaction
from django.db.models import Count
from django.db.models.functions import TruncDate

from .models import AccessLog, Purpose, Result


class AuditUnavailable(Exception):
    """The access log cannot be written, so nothing may be opened now."""


@dataclass(frozen=True)
class Actor:
    """Who acts: an account, a service, or a reporter without a name."""

    id: UUID | None
    name: str
    role: str

    @classmethod
    def of(cls, user: Any) -> Actor:
        """The actor behind an account (or the actor itself)."""
        if isinstance(user, Actor):
            return user
        role = getattr(user, "main_role", None)
        return cls(id=user.pk, name=str(getattr(user, "name", ""))[:150], role=str(role or ""))

    @classmethod
    def service(cls, name: str) -> Actor:
        """A job or command of the portal itself."""
        return cls(id=None, name=name, role="systeem")

    @classmethod
    def reporter(cls) -> Actor:
        """Whoever holds an access code: the log never says more about a reporter."""
        return cls(id=None, name="", role="melder")


def log(
    actor: Actor, *, dossier: UUID | None, purpose: Purpose, result: Result, detail: str = ""
) -> AccessLog:
    """Add one row and commit it at once; `detail` holds neutral words only.

    Raises AuditUnavailable when the row cannot be written. Call it before taking row locks.
    """
    (row,) = log_many(actor, [dossier], purpose=purpose, result=result, detail=detail)
    return row


def log_many(
    actor: Actor, dossiers: Iterable[UUID | None], *, purpose: Purpose, result: Result, detail: str = ""
) -> list[AccessLog]:
    """One row for each dossier, in one statement and one commit."""
    rows = [
        AccessLog(
            actor_id=actor.id,
            actor_name=actor.name,
            role=actor.role,
            dossier=dossier,
            purpose=purpose,
            result=result,
            detail=detail[:200],
        )
        for dossier in dossiers
    ]
    try:
        with transaction.atomic(using="audit", durable=True):
            return AccessLog.objects.using("audit").bulk_create(rows)
    except Error as error:
        raise AuditUnavailable from error


@dataclass(frozen=True)
class LookedRow:
    """One line of what a reporter sees: on this day this role looked for this reason, so many times."""

    day: dt.date
    role: str
    purpose: Purpose
    count: int


def overview(dossier_id: UUID) -> list[LookedRow]:
    """Who opened a dossier: a line a day, role and purpose, newest day first; never a staff name.

    Days are local days. The reporter's own visits are left out.
    """
    rows = (
        AccessLog.objects.filter(dossier=dossier_id, result=Result.OPENED)
        .exclude(role="melder")
        .values("role", "purpose", day=TruncDate("at"))
        .annotate(count=Count("id"))
        .order_by("-day", "role", "purpose")
    )
    return [LookedRow(row["day"], row["role"], Purpose(row["purpose"]), row["count"]) for row in rows]
