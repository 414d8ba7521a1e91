from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ondersteuning import tasks
from ondersteuning.clock import AMSTERDAM
from ondersteuning.lifecycle import OPEN, Status
from ondersteuning.models import Case, ErasureRequest, TimelineEvent
from weerbaar.accounts.models import User
from weerbaar.audit import api as audit
from weerbaar.audit.api import Actor, Purpose, Result
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .handling import _move
from .locking import allow, locked, save


@transaction.atomic
def ask_erasure(case: Case, *, visit: str) -> ErasureRequest:
    """The reporter asks to have everything erased; a coordinator answers within a month (AVG art. 12 and 17).

    What only the own organisation reads is nobody's to decide about at the team: it is erased at once, by a
    worker. Asked twice it is one request; after a refusal it may be asked again.
    """
    case = locked(case)
    allow(case, visit=visit)
    now = timezone.now()
    request = ErasureRequest.objects.select_for_update().filter(case=case).first()
    if request and request.answered_at is None:
        return request
    request = request or ErasureRequest(case=case)
    request.asked_at = now
    request.answer_due_on = (now + ErasureRequest.ANSWER_WITHIN).astimezone(AMSTERDAM).date()
    request.answered_at = request.answered_by = request.is_granted = request.why_not = None
    if not case.is_for_team:
        request.answered_at, request.is_granted, request.was_reader = now, True, vault.own_code(case)
    request.save()
    event = case.timeline_events.create(what=TimelineEvent.What.ERASURE_ASKED, role=Actor.reporter().role)
    if case.is_for_team:
        enqueue(tasks.tell_coordinators, key=f"erasure:{event.pk}", request_id=request.pk)
        enqueue(tasks.tell_reporter, key=f"erasure:{event.pk}", case_id=case.pk)
    else:
        enqueue(tasks.erase_unread, key=f"erasure:{event.pk}", request_id=request.pk)
    return request


@transaction.atomic
def answer_erasure(request: ErasureRequest, *, grant: bool, why_not: str = "", by: User) -> ErasureRequest:
    """A coordinator decides. Granted: unreadable from now on. Refused: with a reason for the reporter.

    The one who decides need not read the report, and cannot.
    """
    if not by.has_perm("ondersteuning.decide_erasure"):
        raise PermissionDenied
    if not grant and not why_not:
        raise ValidationError({"why_not": _("Schrijf waarom niet. De melder leest dit.")})
    detail = "gewist op verzoek" if grant else "verzoek om te wissen afgewezen"
    audit.log(
        Actor.of(by), dossier=request.case_id, purpose=Purpose.HANDLE, result=Result.DONE, detail=detail
    )
    case = locked(request.case)
    request = ErasureRequest.objects.select_for_update().get(pk=request.pk)
    if request.answered_at is not None:
        raise ValidationError(_("Een collega heeft dit verzoek net beantwoord."))
    request.answered_at, request.answered_by, request.is_granted = timezone.now(), by, grant
    if grant:
        request.was_reader = vault.own_code(case)
        request.save()
        _erase(case, Actor.of(by))
        return request
    vault.seal(case, request, why_not=why_not)
    request.save()
    event = case.timeline_events.create(what=TimelineEvent.What.ERASURE_REFUSED, role=Actor.of(by).role)
    enqueue(tasks.tell_reporter, key=f"erasure:{event.pk}", case_id=case.pk)
    return request


@transaction.atomic
def erase_unread(request: ErasureRequest) -> None:
    """Erase what the team never had a key to; by a worker, at the reporter's own word."""
    case = locked(request.case)
    if request.is_granted and case.erased_at is None and not case.is_for_team:
        _erase(case, Actor.reporter())


def _erase(case: Case, by: Actor) -> None:
    """Shred the keys. In clear stay the reference, status, dates and what is counted (kind, channel,
    function); not the organisation, the day of the incident, or whose account it was in."""
    now = timezone.now()
    if case.status in OPEN:
        _move(case, Status.WITHDRAWN, by)
    case.assignments.active().update(ended_at=now)
    case.check_ins.filter(answered_at__isnull=True, cancelled_at__isnull=True).update(cancelled_at=now)
    case.refresh_from_db(fields=["handler"])
    case.erased_at, case.organisation, case.occurred_on, case.owner = now, None, "", ""
    save(case, "erased_at", "organisation", "occurred_on", "owner")
    for signal in case.signals.all():  # the same words, under a key of their own
        signal.organisation = None
        signal.save(update_fields=["organisation"])
        vault.shred(signal)
    vault.shred(case)
