"""Aangifte, procedures that are used to intimidate, and the dates in both."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ondersteuning import tasks
from ondersteuning.clock import AMSTERDAM
from ondersteuning.lifecycle import (
    AANGIFTE_FILED,
    AANGIFTE_FIRST,
    AANGIFTE_NEXT,
    ENDED,
    PROCEDURE_FIRST,
    PROCEDURE_NEXT,
    AangifteStatus,
    ProcedureStatus,
)
from ondersteuning.models import Aangifte, Case, LegalDate, Procedure
from ondersteuning.vocabulary import FiledBy, LegalMoment, PressureKind
from weerbaar.accounts.models import User
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .locking import locked, save

CHOICES = ("domicilie", "under_number", "vpt_code_asked", "damage_claim")  # what is agreed about an aangifte
TEXTS = ("number", "contact", "remark")


@transaction.atomic
def open_aangifte(
    case: Case,
    *,
    status: str,
    filed_by: str = "",
    filed_on: date | None = None,
    by: User,
    version: int | None = None,
    **facts: Any,
) -> Aangifte:
    """Begin to keep an aangifte, wherever it stands when we hear of it. `facts`: CHOICES and TEXTS."""
    case = _open(case, by, version)
    if status not in AANGIFTE_FIRST:
        raise ValidationError({"status": _("Begin met een eerdere stand. Daarna kunt u haar wijzigen.")})
    aangifte = Aangifte(case=case, status=AangifteStatus(status))
    _file(aangifte, filed_by, filed_on)
    _tell(case, aangifte, facts)
    aangifte.save(force_insert=True)
    return _changed(case, aangifte)


@transaction.atomic
def change_aangifte(aangifte: Aangifte, *, by: User, version: int | None = None, **facts: Any) -> Aangifte:
    """What was agreed about it, and who to reach at the police. `facts`: CHOICES and TEXTS."""
    case = locked(aangifte.case, by=by, version=version)
    aangifte = case.aangiften.select_for_update().get(pk=aangifte.pk)
    _tell(case, aangifte, facts)
    aangifte.save(update_fields=[*facts])
    save(case)
    return aangifte


@transaction.atomic
def move_aangifte(
    aangifte: Aangifte,
    status: str,
    *,
    filed_by: str = "",
    filed_on: date | None = None,
    by: User,
    version: int | None = None,
) -> Aangifte:
    """Its next stand; the reporter hears of it. Filing it needs by whom, and on which day."""
    case = _open(aangifte.case, by, version)
    aangifte = case.aangiften.select_for_update().get(pk=aangifte.pk)
    old, new = AangifteStatus(aangifte.status), AangifteStatus(status)
    _refuse_unless(new in AANGIFTE_NEXT[old], old, new)
    aangifte.status = new
    if old not in AANGIFTE_FILED:
        _file(aangifte, filed_by, filed_on)
    aangifte.save(update_fields=["status", "filed_by", "filed_on"])
    return _changed(case, aangifte)


@transaction.atomic
def open_procedure(
    case: Case,
    *,
    kind: str,
    status: str,
    description: str,
    has_lawyer: bool = False,
    costs_covered: bool = False,
    by: User,
    version: int | None = None,
) -> Procedure:
    """Somebody uses the law to intimidate: from now on we keep its dates and see to support."""
    case = _open(case, by, version)
    if status not in PROCEDURE_FIRST:
        raise ValidationError({"status": _("Begin met een eerdere stand. Daarna kunt u haar wijzigen.")})
    procedure = Procedure(
        case=case,
        kind=PressureKind(kind),
        status=ProcedureStatus(status),
        has_lawyer=has_lawyer,
        costs_covered=costs_covered,
    )
    vault.seal(case, procedure, description=description)
    procedure.save(force_insert=True)
    save(case)
    enqueue(tasks.tell_reporter, key=f"procedure:{procedure.pk}", case_id=case.pk)
    return procedure


@transaction.atomic
def change_procedure(
    procedure: Procedure,
    *,
    status: str,
    has_lawyer: bool,
    costs_covered: bool,
    by: User,
    version: int | None = None,
) -> Procedure:
    """How far it is, and whether a lawyer and the costs are arranged (Onder druk, WODC 2023)."""
    case = _open(procedure.case, by, version)
    procedure = case.procedures.select_for_update().get(pk=procedure.pk)
    old, new = ProcedureStatus(procedure.status), ProcedureStatus(status)
    _refuse_unless(new == old or new in PROCEDURE_NEXT[old], old, new)
    procedure.status, procedure.has_lawyer, procedure.costs_covered = new, has_lawyer, costs_covered
    procedure.save(update_fields=["status", "has_lawyer", "costs_covered"])
    save(case)
    if new != old:
        enqueue(tasks.tell_reporter, key=f"procedure:{procedure.pk}:{case.version}", case_id=case.pk)
    return procedure


@transaction.atomic
def set_date(
    part_of: Aangifte | Procedure,
    *,
    kind: str,
    at: datetime,
    remark: str,
    by: User,
    version: int | None = None,
) -> LegalDate:
    """Keep a hearing, a judgment or a term. The reminders to handler and reporter follow from it."""
    case = _open(part_of.case, by, version)
    _refuse_the_past(at)
    row = LegalDate(
        case=case,
        aangifte=part_of if isinstance(part_of, Aangifte) else None,
        procedure=part_of if isinstance(part_of, Procedure) else None,
        kind=LegalMoment(kind),
        at=at,
    )
    vault.seal(case, row, remark=remark)
    row.save(force_insert=True)
    return _date_changed(case, row)


@transaction.atomic
def move_date(
    row: LegalDate, *, at: datetime, remark: str, by: User, version: int | None = None
) -> LegalDate:
    """It was put off, or more is known of it. At another moment the reminders begin anew."""
    case = _open(row.case, by, version)
    row = _coming(case, row)
    _refuse_the_past(at)
    if at != row.at:
        row.at, row.set_at = at, timezone.now()
    vault.seal(case, row, remark=remark)
    row.save(update_fields=["at", "set_at", "remark"])
    return _date_changed(case, row)


@transaction.atomic
def cancel_date(row: LegalDate, *, by: User, version: int | None = None) -> LegalDate:
    """It does not take place. Nobody is reminded of it any more."""
    case = _open(row.case, by, version)
    row = _coming(case, row)
    row.cancelled_at = timezone.now()
    row.save(update_fields=["cancelled_at"])
    return _date_changed(case, row)


def _open(case: Case, by: User, version: int | None) -> Case:
    case = locked(case, by=by, version=version)
    if case.status in ENDED:
        raise ValidationError(_("Deze zaak is niet meer open."))
    return case


def _file(aangifte: Aangifte, filed_by: str, filed_on: date | None) -> None:
    """By whom and on which day, once it was filed; by whom may be known before."""
    if aangifte.status not in AANGIFTE_FILED:
        aangifte.filed_by = FiledBy(filed_by) if filed_by else aangifte.filed_by
        return
    missing = {}
    if not filed_by:
        missing["filed_by"] = _("Kies wie aangifte deed.")
    if filed_on is None:
        missing["filed_on"] = _("Vul in op welke dag de aangifte is gedaan.")
    elif filed_on > timezone.now().astimezone(AMSTERDAM).date():
        missing["filed_on"] = _("Deze dag is nog niet geweest.")
    if missing:
        raise ValidationError(missing)
    aangifte.filed_by, aangifte.filed_on = FiledBy(filed_by), filed_on


def _tell(case: Case, aangifte: Aangifte, facts: dict[str, Any]) -> None:
    for name in facts.keys() & set(CHOICES):
        setattr(aangifte, name, facts[name])
    vault.seal(case, aangifte, **{name: facts[name] or None for name in facts.keys() & set(TEXTS)})


def _changed(case: Case, aangifte: Aangifte) -> Aangifte:
    save(case)
    enqueue(tasks.tell_reporter, key=f"aangifte:{aangifte.pk}:{case.version}", case_id=case.pk)
    return aangifte


def _coming(case: Case, row: LegalDate) -> LegalDate:
    row = case.legal_dates.select_for_update().get(pk=row.pk)
    if row.cancelled_at or row.is_past:
        raise ValidationError(_("Deze datum is vervallen of al geweest."))
    return row


def _date_changed(case: Case, row: LegalDate) -> LegalDate:
    save(case)
    enqueue(tasks.tell_reporter, key=f"date:{row.pk}:{case.version}", case_id=case.pk)
    return row


def _refuse_the_past(at: datetime) -> None:
    if at <= timezone.now():
        raise ValidationError({"day": _("Dit moment is al geweest.")})


def _refuse_unless(is_possible: bool, old: Any, new: Any) -> None:
    if not is_possible:
        raise ValidationError(
            _("De stand kan niet van %(old)s naar %(new)s.") % {"old": old.label, "new": new.label},
            code="move",
        )
