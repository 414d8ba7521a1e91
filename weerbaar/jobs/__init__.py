"""The ledger: what must happen later is a row in PostgreSQL, written with its cause, done by Celery.

    @job(attempts=12)
    def tell_reporter(case_id: str) -> None: ...

    with transaction.atomic():
        ...
        enqueue(tell_reporter, key=f"status:{change.pk}", case_id=case.pk)  # same key: no second row

A job runs in a transaction that also marks it done, so what it writes happens once; what leaves the
house (a mail) may be repeated after a kill, with the same Message-ID. A job takes ids and asks again
whether what it is about still holds. Put jobs and periodic questions (`@beat`) in an app's `tasks.py`.
"""

from .ledger import enqueue, run_beats, run_due
from .registry import WORKER_ONLY, beat, job

__all__ = ["WORKER_ONLY", "beat", "enqueue", "job", "run_beats", "run_due"]
