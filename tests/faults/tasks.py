from __future__ import annotations

import time
from datetime import datetime, timedelta

from weerbaar.jobs import beat, enqueue, job, mail


@job(lease=timedelta(seconds=10))
def tell(who: str) -> None:
    """Send a mail, and take long enough over it to be killed at a bad moment."""
    time.sleep(0.02)
    mail.send("alert", to=f"{who}@demo.invalid", link="/volgen/")
    time.sleep(0.02)


@beat(every=timedelta(seconds=2))
def remind(now: datetime) -> None:
    """Remind somebody once every ten seconds: however often this is asked, by however many."""
    slot = int(now.timestamp()) // 10
    enqueue(tell, key=f"remind:{slot}", who=f"herinnering-{slot}")
