from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from netwerk.models import Contact, Organisation, ReportingPoint
from weerbaar.accounts.models import User


@transaction.atomic
def save_point(point: ReportingPoint, *, by: User) -> ReportingPoint:
    """A contact adds or changes a place to report of the own organisation, and by that has checked it."""
    _allow(point.organisation, by)
    point.checked_on = timezone.localdate()
    point.save()
    return point


@transaction.atomic
def check_point(point: ReportingPoint, *, by: User) -> None:
    """It is still right."""
    _allow(point.organisation, by)
    point.checked_on = timezone.localdate()
    point.save(update_fields=["checked_on"])


@transaction.atomic
def remove_point(point: ReportingPoint, *, by: User) -> None:
    """It is there no more; the change history keeps what it was."""
    _allow(point.organisation, by)
    point.delete()


def _allow(organisation: Organisation, by: User) -> None:
    if not Contact.objects.current().filter(user=by, organisation=organisation).exists():
        raise PermissionDenied
