from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from netwerk.tasks.finding import index_all
from weerbaar.jobs import enqueue


def read_anew() -> None:
    """Our own words have changed: read every item again. Of many changes at a time only once.

    A minute's room, so that no change of that minute is committed after the reading began.
    """
    at = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=2)
    enqueue(index_all, key=f"{at:%Y-%m-%dT%H:%M}", at=at)
