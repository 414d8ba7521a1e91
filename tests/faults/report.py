"""A process that takes reports in, as a web process would.

Reads lines "FIRST COUNT PAUSE"; prints "accepted" for each report, with who is to be told and the
milliseconds that it took, and "end".
"""

from __future__ import annotations

import sys
import time

import django


def make_report(number: int) -> str:
    """Take in one report; says to whom a mail must go."""
    from django.db import transaction

    from tests.faults.tasks import tell
    from weerbaar.jobs import enqueue

    with transaction.atomic():
        enqueue(tell, key=f"report:{number}", who=f"melder-{number}")
    return f"melder-{number}@demo.invalid"


def main() -> None:
    django.setup()
    for line in sys.stdin:
        first, count, pause = line.split()
        for number in range(int(first), int(first) + int(count)):
            began = time.perf_counter()
            to = make_report(number)
            print("accepted", to, f"{(time.perf_counter() - began) * 1000:.1f}", flush=True)
            time.sleep(float(pause))
        print("end", flush=True)


if __name__ == "__main__":
    main()
