"""Signing up, for meetings and trainings alike: a place, or a place in line that is really held.

Whoever gives, takes back or counts places first holds the lock of that one gathering; a trigger of the
database takes the same lock, and refuses what would be one place too many.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from netwerk.lifecycle import SIGNUP_NEXT, STANDS, SignupStatus
from netwerk.models import Meeting, Signup, TrainingEdition
from netwerk.tasks.signup import tell_of_offer
from weerbaar.accounts.models import User
from weerbaar.jobs import enqueue

HELD = timedelta(hours=72)  # how long a place that came free is kept for who is first in line


@transaction.atomic
def sign_up(thing: Meeting | TrainingEdition, *, by: User, at: datetime | None = None) -> Signup:
    """Give a place, or a place at the end of the line. Twice is once.

    ValidationError once signing up is over. Whether somebody may know about it is asked before: `visible_to`.
    """
    now = at or timezone.now()
    thing = locked(thing)
    if not thing.takes_signups(now):
        raise ValidationError(_("Inschrijven kan niet meer."))
    known = thing.signups.filter(user=by).first()
    if known and known.status in STANDS:
        return known
    has_room = thing.free_places() > 0 and not thing.signups.waiting().exists()
    status = SignupStatus.PLACED if has_room else SignupStatus.WAITING
    if known is None:
        return thing.signups.create(user=by, status=status, asked_at=now)
    return _move(known, status, asked_at=now)


@transaction.atomic
def accept_offer(signup: Signup, *, at: datetime | None = None) -> Signup:
    """Take the place that was held. ValidationError when it no longer is."""
    locked(signup.thing)
    signup.refresh_from_db()
    if signup.status == SignupStatus.PLACED:
        return signup
    if signup.held_until is None or signup.held_until <= (at or timezone.now()):
        raise ValidationError(_("Deze plek wordt niet meer voor u vastgehouden."))
    return _move(signup, SignupStatus.PLACED)


@transaction.atomic
def cancel_signup(signup: Signup, *, at: datetime | None = None) -> Signup:
    """Give up a place, an offer or a place in line; who is first in line hears of what came free."""
    thing = locked(signup.thing)
    signup.refresh_from_db()
    if signup.status not in STANDS:
        return signup
    if thing.has_begun(at):
        raise ValidationError(_("Het is al begonnen: afmelden kan niet meer."))
    signup = _move(signup, SignupStatus.CANCELLED)
    offer_places(thing, at=at)
    return signup


@transaction.atomic
def lapse_offer(signup: Signup, *, at: datetime | None = None) -> None:
    """An offer that was not taken in time goes to the next in line. Twice changes nothing."""
    now = at or timezone.now()
    thing = locked(signup.thing)
    signup.refresh_from_db()
    if signup.held_until is not None and signup.held_until <= now:
        _move(signup, SignupStatus.LAPSED)
        offer_places(thing, at=now)


@transaction.atomic
def offer_places(thing: Meeting | TrainingEdition, *, at: datetime | None = None) -> None:
    """Hold every free place for who is first in line, for a while but not after signing up is over."""
    now = at or timezone.now()
    thing = locked(thing)
    if not thing.takes_signups(now):
        return
    for signup in thing.signups.waiting()[: max(thing.free_places(), 0)]:
        held_until = min(now + HELD, thing.sign_up_until)
        _move(signup, SignupStatus.OFFERED, held_until=held_until)
        enqueue(tell_of_offer, key=f"offer:{signup.pk}:{held_until.isoformat()}", signup_id=signup.pk)


def locked(thing: Meeting | TrainingEdition) -> Meeting | TrainingEdition:
    """The gathering as it is now, while nobody else gives or takes a place of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [thing._meta.db_table, thing.pk])
    return type(thing)._default_manager.get(pk=thing.pk)


def _move(
    signup: Signup,
    to: SignupStatus,
    *,
    held_until: datetime | None = None,
    asked_at: datetime | None = None,
) -> Signup:
    old = SignupStatus(signup.status)
    if to not in SIGNUP_NEXT[old]:
        words = {"old": old.label, "new": to.label}
        raise ValidationError(_("Een inschrijving kan niet van ‘%(old)s’ naar ‘%(new)s’.") % words)
    signup.status, signup.held_until = to, held_until
    signup.asked_at = asked_at or signup.asked_at
    signup.save(update_fields=["status", "held_until", "asked_at"])
    return signup
