from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from netwerk.lifecycle import GATHERING_NEXT, GatheringStatus
from netwerk.models import Meeting, TrainingEdition
from netwerk.tasks.signup import tell_of_change
from weerbaar.jobs import enqueue

from .signup import locked, offer_places


@transaction.atomic
def move_gathering(thing: Meeting | TrainingEdition, to: GatheringStatus) -> None:
    """Publish it, or call it off: then everybody who signed up is told, and nobody signs up meanwhile."""
    thing = locked(thing)
    old = GatheringStatus(thing.status)
    if to not in GATHERING_NEXT[old]:
        words = {"old": old.label, "new": to.label}
        raise ValidationError(_("Dit kan niet van ‘%(old)s’ naar ‘%(new)s’.") % words, code="move")
    if to == GatheringStatus.PUBLISHED and isinstance(thing, TrainingEdition):
        _has_its_sessions(thing)
    thing.status = to
    thing.save(update_fields=["status"])
    if to == GatheringStatus.CANCELLED:
        _tell(thing, "cancelled")


@transaction.atomic
def changed_gathering(thing: Meeting | TrainingEdition, *, is_elsewhere: bool) -> None:
    """After an editor's change: more room goes to who waits; another time or place is told."""
    offer_places(thing)
    if is_elsewhere and thing.is_published:
        _tell(thing, f"changed:{timezone.now().isoformat()}")


def _has_its_sessions(edition: TrainingEdition) -> None:
    sessions = edition.sessions.count()
    if sessions == 0:
        raise ValidationError(_("Vul eerst een sessie in."))
    if sessions < edition.sessions_needed:
        raise ValidationError(_("Voor het deelnamebewijs zijn meer sessies nodig dan er zijn."))


def _tell(thing: Meeting | TrainingEdition, why: str) -> None:
    if thing.is_over():
        return
    for pk in thing.signups.standing().values_list("pk", flat=True):
        enqueue(tell_of_change, key=f"gathering:{pk}:{why}", signup_id=pk)
