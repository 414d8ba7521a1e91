"""Dutch working time: Monday to Friday, 9.00 to 17.00 in Amsterdam, without the national holidays.

Moments go in and come out as aware datetimes; what lies between is counted per local day, so that
a day with a change of the clock is one working day like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OPENS = time(9)
CLOSES = time(17)
WORKING_DAY = timedelta(hours=8)


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - not needed to start, only once a term is worked out

    return frozenset(holidays.country_holidays("NL", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _holidays_of(day.year)


def _spans(start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Working time from a moment on: one (opens, closes) a working day, the first one cut short."""
    day = start.astimezone(AMSTERDAM).date()
    while True:
        if is_working_day(day):
            opens = max(start, datetime.combine(day, OPENS, AMSTERDAM))
            closes = datetime.combine(day, CLOSES, AMSTERDAM)
            if opens < closes:
                yield opens, closes
        day += timedelta(days=1)


def add_working_time(start: datetime, amount: timedelta) -> datetime:
    """The moment at which this much working time has passed since start (a working day is 8 hours)."""
    left = amount
    for opens, closes in _spans(start):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise AssertionError("working time never ends")


def working_time_between(start: datetime, end: datetime) -> timedelta:
    """How much working time lies between two moments; nothing when end is not after start."""
    total = timedelta()
    for opens, closes in _spans(start):
        if opens >= end:
            return total
        total += min(closes, end) - opens
    return total


def end_of_day(day: date) -> datetime:
    """The moment a date is over in Amsterdam."""
    return datetime.combine(day + timedelta(days=1), time(), AMSTERDAM)
