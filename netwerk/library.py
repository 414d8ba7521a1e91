"""The library that comes with the portal: what the sources name, described in our own words.

A first filling, which editors take over. The files themselves are others' and stay at their source.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from netwerk.lifecycle import ItemStatus
from netwerk.models import Item
from netwerk.vocabulary import Category, ItemKind, Topic

DATA = Path(__file__).parent / "data"
REVIEWED_AFTER = timedelta(days=365)
# The words of the files (data/README.md) where they differ from those of the vocabulary.
KINDS = {
    "step_plan": ItemKind.STEPS,
    "study": ItemKind.RESEARCH,
    "parliamentary_paper": ItemKind.PARLIAMENT,
    "agreement": ItemKind.STANDARD,
    "norm": ItemKind.STANDARD,
    "package": ItemKind.TOOL,
    "example": ItemKind.PRACTICE,
}
CATEGORIES = {
    "prevention_safety": Category.SAFETY_TRAINING,
    "home_safety": Category.HOME,
    "prevention_integrity": Category.INTEGRITY_TRAINING,
}
TOPICS = {
    "home_safety": Topic.HOME,
    "online_safety": Topic.ONLINE,
    "subversion": Topic.UNDERMINING,
    "vulnerable_processes": Topic.PROCESSES,
    "information_position": Topic.INFORMATION,
    "undemocratic_influence": Topic.INFLUENCE,
    "safe_meetings": Topic.MEETINGS,
    "resilient_organisation": Topic.ORGANISATION,
    "social_unrest": Topic.UNREST,
}


def load() -> int:
    """Add and publish the shipped items that are not there yet; what an editor changed stays. How many."""
    known = set(Item.objects.values_list("slug", flat=True))
    now, added = timezone.now(), 0
    for fields in [*publications(), *tools()]:
        if fields["slug"] in known:
            continue
        review_on = timezone.localdate() + REVIEWED_AFTER
        Item.objects.create(**fields, status=ItemStatus.PUBLISHED, published_at=now, review_on=review_on)
        added += 1
    return added


def publications() -> Iterator[dict[str, Any]]:
    for row in _rows("publications.csv"):
        number = row["number"]
        yield {
            "slug": row["slug"],
            "title": row["title"],
            "summary": row["summary"],
            "kind": KINDS.get(row["kind"], row["kind"]),
            "category": CATEGORIES.get(row["category"], row["category"]),
            "phases": _several(row["phase"]),
            "functions": _several(row["roles"]),
            "topics": [TOPICS.get(topic, topic) for topic in _several(row["topics"])],
            "spoor": row["spoor"] or "other",
            "year": int(row["year"]) if row["year"] else None,
            "source": row["source"] if number in row["source"] else f"{row['source']} ({number})",
            "source_url": row["source_url"],
        }


def tools() -> Iterator[dict[str, Any]]:
    for row in _rows("tools.csv"):
        yield {
            "slug": row["slug"],
            "title": row["title"],
            "summary": row["summary"],
            "body": f"{row['body']}\n\nWat het geeft: {row['what_it_gives']}.",
            "kind": ItemKind.TOOL,
            "topics": [TOPICS.get(topic, topic) for topic in _several(row["topics"])],
            "source": row["source"],
            "source_url": row["source_url"],
        }


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _several(cell: str) -> list[str]:
    return [each for each in cell.split(";") if each]
