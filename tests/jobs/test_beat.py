from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tests.jobs.conftest import apart, committed
from weerbaar.jobs import beat, enqueue, job, ledger, registry, run_beats, run_due
from weerbaar.jobs.models import Heartbeat, Job

asked: list[datetime] = []
reminded: list[str] = []


@pytest.fixture(autouse=True)
def _only_ours(monkeypatch):
    """These tests ask their own questions; those of the apps would find nothing to ask about."""
    asked.clear()
    reminded.clear()
    monkeypatch.setattr(ledger, "BEATS", dict(OURS))


@job()
def remind(day: str) -> None:
    reminded.append(day)


def question(now: datetime) -> None:
    asked.append(now)
    enqueue(remind, key=f"remind:{now:%Y-%m-%d}", day=f"{now:%Y-%m-%d}")


def broken(now: datetime) -> None:
    enqueue(remind, key="never", day="never")
    raise ZeroDivisionError


OURS = {
    "broken": registry.Beat("broken", broken, timedelta(seconds=30)),
    "question": registry.Beat("question", question, timedelta(minutes=1)),
}


def test_a_question_is_asked_at_its_pace():
    now = timezone.now()
    for seconds in range(0, 150, 2):
        run_beats(now + timedelta(seconds=seconds))
    assert [round((at - now).total_seconds()) for at in asked] == [0, 60, 120]


def test_asking_often_reminds_once():
    now = (timezone.now() + timedelta(days=1)).replace(hour=12, minute=0)
    for minutes in range(0, 30, 2):
        run_beats(now + timedelta(minutes=minutes))
        run_due(now + timedelta(minutes=minutes))
    assert len(asked) == 15
    assert len(reminded) == 1


def test_a_question_that_fails_keeps_no_other_from_being_asked_and_writes_nothing():
    run_beats()
    assert len(asked) == 1
    assert not Job.objects.filter(key="never").exists()
    assert Heartbeat.objects.filter(name="broken").exists()


def test_two_beats_at_once_ask_once(clean_ledger):
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        run_beats()

    for thread in [apart(ask) for _ in range(8)]:
        thread.join()
    assert len(asked) == 1
    assert Job.objects.count() == 1


def test_a_beat_is_registered_under_its_apps_name():
    @beat(every=timedelta(hours=1))
    def look(now: datetime) -> None: ...

    assert registry.BEATS.pop("tests.jobs.test_beat.look").ask is look


def test_the_time_that_is_given_is_the_databases(clean_ledger):
    def ask() -> None:
        with transaction.atomic():
            run_beats()

    committed(ask)
    assert abs(asked[0] - timezone.now()) < timedelta(minutes=1)
    assert asked[0].tzinfo is not None
