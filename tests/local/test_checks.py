"""Stopping ./portaal test stops what it started, both halves of it."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import IO

import pytest

from weerbaar.local import checks, launch
from weerbaar.local.checks import Check, side_by_side
from weerbaar.local.supervisor import Stop

ENDLESS = ["-c", "import time; time.sleep(60)"]


class Interrupted(Check):
    """Somebody stops the portal once the other half runs."""

    other: Check

    def passes(self, output: IO[str] | None = None) -> bool:
        while not self.other.process:
            time.sleep(0.01)
        raise Stop


def test_who_stops_one_half_stops_the_other():
    other = Check("geheel", ENDLESS, dict(os.environ))
    first = Interrupted("tests", [], {})
    first.other = other
    with pytest.raises(Stop):
        side_by_side(first, other)
    assert other.process is not None
    assert other.process.poll() not in (None, 0)


def test_a_half_that_began_in_the_background_can_be_stopped():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        half = Check("tests", ENDLESS, dict(os.environ))
        with ThreadPoolExecutor() as pool:
            later = pool.submit(half.passes)
            while not half.process:
                time.sleep(0.01)
            time.sleep(0.5)  # until it listens
            half.process.send_signal(signal.SIGINT)
            assert not later.result(20)
    finally:
        signal.signal(signal.SIGINT, before)


def test_both_halves_tell_how_they_went(capfd):
    good = Check("goed", ["-c", "print('hier')"], dict(os.environ))
    bad = Check("fout", ["-c", "print('daar'); raise SystemExit(3)"], dict(os.environ))
    (one, another) = side_by_side(good, bad)
    assert (one[:2], another[:2]) == (("goed", True), ("fout", False))
    said = capfd.readouterr().out
    assert said.index("hier") < said.index("=== fout") < said.index("daar")


def test_tests_that_were_cut_short_did_not_pass(monkeypatch):
    def stopped(*_: object) -> None:
        raise Stop

    monkeypatch.setattr(checks, "main", stopped)
    monkeypatch.setattr(launch, "serve", stopped)
    assert launch.main(["test"]) == 1
    assert launch.main([]) == 0
