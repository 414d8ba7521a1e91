"""/melden/, from the first question to the confirmation."""

from __future__ import annotations

import pytest

from ondersteuning.models import Case

from .walk import fill_in, send

pytestmark = pytest.mark.usefixtures("organisation")


def test_an_average_report_takes_at_most_twelve_pages(client):
    seen = fill_in(client)
    assert [*seen, "verstuurd"] == [
        "start",
        "gevaar",
        "wens",
        "wie",
        "wat",
        "hoe",
        "wanneer",
        "verhaal",
        "contact",
        "controleren",
        "verstuurd",
    ]


def test_a_report_reaches_the_team(client):
    result = send(client)
    case = Case.objects.get()
    assert result["reference"] == case.reference
