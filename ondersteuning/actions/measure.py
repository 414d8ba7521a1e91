"""Measures: what is done to make the reporter safer, by whom, before when, and at whose cost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ondersteuning import tasks
from ondersteuning.clock import AMSTERDAM
from ondersteuning.lifecycle import ENDED, MEASURE_FIRST, MEASURE_NEXT, MeasureStatus
from ondersteuning.models import Case, Measure
from ondersteuning.models.measure import AGREED
from ondersteuning.online import REMOVAL
from weerbaar.accounts.models import User
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .locking import locked, save


@transaction.atomic
def plan_measure(
    case: Case, *, what: str, status: str, by: User, version: int | None = None, **facts: Any
) -> Measure:
    """Advise, agree on or order a measure. `facts`: kind, domain, priority, owner, due_on, payer, cost_once,
    cost_yearly (euro)."""
    case = _open(case, by, version)
    if status not in MEASURE_FIRST:
        raise ValidationError({"status": _("Begin met een eerdere stand. Daarna kunt u haar wijzigen.")})
    measure = Measure(case=case, status=MeasureStatus(status), **facts)
    vault.seal(case, measure, what=what)
    measure.save(force_insert=True)
    return _changed(case, measure)


@transaction.atomic
def move_measure(
    measure: Measure,
    status: str,
    *,
    why_not: str = "",
    by: User,
    version: int | None = None,
    **facts: Any,
) -> Measure:
    """Its next stand. Not done needs a reason that the reporter may read; `facts` may change owner, due_on,
    payer, cost_once and cost_yearly on the way. With the same stand only the facts change."""
    case = _open(measure.case, by, version)
    measure = case.measures.select_for_update().get(pk=measure.pk)
    old, new = MeasureStatus(measure.status), MeasureStatus(status)
    if new != old and new not in MEASURE_NEXT[old]:
        raise ValidationError(
            _("De stand kan niet van %(old)s naar %(new)s.") % {"old": old.label, "new": new.label},
            code="move",
        )
    if new == MeasureStatus.NOT_DONE and not why_not:
        raise ValidationError({"why_not": _("Schrijf waarom deze maatregel niet wordt uitgevoerd.")})
    measure.status = new
    measure.done_on = (measure.done_on or _today()) if new == MeasureStatus.DONE else None
    for name, value in facts.items():
        setattr(measure, name, value)
    vault.seal(case, measure, why_not=why_not if new == MeasureStatus.NOT_DONE else None)
    measure.save(update_fields=["status", "done_on", "why_not", *facts])
    return _changed(case, measure)


@transaction.atomic
def plan_removal(case: Case, steps: Iterable[str], *, by: User, version: int | None = None) -> list[Measure]:
    """The checklist after online hate or doxing, as measures: each chosen step of `online.REMOVAL`."""
    case = _open(case, by, version)
    made = []
    for step in [one for one in REMOVAL if one.name in set(steps)]:
        measure = Measure(
            case=case,
            kind=step.kind,
            domain=step.domain,
            priority=step.priority,
            owner=step.owner,
            status=MeasureStatus.SETTLED,
            due_on=_today() + timedelta(days=step.days),
        )
        vault.seal(case, measure, what=str(step.text))
        measure.save(force_insert=True)
        made.append(measure)
    save(case)
    if made:
        enqueue(tasks.tell_reporter, key=f"removal:{case.pk}:{case.version}", case_id=case.pk)
    return made


def _open(case: Case, by: User, version: int | None) -> Case:
    case = locked(case, by=by, version=version)
    if case.status in ENDED:
        raise ValidationError(_("Deze zaak is niet meer open."))
    return case


def _changed(case: Case, measure: Measure) -> Measure:
    """The reporter hears of what was agreed; an advice is the team's own until somebody decides on it."""
    save(case)
    if measure.status in AGREED:
        enqueue(tasks.tell_reporter, key=f"measure:{measure.pk}:{case.version}", case_id=case.pk)
    return measure


def _today() -> date:
    return timezone.now().astimezone(AMSTERDAM).date()
