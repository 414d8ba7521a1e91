"""Meetings and editions of trainings, as tests need them."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from netwerk.models import Meeting, Training, TrainingEdition, TrainingSession

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
number = itertools.count(1)


def make_meeting(**fields: Any) -> Meeting:
    """One that is published, in ten days, with three places."""
    begins_at = fields.setdefault("begins_at", timezone.now() + timedelta(days=10))
    fields.setdefault("ends_at", begins_at + timedelta(hours=2))
    fields.setdefault("sign_up_until", begins_at - timedelta(days=1))
    given: dict[str, Any] = {
        "slug": f"bijeenkomst-{next(number)}",
        "title": "Netwerkdag",
        "kind": "network",
        "access": "network",
        "summary": "Wij spreken elkaar.",
        "status": "published",
        "capacity": 3,
        "town": "Utrecht",
        "place": "Geheime Laan 1",
        "online_link": "https://vergader.invalid/geheim",
    }
    return Meeting.objects.create(**given | fields)


def make_training(**fields: Any) -> Training:
    given: dict[str, Any] = {
        "slug": f"training-{next(number)}",
        "title": "Omgaan met agressie",
        "topic": "personal_safety",
        "summary": "Oefenen met een acteur.",
        "learns": "grenzen stellen\nhulp vragen",
        "duration": "een dagdeel",
        "is_published": True,
    }
    return Training.objects.create(**given | fields)


def make_edition(
    training: Training | None = None, begins_at: datetime | None = None, sessions: int = 1, **fields: Any
) -> TrainingEdition:
    """One that is published, in ten days, with three places; sessions a week apart."""
    begins_at = begins_at or timezone.now() + timedelta(days=10)
    fields.setdefault("sign_up_until", begins_at - timedelta(days=1))
    given: dict[str, Any] = {"name": "voorjaar", "status": "published", "capacity": 3}
    edition = TrainingEdition.objects.create(training=training or make_training(), **given | fields)
    for week in range(sessions):
        begin = begins_at + timedelta(weeks=week)
        TrainingSession.objects.create(
            edition=edition,
            begins_at=begin,
            ends_at=begin + timedelta(hours=3),
            town="Zwolle",
            place="Kamer 9",
        )
    return edition
