"""What is valid for a term: from a day, until the first day that no longer counts."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def in_force(on: date | None = None, *, of: str = "") -> Q:
    """Valid on a day, today by default; `valid_until` is the first day that no longer counts. `of`: of what
    the row belongs to, as a lookup spells it ("organisation__")."""
    day = on or timezone.localdate()
    begun = Q((f"{of}valid_from", None)) | Q((f"{of}valid_from__lte", day))
    return begun & (Q((f"{of}valid_until", None)) | Q((f"{of}valid_until__gt", day)))


def ends_after_it_begins(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
        violation_error_message=_("De einddatum ligt niet na de begindatum."),
    )
