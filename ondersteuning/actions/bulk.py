"""Change several cases at once, and take that back within half a minute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ondersteuning import tasks
from ondersteuning.models import BulkChange, Case
from ondersteuning.models.desk import UNDO_WITHIN
from ondersteuning.urgency import Urgency, contact_due
from ondersteuning.vocabulary import Line
from weerbaar.accounts.backends import ByEmail
from weerbaar.accounts.models import User
from weerbaar.jobs import enqueue

from .handling import _give, assign_case
from .locking import save


class Together(TextChoices):
    """What can be changed of several cases at once."""

    ASSIGN = "assign", gettext_lazy("Toewijzen aan een collega")
    LINE = "line", gettext_lazy("Lijn wijzigen")
    URGENCY = "urgency", gettext_lazy("Urgentie wijzigen")


STAYS_BEHIND = {
    "closed": gettext_lazy("is niet meer open"),
    "unread": gettext_lazy("is nog door niemand beoordeeld"),
    "not_yours": gettext_lazy("behandelt u niet"),
}
WITH_LINE = {Line.FIRST: "ondersteuning.see_queue", Line.SECOND: "ondersteuning.accept_handover"}


def may_change_together(user: User) -> list[Together]:
    """What this colleague may change of several cases at once; who handles cases only their urgency."""
    if user.has_perm("ondersteuning.assign_case"):
        return list(Together)
    return [Together.URGENCY] if user.has_perm("ondersteuning.handle_case") else []


def why_not(case: Case, *, by: User) -> Promise | None:
    """Why a case cannot be changed together with others; None when it can.

    Nobody judged it yet: a case must be read on its own before it can be one of many.
    """
    if not case.is_open:
        return STAYS_BEHIND["closed"]
    if case.urgency_is_provisional:
        return STAYS_BEHIND["unread"]
    if case.handler_id != by.pk and not by.has_perm("ondersteuning.assign_case"):
        return STAYS_BEHIND["not_yours"]
    return None


@transaction.atomic
def change_together(versions: Mapping[UUID, int], *, what: str, value: Any, by: User) -> BulkChange:
    """Assign (`value`: a User), or set the line or the urgency of these cases: all of them or none.

    `versions` says which state of each the colleague had on screen. Raises ValidationError, naming the cases
    that a colleague changed since or that must be dealt with one by one.
    """
    change = Together(what)
    if change not in may_change_together(by):
        raise PermissionDenied
    cases = _locked(list(versions), by)
    if len(cases) != len(versions):
        raise ValidationError(_("Een deel van deze zaken is niet meer van u om te zien. Kies opnieuw."))
    _refuse(cases, [case for case in cases if why_not(case, by=by)], _("kan niet samen met andere"))
    stale = [case for case in cases if case.version != versions[case.pk]]
    _refuse(cases, stale, _("is net door een collega gewijzigd"))
    if change == Together.LINE:
        _refuse(cases, _of_the_other_line(cases, Line(value)), _("heeft een behandelaar van de andere lijn"))
    before = {case.pk: _state(case) for case in cases}
    changed = [_change(case, change, value, by) for case in cases]
    together = BulkChange.objects.create(
        by=by, what=change, before=[before[case.pk] | {"version": case.version} for case in changed]
    )
    if change == Together.ASSIGN:  # no sooner than it is final, and once for all of them
        at = together.at + UNDO_WITHIN
        enqueue(tasks.tell_assigned_together, key=str(together.pk), at=at, change_id=together.pk)
    return together


@transaction.atomic
def undo_together(together: BulkChange, *, by: User) -> list[Case]:
    """Put back what was before; gives the cases that stay as they are because somebody changed them since."""
    now = timezone.now()
    together = BulkChange.objects.select_for_update().get(pk=together.pk)
    if together.by_id != by.pk:
        raise PermissionDenied
    if together.undone_at is not None or now - together.at > UNDO_WITHIN:
        raise ValidationError(_("Ongedaan maken kan één keer, tot 30 seconden na de wijziging."))
    before = {UUID(state["id"]): state for state in together.before}
    people = User.objects.in_bulk({state["handler"] for state in before.values() if state["handler"]})
    cases = list(Case.objects.select_for_update().filter(pk__in=before).order_by("pk"))
    kept = [case for case in cases if case.version != before[case.pk]["version"]]
    for case in cases:
        if case not in kept:
            _put_back(case, before[case.pk], people)
    together.undone_at = now
    together.save(update_fields=["undone_at"])
    return kept


def _locked(ids: list[UUID], by: User) -> list[Case]:
    """In the order of their ids, so that two who lock the same cases do not wait for each other for ever."""
    return list(Case.objects.visible_to(by).filter(pk__in=ids).order_by("pk").select_for_update())


def _refuse(cases: list[Case], refused: list[Case], why: str) -> None:
    if refused:
        names = ", ".join(case.reference for case in refused)
        raise ValidationError(
            _("Er is niets gewijzigd. Dit %(why)s: %(names)s.") % {"why": why, "names": names}
        )


def _of_the_other_line(cases: list[Case], line: Line) -> list[Case]:
    """Those whose handler does not work in this line: they change line by a handover or an assignment."""
    people = ByEmail().with_perm(WITH_LINE[line], include_superusers=False)
    fitting = set(people.values_list("pk", flat=True))
    return [case for case in cases if case.handler_id and case.handler_id not in fitting]


def _state(case: Case) -> dict[str, Any]:
    return {
        "id": str(case.pk),
        "handler": str(case.handler_id) if case.handler_id else None,
        "line": case.line,
        "urgency": case.urgency,
        "contact_due_at": case.contact_due_at.isoformat(),
    }


def _change(case: Case, change: Together, value: Any, by: User) -> Case:
    if change == Together.ASSIGN:
        return assign_case(case, to=value, by=by, tell=False)
    if change == Together.LINE:
        case.line = Line(value)
        case.assignments.active().update(line=case.line)
    else:
        urgency = Urgency(int(value))
        if urgency != case.urgency and case.contacted_at is None:
            case.contact_due_at = contact_due(urgency, case.received_at)
        case.urgency = urgency
    save(case, "line", "urgency", "contact_due_at")
    return case


def _put_back(case: Case, state: dict[str, Any], people: dict[UUID, User]) -> None:
    handler = UUID(state["handler"]) if state["handler"] else None
    if handler != case.handler_id:
        _give(case, people[handler] if handler else None, Line(state["line"]))
    else:
        case.assignments.active().update(line=state["line"])
    case.line, case.urgency = Line(state["line"]), Urgency(state["urgency"])
    case.contact_due_at = datetime.fromisoformat(state["contact_due_at"])
    save(case, "line", "urgency", "contact_due_at")
