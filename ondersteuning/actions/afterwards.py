from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ondersteuning import tasks
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, CheckIn, Feedback
from ondersteuning.urgency import ACKNOWLEDGE_WITHIN, Urgency, contact_due
from ondersteuning.vocabulary import Again, Helped
from weerbaar.audit.api import Actor
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .handling import _move
from .locking import allow, locked, save
from .messages import message_from_reporter


@transaction.atomic
def rate_help(case: Case, *, helped: str, remark: str, visit: str) -> Feedback:
    """The reporter says after closing whether the help helped; once."""
    case = locked(case)
    allow(case, visit=visit)
    if case.status not in (Status.CLOSED, Status.REFERRED):
        raise ValidationError(_("Wij vragen uw oordeel als uw zaak is afgesloten."))
    if known := Feedback.objects.filter(case=case).first():
        return known
    feedback = Feedback(case=case, helped=Helped(helped))
    vault.seal(case, feedback, visit=visit, remark=remark)
    feedback.save(force_insert=True)
    enqueue(tasks.tell_handler, key=f"feedback:{feedback.pk}", case_id=case.pk)
    return feedback


@transaction.atomic
def answer_check_in(case: Case, *, answer: str, text: str, submission: str, visit: str) -> CheckIn:
    """How it is, some weeks after closing. "Again" reopens the case; words go to the team as a message."""
    case = locked(case)
    allow(case, visit=visit)
    due = list(case.check_ins.select_for_update().due(timezone.localdate()))
    if not due:
        raise ValidationError(_("Deze vraag is al beantwoord."))
    asked = due[-1]
    asked.answer, asked.answered_at = Again(answer), timezone.now()
    asked.save(update_fields=["answer", "answered_at"])
    case.check_ins.filter(pk__in=[one.pk for one in due[:-1]]).update(cancelled_at=timezone.now())
    if answer == Again.AGAIN:
        begin_again(case, text=text, submission=submission, visit=visit)
    elif text:
        message_from_reporter(case, text=text, submission=submission, visit=visit)
    elif answer == Again.HARD:
        enqueue(tasks.tell_handler, key=f"check-in:{asked.pk}", case_id=case.pk)
    return asked


@transaction.atomic
def begin_again(case: Case, *, text: str, submission: str, visit: str) -> Case:
    """ "Het is weer begonnen": the reporter reopens the case, and the handler is alerted now.

    The term for contact starts anew; an urgent case goes along the roster as a new one does.
    """
    case = locked(case)
    allow(case, visit=visit)
    if case.status not in (Status.CLOSED, Status.REFERRED):
        raise ValidationError(_("Uw zaak is al open. Schrijf het team hieronder, of bel."))
    now = timezone.now()
    case.outcome, case.contacted_at = "", None
    case.contact_due_at = contact_due(Urgency(case.urgency), now)
    save(case, "contacted_at", "contact_due_at")
    _move(case, Status.IN_GUIDANCE, Actor.reporter())
    if text:
        message_from_reporter(case, text=text, submission=submission, visit=visit)
    enqueue(tasks.alert_handler, key=f"again:{case.pk}:{case.version}", case_id=case.pk)
    return case


def wake_duty(case: Case) -> None:
    """An urgent case that has begun again goes along the roster as a new one does. By a worker: the public
    zone may not touch who has seen what."""
    Case.objects.filter(pk=case.pk).update(acknowledged_at=None)
    for step in range(3):
        enqueue(
            tasks.alert_for_case,
            key=f"again:{case.pk}:{case.version}:{step}",
            at=timezone.now() + step * ACKNOWLEDGE_WITHIN,
            case_id=case.pk,
            step=step,
        )
