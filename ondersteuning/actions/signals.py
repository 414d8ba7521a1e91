from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from netwerk.models import Organisation
from ondersteuning import tasks
from ondersteuning.lifecycle import SIGNAL_NEXT, SignalStatus, Status
from ondersteuning.models import Assignment, Case, Signal
from ondersteuning.urgency import Urgency, contact_due
from ondersteuning.vocabulary import Line, Source, Wish
from weerbaar.accounts.models import User
from weerbaar.audit.api import Actor, Purpose
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .report import Contactable

TOO_LATE = gettext_lazy("Een collega was u voor. Bekijk het signaal opnieuw.")


@dataclass(frozen=True)
class Shared:
    """What somebody shared. Lists hold stored values of the vocabulary."""

    kinds: list[str]
    text: str
    function: str = ""
    organisation: Organisation | None = None
    contact: Contactable = field(default_factory=Contactable)


def share_signal(shared: Shared, *, submission: str) -> None:
    """Take in a signal, once for each submission. Who shares it gets no code: there is nothing to follow."""
    try:
        with transaction.atomic():
            signal = vault.new(
                Signal,
                readers=["team:ondersteuning"],
                content={"text": shared.text, "contact": asdict(shared.contact)},
                submission=submission,
                kinds=shared.kinds,
                function=shared.function,
                organisation=shared.organisation,
            )
            enqueue(tasks.tell_team_of_signal, key=f"signal:{signal.pk}", signal_id=signal.pk)
    except IntegrityError:  # it came before; the public zone sees no signals, so it cannot look first
        if not submission:
            raise


@transaction.atomic
def read_signal(signal: Signal, *, by: User) -> Signal:
    """Somebody of the first line read it."""
    return _move(signal, SignalStatus.READ, by=by)


@transaction.atomic
def put_signal_in_theme(signal: Signal, *, theme: str, by: User) -> Signal:
    """It feeds a theme of the network. Its words stay here: who works on the theme asks the team."""
    return _move(signal, SignalStatus.THEME, by=by, theme=theme)


@transaction.atomic
def make_case_of_signal(signal: Signal, *, kinds: Collection[str], urgency: int, by: User) -> Case:
    """It turned out to be an incident: a case, handled by who says so, with what was shared as its story.

    Nobody has an access code for it. Who left a number gets a temporary one on the phone, as anybody who lost
    theirs; until then no mail goes out about it.
    """
    if not by.has_perm("ondersteuning.handle_case"):
        raise PermissionDenied
    _allow(signal, by)
    with vault.open(signal, by=by, purpose=Purpose.TRIAGE, detail="zaak gemaakt van signaal") as content:
        narrative, contact = content.text, content.contact
    signal = _locked(signal, SignalStatus.CASE, by=by)
    now, role = timezone.now(), Actor.of(by).role
    case = vault.new(
        Case,
        readers=["team:ondersteuning"],
        content={"narrative": narrative, "contact": contact or asdict(Contactable()), "people": ""},
        submission=f"signal:{signal.pk}",
        source=Source.SIGNAL,
        wish=Wish.TEAM,
        status=Status.IN_TRIAGE,
        received_at=now,
        acknowledged_at=now,
        urgency=Urgency(urgency),
        urgency_is_provisional=False,
        contact_due_at=contact_due(Urgency(urgency), now),
        kinds=list(kinds),
        function=signal.function,
        organisation=signal.organisation,
    )
    case.status_changes.create(new=Status.RECEIVED, role=role, at=now)
    case.status_changes.create(old=Status.RECEIVED, new=Status.IN_TRIAGE, role=role, at=now)
    Assignment.objects.create(case=case, user=by, line=Line.FIRST)
    signal.status, signal.case = SignalStatus.CASE, case
    signal.save(update_fields=["status", "case"])
    return case


def _locked(signal: Signal, to: SignalStatus, *, by: User) -> Signal:
    """The signal as it is now, locked, once it is clear that this person may bring it there."""
    _allow(signal, by)
    signal = Signal.objects.select_for_update().get(pk=signal.pk)
    if to not in SIGNAL_NEXT[SignalStatus(signal.status)]:
        raise ValidationError(TOO_LATE, code="move")
    return signal


def _allow(signal: Signal, by: User) -> None:
    """Raises PermissionDenied for who reads no signals, ValidationError when it is somebody's case by now."""
    theirs = Signal.objects.visible_to(by).filter(pk=signal.pk)
    if not by.has_perm("ondersteuning.see_queue") or not theirs.exists():
        raise PermissionDenied
    if not theirs.openable_by(by).exists():
        raise ValidationError(TOO_LATE, code="move")


def _move(signal: Signal, to: SignalStatus, *, by: User, theme: str = "") -> Signal:
    signal = _locked(signal, to, by=by)
    signal.status, signal.theme = to, theme or signal.theme
    signal.save(update_fields=["status", "theme"])
    return signal
