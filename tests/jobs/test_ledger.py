from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from tests.jobs.conftest import apart, committed
from weerbaar.jobs import enqueue, job, ledger, run_due
from weerbaar.jobs.models import Job, State
from weerbaar.jobs.registry import kind_of
from weerbaar.zones import Zone

ran: list[int] = []
LATER = timedelta(days=1)


@pytest.fixture(autouse=True)
def _nothing_ran():
    ran.clear()


@pytest.fixture(autouse=True)
def _as_a_worker(settings):
    """A worker serves no zone, and may ask for any job."""
    settings.ZONES = frozenset()


@job(attempts=3)
def note(n: int) -> None:
    ran.append(n)


@job(attempts=3)
def poison(n: int) -> None:
    ran.append(n)
    raise ZeroDivisionError("with a secret in its message")


@job()
def note_twice(n: int) -> None:
    Job.objects.create(key=f"written by {n}", name="x", queue="none")
    ran.append(n)
    take_over()


@job(zones={Zone.BEHEER})
def staff_only() -> None:
    ran.append(0)


def take_over() -> None:
    """What another worker does when a lease has lapsed."""
    Job.objects.filter(name=ledger.kind_of(note_twice).name).update(token=uuid.uuid4())


def test_the_same_key_gives_no_second_row():
    for _ in range(3):
        enqueue(note, key="once", n=1)
    assert run_due() == 1
    enqueue(note, key="once", n=1)  # nor after it was done
    assert run_due() == 0
    assert ran == [1]


def test_two_kinds_of_job_may_share_a_key():
    enqueue(note, key="case:1", n=1)
    enqueue(poison, key="case:1", n=2)
    assert Job.objects.count() == 2


def test_a_job_belongs_in_a_transaction(clean_ledger):
    def without() -> str:
        try:
            enqueue(note, key="x", n=1)
        except transaction.TransactionManagementError as error:
            return str(error)
        return ""

    def within() -> int:
        with transaction.atomic():
            enqueue(note, key="x", n=1)
        return Job.objects.count()

    assert "transaction" in committed(without)
    assert committed(within) == 1


def test_a_cause_that_is_rolled_back_leaves_no_job(clean_ledger):
    def cause() -> None:
        try:
            with transaction.atomic():
                enqueue(note, key="x", n=1)
                raise KeyError
        except KeyError:
            pass

    committed(cause)
    assert not Job.objects.exists()


@pytest.mark.parametrize("value", ["x" * 65, 1.5, ["a"], {"a": 1}, b"a", datetime(2026, 1, 1, tzinfo=UTC)])
def test_a_job_takes_ids_only(value):
    with pytest.raises(ValueError, match="ids only"):
        enqueue(note, key="x", n=value)


@pytest.mark.parametrize("kwargs", [{}, {"m": 1}, {"n": 1, "m": 2}])
def test_wrong_arguments_show_when_they_are_written(kwargs):
    with pytest.raises(TypeError):
        enqueue(note, key="x", **kwargs)


def test_a_zone_asks_only_for_its_own_kinds_of_job(settings):
    settings.ZONES = frozenset({Zone.PUBLIEK})
    with pytest.raises(PermissionDenied):
        enqueue(staff_only, key="x")
    for zones in ({Zone.BEHEER}, set(Zone), set()):  # the last one is a worker
        settings.ZONES = frozenset(zones)
        enqueue(staff_only, key=f"{zones}")
    assert Job.objects.count() == 3


def test_a_job_waits_for_its_time():
    enqueue(note, key="x", n=1, at=timezone.now() + timedelta(hours=1))
    assert run_due() == 0
    assert run_due(timezone.now() + timedelta(hours=2)) == 1


def test_the_clock_is_the_databases(monkeypatch):
    """A web server or worker whose clock is wrong changes nothing: Python's time is not asked."""
    enqueue(note, key="x", n=1)
    job = Job.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now = cursor.fetchone()[0]
    wrong = now - timedelta(days=300)
    monkeypatch.setattr(timezone, "now", lambda: wrong)
    monkeypatch.setattr(ledger.time, "time", lambda: wrong.timestamp())
    assert now - timedelta(minutes=1) < job.due_at <= now
    assert run_due() == 1
    job.refresh_from_db()
    assert job.done_at > job.due_at


def test_a_failure_is_tried_again_after_a_pause_that_doubles():
    enqueue(poison, key="x", n=1)
    now = timezone.now()
    pauses = []
    for _ in range(2):
        now = now + LATER
        assert run_due(now) == 1
        job = Job.objects.get()
        assert (job.state, job.last_error) == (State.WAITING, "ZeroDivisionError")
        pauses.append((job.due_at - now).total_seconds())
    assert 5 <= pauses[0] <= 15
    assert 10 <= pauses[1] <= 30


def test_pauses_differ_so_that_a_crowd_does_not_return_at_once():
    for n in range(20):
        enqueue(poison, key=f"{n}", n=n)
    run_due()
    due = Job.objects.values_list("due_at", flat=True)
    assert max(due) - min(due) > timedelta(seconds=2)


def test_what_keeps_failing_is_parked_and_the_team_hears_it_once(mailbox):
    for n in range(5):
        enqueue(poison, key=f"{n}", n=n)
    now = timezone.now().replace(minute=0)
    for _ in range(3):
        now += LATER
        run_due(now)
    assert Job.objects.parked().count() == 5
    assert run_due(now + timedelta(minutes=1)) == 1  # the alarm
    assert run_due(now + LATER) == 0
    [mail] = mailbox.glob("*.eml")
    assert b"secret" not in mail.read_bytes()
    assert b"poison" not in mail.read_bytes()


def test_a_parked_job_can_be_tried_again():
    enqueue(poison, key="x", n=1)
    for day in range(1, 4):
        run_due(timezone.now() + LATER * day)
    assert Job.objects.filter(name__endswith="poison").retry() == 1
    job = Job.objects.get(name__endswith="poison")
    assert (job.state, job.attempts, job.token) == (State.WAITING, 0, None)
    run_due()
    assert ran == [1] * 4


def test_retrying_leaves_alone_what_is_done():
    enqueue(note, key="x", n=1)
    run_due()
    assert Job.objects.retry() == 0
    assert run_due() == 0


@pytest.mark.parametrize("kwargs", ["[" * 2000 + "]" * 2000, '{"n": %s}' % ("9" * 5000), '"n"', "[1]"])
def test_a_row_that_nobody_can_read_stops_nobody_else(kwargs):
    """Whoever takes over a zone may write down a job; the database takes JSON that Python cannot read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO jobs_job (key, name, queue, kwargs, due_at)"
            " VALUES ('first', %s, 'default', %s, now() - interval '1 day')",
            [kind_of(note).name, kwargs],
        )
    enqueue(note, key="1", n=1)
    for day in range(4):
        run_due(timezone.now() + LATER * day)
    assert ran == [1]
    assert Job.objects.defer("kwargs").get(state=State.PARKED).key == "first"


def test_poison_does_not_park_its_neighbours():
    enqueue(poison, key="first", n=0)
    for n in range(1, 10):
        enqueue(note, key=f"{n}", n=n)
    for day in range(4):
        run_due(timezone.now() + LATER * day)
    assert set(ran) == set(range(10))
    assert Job.objects.filter(name__endswith="note", state=State.DONE, attempts=1).count() == 9
    assert Job.objects.parked().get().key == "first"


def test_poison_that_kills_its_worker_is_parked_and_its_neighbours_are_not():
    enqueue(poison, key="first", n=0)
    enqueue(note, key="second", n=1)
    now = timezone.now()
    for _ in range(3):  # a worker claims both, starts the first and is killed
        now += LATER
        token = uuid.uuid4()
        first, _second = ledger.claim("default", token, 100, now)
        ledger._start(first, token, ledger.kind_of(poison), now)
    run_due(now + LATER)
    assert ran == [1]
    assert Job.objects.get(key="first").last_error == "Died"
    assert Job.objects.get(key="first").state == State.PARKED
    assert Job.objects.get(key="second").attempts == 1


def test_a_claimed_row_is_left_alone_until_its_lease_lapses():
    enqueue(note, key="x", n=1)
    now = timezone.now()
    assert len(ledger.claim("default", uuid.uuid4(), 100, now)) == 1
    assert run_due(now + ledger.CLAIMED - timedelta(seconds=1)) == 0
    assert run_due(now + ledger.CLAIMED) == 1


def test_a_slow_worker_lets_go_of_what_it_claimed_in_time(monkeypatch):
    for n in range(5):
        enqueue(note, key=f"{n}", n=n)
    times = [0.0, 1.0, 14.0, 16.0]
    monkeypatch.setattr(ledger.time, "monotonic", lambda: times.pop(0) if len(times) > 1 else times[0])
    assert run_due(queue="default") == 2
    assert Job.objects.filter(state=State.WAITING, attempts=0).count() == 3


def test_a_late_worker_does_not_start_what_another_took_over():
    enqueue(note, key="x", n=1)
    now, late = timezone.now(), uuid.uuid4()
    [row] = ledger.claim("default", late, 100, now)
    ledger.claim("default", uuid.uuid4(), 100, now + LATER)
    assert not ledger._run(row, late, now)
    assert ran == []
    assert Job.objects.get().attempts == 0


def test_a_late_worker_cannot_mark_done_and_what_it_wrote_is_undone():
    enqueue(note_twice, key="x", n=1)
    run_due()
    assert ran == [1]
    job = Job.objects.get()  # and nothing "written by 1"
    assert (job.state, job.attempts) == (State.WAITING, 1)


def test_a_late_worker_cannot_report_failure():
    enqueue(poison, key="x", n=1)
    now, late = timezone.now(), uuid.uuid4()
    [row] = ledger.claim("default", late, 100, now)
    ledger.claim("default", uuid.uuid4(), 100, now + LATER)
    ledger._fail(row, late, 3, "Late", now, park=True)
    job = Job.objects.get()
    assert (job.state, job.last_error) == (State.WAITING, "")


def test_a_kind_that_is_no_longer_known_waits_for_a_release_that_knows_it():
    enqueue(note, key="x", n=1)
    Job.objects.update(name="gone.away")
    run_due()
    job = Job.objects.get()
    assert (job.state, job.last_error) == (State.WAITING, "UnknownJob")


def test_failures_are_logged_without_content(capsys):
    enqueue(poison, key="key-with-reference", n=1)
    run_due()
    out = "".join(capsys.readouterr())
    assert "ZeroDivisionError" in out
    assert "secret" not in out
    assert "key-with" not in out


def test_queues_do_not_wait_for_each_other():
    enqueue(note, key="x", n=1)
    assert run_due(queue="pdf") == 0
    assert run_due(queue="default") == 1


def test_sixteen_workers_run_two_thousand_rows_once_each(clean_ledger):
    def fill() -> None:
        with transaction.atomic():
            for n in range(2000):
                enqueue(note, key=f"{n}", n=n)

    done: Counter[int] = Counter()
    start = threading.Barrier(16)

    def work() -> None:
        start.wait()
        me = threading.get_ident()
        while count := run_due(limit=50, queue="default"):
            done[me] += count

    committed(fill)
    for worker in [apart(work) for _ in range(16)]:
        worker.join()
    assert sorted(ran) == list(range(2000))
    assert sum(done.values()) == 2000
    assert len(done) > 8  # they did work side by side
    assert Job.objects.filter(state=State.DONE, attempts=1).count() == 2000


def test_a_worker_does_not_wait_for_rows_that_another_is_claiming(clean_ledger):
    committed(lambda: [_enqueue_committed(n) for n in range(10)])
    holding, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            ledger.claim("default", uuid.uuid4(), 5)
            holding.set()
            release.wait(10)

    holder = apart(hold)
    holding.wait(10)
    began = time.monotonic()
    assert committed(run_due) == 5
    assert time.monotonic() - began < 2
    release.set()
    holder.join()


def _enqueue_committed(n: int) -> None:
    with transaction.atomic():
        enqueue(note, key=f"{n}", n=n)


def test_finding_due_rows_reads_the_small_index_only():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO jobs_job (key, name, queue, kwargs, state, done_at, due_at)
            SELECT n, 'x', 'default', '{}', 'done', now(), now() - n * interval '1 s'
            FROM generate_series(1, 5000) n
            """
        )
        cursor.execute("ANALYZE jobs_job")
        enqueue(note, key="x", n=1)
        cursor.execute(
            """EXPLAIN SELECT id FROM jobs_job WHERE state = 'waiting' AND queue = 'default'
            AND due_at <= statement_timestamp() ORDER BY due_at LIMIT 100 FOR UPDATE SKIP LOCKED"""
        )
        assert "job_due" in "".join(line for (line,) in cursor.fetchall())
