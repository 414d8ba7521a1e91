"""Signing up: a place, a place in line that is really held, and never one place too many."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from netwerk.actions import (
    accept_offer,
    cancel_signup,
    changed_gathering,
    lapse_offer,
    move_gathering,
    offer_places,
    sign_up,
)
from netwerk.actions.signup import HELD
from netwerk.lifecycle import GATHERING_NEXT, SIGNUP_NEXT, GatheringStatus, SignupStatus
from netwerk.models import Meeting, Signup
from netwerk.tasks import signup as tasks
from tests.accounts.test_at_once import all_at_once
from weerbaar.accounts.roles import Role
from weerbaar.jobs import run_due
from weerbaar.jobs.models import Job

from .gatherings import AMSTERDAM, make_edition, make_meeting

MAKERS = pytest.mark.parametrize("make", [make_meeting, make_edition], ids=["meeting", "training"])


@pytest.fixture
def members(make_user):
    return [make_user(Role.AMBTSDRAGER) for _ in range(6)]


@pytest.fixture
def _worker(settings, tmp_path):
    settings.ZONES, settings.MAIL_DIR = frozenset(), str(tmp_path)


def statuses(thing) -> list[str]:
    return list(thing.signups.order_by("pk").values_list("status", flat=True))


def mails(tmp_path) -> list[str]:
    return [path.read_text() for path in sorted(tmp_path.glob("*.eml"))]


@MAKERS
def test_who_comes_first_gets_a_place_and_who_comes_later_waits(make, members):
    thing = make(capacity=2)
    for user in members[:4]:
        sign_up(thing, by=user)
    assert statuses(thing) == ["placed", "placed", "waiting", "waiting"]
    assert sign_up(thing, by=members[0]).status == "placed"  # twice is once
    assert thing.signups.count() == 4


@MAKERS
def test_a_place_that_comes_free_is_held_for_the_first_in_line_and_nobody_else(make, members):
    thing = make(capacity=1)
    first, second, third = (sign_up(thing, by=user) for user in members[:3])
    cancel_signup(first)
    assert statuses(thing) == ["cancelled", "offered", "waiting"]
    late = sign_up(thing, by=members[3])
    assert late.status == "waiting"
    again = sign_up(thing, by=members[0])  # who left stands behind the others
    assert list(thing.signups.waiting()) == [third, late, again]
    accept_offer(Signup.objects.get(pk=second.pk))
    assert statuses(thing) == ["waiting", "placed", "waiting", "waiting"]


@MAKERS
@pytest.mark.usefixtures("_worker")
def test_an_offer_that_is_not_taken_goes_on_to_the_next_and_each_is_told_once(make, members, tmp_path):
    thing = make(capacity=1)
    first, second, _third = (sign_up(thing, by=user) for user in members[:3])
    cancel_signup(first)
    held_until = Signup.objects.get(pk=second.pk).held_until
    for _ in range(2):
        tasks.ask_for_lapsed_offers(held_until - timedelta(seconds=1))
    assert not Job.objects.filter(name="netwerk.signup.lapse_offer").exists()
    Signup.objects.filter(pk=second.pk).update(held_until=timezone.now() - timedelta(seconds=1))
    for _ in range(3):
        tasks.ask_for_lapsed_offers(timezone.now())
        run_due()
    assert statuses(thing) == ["cancelled", "lapsed", "offered"]
    assert Job.objects.filter(name="netwerk.signup.lapse_offer").count() == 1
    told = [next(line for line in text.splitlines() if line.startswith("To:")) for text in mails(tmp_path)]
    assert told == [f"To: {members[2].email}"]  # the second one's offer was over before the mail went
    with pytest.raises(ValidationError):
        accept_offer(Signup.objects.get(pk=second.pk))


@pytest.mark.usefixtures("_worker")
def test_the_mail_of_an_offer_says_nothing_of_it(members, tmp_path):
    thing = make_edition(capacity=1)
    first, _second = (sign_up(thing, by=user) for user in members[:2])
    cancel_signup(first)
    run_due()
    [text] = mails(tmp_path)
    for word in ("agressie", "training", "wachtlijst", "plek", "Zwolle"):
        assert word.lower() not in text.lower().split("subject:")[1]


@MAKERS
def test_an_offer_lapses_at_its_moment_and_not_before(make, members):
    thing = make(capacity=1)
    first, second, _third = (sign_up(thing, by=user) for user in members[:3])
    cancel_signup(first)
    second.refresh_from_db()
    lapse_offer(second, at=second.held_until - timedelta(seconds=1))
    assert statuses(thing) == ["cancelled", "offered", "waiting"]
    with pytest.raises(ValidationError):
        accept_offer(second, at=second.held_until)  # nobody takes it between its end and the question
    lapse_offer(second, at=second.held_until)
    lapse_offer(second, at=second.held_until)
    assert statuses(thing) == ["cancelled", "lapsed", "offered"]


@MAKERS
def test_a_place_is_held_for_three_days_but_not_after_signing_up_ends(make, members):
    now = timezone.now()
    thing = make(capacity=1, sign_up_until=now + timedelta(days=5))
    first, second = (sign_up(thing, by=user) for user in members[:2])
    cancel_signup(first, at=now)
    second.refresh_from_db()
    assert second.held_until == now + HELD

    soon = make(capacity=1, sign_up_until=now + timedelta(hours=5))
    first, second = (sign_up(soon, by=user) for user in members[:2])
    cancel_signup(first, at=now)
    second.refresh_from_db()
    assert second.held_until == soon.sign_up_until


@MAKERS
def test_after_the_end_of_signing_up_nobody_comes_in_and_nothing_is_offered(make, members):
    thing = make(capacity=1)
    first, _second = (sign_up(thing, by=user) for user in members[:2])
    cancel_signup(first, at=thing.sign_up_until)
    assert statuses(thing) == ["cancelled", "waiting"]
    with pytest.raises(ValidationError):
        sign_up(thing, by=members[2], at=thing.sign_up_until)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-10-23T10:00+02:00", "2026-10-26T09:00+01:00"),  # the night with an hour twice
        ("2027-03-26T10:00+01:00", "2027-03-29T11:00+02:00"),  # the night with an hour less
        ("2026-10-22T02:30+02:00", "2026-10-25T02:30+02:00"),  # ends in the hour that comes twice: the first
        ("2027-03-25T02:30+01:00", "2027-03-28T03:30+02:00"),  # would end in the hour that is not there
    ],
)
def test_three_days_are_seventy_two_hours_when_the_clock_is_changed(members, now, until):
    at = datetime.fromisoformat(now)
    thing = make_meeting(capacity=1, begins_at=at + timedelta(days=20), sign_up_until=at + timedelta(days=10))
    first, second = (sign_up(thing, by=user, at=at) for user in members[:2])
    cancel_signup(first, at=at)
    second.refresh_from_db()
    assert second.held_until == datetime.fromisoformat(until)
    assert second.held_until.astimezone(AMSTERDAM).utcoffset() == datetime.fromisoformat(until).utcoffset()


@MAKERS
def test_more_room_goes_to_who_waits(make, members):
    thing = make(capacity=1)
    for user in members[:4]:
        sign_up(thing, by=user)
    type(thing).objects.filter(pk=thing.pk).update(capacity=3)
    for _ in range(2):
        changed_gathering(thing, is_elsewhere=False)
    assert statuses(thing) == ["placed", "offered", "offered", "waiting"]


@MAKERS
def test_the_database_gives_no_place_too_many(make, members):
    thing = make(capacity=1)
    sign_up(thing, by=members[0])
    with pytest.raises(IntegrityError, match="no place left"), transaction.atomic():
        thing.signups.create(user=members[1], status="placed")
    waiting = sign_up(thing, by=members[1])
    with pytest.raises(IntegrityError, match="no place left"), transaction.atomic():
        Signup.objects.filter(pk=waiting.pk).update(status="offered", held_until=timezone.now())
    with pytest.raises(IntegrityError, match="more places were given"), transaction.atomic():
        type(thing).objects.filter(pk=thing.pk).update(capacity=0)


def test_it_is_for_one_thing_and_once_for_each_person(members):
    meeting, edition = make_meeting(), make_edition()
    for fields in ({}, {"meeting": meeting, "edition": edition}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Signup.objects.create(user=members[0], status="placed", **fields)
    sign_up(meeting, by=members[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        meeting.signups.create(user=members[0], status="waiting")


@pytest.mark.parametrize(("old", "new"), list(product(SignupStatus, SignupStatus)))
def test_a_signup_moves_as_the_table_says(members, old, new):
    held = {"held_until": timezone.now() + HELD}
    row = make_meeting().signups.create(
        user=members[0], status=old, **(held if old == SignupStatus.OFFERED else {})
    )
    change = {"status": new, "held_until": held["held_until"] if new == SignupStatus.OFFERED else None}
    if new == old or new in SIGNUP_NEXT[old]:
        Signup.objects.filter(pk=row.pk).update(**change)
    else:
        with pytest.raises(ProgrammingError, match="Invalid transition"), transaction.atomic():
            Signup.objects.filter(pk=row.pk).update(**change)
        row.refresh_from_db()
        assert row.status == old


@MAKERS
@pytest.mark.parametrize(("old", "new"), list(product(GatheringStatus, GatheringStatus)))
def test_a_gathering_moves_as_the_table_says(make, old, new):
    thing = make(status=old)
    if new in GATHERING_NEXT[old]:
        move_gathering(thing, new)
    else:
        with pytest.raises(ValidationError):
            move_gathering(thing, new)
        if old != new:
            with pytest.raises(ProgrammingError, match="Invalid transition"), transaction.atomic():
                type(thing).objects.filter(pk=thing.pk).update(status=new)
    thing.refresh_from_db()
    assert thing.status == (new if new in GATHERING_NEXT[old] else old)


@MAKERS
@pytest.mark.usefixtures("_worker")
def test_who_signed_up_hears_once_that_it_is_called_off(make, members, tmp_path):
    thing = make(capacity=1)
    signups = [sign_up(thing, by=user) for user in members[:3]]
    cancel_signup(signups[2])
    move_gathering(thing, GatheringStatus.CANCELLED)
    for _ in range(2):
        run_due()
    told = sorted(text.split("To: ")[1].split()[0] for text in mails(tmp_path))
    assert told == sorted(user.email for user in members[:2])
    with pytest.raises(ValidationError):
        sign_up(thing, by=members[3])


def test_nobody_leaves_what_has_begun(members):
    thing = make_meeting()
    signup = sign_up(thing, by=members[0])
    Meeting.objects.filter(pk=thing.pk).update(
        sign_up_until=timezone.now() - timedelta(days=1), begins_at=timezone.now() - timedelta(minutes=1)
    )
    with pytest.raises(ValidationError):
        cancel_signup(Signup.objects.get(pk=signup.pk))


def test_who_was_where_is_forgotten_after_two_years(members):
    old = timezone.now() - tasks.KEPT - timedelta(days=1)
    gone = [make_meeting(begins_at=old), make_edition(begins_at=old)]
    kept = [make_meeting(begins_at=old + timedelta(days=2)), make_edition(begins_at=old, sessions=2)]
    for thing in gone + kept:
        thing.signups.create(user=members[0], status="placed")
    tasks.forget_old_signups(timezone.now())
    assert [thing.signups.count() for thing in gone + kept] == [0, 0, 1, 1]


@pytest.mark.parametrize("make", [make_meeting, make_edition], ids=["meeting", "training"])
def test_sixteen_at_once_for_the_last_three_places(own_database, make_user, make):
    users = [make_user(Role.AMBTSDRAGER) for _ in range(16)]
    thing = make(capacity=3)
    all_at_once(16, lambda n: sign_up(thing, by=users[n]))
    assert sorted(statuses(thing)) == ["placed"] * 3 + ["waiting"] * 13

    placed = list(thing.signups.placed())
    all_at_once(3, lambda n: cancel_signup(Signup.objects.get(pk=placed[n].pk)))
    first = list(thing.signups.exclude(status="cancelled").order_by("asked_at", "pk")[:3])
    assert [one.status for one in first] == ["offered"] * 3  # and in the order of the line
    assert thing.signups.filter(status="offered").count() == 3
    assert Job.objects.filter(name="netwerk.signup.tell_of_offer").count() == 3


def test_sixteen_rows_written_past_the_actions_are_three_places(own_database, make_user):
    users = [make_user(Role.AMBTSDRAGER) for _ in range(16)]
    thing = make_meeting(capacity=3)

    def write(n: int) -> bool:
        try:
            thing.signups.create(user=users[n], status="placed")
        except IntegrityError:
            return False
        return True

    assert sum(all_at_once(16, write)) == 3 == thing.signups.placed().count()


def test_accepting_and_lapsing_at_once_gives_the_place_to_one(own_database, make_user):
    users = [make_user(Role.AMBTSDRAGER) for _ in range(3)]
    thing = make_meeting(capacity=1)
    first, second, _third = (sign_up(thing, by=user) for user in users)
    cancel_signup(first)
    second.refresh_from_db()
    edge = second.held_until

    def do(n: int) -> None:
        row = Signup.objects.get(pk=second.pk)
        if n % 2:
            lapse_offer(row, at=edge)
        else:
            with suppress(ValidationError):
                accept_offer(row, at=edge - timedelta(seconds=1))

    all_at_once(8, do)
    assert sorted(statuses(thing)) in (["cancelled", "placed", "waiting"], ["cancelled", "lapsed", "offered"])


def test_offering_again_and_again_offers_once(members):
    thing = make_meeting(capacity=1)
    first, _second = (sign_up(thing, by=user) for user in members[:2])
    cancel_signup(first)
    for _ in range(3):
        offer_places(thing)
    assert Job.objects.filter(name="netwerk.signup.tell_of_offer").count() == 1
