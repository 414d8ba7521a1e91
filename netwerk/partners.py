"""The partners that come with the portal: a first filling, which an editor checks and keeps up."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from netwerk.models import Partner

SHIPPED = Path(__file__).parent / "data" / "partners.csv"
# When the sources of the list were written, not when somebody checked it: so every line is asked for at once.
WRITTEN_ON = date(2024, 5, 1)


def load() -> int:
    """Add the shipped partners that are not there yet; what an editor changed stays. How many were added."""
    known = set(Partner.objects.values_list("slug", flat=True))
    added = 0
    with SHIPPED.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["slug"] not in known:
                takes_referrals = row.pop("takes_referrals") == "1"
                audiences = [one for one in row.pop("audiences").split(";") if one]
                Partner.objects.create(
                    **row, audiences=audiences, takes_referrals=takes_referrals, checked_on=WRITTEN_ON
                )
                added += 1
    return added
