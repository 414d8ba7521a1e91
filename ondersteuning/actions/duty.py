from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ondersteuning import tasks
from ondersteuning.models import Case
from ondersteuning.urgency import ACKNOWLEDGE_WITHIN
from weerbaar.accounts.models import User
from weerbaar.jobs import enqueue

from .locking import locked, save


@transaction.atomic
def acknowledge(case: Case, *, by: User) -> Case:
    """Say "ik heb het gezien en doe er iets mee": stops the alerts. Needs no look at the content."""
    if not by.has_perm("ondersteuning.be_on_duty"):
        raise PermissionDenied
    case = locked(case)
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise PermissionDenied
    if case.acknowledged_at is None:
        case.acknowledged_at = timezone.now()
        save(case, "acknowledged_at")
    return case


def wake(case: Case, key: str, *, since: datetime) -> None:
    """Alert the person on duty, the backup, the coordinators: each only while nobody has acknowledged."""
    for step in range(3):
        enqueue(
            tasks.alert_for_case,
            key=f"{key}:{step}",
            at=since + step * ACKNOWLEDGE_WITHIN,
            case_id=case.pk,
            step=step,
        )
