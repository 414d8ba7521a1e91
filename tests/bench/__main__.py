"""The benchmark table: `python -m tests.bench [B8 B9 …]` (default: all).

Prints for each figure ours, the floor (the least code that could do the job, measured in the same run on the
same server), their ratio, the goal and whether it is met; then the best that a peer is known to do.

A figure is a generator in a module of its own in this folder, found by itself:

    from .frame import Line, figure, measure, scale

    @figure("B8", what="ledger: find due rows among 10,000,000", goal="≤ 3 ms", peer="no index: 1,180 ms")
    def due_rows():
        rows = scale("ROWS", 10_000_000)        # BENCH_ROWS=100000 makes it quick
        ...                                     # fill; the database is migrated and empty, commits are real
        ours = measure(lambda: claim(...))      # CPU and wall clock, min and median of many runs, queries
        floor = measure(lambda: bare_query())
        yield Line("claim of 100", ours.wall, floor.wall, "ms", ok=ours.wall <= 3, note=str(ours))

Each figure gets a fresh database, on a PostgreSQL of its own unless DATABASE_URL names one. The exit status
is 1 when a goal is missed. Give the machine to it alone: CPU figures bear some company, wall clock does not.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
import time


def main(wanted: list[str]) -> int:
    return measure_all(wanted) if "DATABASE_URL" in os.environ else on_stores_of_its_own(wanted)


def on_stores_of_its_own(wanted: list[str]) -> int:
    """From any Python 3.11 on a bare machine: install what is needed, start stores, measure, stop them."""
    from weerbaar.local import checks, install

    install.python(tests=True)
    install.front_end(tests=True)
    install.pango()
    with checks.own_stores() as env:
        command = [install.PYTHON, "-m", "tests.bench", *wanted]
        return subprocess.call(command, env=env | install.pango_environment(), cwd=install.ROOT)


def measure_all(wanted: list[str]) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weerbaar.settings")
    django.setup()
    import tests.bench
    from tests.bench.database import fresh_database
    from tests.bench.frame import FIGURES

    for module in pkgutil.iter_modules(tests.bench.__path__):
        if module.name != "__main__":
            importlib.import_module(f"tests.bench.{module.name}")
    if unknown := set(wanted) - set(FIGURES):
        print("unknown:", *sorted(unknown), "known:", *sorted(FIGURES, key=by_number))
        return 2

    missed = 0
    print(f"{'#':4} {'what':52} {'ours':>12} {'floor':>12} {'ratio':>7}  goal")
    for number in sorted(wanted or FIGURES, key=by_number):
        figure = FIGURES[number]
        began = time.monotonic()
        print(
            f"{number:4} {figure.what}: {figure.goal}" + (f" (peers: {figure.peer})" if figure.peer else "")
        )
        with fresh_database(f"bench_{os.getpid()}"):
            for line in figure.make():
                missed += line.ok is False
                print(row(line), flush=True)
        print(f"     {time.monotonic() - began:.0f} s")
    return 1 if missed else 0


def row(line) -> str:
    floor = f"{amount(line.floor)} {line.unit}" if line.floor is not None else ""
    ratio = f"{line.ours / line.floor:.2f}" if line.floor else ""
    verdict = {True: "met", False: "MISSED", None: ""}[line.ok]
    note = f"  [{line.note}]" if line.note else ""
    ours = f"{amount(line.ours)} {line.unit}"
    return f"     {line.what:52} {ours:>12} {floor:>12} {ratio:>7}  {verdict}{note}"


def amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def by_number(number: str) -> int:
    return int(number.lstrip("B"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
