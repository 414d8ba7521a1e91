"""What is done is deleted after a while; a key that may come back stays, so that no mail goes out twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from weerbaar.jobs import enqueue, job, ledger, registry, run_beats, run_due, tasks
from weerbaar.jobs.models import Job, State

DAY = timedelta(days=1)
reminded: list[int] = []
overdue: set[int] = set()  # what the question is about


@job(attempts=1)
def remind(case: int) -> None:
    reminded.append(case)


@job(attempts=1)
def breaks(case: int) -> None:
    raise ZeroDivisionError


def question(now: datetime) -> None:
    for case in overdue:
        enqueue(remind, key=f"overdue:{case}", case=case)


@pytest.fixture(autouse=True)
def beats(monkeypatch):
    """Only one question is asked, and that after the cleaning: the order that could go wrong."""
    reminded.clear()
    overdue.clear()
    forget = registry.BEATS["weerbaar.jobs.forget_done"]
    ours = {forget.name: forget, "question": registry.Beat("question", question, timedelta(minutes=5))}
    monkeypatch.setattr(ledger, "BEATS", ours)
    monkeypatch.setattr(tasks, "BEATS", ours)
    return ours


def days_pass(days: int) -> None:
    """Move what lies there into the past (the clock is the database's); each day the portal does its work."""
    for _ in range(days):
        stand_still(1)
        run_beats()
        run_due()


def stand_still(days: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE jobs_job SET due_at = due_at - %(ago)s, done_at = done_at - %(ago)s,
                asked_at = asked_at - %(ago)s
            """,
            {"ago": days * DAY},
        )
        cursor.execute("UPDATE jobs_heartbeat SET at = at - %s WHERE at > '1971-01-01'", [days * DAY])


def test_what_is_done_goes_after_thirty_days():
    enqueue(remind, key="status:1", case=1)
    run_due()
    days_pass(29)
    assert Job.objects.filter(key="status:1").exists()
    days_pass(2)
    assert not Job.objects.exists()


def test_how_long_is_a_setting(settings):
    settings.JOBS_KEPT_DAYS = 3
    enqueue(remind, key="status:1", case=1)
    run_due()
    days_pass(4)
    assert not Job.objects.exists()


def test_what_waits_or_was_parked_stays(settings):
    settings.ZONES = frozenset()  # a worker, who may raise the alarm
    enqueue(remind, key="later", at=timezone.now() + 90 * DAY, case=1)
    enqueue(breaks, key="broken", case=2)
    run_due()
    days_pass(80)
    assert set(Job.objects.values_list("key", "state")) >= {
        ("later", State.WAITING),
        ("broken", State.PARKED),
    }


def test_a_question_that_stays_true_reminds_once_however_long_it_takes():
    overdue.add(1)
    days_pass(100)
    assert reminded == [1]
    overdue.clear()
    days_pass(33)
    assert not Job.objects.exists()


def test_nothing_goes_that_a_question_may_ask_for_after_a_stand_still():
    overdue.add(1)
    days_pass(10)
    stand_still(200)  # nobody asked in that time
    days_pass(3)
    assert reminded == [1]


def test_nothing_goes_as_long_as_a_new_question_was_never_asked(beats):
    enqueue(remind, key="overdue:1", case=1)
    run_due()
    stand_still(60)
    beats["newer"] = registry.Beat("newer", question, timedelta(minutes=5))
    overdue.add(1)
    tasks.forget_done(timezone.now())
    assert Job.objects.exists()
    days_pass(2)
    assert reminded == [1]


def test_asking_again_is_written_once_a_day():
    overdue.add(1)
    days_pass(1)
    before = Job.objects.get().asked_at
    now = timezone.now()
    for minutes in range(5, 60, 5):
        run_beats(now + timedelta(minutes=minutes))
    assert Job.objects.get().asked_at == before


def test_it_goes_in_batches(monkeypatch):
    monkeypatch.setattr(tasks, "AT_ONCE", 10)
    for number in range(25):
        enqueue(remind, key=f"status:{number}", case=number)
    run_due()
    stand_still(40)
    run_beats()
    left = []
    for minutes in range(2, 8, 2):
        run_beats(timezone.now() + timedelta(minutes=minutes))
        left.append(Job.objects.count())
    assert left == [15, 5, 0]


def test_old_rows_are_found_by_an_index():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO jobs_job (key, name, queue, kwargs, state, done_at)
            SELECT n, 'x', 'default', '{}', 'done', now() - n * interval '1 s' FROM generate_series(1, 5000) n
            """
        )
        cursor.execute("ANALYZE jobs_job")
        cursor.execute(
            """EXPLAIN SELECT id FROM jobs_job WHERE state = 'done' AND done_at < now() - interval '1 hour'
            AND asked_at < now() ORDER BY done_at LIMIT 100 FOR UPDATE SKIP LOCKED"""
        )
        assert "job_done" in "".join(line for (line,) in cursor.fetchall())
