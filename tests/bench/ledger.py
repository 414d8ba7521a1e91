"""B8 and B9: the ledger."""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import redis
from django.db import connection, transaction

from tests.conftest import close_pools
from tests.faults.stack import QUIET, Stack, wait_until
from weerbaar.jobs import job, ledger, run_due

from . import bare_celery
from .database import as_owner
from .frame import Line, figure, measure, scale

BARE = """
    SELECT id FROM jobs_job WHERE state = 'waiting' AND queue = 'default' AND due_at <= statement_timestamp()
    ORDER BY due_at LIMIT 100
"""
ran: list[int] = []


@job()
def note(n: int) -> None:
    """The least a reminder can do."""
    ran.append(n)


def fill(rows: int, *, state: str, due: str, first: int = 0) -> None:
    as_owner(
        f"""
        INSERT INTO jobs_job (key, name, queue, kwargs, due_at, state, done_at)
        SELECT n, '{ledger.kind_of(note).name}', 'default', jsonb_build_object('n', n), {due}, '{state}',
               {"now()" if state == "done" else "NULL"}
        FROM generate_series({first}, {first + rows - 1}) n
        """
    )


@figure(
    "B8",
    what="ledger: find due rows among 10,000,000",
    goal="≤ 3 ms",
    peer="partial index 0.7 ms; no index 1,180 ms",
)
def due_rows() -> Iterator[Line]:
    rows = scale("ROWS", 10_000_000)
    as_owner(
        "ALTER TABLE jobs_job SET UNLOGGED",
        "ALTER TABLE jobs_job DROP CONSTRAINT job_once",  # put back below: filling goes faster without
    )
    fill(rows - rows // 100, state="done", due="now() - n * interval '10 s'")
    fill(rows // 100, state="waiting", due="now() + n * interval '10 s'", first=rows)
    as_owner("ALTER TABLE jobs_job ADD CONSTRAINT job_once UNIQUE (key, name)", "VACUUM ANALYZE jobs_job")

    none_due = measure(lambda: ledger.claim("default", uuid.uuid4(), 100), runs=50)
    yield Line(
        f"a tick with nothing due, {rows:,} rows",
        none_due.wall_median,
        None,
        "ms",
        ok=none_due.wall_median <= 3,
        note=str(none_due),
    )

    fill(1000, state="waiting", due="now()", first=2 * rows)
    bare = measure(lambda: query(BARE), runs=50)
    found = measure(lambda: query(BARE + " FOR UPDATE SKIP LOCKED"), runs=50)
    yield Line(
        "find 100 due rows",
        found.wall_median,
        bare.wall_median,
        "ms",
        ok=found.wall_median <= 3,
        note=str(found),
    )
    claim = measure(claim_and_forget, runs=50)
    yield Line("find and claim 100 due rows", claim.wall_median, bare.wall_median, "ms", note=str(claim))
    without = measure(without_index, runs=3, warm=1)
    yield Line(
        "the same without the partial index", without.wall_median, bare.wall_median, "ms", note=str(without)
    )


def query(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def claim_and_forget() -> None:
    with transaction.atomic():
        assert len(ledger.claim("default", uuid.uuid4(), 100)) == 100
        transaction.set_rollback(True)


def without_index() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(BARE)


@figure(
    "B9",
    what="ledger: 100,000 reminders that come due at once",
    goal="claims ≥ 50 × one task each; ≥ 2,000 handled a second; no row twice",
    peer="Celery alone 500-690 tasks/s",
)
def reminders() -> Iterator[Line]:
    rows = scale("REMINDERS", 100_000)
    fill(rows, state="waiting", due="now()")
    as_owner("VACUUM ANALYZE jobs_job")

    tasks = celery_alone(scale("TASKS", 3000))
    claims = claims_a_second()
    yield Line(
        "claims in batches of 100, against a task each", claims, tasks, "rows/s", ok=claims >= 50 * tasks
    )

    as_owner("UPDATE jobs_job SET state = 'waiting', done_at = NULL", "VACUUM ANALYZE jobs_job")
    for processes in (1, 2):
        close_pools()  # a connection cannot be shared by two processes
        began = time.perf_counter()
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            done = [n for part in pool.map(drain_some, [rows // 4 // processes] * processes) for n in part]
        handled = len(done) / (time.perf_counter() - began)
        assert len(done) == len(set(done))
        yield Line(
            f"handled by {processes} process(es), no mail",
            handled,
            tasks,
            "rows/s",
            ok=handled >= 2000 if processes == 2 else None,
        )


def claims_a_second() -> float:
    """Rows claimed a second. A batch is done, off the clock, before the next is claimed: as in real life."""
    claimed, took = 0, 0.0
    while True:
        began = time.perf_counter()
        rows = ledger.claim("default", uuid.uuid4(), 100)
        took += time.perf_counter() - began
        if not rows:
            return claimed / took
        claimed += len(rows)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE jobs_job SET state = 'done', done_at = now(), lease_until = NULL, token = NULL"
                " WHERE id = ANY(%s)",
                [[row.id for row in rows]],
            )


def drain_some(count: int) -> list[int]:
    """Run so many rows; says which."""
    ran.clear()
    while len(ran) < count and run_due(limit=100, queue="default"):
        pass
    return list(ran)


def celery_alone(count: int) -> float:
    """Tasks a second of Celery on a Valkey of its own: one message and one run each, by one process, as the
    claims are made by one."""
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder), "", os.environ["DATABASE_URL"])
        try:
            stack.start_redis()
            bare_celery.app.conf.broker_url = stack.env["REDIS_URL"]
            for n in range(count):
                bare_celery.nothing.delay(n)
            valkey = redis.Redis(unix_socket_path=str(stack.socket))
            command = [sys.executable, "-m", "celery", "-A", "tests.bench.bare_celery", "worker", "-c", "1"]
            stack.start("worker", *command, *QUIET)
            wait_until(lambda: valkey.llen("celery") < count, 60, 0.005)
            return count / wait_until(lambda: not valkey.llen("celery") + valkey.hlen("unacked"), 120, 0.005)
        finally:
            stack.close()
