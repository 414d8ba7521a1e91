from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ondersteuning import tasks
from ondersteuning.clock import AMSTERDAM
from ondersteuning.lifecycle import ENDED, NEXT, Status
from ondersteuning.models import Assignment, Case, CheckIn, Handover, Note, OrganisationReport, TeamMember
from ondersteuning.urgency import Urgency, contact_due
from ondersteuning.vocabulary import Line, Outcome
from weerbaar.accounts.models import User
from weerbaar.audit.api import Actor
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .locking import allow, locked, save
from .referral import end_referrals


@transaction.atomic
def take_case(case: Case, *, by: User) -> Case:
    """Take in hand ("in behandeling nemen"): the first to take it handles it, and the triage begins."""
    if not (by.has_perm("ondersteuning.handle_case") and by.has_perm("ondersteuning.see_queue")):
        raise PermissionDenied
    case = locked(case)
    if not case.is_for_team or case.recusals.filter(user=by).exists():
        raise PermissionDenied
    if case.status in ENDED or case.handler_id is not None:
        raise ValidationError(_("Een collega heeft deze zaak al in behandeling genomen."), code="taken")
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():  # of another association
        raise PermissionDenied
    _give(case, by, Line(case.line))
    case.acknowledged_at = case.acknowledged_at or timezone.now()
    save(case, "acknowledged_at")
    if case.status == Status.RECEIVED:
        _move(case, Status.IN_TRIAGE, by)
    return case


@transaction.atomic
def assign_case(case: Case, *, to: User, by: User, tell: bool = True) -> Case:
    """A coordinator gives the case to somebody of the first line, who hears of it unless told later."""
    if not by.has_perm("ondersteuning.assign_case"):
        raise PermissionDenied
    if not (
        to.is_active and to.has_perm("ondersteuning.handle_case") and to.has_perm("ondersteuning.see_queue")
    ):
        raise ValidationError(_("Deze collega behandelt geen zaken in de eerste lijn."))
    case = locked(case)
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise PermissionDenied
    if case.status == Status.WITHDRAWN:
        raise ValidationError(_("Deze zaak kan niet meer worden toegewezen."))
    if why_not := conflict(case, to):
        raise ValidationError({"to": why_not})
    _give(case, to, Line.FIRST)
    save(case, "line")
    if case.status == Status.RECEIVED:
        _move(case, Status.IN_TRIAGE, by)
    if tell:
        enqueue(tasks.tell_handler, key=f"assigned:{case.pk}:{case.version}", case_id=case.pk)
    return case


@transaction.atomic
def triage_case(
    case: Case, *, urgency: int, kinds: Collection[str], by: User, version: int | None = None
) -> Case:
    """Confirm or change the provisional urgency and the kinds; the term for contact follows the urgency."""
    case = locked(case, by=by, version=version)
    if case.status in ENDED:
        raise ValidationError(_("Deze zaak is niet meer open."))
    if urgency != case.urgency and case.contacted_at is None:
        case.contact_due_at = contact_due(Urgency(urgency), case.received_at)
    case.urgency, case.kinds, case.urgency_is_provisional = Urgency(urgency), list(kinds), False
    save(case, "urgency", "kinds", "urgency_is_provisional", "contact_due_at")
    return case


@transaction.atomic
def assess(case: Case, *, text: str, by: User, version: int) -> Case:
    """Write the team's own view of the case; two colleagues at once do not overwrite each other."""
    case = locked(case, by=by, version=version)
    vault.seal(case, case, assessment=text)
    save(case, "assessment")
    return case


@transaction.atomic
def add_note(case: Case, *, text: str, by: User) -> Note:
    case = locked(case, by=by)
    note = Note(case=case, author=by)
    vault.seal(case, note, text=text)
    note.save()
    return note


@transaction.atomic
def register_contact(case: Case, *, by: User) -> Case:
    """Somebody spoke with the reporter, on the phone or in person."""
    case = locked(case, by=by)
    if case.contacted_at is None:
        case.contacted_at = timezone.now()
        save(case, "contacted_at")
    return case


@transaction.atomic
def move_case(case: Case, to: Status, *, by: User, version: int | None = None) -> Case:
    """Bring the case to its next status, and let the reporter know that something changed."""
    return _move(locked(case, by=by, version=version), to, by)


@transaction.atomic
def close_case(case: Case, *, outcome: str, by: User, version: int | None = None) -> Case:
    """Close with an outcome; what was planned lapses."""
    case = locked(case, by=by, version=version)
    case.outcome = Outcome(outcome)
    return _move(case, Status.CLOSED, by)


@transaction.atomic
def reopen_case(case: Case, *, by: User, version: int | None = None) -> Case:
    """It has begun again, or help elsewhere did not come about."""
    case = locked(case, by=by, version=version)
    case.outcome = ""
    return _move(case, Status.IN_GUIDANCE, by)


@transaction.atomic
def withdraw_case(case: Case, *, by: User | None = None, visit: str | None = None) -> Case:
    """The reporter takes the report back (`visit`), or asked the colleague who handles it to do so (`by`)."""
    case = locked(case)
    allow(case, by=by, visit=visit)
    return _move(case, Status.WITHDRAWN, by or Actor.reporter())


def conflict(case: Case, person: User) -> str:
    """Why somebody may not get this case, in words; empty when they may."""
    if case.recusals.filter(user=person).exists():
        return _("Deze collega heeft zich uit deze zaak teruggetrokken.")
    member = TeamMember.objects.filter(user=person).first()
    if member and member.association and case.function not in member.functions:
        return _("Deze collega ziet alleen zaken van de eigen beroepsvereniging.")
    return ""


def _give(case: Case, to: User | None, line: Line) -> None:
    """End the assignment that runs, if any, and begin another. The database sets the case's handler."""
    case.assignments.active().update(ended_at=timezone.now())
    if to is not None:
        Assignment.objects.create(case=case, user=to, line=line)
    case.handler, case.line = to, line


def _move(case: Case, to: Status, by: User | Actor) -> Case:
    old = Status(case.status)
    if to not in NEXT[old]:
        raise ValidationError(
            _("Een zaak kan niet van %(old)s naar %(new)s.") % {"old": old.label, "new": to.label},
            code="move",
        )
    now = timezone.now()
    case.status = to
    case.closed_at = now if to == Status.CLOSED else None
    if to in ENDED:
        case.waiting_since = case.waiting_until = None
        case.aftercare.filter(done_at__isnull=True).update(cancelled_at=now)
        case.handovers.filter(status__in=[Handover.Status.ASKED, Handover.Status.OFFERED]).update(
            status=Handover.Status.CANCELLED
        )
        end_referrals(case, to)
    case.check_ins.filter(answered_at__isnull=True, cancelled_at__isnull=True).update(cancelled_at=now)
    if to == Status.CLOSED and case.is_for_team:
        today = now.astimezone(AMSTERDAM).date()
        CheckIn.objects.bulk_create(CheckIn(case=case, due_on=today + after) for after in CheckIn.AFTER)
    if to == Status.WITHDRAWN:
        OrganisationReport.objects.filter(case=case).update(withdrawn_at=now)
    save(case, "status", "closed_at", "outcome", "waiting_since", "waiting_until")
    actor = by if isinstance(by, Actor) else Actor.of(by)
    change = case.status_changes.create(old=old, new=to, role=actor.role, at=now)
    enqueue(tasks.tell_reporter, key=f"status:{change.pk}", case_id=case.pk)
    return case
