"""Addresses of every zone, tried by somebody who has no business there."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from weerbaar.zones import Zone

from . import walk

NOBODYS = "00000000-0000-4000-8000-000000000000"


def address_of(path: str) -> str:
    """A route as an address, with things in it that are not there."""
    path = re.sub(r"<uuid:\w+>", NOBODYS, path)
    return walk.VARIABLE.sub("1", path)


@pytest.mark.parametrize("headers", [{}, {"X-HTTP-Method-Override": "GET", "X-Method-Override": "GET"}])
@pytest.mark.parametrize("zone", list(Zone))
def test_nothing_can_be_posted_from_another_site(zone, headers):
    """Whatever the route does, and also those that only look: the token comes before all else."""
    strict = Client(enforce_csrf_checks=True)
    answers = {
        path: strict.post(address_of(path), {"_method": "GET"}, headers=headers).status_code
        for path in walk.routes(zone)
    }
    assert len(answers) > 10
    assert {path: status for path, status in answers.items() if status != 403} == {}
