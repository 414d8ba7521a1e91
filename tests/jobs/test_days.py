"""Ninety days of reminders, with downtime, two beats and kills at the worst moments."""

from __future__ import annotations

import email
import random
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.jobs.conftest import committed
from weerbaar.jobs import enqueue, job, ledger, mail, registry, run_beats, run_due
from weerbaar.jobs.models import Job

FIRST, THEN = timedelta(days=3), timedelta(days=7)
LONGEST_DOWN = timedelta(hours=12)
GRACE = timedelta(days=1)  # by then a reminder has gone out, whatever the downtime and the kills


class Killed(BaseException):
    """kill -9: nothing after it is run, and nobody hears of it."""


@dataclass
class World:
    """What is really so: who waits since when and until when, and what time it is."""

    random: random.Random
    waits: dict[int, tuple[datetime, datetime]]
    now: datetime
    kills: int = 0
    asked: int = 0
    sent: list[tuple[int, int, datetime]] = field(default_factory=list)

    def is_waiting(self, number: int) -> bool:
        since, until = self.waits[number]
        return since <= self.now < until

    def may_be_killed(self) -> None:
        if self.random.random() < 0.02:
            self.kills += 1
            raise Killed


world: World


def remind_who_waits(now: datetime) -> None:
    """The question: whoever waits three days, and each week after, is due one reminder."""
    world.asked += 1
    world.may_be_killed()
    for number, (since, until) in world.waits.items():
        if since <= now < until and now >= since + FIRST:
            turn = (now - since - FIRST) // THEN
            enqueue(remind, key=f"{number}:{turn}", number=number, turn=turn)


@job()
def remind(number: int, turn: int) -> None:
    world.may_be_killed()
    if world.is_waiting(number):  # asked again, just before it goes
        mail.send("alert", to=f"{number}-{turn}@demo.invalid", link="/volgen/")
        world.sent.append((number, turn, world.now))
    world.may_be_killed()


@pytest.mark.parametrize(("days", "step"), [(5, 60), pytest.param(90, 10, marks=pytest.mark.promises)])
def test_every_reminder_goes_out_once_and_none_after_the_answer(
    days, step, mailbox, monkeypatch, clean_ledger
):
    global world
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    start = timezone.now() + timedelta(days=1)
    end = start + timedelta(days=days)
    began = [start + chance.random() * (end - start) for _ in range(40)]
    waits = {n: (since, since + chance.random() * timedelta(days=21)) for n, since in enumerate(began)}
    world = World(chance, waits, start)
    beats = {"remind": registry.Beat("remind", remind_who_waits, timedelta(hours=1))}
    monkeypatch.setattr(ledger, "BEATS", beats)

    committed(lambda: live_through(end + timedelta(days=4), timedelta(minutes=step)))

    sent = {(number, turn) for number, turn, _ in world.sent}
    missing = due(before=world.now) - sent
    late = [each for each in world.sent if not waits[each[0]][0] <= each[2] < waits[each[0]][1]]
    ids = defaultdict(list)
    for path in mailbox.glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes())
        ids[message["To"]].append(message["Message-ID"])
    distinct_extra = sum(len(set(each)) - 1 for each in ids.values())
    raw_doubles = sum(len(each) - 1 for each in ids.values())
    print(
        f"{days} days, seed {seed}: {len(ids)} reminders, {world.kills} kills, asked {world.asked} times;"
        f" missing {len(missing)}, distinct extra {distinct_extra}, raw doubles {raw_doubles},"
        f" about what has passed {len(late)}"
    )
    assert (missing, distinct_extra, late) == (set(), 0, [])
    assert raw_doubles <= world.kills
    assert len(ids) > days / 2
    assert not Job.objects.parked().exists()


def live_through(end: datetime, step: timedelta) -> bool:
    """Let time pass, mostly with everything running twice."""
    down_until = world.now
    while world.now < end:
        world.now += step
        if world.now < down_until:
            continue
        if world.random.random() < 0.01:
            down_until = world.now + world.random.random() * LONGEST_DOWN
        for _ in range(2):  # two beats, two workers
            with suppress(Killed):
                run_beats(world.now)
            with suppress(Killed):
                run_due(world.now, queue="default")
    return True


def due(*, before: datetime) -> set[tuple[int, int]]:
    """Each reminder whose moment was well before the answer."""
    return {
        (number, turn)
        for number, (since, until) in world.waits.items()
        for turn in range(10)
        if since + FIRST + turn * THEN + GRACE < min(until, before)
    }
