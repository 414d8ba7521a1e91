from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max, Q
from django.utils import timezone

from netwerk.lifecycle import SignupStatus
from netwerk.models import Signup
from weerbaar.jobs import WORKER_ONLY, beat, enqueue, job, mail
from weerbaar.zones import Zone

KEPT = timedelta(days=2 * 365)  # domain.md 6: who followed which training is known for two years


@job(zones={Zone.MIJN, Zone.BEHEER})
def tell_of_offer(signup_id: int) -> None:
    """Tell who is first in line that something waits; not when the place is already taken or gone."""
    offered = Signup.objects.filter(
        pk=signup_id, status=SignupStatus.OFFERED, held_until__gt=timezone.now(), user__is_active=True
    )
    for email in offered.values_list("user__email", flat=True):
        mail.send("lid_er_is_iets", to=email, link="/mijn/")


@job(zones={Zone.BEHEER})
def tell_of_change(signup_id: int) -> None:
    """Tell who signed up that it is called off, or at another time or place; the portal says what."""
    standing = Signup.objects.standing().filter(pk=signup_id, user__is_active=True)
    for email in standing.values_list("user__email", flat=True):
        mail.send("lid_er_is_iets", to=email, link="/mijn/")


@job(zones=WORKER_ONLY)
def lapse_offer(signup_id: int) -> None:
    from netwerk.actions import signup as places  # noqa: PLC0415 - the actions tell of offers by a job

    for signup in Signup.objects.filter(pk=signup_id):
        places.lapse_offer(signup)


@beat(every=timedelta(minutes=2))
def ask_for_lapsed_offers(now: datetime) -> None:
    """Each offer that was not taken in time goes on to the next, once."""
    for pk, held_until in Signup.objects.lapsing(now).values_list("pk", "held_until"):
        enqueue(lapse_offer, key=f"lapse:{pk}:{held_until}", signup_id=pk)


@beat(every=timedelta(hours=12))
def forget_old_signups(now: datetime) -> None:
    """Who was where is forgotten after two years."""
    over = Signup.objects.annotate(last=Max("edition__sessions__ends_at"))
    over.filter(Q(last__lt=now - KEPT) | Q(meeting__ends_at__lt=now - KEPT)).delete()
