"""Which kinds of job there are, and which questions are asked every so often."""

from __future__ import annotations

from collections.abc import Callable, Set
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from weerbaar.zones import Zone

Queue = Literal["default", "pdf"]
QUEUES: tuple[Queue, ...] = ("default", "pdf")
ATTEMPTS = 12  # with their pauses they span some seven hours
EVERY_ZONE: frozenset[Zone] = frozenset(Zone)
WORKER_ONLY: frozenset[Zone] = frozenset()  # for what only a beat or another job asks for

Do = TypeVar("Do", bound=Callable[..., None])
Ask = TypeVar("Ask", bound=Callable[[datetime], None])


@dataclass(frozen=True)
class Kind:
    """A kind of job: what it does, how often it is tried, who may ask for it."""

    name: str
    do: Callable[..., None]
    attempts: int
    queue: Queue
    zones: Set[Zone]
    lease: timedelta


@dataclass(frozen=True)
class Beat:
    """A question about state that is asked every so often."""

    name: str
    ask: Callable[[datetime], None]
    every: timedelta


running: ContextVar[int | None] = ContextVar("running", default=None)  # the id of the job being run

KINDS: dict[str, Kind] = {}
BEATS: dict[str, Beat] = {}


def job(
    *,
    attempts: int = ATTEMPTS,
    queue: Queue = "default",
    zones: Set[Zone] = EVERY_ZONE,
    lease: timedelta = timedelta(seconds=30),
) -> Callable[[Do], Do]:
    """Make a function a kind of job. It must be safe to run twice, and its arguments are ids only.

    `zones` are the zones whose processes may enqueue it (a worker may always); the database refuses the rest
    (weerbaar/audit/grants.py). `lease` is how long one run may take before another worker may take over.
    """

    def register(do: Do) -> Do:
        name = name_of(do)
        KINDS[name] = Kind(name, do, attempts, queue, frozenset(zones), lease)
        return do

    return register


def beat(*, every: timedelta) -> Callable[[Ask], Ask]:
    """Ask this question every so often: a function of the database's time that enqueues what is due now.

    It may be asked more often than said, and by two workers at once: unique keys make that harmless.
    """

    def register(ask: Ask) -> Ask:
        BEATS[name_of(ask)] = Beat(name_of(ask), ask, every)
        return ask

    return register


def kind_of(do: Callable[..., Any]) -> Kind:
    """The kind that belongs to a function; LookupError when it carries no `@job`."""
    kind = KINDS.get(name_of(do))
    if kind is None:
        raise LookupError(f"{name_of(do)} is not a job.")
    return kind


def name_of(function: Callable[..., Any]) -> str:
    """The name under which rows know a function, such as `ondersteuning.tell_reporter`."""
    return f"{function.__module__.replace('.tasks', '')}.{function.__name__}"
