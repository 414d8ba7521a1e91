from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ondersteuning.clock import AMSTERDAM
from ondersteuning.lifecycle import Status
from ondersteuning.models import AftercareStep, CarePerson, Case
from ondersteuning.vocabulary import CarePersonRelation
from weerbaar.accounts.models import User
from weerbaar.vault import api as vault

from .handling import _move
from .locking import locked, save


@transaction.atomic
def plan_aftercare(case: Case, *, by: User, start: date | None = None, version: int | None = None) -> Case:
    """Plan the four moments of aftercare from the day of the first talk (today unless told)."""
    case = locked(case, by=by, version=version)
    if case.status not in (Status.IN_GUIDANCE, Status.AFTERCARE):
        raise ValidationError(_("Nazorg plant u als de zaak in begeleiding is."))
    start = start or timezone.now().astimezone(AMSTERDAM).date()
    _plan(case, None, start)
    return case if case.status == Status.AFTERCARE else _move(case, Status.AFTERCARE, by)


@transaction.atomic
def add_care_person(
    case: Case,
    *,
    relation: str,
    name: str,
    contact: str,
    start: date | None = None,
    by: User,
    version: int | None = None,
) -> CarePerson:
    """Aftercare for somebody else to whom it happened as well: the same four moments, from `start` (today
    unless told). The case itself stays where it is."""
    case = locked(case, by=by, version=version)
    if case.status not in (Status.IN_GUIDANCE, Status.AFTERCARE):
        raise ValidationError(_("Nazorg plant u als de zaak in begeleiding is."))
    person = CarePerson(case=case, relation=CarePersonRelation(relation))
    vault.seal(case, person, name=name or None, contact=contact or None)
    person.save(force_insert=True)
    _plan(case, person, start or timezone.now().astimezone(AMSTERDAM).date())
    save(case)
    return person


def _plan(case: Case, person: CarePerson | None, start: date) -> None:
    AftercareStep.objects.bulk_create(
        (
            AftercareStep(case=case, person=person, moment=moment, due_on=start + after)
            for moment, after in AftercareStep.AFTER.items()
        ),
        update_conflicts=True,
        unique_fields=["case", "person", "moment"],
        update_fields=["due_on", "cancelled_at"],
    )


@transaction.atomic
def complete_aftercare(step: AftercareStep, *, report: str, by: User) -> AftercareStep:
    """The talk took place: keep a short report, for the team only."""
    case = locked(step.case, by=by)
    step = case.aftercare.select_for_update().get(pk=step.pk)
    if step.done_at or step.cancelled_at:
        raise ValidationError(_("Dit nazorgmoment is al afgerond."))
    step.done_at = timezone.now()
    vault.seal(case, step, report=report)
    step.save(update_fields=["done_at", "report"])
    return step
