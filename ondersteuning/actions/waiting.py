"""Waiting for the reporter: the clock of a case stands still, and runs again with whatever they answer."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ondersteuning.clock import AMSTERDAM
from ondersteuning.lifecycle import ENDED
from ondersteuning.models import Case
from ondersteuning.urgency import Urgency, after_pause
from weerbaar.accounts.models import User

from .locking import locked, save


@transaction.atomic
def wait_for_reporter(case: Case, *, until: date, by: User, version: int | None = None) -> Case:
    """Stop the clock until the reporter answers, or until this day (included) is over."""
    case = locked(case, by=by, version=version)
    if case.status in ENDED:
        raise ValidationError(_("Deze zaak is niet meer open."))
    if until <= timezone.now().astimezone(AMSTERDAM).date():
        raise ValidationError({"until": _("Kies een dag na vandaag.")})
    case.waiting_since = case.waiting_since or timezone.now()
    case.waiting_until = until
    save(case, "waiting_since", "waiting_until")
    return case


@transaction.atomic
def resume_case(case: Case, *, by: User) -> Case:
    """A colleague lets the clock run again."""
    return resume(locked(case, by=by))


def resume(case: Case) -> Case:
    """The clock of a locked case runs again: an answer came, the day is over, or a colleague said so."""
    if case.waiting_since is None:
        return case
    case.contact_due_at = after_pause(
        Urgency(case.urgency), case.contact_due_at, since=case.waiting_since, until=timezone.now()
    )
    case.waiting_since = case.waiting_until = None
    save(case, "waiting_since", "waiting_until", "contact_due_at")
    return case
