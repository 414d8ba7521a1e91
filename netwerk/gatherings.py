"""Examples for the demo: trainings, meetings and themes around today, so that it never looks empty."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from netwerk.actions import note_attendance, sign_up
from netwerk.lifecycle import GatheringStatus
from netwerk.models import (
    AgendaItem,
    Decision,
    Meeting,
    Theme,
    ThemeRound,
    Training,
    TrainingEdition,
    TrainingSession,
)
from weerbaar.accounts.models import User

SHIPPED = Path(__file__).parent / "data" / "gatherings.json"
FEASTS = {(12, 25), (12, 26), (1, 1)}
EXAMPLE = "Dit is een voorbeeld bij de proefopstelling: de partners kozen dit thema niet echt."


def load(today: date | None = None) -> None:
    """Add what is not there yet, and new dates for what is over. Safe to run again."""
    day = today or timezone.localdate()
    given = json.loads(SHIPPED.read_text(encoding="utf-8"))
    for row in given["trainings"]:
        _training(dict(row), day)
    for row in given["meetings"]:
        _meeting(dict(row), day)
    _rounds(day)
    for row in given["themes"]:
        _theme(dict(row), day)


def _at(day: date, days: int, clock: str) -> datetime:
    """A working day about that many days from `day`, by Dutch time."""
    found = day + timedelta(days=days)
    while found.weekday() > 4 or (found.month, found.day) in FEASTS:
        found += timedelta(days=1)
    return timezone.make_aware(datetime.combine(found, time.fromisoformat(clock)))


def _accounts(names: list[str]) -> list[User]:
    return list(User.objects.filter(email__in=[f"{name}@demo.invalid" for name in names]))


def _training(row: dict[str, Any], day: date) -> None:
    coming, past = row.pop("editions"), row.pop("past", None)
    training, _is_new = Training.objects.get_or_create(
        slug=row.pop("slug"), defaults=row | {"is_published": True}
    )
    for each in coming:
        if not training.editions.coming().filter(name=each["name"]).exists():
            _edition(training, dict(each), day)
    if past and not training.editions.filter(name=past["name"]).exists():
        edition = _edition(training, dict(past), day)
        for session in edition.sessions.all():
            note_attendance(session, edition.signups.placed())


def _edition(training: Training, row: dict[str, Any], day: date) -> TrainingEdition:
    sessions, names = row.pop("sessions"), row.pop("places", [])
    first = _at(day, sessions[0][0], "12:00")
    edition = TrainingEdition.objects.create(
        training=training, status=GatheringStatus.PUBLISHED, sign_up_until=first - timedelta(days=4), **row
    )
    for days, begin, end, town, title in sessions:
        begins_at, ends_at = _at(day, days, begin), _at(day, days, end)
        TrainingSession.objects.create(
            edition=edition, begins_at=begins_at, ends_at=ends_at, town=town, title=title
        )
    for user in _accounts(names):
        sign_up(edition, by=user, at=min(timezone.now(), edition.sign_up_until - timedelta(days=1)))
    return edition


def _meeting(row: dict[str, Any], day: date) -> None:
    agenda, decisions = row.pop("agenda"), row.pop("decisions", [])
    days, names, slug = row.pop("day"), row.pop("places", []), row.pop("slug")
    begins_at, ends_at = _at(day, days, row.pop("from")), _at(day, days, row.pop("until"))
    known = Meeting.objects.filter(title=row["title"])
    if (known.coming() if days > 0 else known).exists():
        return
    meeting = Meeting.objects.create(
        slug=f"{slug}-{begins_at:%Y-%m}",
        begins_at=begins_at,
        ends_at=ends_at,
        sign_up_until=begins_at - timedelta(days=2),
        status=GatheringStatus.PUBLISHED,
        decisions_are_published=bool(decisions),
        **row,
    )
    for number, (title, explanation) in enumerate(agenda, 1):
        AgendaItem.objects.create(meeting=meeting, number=number, title=title, explanation=explanation)
    for number, (text, owner, later) in enumerate(decisions, 1):
        due_on = day + timedelta(days=later)
        Decision.objects.create(meeting=meeting, number=number, text=text, owner=owner, due_on=due_on)
    for user in _accounts(names):
        sign_up(meeting, by=user)


def _rounds(day: date) -> None:
    """Of last year and this year it is known; for next year the partners vote now."""
    for year in (day.year - 1, day.year):
        until = _at(date(year - 1, 12, 1), 0, "12:00")
        ThemeRound.objects.get_or_create(
            year=year, defaults={"proposals_until": until - timedelta(days=30), "votes_until": until}
        )
    ends = {"proposals_until": _at(day, -7, "12:00"), "votes_until": _at(day, 21, "12:00")}
    ThemeRound.objects.get_or_create(year=day.year + 1, defaults=ends)


def _theme(row: dict[str, Any], day: date) -> None:
    year = day.year + row.pop("year")
    if Theme.objects.filter(title=row["title"]).exists():
        return
    if row["status"] != "proposed":
        row |= {"decided_because": EXAMPLE, "votes_counted": 0}
    row["slug"] = f"{row['slug']}-{year}"
    Theme.objects.create(round=ThemeRound.objects.get(year=year), **row)
