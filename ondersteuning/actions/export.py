from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ondersteuning import tasks
from ondersteuning.models import Case, Export
from weerbaar.accounts.models import User
from weerbaar.audit import api as audit
from weerbaar.jobs import enqueue

TAKE_WITHIN = timedelta(hours=24)


@transaction.atomic
def ask_export(cases: Any, *, query: str, reason: str, format: str, by: User) -> Export:
    """Ask for rows of these cases (a queryset; only what `by` may see counts). Above 50 somebody else agrees.

    Raises PermissionDenied without the right, ValidationError for no rows and for more than 10,000.
    """
    _allow(by, "export_case")
    rows = _visible(cases, by).values("pk")[: Export.MOST_ROWS + 1].count()
    if rows == 0:
        raise ValidationError(_("Er zijn geen zaken die hierbij passen."))
    if rows > Export.MOST_ROWS:
        raise ValidationError(_("Dit zijn meer dan 10.000 zaken. Kies eerst een kleiner deel van de lijst."))
    _log(by, f"export gevraagd: {rows} regels")
    export = Export.objects.create(by=by, reason=reason, query=query, format=format, rows=rows)
    if rows > Export.FREE_ROWS:
        for person in tasks.agreeing():
            if person.pk != by.pk:
                key = f"export:{export.pk}:{person.pk}"
                enqueue(tasks.tell_export_asked, key=key, export_id=export.pk, user_id=person.pk)
    return export


@transaction.atomic
def decide_export(export: Export, *, agrees: bool, by: User) -> Export:
    """A second person agrees or refuses, once."""
    _allow(by, "agree_export")
    if export.by_id == by.pk:
        raise PermissionDenied
    current = Export.objects.select_for_update().get(pk=export.pk)
    if current.agreed_at or current.refused_at or current.taken_at:
        raise ValidationError(_("Hierover is al beslist."))
    if agrees:
        current.agreed_by, current.agreed_at = by, timezone.now()
    else:
        current.refused_at = timezone.now()
    current.save(update_fields=["agreed_by", "agreed_at", "refused_at"])
    return current


@transaction.atomic
def take_export(export: Export, cases: Any, *, by: User) -> Any:
    """The cases to write out, as `by` may see them now; leaves a log row first.

    Only for who asked, within a day after that or after the agreement, and never more rows than agreed.
    """
    _allow(by, "export_case")
    if export.by_id != by.pk:
        raise PermissionDenied
    found = _visible(cases, by)
    _log(by, f"export opgehaald: {export.rows} regels, {export.format}")  # ahead of the lock
    current = Export.objects.select_for_update().get(pk=export.pk)
    if not may_be_taken(current):
        raise ValidationError(_("Deze export kan niet meer worden opgehaald. Vraag een nieuwe."))
    if found.values("pk")[: current.rows + 1].count() > current.rows:
        raise ValidationError(_("Er zijn intussen meer zaken dan u vroeg. Vraag een nieuwe export."))
    if current.taken_at is None:
        current.taken_at = timezone.now()
        current.save(update_fields=["taken_at"])
    return found


def may_be_taken(export: Export) -> bool:
    """Whether who asked for it may have it now."""
    if export.refused_at or (export.rows > Export.FREE_ROWS and export.agreed_at is None):
        return False
    return timezone.now() - (export.agreed_at or export.asked_at) <= TAKE_WITHIN


def _visible(cases: Any, by: User) -> Any:
    return cases & Case.objects.visible_to(by)


def _allow(by: User, right: str) -> None:
    if not by.has_perm(f"ondersteuning.{right}"):
        raise PermissionDenied


def _log(by: User, detail: str) -> None:
    audit.log(
        audit.Actor.of(by),
        dossier=None,
        purpose=audit.Purpose.EXPORT,
        result=audit.Result.DONE,
        detail=detail,
    )
