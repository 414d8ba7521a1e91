"""The pages that come with the portal: a first filling, which editors check, publish and keep up."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from netwerk.lifecycle import PageStatus
from netwerk.models import (
    Budget,
    Grant,
    Organisation,
    Page,
    Partner,
    PolicyDossier,
    PolicyEvent,
    PolicyLink,
    Project,
    SignalCard,
    Story,
)

DATA = Path(__file__).parent / "data"


@transaction.atomic
def load(status: PageStatus = PageStatus.DRAFT) -> int:
    """Add the shipped pages that are not there yet; what an editor changed stays. How many were added.

    Drafts, for an editor to read first. Partners and organisations that are not there are left out.
    """
    money = read("projects")
    for row in money["budgets"] if not Budget.objects.exists() else []:
        Budget.objects.create(**row)
    added = [_add(Project, row, status) for row in money["projects"]]
    added += [_add(PolicyDossier, row, status) for row in read("dossiers")]
    added += [_add(SignalCard, row, status) for row in read("signal_cards")]
    return sum(added)


@transaction.atomic
def load_composed_stories(status: PageStatus = PageStatus.DRAFT) -> int:
    """Add the composed stories that are not there yet; each says on its page that it is composed."""
    return sum(_add(Story, row | {"is_composed": True}, status) for row in read("stories"))


def read(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def _add(model: type[Page], row: dict[str, Any], status: PageStatus) -> bool:
    """One page with its rows; False when its slug is taken."""
    if model._default_manager.filter(slug=row["slug"]).exists():
        return False
    own = {field.name for field in model._meta.concrete_fields}
    published_at = timezone.now() if status == PageStatus.PUBLISHED else None
    fields = {name: value for name, value in row.items() if name in own}
    page: Any = model._default_manager.create(**fields, status=status, published_at=published_at)
    if "partners" in row:
        page.partners.set(Partner.objects.filter(slug__in=row["partners"]))
    if "organisations" in row:
        page.organisations.set(Organisation.objects.filter(code__in=row["organisations"]))
    for grant in row.get("grants", []):
        Grant.objects.create(project=page, **grant)
    for event in row.get("events", []):
        PolicyEvent.objects.create(policy=page, **event | {"day": date.fromisoformat(event["day"])})
    for link in row.get("links", []):
        PolicyLink.objects.create(policy=page, **link)
    return True
