"""The ledger keeps itself short."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from .registry import BEATS, beat, name_of

AT_ONCE = 5_000  # rows a minute, so that no transaction is long: 7 million a day


@beat(every=timedelta(minutes=1))
def forget_done(now: datetime) -> None:
    """Delete what was done, and last asked for, more than JOBS_KEPT_DAYS ago.

    Its key guards against a second mail as long as its cause may come again. An action causes it once; a
    question asks for as long as it is true (an overdue case, a moment of aftercare that nobody closes, an
    organisation that does not answer), and each time it asks the row stays that much longer. So the days are
    counted from when every question was last asked: after a stand-still nothing goes that may be asked for.
    """
    others = set(BEATS) - {name_of(forget_done)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), min(at) FROM jobs_heartbeat WHERE name = ANY(%s)", [list(others)])
        asked, last = cursor.fetchone()
        if asked < len(others):  # one of them was never asked yet
            return
        before = min(last or now, now) - timedelta(days=settings.JOBS_KEPT_DAYS)
        cursor.execute(
            """
            WITH old AS MATERIALIZED (  -- a plain subquery may be asked again for each row, past its limit
                SELECT id FROM jobs_job
                WHERE state = 'done' AND done_at < %(before)s AND asked_at < %(before)s
                ORDER BY done_at LIMIT %(at_once)s FOR UPDATE SKIP LOCKED
            )
            DELETE FROM jobs_job USING old WHERE jobs_job.id = old.id
            """,
            {"before": before, "at_once": AT_ONCE},
        )
