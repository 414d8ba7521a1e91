"""Write rows, claim them, run them. Plain SQL: the ledger's speed and safety are in these few statements.

All times come from the database's clock. `now` is for tests: it stands in for that clock.
"""

from __future__ import annotations

import inspect
import json
import time
import uuid
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from . import mail, nudge
from .registry import ATTEMPTS, BEATS, KINDS, QUEUES, WORKER_ONLY, Beat, Kind, Queue, job, kind_of, running

log = structlog.get_logger("jobs")

CLAIMED = timedelta(seconds=15)  # how long a claimed row that has not started yet is kept from others
FIRST_PAUSE = timedelta(seconds=10)  # doubles after every failure
LONGEST_PAUSE = timedelta(hours=2)
BATCH: dict[Queue, int] = {"default": 100, "pdf": 1}
TICK_LASTS = 20.0  # seconds; the next tick goes on, and the hard time limit stays far off
LONGEST_VALUE = 64  # an argument is an id, never content

# the keys, with their kinds, that the question being asked has asked for before
asked_again: ContextVar[list[tuple[str, str]] | None] = ContextVar("asked_again", default=None)


class Claimed(NamedTuple):
    id: int
    name: str
    kwargs: str  # JSON as it was written; read when its job runs, so that one bad row stops no other


class LeaseLost(Exception):
    """Somebody else took the row over; what this run wrote must not be kept."""


def enqueue(do: Callable[..., None], /, *, key: str, at: datetime | None = None, **kwargs: object) -> None:
    """Write down that `do` must be run with these ids, once, at or after `at` (default: now).

    Belongs in the transaction of its cause, and refuses to run outside one. The same key for the same job
    gives no second row, not even after it was done: what is done is kept as long as a question asks for it,
    and JOBS_KEPT_DAYS longer (see `tasks.forget_done`). PermissionDenied when this zone may not ask for it.
    """
    kind = kind_of(do)
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("enqueue belongs in the transaction of its cause.")
    if settings.ZONES and not kind.zones & settings.ZONES:  # a worker serves no zone and may always
        raise PermissionDenied(f"{kind.name} may not be enqueued here.")
    inspect.signature(do).bind(**kwargs)  # a wrong argument shows here, not in a parked row
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO jobs_job (key, name, queue, kwargs, due_at)
            VALUES (%s, %s, %s, %s, coalesce(%s, statement_timestamp()))
            ON CONFLICT DO NOTHING
            """,
            [key, kind.name, kind.queue, json.dumps(_ids_only(kwargs)), at],
        )
        is_new = cursor.rowcount == 1
    if not is_new and (again := asked_again.get()) is not None:
        again.append((key, kind.name))
    if is_new and (at is None or at <= timezone.now()):
        transaction.on_commit(partial(nudge.nudge, kind.queue))


def run_due(now: datetime | None = None, limit: int = 100, queue: Queue | None = None) -> int:
    """Claim at most `limit` due rows of a queue (default: of each) and run them; says how many were run."""
    if queue is None:
        return sum(run_due(now, limit, each) for each in QUEUES)
    token, lapses = uuid.uuid4(), time.monotonic() + CLAIMED.total_seconds()
    rows = claim(queue, token, limit, now)
    return sum(_run(row, token, now) for row in rows if time.monotonic() < lapses)  # the rest is let go


def drain(queue: Queue) -> int:
    """What a tick does: ask the periodic questions, then run due rows until none are left or time is up."""
    until = time.monotonic() + TICK_LASTS
    if queue == "default":
        run_beats()
    total = 0
    while time.monotonic() < until and (count := run_due(limit=BATCH[queue], queue=queue)):
        total += count
    return total


def run_beats(now: datetime | None = None) -> None:
    """Ask every periodic question whose time has come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, coalesce(%s, statement_timestamp()) - at FROM jobs_heartbeat", [now])
        ages: dict[str, timedelta] = dict(cursor.fetchall())
    for each in list(BEATS.values()):
        if ages.get(each.name, timedelta.max) < each.every:
            continue
        try:
            _ask(each, now)
        except Exception as error:  # one question that fails keeps none of the others from being asked
            log.error("beat failed", name=each.name, error=type(error).__name__)
            mark(each.name, now)  # next try at its next turn


def mark(name: str, now: datetime | None = None) -> None:
    """Write down that something was done just now."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO jobs_heartbeat (name, at) VALUES (%s, coalesce(%s, statement_timestamp()))
            ON CONFLICT (name) DO UPDATE SET at = excluded.at
            """,
            [name, now],
        )


def claim(queue: Queue, token: uuid.UUID, limit: int, now: datetime | None = None) -> list[Claimed]:
    """Take due rows, oldest first, that nobody else holds. No attempt is counted yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH due AS MATERIALIZED (
                SELECT id, due_at FROM jobs_job
                WHERE state = 'waiting' AND queue = %(queue)s
                  AND due_at <= coalesce(%(now)s, statement_timestamp())
                  AND (lease_until IS NULL OR lease_until <= coalesce(%(now)s, statement_timestamp()))
                ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
            ), claimed AS (
                UPDATE jobs_job job
                SET token = %(token)s,
                    lease_until = coalesce(%(now)s, statement_timestamp()) + make_interval(secs => %(lease)s)
                FROM due WHERE job.id = due.id RETURNING job.id, job.name, job.kwargs, job.due_at
            )
            SELECT id, name, kwargs FROM claimed ORDER BY due_at, id
            """,
            {"queue": queue, "token": token, "limit": limit, "now": now, "lease": CLAIMED.total_seconds()},
        )
        return [Claimed(*row) for row in cursor.fetchall()]


@job(zones=WORKER_ONLY)
def tell_team() -> None:
    """Say that jobs were parked; which ones, the admin shows."""
    mail.send("parked", to=settings.TEAM_EMAIL, link="/beheer/")


def _run(row: Claimed, token: uuid.UUID, now: datetime | None) -> bool:
    kind = KINDS.get(row.name)
    attempt = _start(row, token, kind, now)
    if attempt is None:
        return False
    if kind is None:
        _fail(row, token, attempt, "UnknownJob", now, park=attempt >= ATTEMPTS)  # a newer release may know it
    elif attempt > kind.attempts:  # the last runs never came to an end: they took their worker with them
        _fail(row, token, attempt, "Died", now, park=True)
    else:
        _do(row, token, kind, attempt, now)
    return True


def _do(row: Claimed, token: uuid.UUID, kind: Kind, attempt: int, now: datetime | None) -> None:
    reset = running.set(row.id)
    try:
        with transaction.atomic():
            kind.do(**json.loads(row.kwargs))
            _finish(row, token)
    except LeaseLost:
        log.warning("job lost its lease", name=row.name, id=row.id)
    except Exception as error:
        _fail(row, token, attempt, type(error).__name__, now, park=attempt >= kind.attempts)
    finally:
        running.reset(reset)


def _start(row: Claimed, token: uuid.UUID, kind: Kind | None, now: datetime | None) -> int | None:
    """Count the attempt before the work, so that a job that kills its worker is counted too."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE jobs_job
            SET attempts = attempts + 1,
                lease_until = coalesce(%s, statement_timestamp()) + make_interval(secs => %s)
            WHERE id = %s AND token = %s AND state = 'waiting' RETURNING attempts
            """,
            [now, (kind.lease if kind else CLAIMED).total_seconds(), row.id, token],
        )
        found = cursor.fetchone()
    return found[0] if found else None


def _finish(row: Claimed, token: uuid.UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE jobs_job
            SET state = 'done', done_at = statement_timestamp(), lease_until = NULL, token = NULL
            WHERE id = %s AND token = %s AND state = 'waiting'
            """,
            [row.id, token],
        )
        if cursor.rowcount != 1:
            raise LeaseLost


def _fail(
    row: Claimed, token: uuid.UUID, attempt: int, error: str, now: datetime | None, *, park: bool
) -> None:
    """Try again after a pause that doubles, give or take a half; or give up and raise the alarm."""
    log.error("job failed", name=row.name, id=row.id, attempt=attempt, error=error, parked=park)
    pause = min(FIRST_PAUSE * 2 ** min(attempt - 1, 20), LONGEST_PAUSE)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE jobs_job
            SET state = %s, last_error = %s, lease_until = NULL, token = NULL,
                due_at = coalesce(%s, statement_timestamp()) + %s * (0.5 + random())
            WHERE id = %s AND token = %s AND state = 'waiting' RETURNING statement_timestamp()
            """,
            ["parked" if park else "waiting", error[:100], now, pause, row.id, token],
        )
        found = cursor.fetchone()
        if found and park and row.name != kind_of(tell_team).name:
            # one mail an hour, however many rows are parked
            enqueue(tell_team, key=f"{now or found[0]:%Y-%m-%dT%H}")


def _ask(each: Beat, now: datetime | None) -> None:
    """Ask when it is time and nobody else is asking; a kill halfway leaves it to be asked again."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO jobs_heartbeat (name, at) VALUES (%s, 'epoch') ON CONFLICT DO NOTHING", [each.name]
        )
        cursor.execute(
            """
            SELECT clock FROM jobs_heartbeat, coalesce(%s, statement_timestamp()) AS clock
            WHERE name = %s AND at <= clock - make_interval(secs => %s)
            FOR UPDATE OF jobs_heartbeat SKIP LOCKED
            """,
            [now, each.name, each.every.total_seconds()],
        )
        if found := cursor.fetchone():
            again: list[tuple[str, str]] = []
            reset = asked_again.set(again)
            try:
                each.ask(found[0])
            finally:
                asked_again.reset(reset)
            _still_asked(again, found[0])
            mark(each.name, now)


def _still_asked(keys: list[tuple[str, str]], now: datetime) -> None:
    """Keep what is done for as long as its question would ask for it anew; written once a day."""
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE jobs_job SET asked_at = %s FROM unnest(%s::text[], %s::text[]) AS again (key, name)
                WHERE jobs_job.key = again.key AND jobs_job.name = again.name
                  AND state = 'done' AND asked_at < %s - interval '1 day'
                """,
                [now, *map(list, zip(*keys, strict=True)), now],
            )


def _ids_only(kwargs: Mapping[str, object]) -> dict[str, str | int | None]:
    return {name: _id_only(name, value) for name, value in kwargs.items()}


def _id_only(name: str, value: object) -> str | int | None:
    if isinstance(value, uuid.UUID):
        return str(value)
    if value is None or isinstance(value, int) or (isinstance(value, str) and len(value) <= LONGEST_VALUE):
        return value
    raise ValueError(f"{name}: a job takes ids only, of at most {LONGEST_VALUE} characters.")
