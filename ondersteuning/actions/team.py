from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ondersteuning import tasks
from ondersteuning.models import Case, CaseUserObjectPermission, Handover, Recusal, TimelineEvent
from ondersteuning.urgency import Urgency
from ondersteuning.vocabulary import Line
from weerbaar.accounts.models import User
from weerbaar.audit.api import Actor
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .duty import wake
from .locking import locked, save

WORKS_WITH_CASES = ("handle_case", "assign_case")


@transaction.atomic
def recuse(case: Case, *, reason: str, by: User) -> Recusal:
    """Withdraw for a conflict of interest.

    From then on the case does not exist for this colleague, and nobody can give it to them. What they had of
    it goes back to the team.
    """
    if not any(by.has_perm(f"ondersteuning.{name}") for name in WORKS_WITH_CASES):
        raise PermissionDenied
    case = locked(case)
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise PermissionDenied
    recusal = Recusal(case=case, user=by)
    vault.seal(case, recusal, reason=reason)
    CaseUserObjectPermission.objects.filter(content_object=case, user=by).delete()
    if case.handler_id == by.pk:
        _give_back(case, by)
    offered = case.handovers.filter(to_user=by, status__in=[Handover.Status.ASKED, Handover.Status.OFFERED])
    declined = offered.update(status=Handover.Status.CANCELLED, answered_at=timezone.now())
    recusal.save()
    if declined or case.handler_id is None:
        enqueue(tasks.tell_handler, key=f"recused:{recusal.pk}", case_id=case.pk)
    return recusal


def _give_back(case: Case, by: User) -> None:
    """Nobody handles the case any more: back to the queue, and an urgent one wakes somebody else."""
    now = timezone.now()
    case.assignments.active().update(ended_at=now)
    case.handler, case.line = None, Line.FIRST
    if case.is_open and case.urgency == Urgency.HIGH:
        case.acknowledged_at = None
        wake(case, f"alert:{case.pk}:{case.version}", since=now)
    save(case, "line", "acknowledged_at")
    event = case.timeline_events.create(what=TimelineEvent.What.HANDLER_LEFT, role=Actor.of(by).role)
    enqueue(tasks.tell_reporter, key=f"left:{event.pk}", case_id=case.pk)
