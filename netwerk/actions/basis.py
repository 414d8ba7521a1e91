from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from netwerk.basis import OFFICES
from netwerk.lifecycle import TALK_NEXT, TalkStatus
from netwerk.models import Membership, StarterTalk, StepTick
from netwerk.tasks.basis import tell_asker, tell_team_of_talk
from weerbaar.accounts.models import User
from weerbaar.jobs import enqueue


@transaction.atomic
def tick_step(user: User, step: str, *, is_done: bool) -> None:
    """Tick a step of the own programme, or take the tick away. Twice changes nothing."""
    if is_done:
        StepTick.objects.get_or_create(user=user, step=step)
    else:
        StepTick.objects.filter(user=user, step=step).delete()


@transaction.atomic
def ask_talk(user: User, *, way: str, moment: str) -> StarterTalk:
    """Ask the team for the talk of the starter package; who asked already keeps that one.

    Raises PermissionDenied for who holds no office.
    """
    membership = Membership.objects.current().filter(user=user, function__in=OFFICES).first()
    if membership is None:
        raise PermissionDenied
    talk, is_new = StarterTalk.objects.get_or_create(
        user=user,
        status__in=[TalkStatus.ASKED, TalkStatus.ACCEPTED],
        defaults={"membership": membership, "way": way, "moment": moment, "status": TalkStatus.ASKED},
    )
    if is_new:
        enqueue(tell_team_of_talk, key=f"talk:{talk.pk}", talk_id=talk.pk)
    return talk


@transaction.atomic
def withdraw_talk(talk: StarterTalk, *, by: User) -> None:
    """Who asked no longer wants it. PermissionDenied for another's; what is over stays as it is."""
    talk = StarterTalk.objects.select_for_update().get(pk=talk.pk)
    if talk.user_id != by.pk:
        raise PermissionDenied
    if talk.is_open:
        _move(talk, TalkStatus.WITHDRAWN)


@transaction.atomic
def move_talk(talk: StarterTalk, to: TalkStatus, *, by: User) -> StarterTalk:
    """Take up a talk, say that it was held, or decline it; whoever asked hears that something changed."""
    if not by.has_perm("netwerk.plan_talk"):
        raise PermissionDenied
    talk = StarterTalk.objects.select_for_update().get(pk=talk.pk)
    old = TalkStatus(talk.status)
    if to not in TALK_NEXT[old] or to == TalkStatus.WITHDRAWN:
        words = {"old": old.label, "new": to.label}
        raise ValidationError(_("Een gesprek kan niet van ‘%(old)s’ naar ‘%(new)s’.") % words, code="move")
    talk.taken_by = by
    _move(talk, to)
    if to != TalkStatus.DONE:
        enqueue(tell_asker, key=f"talk:{talk.pk}:{to}", talk_id=talk.pk)
    return talk


def _move(talk: StarterTalk, to: TalkStatus) -> None:
    talk.status, talk.changed_at = to, timezone.now()
    talk.save(update_fields=["status", "changed_at", "taken_by"])
