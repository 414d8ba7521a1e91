from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ondersteuning.clock import AMSTERDAM, WORKING_DAY, add_working_time, end_of_day, working_time_between
from ondersteuning.urgency import Urgency, after_pause, contact_due


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23 10:00", 1, "2026-11-24 10:00"),
        ("2026-11-20 16:00", 1, "2026-11-23 16:00"),  # over a weekend
        ("2026-11-21 03:00", 1, "2026-11-23 17:00"),  # on a Saturday night
        ("2026-04-02 12:00", 1, "2026-04-07 12:00"),  # Good Friday and Easter
        ("2026-12-24 12:00", 2, "2026-12-29 12:00"),  # Christmas, and a weekend
        ("2026-10-23 12:00", 1, "2026-10-26 12:00"),  # the clock goes back in between
    ],
)
def test_a_working_day_skips_nights_weekends_and_holidays(start, days, end):
    assert add_working_time(at(start), days * WORKING_DAY) == at(end)


moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(lambda m: m.replace(tzinfo=AMSTERDAM))


@given(moments, st.timedeltas(timedelta(minutes=1), timedelta(days=20)))
def test_what_was_added_is_found_back(start, amount):
    assert working_time_between(start, add_working_time(start, amount)) == amount


def test_hoog_runs_on_the_wall_clock_at_night():
    assert contact_due(Urgency.HIGH, at("2026-12-25 02:00")) == at("2026-12-25 06:00")


def test_a_pause_moves_the_term_by_what_was_left_of_it():
    due = contact_due(Urgency.MEDIUM, at("2026-11-23 10:00"))
    later = after_pause(Urgency.MEDIUM, due, since=at("2026-11-23 12:00"), until=at("2026-11-30 09:00"))
    assert later == at("2026-11-30 15:00")  # 6 hours were left


def test_a_term_that_was_missed_before_the_pause_stays_missed():
    due = at("2026-11-23 10:00")
    assert after_pause(Urgency.LOW, due, since=at("2026-11-24 10:00"), until=at("2026-11-30 10:00")) == due


def test_a_day_ends_at_midnight_in_amsterdam():
    assert end_of_day(at("2026-10-25 12:00").date()) == at("2026-10-26 00:00")
