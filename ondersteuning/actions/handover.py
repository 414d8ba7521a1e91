from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ondersteuning import matching, tasks
from ondersteuning.lifecycle import ENDED, Status
from ondersteuning.models import Case, Handover
from ondersteuning.vocabulary import Expertise, Line
from weerbaar.accounts.models import User
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .handling import _give, _move
from .locking import allow, locked, save
from .waiting import resume


@transaction.atomic
def ask_handover(
    case: Case, *, to: User, expertise: str, reason: str, by: User, reporter_agreed: bool = False
) -> Handover:
    """Ask the reporter whether an expert may take over; with reporter_agreed: asked already, on the phone."""
    case = locked(case, by=by)
    if case.status in ENDED:
        raise ValidationError(_("Deze zaak is niet meer open."))
    if to == by or not (to.is_active and to.has_perm("ondersteuning.accept_handover")):
        raise ValidationError({"to": _("Kies iemand van de tweede lijn.")})
    if not matching.knows(to, expertise):
        raise ValidationError({"to": _("Deze collega heeft de gevraagde kennis niet. Kies iemand anders.")})
    if case.recusals.filter(user=to).exists():
        raise ValidationError({"to": _("Deze collega heeft zich uit deze zaak teruggetrokken.")})
    handover = Handover(case=case, from_user=by, to_user=to, expertise=Expertise(expertise))
    vault.seal(case, handover, reason=reason)
    try:
        with transaction.atomic():
            handover.save()
    except IntegrityError:
        raise ValidationError(_("Er loopt al een overdracht van deze zaak.")) from None
    if reporter_agreed:
        return _offer(handover)
    enqueue(tasks.tell_reporter, key=f"handover:{handover.pk}", case_id=case.pk)
    return handover


@transaction.atomic
def answer_for_reporter(
    handover: Handover, *, agrees: bool, by: User | None = None, visit: str | None = None
) -> Handover:
    """The reporter says yes or no at /volgen/ (`visit`), or told the colleague who handles it (`by`)."""
    handover = _locked(handover, Handover.Status.ASKED)
    allow(handover.case, by=by, visit=visit)
    if visit is not None:
        resume(locked(handover.case))
    if agrees:
        return _offer(handover)
    handover.status = Handover.Status.REFUSED
    handover.save(update_fields=["status"])
    enqueue(tasks.tell_handler, key=f"handover-refused:{handover.pk}", case_id=handover.case_id)
    return handover


@transaction.atomic
def accept_handover(handover: Handover, *, by: User) -> Case:
    """The second line takes over: from now on the case is theirs, and no longer of the first line."""
    handover = _offered_to(handover, by)
    case = locked(handover.case)
    _give(case, by, Line.SECOND)
    save(case, "line")
    _answer(handover, Handover.Status.ACCEPTED)
    if case.status == Status.IN_TRIAGE:
        return _move(case, Status.IN_GUIDANCE, by)
    enqueue(tasks.tell_reporter, key=f"handover-accepted:{handover.pk}", case_id=case.pk)
    return case


@transaction.atomic
def decline_handover(handover: Handover, *, by: User) -> Handover:
    """The second line cannot; the first line keeps the case and hears so."""
    handover = _offered_to(handover, by)
    _answer(handover, Handover.Status.DECLINED)
    enqueue(tasks.tell_handler, key=f"handover-declined:{handover.pk}", case_id=handover.case_id)
    return handover


@transaction.atomic
def cancel_handover(handover: Handover, *, by: User) -> Handover:
    """The first line takes the question back, so that nobody waits for an answer and another can be asked."""
    locked(handover.case, by=by)
    handover = Handover.objects.select_for_update().get(pk=handover.pk)
    if handover.status not in (Handover.Status.ASKED, Handover.Status.OFFERED):
        raise ValidationError(_("Deze overdracht is al beantwoord."), code="answered")
    _answer(handover, Handover.Status.CANCELLED)
    return handover


def _offer(handover: Handover) -> Handover:
    handover.status, handover.consented_at = Handover.Status.OFFERED, timezone.now()
    handover.save(update_fields=["status", "consented_at"])
    enqueue(tasks.tell_offered, key=f"offered:{handover.pk}", handover_id=handover.pk)
    return handover


def _offered_to(handover: Handover, by: User) -> Handover:
    if handover.to_user_id != by.pk or not by.has_perm("ondersteuning.accept_handover"):
        raise PermissionDenied
    return _locked(handover, Handover.Status.OFFERED)


def _locked(handover: Handover, expected: Handover.Status) -> Handover:
    """The case first, then its handover: always in this order, so that nobody waits for ever."""
    locked(handover.case)
    handover = Handover.objects.select_for_update().get(pk=handover.pk)
    if handover.status != expected:
        raise ValidationError(_("Deze overdracht is al beantwoord."), code="answered")
    return handover


def _answer(handover: Handover, status: Handover.Status) -> None:
    handover.status, handover.answered_at = status, timezone.now()
    handover.save(update_fields=["status", "answered_at"])
