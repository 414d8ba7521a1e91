"""What figures are made with: `figure`, `Line`, `measure`, `scale`."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connections
from django.test.utils import CaptureQueriesContext


@dataclass(frozen=True)
class Line:
    """One line of the table. `ours` and `floor` are in `unit`; `ok` says whether the goal is met."""

    what: str
    ours: float
    floor: float | None
    unit: str
    ok: bool | None = None
    note: str = ""


@dataclass(frozen=True)
class Figure:
    number: str
    what: str
    goal: str
    peer: str
    make: Callable[[], Iterator[Line]]


@dataclass(frozen=True)
class Timing:
    """Milliseconds: CPU of this process and wall clock, best and median of many runs; and queries a run."""

    cpu: float
    cpu_median: float
    wall: float
    wall_median: float
    queries: int

    def __str__(self) -> str:
        return (
            f"cpu {self.cpu:.2f}/{self.cpu_median:.2f} ms, wall {self.wall:.2f}/{self.wall_median:.2f} ms"
            f" (min/median), {self.queries} queries"
        )


FIGURES: dict[str, Figure] = {}


def figure(number: str, *, what: str, goal: str, peer: str = "") -> Callable:
    """Register a function that yields the lines of a figure; it starts from an empty, migrated database."""

    def register(make: Callable[[], Iterator[Line]]) -> Callable[[], Iterator[Line]]:
        FIGURES[number] = Figure(number, what, goal, peer, make)
        return make

    return register


def measure(
    run: Callable[[], object], *, runs: int = 30, warm: int = 3, between: Callable[[], object] | None = None
) -> Timing:
    """Time something many times over; `between` is called before each run, off the clock."""
    cpu, wall = [], []
    for number in range(warm + runs):
        if between:
            between()
        wall_began, cpu_began = time.perf_counter(), time.process_time()
        run()
        cpu_took, wall_took = time.process_time() - cpu_began, time.perf_counter() - wall_began
        if number >= warm:
            cpu.append(cpu_took * 1000)
            wall.append(wall_took * 1000)
    if between:
        between()
    return Timing(min(cpu), statistics.median(cpu), min(wall), statistics.median(wall), count_queries(run))


def count_queries(run: Callable[[], object]) -> int:
    """How many queries it makes, over all connections."""
    captures = [CaptureQueriesContext(connections[alias]) for alias in connections]
    for capture in captures:
        capture.__enter__()
    try:
        run()
    finally:
        for capture in captures:
            capture.__exit__(None, None, None)
    return sum(len(capture) for capture in captures)


def scale(name: str, default: int) -> int:
    """How much data to make: BENCH_<NAME> in the environment, for a quick look at a smaller size."""
    return int(os.environ.get(f"BENCH_{name}", default))
