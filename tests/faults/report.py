"""A process that takes reports in, as a web process would.

Reads lines "FIRST COUNT PAUSE"; prints "accepted" for each report, with who is to be told and the
milliseconds that it took, and "end".
"""

from __future__ import annotations

import os
import sys
import time

import django
from django.db import DatabaseError, connection


def make_report(number: int) -> str:
    """Take in one report; says to whom a mail must go."""
    from ondersteuning.actions import Contactable, Report, report_incident
    from weerbaar.vault import api as vault

    to = f"melder-{number}@demo.invalid"
    report = Report(wish="team", kinds=["threat"], narrative="Verhaal", contact=Contactable(email=to))
    report_incident(report, submission=f"faults-{number}", code=vault.new_access_code())
    return to


def main() -> None:
    django.setup()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what is logged goes elsewhere, not through the answers
    for line in sys.stdin:
        first, count, pause = line.split()
        for number in range(int(first), int(first) + int(count)):
            began = time.perf_counter()
            try:
                to = make_report(number)
            except DatabaseError as error:  # the reporter is told to try again, or to call
                print("refused", type(error).__name__, file=answers, flush=True)
                connection.close()
            else:
                print("accepted", to, f"{(time.perf_counter() - began) * 1000:.1f}", file=answers, flush=True)
            time.sleep(float(pause))
        print("end", file=answers, flush=True)


if __name__ == "__main__":
    main()
