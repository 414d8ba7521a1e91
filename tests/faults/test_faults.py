from __future__ import annotations

import random
import signal
import statistics
import time

import pytest

from .stack import Stack, wait_until

FULL = pytest.param(200, 0.15, 12, id="full", marks=pytest.mark.promises)


def nothing_is_lost_or_doubled(stack: Stack, expected: set[str]) -> None:
    found = stack.message_ids()
    assert expected - set(found) == set()
    wait_until(lambda: not unfinished(stack), 90)
    found = stack.message_ids()
    ids = [each for many in found.values() for each in many]
    # each of them sends one mail, but for the job that makes a case findable
    done = "SELECT count(*) FROM jobs_job WHERE state = 'done' AND name <> 'ondersteuning.index_case'"
    [(mails,)] = stack.query(done)
    assert len(set(ids)) == mails  # a job that ran twice did not make a second Message-ID
    raw_doubles = len(ids) - mails
    assert raw_doubles <= stack.kills
    assert stack.query("SELECT count(*) FROM jobs_job WHERE state = 'parked'") == [(0,)]
    print(
        f"lost 0 of {len(expected)}, sent twice with the same Message-ID: {raw_doubles}, kills: {stack.kills}"
    )


def unfinished(stack: Stack) -> int:
    """Jobs that are due and not done."""
    return stack.query("SELECT count(*) FROM jobs_job WHERE state = 'waiting' AND due_at <= now()")[0][0]


@pytest.mark.parametrize(("count", "pause", "kills"), [pytest.param(40, 0.1, 2, id="short"), FULL])
def test_workers_that_are_killed_lose_no_mail_and_send_none_twice(stack, count, pause, kills):
    stack.begin_reports(count, pause)
    for number in range(kills):
        time.sleep(random.uniform(2, 4))
        name = f"worker{number % 2 + 1}"
        stack.kill(name)
        stack.start_worker(name)
    expected = set(stack.accepted_reports())
    assert len(expected) == count
    took = stack.wait_for_mails(expected, 90)
    wait_until(stack.is_ticking, 60)
    print(f"the last mail came {took:.1f} s after the last report")
    nothing_is_lost_or_doubled(stack, expected)


@pytest.mark.parametrize("fault", ["stopped", "silent", "flushed"])
@pytest.mark.parametrize(
    ("count", "pause", "down"),
    [
        pytest.param(20, 0.05, 3, id="short"),
        pytest.param(200, 0.2, 45, id="full", marks=pytest.mark.promises),
    ],
)
def test_reports_go_on_without_redis_and_every_mail_follows(stack, fault, count, pause, down):
    stack.begin_reports(count, pause)
    normal = stack.accepted_reports()
    began = time.monotonic()
    if fault == "stopped":
        stack.kill("valkey")
    elif fault == "silent":
        stack.signal("valkey", signal.SIGSTOP)
    else:
        stack.flush_redis()

    stack.begin_reports(count, pause)
    accepted = stack.accepted_reports()
    assert len(accepted) == count  # every one
    time.sleep(max(0, down - (time.monotonic() - began)))
    during = len(set(accepted) & set(stack.message_ids()))

    if fault == "stopped":
        stack.start_redis()
    elif fault == "silent":
        stack.signal("valkey", signal.SIGCONT)
    returned = time.monotonic()
    took = stack.wait_for_mails(set(normal) | set(accepted), 60)
    ticking = took + wait_until(lambda: stack.is_ticking(time.monotonic() - returned), 120)  # no stand-in
    slower = usual(accepted) - usual(normal)
    print(
        f"redis {fault}: {len(accepted)} of {count} accepted, usual time {slower:+.1f} ms, {during} mails"
        f" meanwhile, the last {took:.1f} s after its return, ticks again after {ticking:.1f} s"
    )
    assert slower < 50
    nothing_is_lost_or_doubled(stack, set(accepted))


def test_two_beats_remind_once(stack):
    wait_until(lambda: len(reminders(stack)) >= 2, 30)
    keys = stack.query("SELECT key FROM jobs_job WHERE key LIKE 'remind:%'")
    assert len(keys) == len(set(keys))
    assert all(len(set(ids)) == 1 for ids in reminders(stack).values())


def reminders(stack: Stack) -> dict[str, list[str]]:
    return {to: ids for to, ids in stack.message_ids().items() if to.startswith("herinnering")}


def usual(milliseconds: dict[str, float]) -> float:
    """The 95th percentile, or the median of a handful."""
    values = list(milliseconds.values())
    return statistics.quantiles(values, n=20)[-1] if len(values) >= 100 else statistics.median(values)
