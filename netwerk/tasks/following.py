from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from netwerk.models import Digest, Told
from netwerk.models.following import followers_with_news, untold
from weerbaar.accounts.models import User
from weerbaar.jobs import WORKER_ONLY, beat, enqueue, job, mail

FROM = 7  # o'clock, Dutch time: nobody is woken by something new in the toolkit


@job(zones=WORKER_ONLY)
def send_digest(user_id: str) -> None:
    """Say that there is something new, if there is for who may see what now. Never twice about one edition.

    The account is locked, so that two of these about one person wait for each other.
    """
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if user is None or not _wants_one_now(user):
        return
    news = list(untold(user).values_list("pk", "number"))
    if not news:  # withdrawn, or not for this reader any more
        return
    Told.objects.bulk_create([Told(user=user, item_id=item, number=number) for item, number in news])
    mail.send("toolkit_nieuw", to=user.email, link="/mijn/toolkit/nieuw/")


def _wants_one_now(user: User) -> bool:
    """Whether this week or day, as they chose, had no digest yet."""
    chosen = Digest.objects.filter(user=user).values_list("rhythm", flat=True).first()
    rhythm = Digest.Rhythm(chosen or Digest.Rhythm.WEEKLY)
    if rhythm == Digest.Rhythm.NEVER:
        return False
    begin = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    if rhythm == Digest.Rhythm.WEEKLY:
        begin -= timedelta(days=begin.weekday())
    return not Told.objects.filter(user=user, at__gte=begin).exists()


@beat(every=timedelta(hours=1))
def ask_for_digests(now: datetime) -> None:
    """Ask about everybody who follows something that is new; anew each day, and when there is more."""
    local = timezone.localtime(now)
    if local.hour < FROM:
        return
    for user, newest in followers_with_news(now).values_list("user", "newest"):
        enqueue(send_digest, key=f"{user}:{local:%Y-%m-%d}:{newest:%Y%m%d%H%M%S%f}", user_id=str(user))
