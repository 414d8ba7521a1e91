from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from weerbaar.jobs import beat, enqueue, job, mail
from weerbaar.jobs.registry import KINDS

for (
    name,
    kind,
) in KINDS.items():  # a killed worker's job is taken over after 5 seconds, not 30: tests go faster
    KINDS[name] = replace(kind, lease=timedelta(seconds=5))


@job()
def tell(who: str) -> None:
    mail.send("alert", to=f"{who}@demo.invalid", link="/volgen/")


@beat(every=timedelta(seconds=2))
def remind(now: datetime) -> None:
    """Remind somebody once every ten seconds: however often this is asked, by however many."""
    slot = int(now.timestamp()) // 10
    enqueue(tell, key=f"remind:{slot}", who=f"herinnering-{slot}")
