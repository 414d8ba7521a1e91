from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from weerbaar.jobs import beat

from .seals import seal_all


@beat(every=timedelta(minutes=10))
def seal_the_trail(now: datetime) -> None:
    """Seal what is new. A process without the key (a test, a single zone) leaves it to the worker."""
    if settings.AUDIT_SEAL_KEY:
        seal_all()
