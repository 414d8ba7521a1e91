from __future__ import annotations

from datetime import datetime, timedelta

from weerbaar.jobs import beat

from .readers import end_expired_visits


@beat(every=timedelta(minutes=5))
def forget_visits(now: datetime) -> None:
    end_expired_visits(now)
