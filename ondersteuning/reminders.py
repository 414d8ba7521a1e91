"""Reminders of dates and measures: questions about state, asked every so often. Nobody is told twice.

Known by import (see apps.py), and run as what stands in tasks.py.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from weerbaar.jobs import WORKER_ONLY, beat, enqueue, job, mail

from . import tasks
from .clock import AMSTERDAM
from .lifecycle import MEASURE_OPEN, OPEN
from .models import LegalDate, Measure
from .models.measure import AGREED
from .vocabulary import Owner


@beat(every=timedelta(minutes=15))
def remind_of_dates(now: datetime) -> None:
    """14, 3 and 1 day before a hearing or term: the handler hears it, and the reporter, neutrally."""
    for row, step in LegalDate.objects.to_remind(now):
        at = f"{row.at:%Y%m%d%H%M}"
        enqueue(remind_handler_of_date, key=f"{row.pk}:{at}:{step}", date_id=row.pk, at_moment=at)
        enqueue(remind_reporter_of_date, key=f"{row.pk}:{at}:{step}", date_id=row.pk, at_moment=at)


@job(zones=WORKER_ONLY)
def remind_handler_of_date(date_id: str, at_moment: str) -> None:
    if row := _coming(date_id, at_moment):
        for person in tasks._in_charge(row.case):
            mail.send("team_datum", to=person.email, link="/beheer/")


@job(zones=WORKER_ONLY)
def remind_reporter_of_date(date_id: str, at_moment: str) -> None:
    if row := _coming(date_id, at_moment):
        tasks._mail_reporter(str(row.case_id), "melder_datum")


def _coming(date_id: str, at_moment: str) -> LegalDate | None:
    """Whether it is still true: the date stands, at that moment, and the case is open."""
    rows = LegalDate.objects.coming(timezone.now()).filter(case__status__in=OPEN)
    row = rows.select_related("case__handler").filter(pk=date_id).first()
    return row if row and f"{row.at:%Y%m%d%H%M}" == at_moment else None


@beat(every=timedelta(minutes=15))
def remind_of_measures(now: datetime) -> None:
    """Three days before the deadline, and once more when it has passed. Who has to do it hears it too, when
    that is the reporter."""
    today = now.astimezone(AMSTERDAM).date()
    for row in Measure.objects.to_remind(today):
        when = "late" if row.due_on < today else "ahead"
        key = f"{row.pk}:{row.due_on}:{when}"
        enqueue(remind_handler_of_measure, key=key, measure_id=row.pk)
        if when == "ahead" and row.owner == Owner.REPORTER and row.status in AGREED:
            enqueue(remind_reporter_of_measure, key=key, measure_id=row.pk)


@job(zones=WORKER_ONLY)
def remind_handler_of_measure(measure_id: str) -> None:
    if row := _to_do(measure_id):
        for person in tasks._in_charge(row.case):
            mail.send("team_maatregel", to=person.email, link="/beheer/")


@job(zones=WORKER_ONLY)
def remind_reporter_of_measure(measure_id: str) -> None:
    row = _to_do(measure_id)
    if row and row.owner == Owner.REPORTER and row.status in AGREED:
        tasks._mail_reporter(str(row.case_id), "melder_datum")


def _to_do(measure_id: str) -> Measure | None:
    rows = Measure.objects.filter(status__in=MEASURE_OPEN, case__status__in=OPEN)
    return rows.select_related("case__handler").filter(pk=measure_id).first()
