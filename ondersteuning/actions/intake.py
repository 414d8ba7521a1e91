from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ondersteuning.models import Case
from ondersteuning.vocabulary import Source
from weerbaar.accounts.models import User
from weerbaar.audit import api as audit
from weerbaar.vault import api as vault

from .handling import take_case
from .locking import save
from .report import Report, report_incident


@dataclass(frozen=True)
class Intake:
    """A report that a colleague takes down for the reporter: how it came, and when.

    The secret is the form's own: it makes the access code, and with it a form sent twice is one case. Only
    its hash is kept.
    """

    report: Report
    source: str
    secret: str
    received_at: datetime | None = None  # now, unless it came earlier, on paper
    handles: bool = False  # the colleague handles the case from here on


def take_report(intake: Intake, *, by: User) -> tuple[Case, vault.AccessCode]:
    """A case of a report by phone or on paper, and the access code to hand to the reporter.

    Who phones has been spoken to: the first contact is made. Raises PermissionDenied without the right.
    """
    _allow(by, "take_report")
    _log(by, "melding aangenomen")
    with transaction.atomic():
        return _take(intake, by)


def import_reports(intakes: list[Intake], *, by: User) -> list[tuple[Case, vault.AccessCode]]:
    """All of them or none: what goes wrong with one undoes the others."""
    _allow(by, "import_report")
    _log(by, f"meldingen ingelezen: {len(intakes)}")
    with transaction.atomic():
        return [_take(intake, by) for intake in intakes]


def _take(intake: Intake, by: User) -> tuple[Case, vault.AccessCode]:
    code = vault.AccessCode.derive(intake.secret.encode())
    case = report_incident(
        intake.report,
        submission=hashlib.sha256(intake.secret.encode()).hexdigest(),
        code=code,
        source=intake.source,
        received_at=intake.received_at,
        by=by,
    )
    assert isinstance(case, Case)
    if intake.source == Source.PHONE and case.contacted_at is None:
        case.contacted_at = timezone.now()
        save(case, "contacted_at")
    if intake.handles and case.handler_id is None:
        case = take_case(case, by=by)
    return case, code


def _allow(by: User, right: str) -> None:
    if not by.has_perm(f"ondersteuning.{right}"):
        raise PermissionDenied


def _log(by: User, detail: str) -> None:
    audit.log(
        audit.Actor.of(by),
        dossier=None,
        purpose=audit.Purpose.HANDLE,
        result=audit.Result.DONE,
        detail=detail,
    )
