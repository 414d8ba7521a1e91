from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from ondersteuning import tasks
from ondersteuning.models import Case, Message
from weerbaar.accounts.models import User
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .locking import allow, locked, once, save
from .waiting import resume


@transaction.atomic
def send_message(case: Case, *, text: str, submission: str, by: User) -> Message:
    """Write to the reporter, who reads it in the portal; the mail only says that something waits.

    It counts as contact once the reporter has read it: who left only a phone number may never see it.
    """
    case = locked(case, by=by)
    submission = once(case, submission)
    if known := Message.objects.filter(submission=submission, case=case).first():
        return known
    message = Message(case=case, side=Message.Side.TEAM, author=by, submission=submission)
    vault.seal(case, message, text=text)
    message.save()
    enqueue(tasks.tell_reporter, key=f"message:{message.pk}", case_id=case.pk)
    return message


@transaction.atomic
def message_from_reporter(case: Case, *, text: str, submission: str, visit: str) -> Message:
    """The reporter answers with the access code in hand (`visit`); a waiting case goes on."""
    case = locked(case)
    allow(case, visit=visit)
    submission = once(case, submission)
    if known := Message.objects.filter(submission=submission, case=case).first():
        return known
    message = Message(case=case, side=Message.Side.REPORTER, submission=submission)
    vault.seal(case, message, visit=visit, text=text)
    message.save()
    resume(case)
    enqueue(tasks.tell_handler, key=f"message:{message.pk}", case_id=case.pk)
    return message


@transaction.atomic
def read_messages(case: Case, *, by: User | None = None, visit: str | None = None) -> int:
    """Mark what the other side wrote as read; how many were new. Read by the reporter (`visit`), who has then
    been reached, or by the colleague who handles the case (`by`)."""
    allow(case, by=by, visit=visit)
    other = Message.Side.REPORTER if visit is None else Message.Side.TEAM
    new = case.messages.filter(side=other, read_at__isnull=True).update(read_at=timezone.now())
    if new and visit is not None and case.contacted_at is None:
        case = locked(case)
        case.contacted_at = case.contacted_at or timezone.now()
        save(case, "contacted_at")
    return new
