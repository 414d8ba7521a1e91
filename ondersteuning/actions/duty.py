from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ondersteuning.models import Case
from weerbaar.accounts.models import User

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
