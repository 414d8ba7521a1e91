"""Walks through the forms of /melden/ and /bel-mij/ as a browser does: open a page, fill it in, follow on."""

from __future__ import annotations

from typing import Any

from django.test import Client

STORY = (
    "Na de raadsvergadering stond er iemand bij mijn auto. Hij zei dat hij weet waar mijn kinderen sporten."
)
ANSWERS: dict[str, dict[str, Any]] = {
    "gevaar": {"danger": "no"},
    "bel": {},
    "wens": {"wish": "team"},
    "wie": {"on_behalf": "self", "function": "raadslid", "organisation": "Testdam"},
    "namens": {"consent": "given", "people": "Een collega uit mijn fractie"},
    "contacten": {},
    "wat": {"kinds": ["threat", "home_visit"], "severity": "serious"},
    "hoe": {"channels": ["town_hall"], "targets": ["person", "family"], "motive": "frustration"},
    "wanneer": {
        "occurred_on_dag": "3",
        "occurred_on_maand": "11",
        "occurred_on_jaar": "2026",
        "frequency": "once",
    },
    "verhaal": {"narrative": STORY},
    "bewijs": {},
    "contact": {
        "name": "Sam",
        "phone": "06 1234 5678",
        "moment": "evening",
        "voicemail": "on",
        "email": "sam@voorbeeld.invalid",
        "remark": "Bel niet als de kinderen thuis zijn.",
    },
}


def fill_in(client: Client, until: str = "controleren", **changes: dict[str, Any]) -> list[str]:
    """Fill in every page that is asked, up to the page `until`; gives the pages that were seen, in order."""
    answers = ANSWERS | changes
    seen = ["start"]
    assert client.get("/melden/").status_code == 200
    place = "/melden/gevaar/"
    while (slug := place.strip("/").split("/")[-1]) != until:
        assert client.get(place).status_code == 200, place
        seen.append(slug)
        response = client.post(place, answers[slug])
        assert response.status_code == 303, response.content.decode()
        place = response["Location"]
    assert client.get(place).status_code == 200, place
    return [*seen, until]


def send(client: Client, **changes: dict[str, Any]) -> dict[str, Any]:
    """A whole report; gives what the confirmation shows."""
    fill_in(client, **changes)
    response = client.post("/melden/controleren/")
    assert (response.status_code, response["Location"]) == (303, "/melden/verstuurd/")
    return client.get("/melden/verstuurd/").context["result"]
