from __future__ import annotations

from datetime import timedelta

from django.db import connection

from weerbaar.jobs import job
from weerbaar.zones import Zone


@job(zones=frozenset({Zone.BEHEER}), lease=timedelta(minutes=10))
def index_all() -> None:
    """Read every item again with our own words as they are now. Safe to run at any time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT netwerk_index_all()")
