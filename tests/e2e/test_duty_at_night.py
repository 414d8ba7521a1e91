"""A night: somebody reports that they are in danger now, and the roster gives that night a name."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.conftest import owner_connection
from tests.e2e.conftest import NARROW, WIDE

ROSTER = "/beheer/ondersteuning/dutyshift/"


@pytest.fixture
def clock(portal, own_database):
    """clock(minutes): so much of the night goes by, for what waits in the ledger."""

    def move(minutes: int) -> None:
        with owner_connection(own_database) as owner:
            owner.execute(
                "UPDATE jobs_job SET due_at = due_at - make_interval(mins => %s) WHERE state = 'waiting'",
                [minutes],
            )

    return move


def alerts(portal: Any) -> list[str]:
    """To whom an alert went so far, oldest first."""
    found = []
    for path in sorted(portal.mail.glob("*.eml")):
        mail = path.read_text()
        if "dringend" in mail:
            found.append(re.search(r"^To: (\S+)@", mail, re.MULTILINE)[1])
    return found


def wait_for(walk: Any, condition: Any) -> None:
    for _ in range(60):
        if condition():
            return
        walk.page.wait_for_timeout(500)
    raise AssertionError("it did not happen within half a minute")


def on_a_phone(duty: Any) -> None:
    """Who is woken sees the button without moving the page sideways."""
    duty.page.set_viewport_size(NARROW)
    for button in duty.page.get_by_role("button", name=re.compile("Ik heb het gezien")).all():
        box = button.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= NARROW["width"]
        assert box["height"] >= 24
    table = duty.page.get_by_role("table").first
    assert table.get_by_role("columnheader").count() == 6  # still a table for who listens to it
    duty.page.set_viewport_size(WIDE)


def test_a_call_for_help_at_night_wakes_one_after_the_other_until_somebody_saw_it(
    visit, portal, clock, own_database
):
    with owner_connection(own_database) as owner:
        owner.execute(
            "UPDATE ondersteuning_dutyshift SET ends_at = date_trunc('minute', now()) - interval '1 minute'"
        )
    planner = visit()
    planner.sign_in("coordinator")
    assert "Deze week heeft niet altijd iemand dienst" in planner.text()
    planner.go(ROSTER)
    planner.look("roster-with-a-gap")
    assert "nu" in planner.page.locator(".zaken").first.inner_text()
    planner.follow(re.compile("Plan een dienst"))
    assert planner.page.get_by_label("Datum").count() == planner.page.get_by_label("Tijd").count() == 2
    assert planner.page.locator("[name=starts_at_0]").input_value()
    planner.page.locator("[name=on_duty]").select_option(label="Sanne de Wit")
    planner.page.locator("[name=backup]").select_option(label="Sanne de Wit")
    planner.press(re.compile("Opslaan$"))
    assert "Fout" in planner.text() or planner.page.locator(".errornote").count()
    planner.page.locator("[name=backup]").select_option(label="Pieter Veenstra")
    planner.press(re.compile("Opslaan$"))
    planner.go(ROSTER)
    planner.look("roster")

    before = len(alerts(portal))
    caller = visit(javascript_enabled=False)
    caller.go("/bel-mij/")
    caller.page.get_by_label("Op welk nummer").fill("06 1234 5678")
    caller.page.get_by_label("Zo snel mogelijk").check()
    caller.page.get_by_label("Nee").check()
    caller.press("Volgende")
    caller.press("Bel mij")
    assert "Wij bellen u terug" in caller.text()

    wait_for(planner, lambda: alerts(portal)[before:] == ["eerste_lijn"])
    clock(10)  # nobody answers
    wait_for(planner, lambda: "coordinator" in alerts(portal)[before:])

    duty = visit()
    duty.sign_in("eerste_lijn")
    assert "Dienst heeft nu Sanne de Wit" in duty.text()
    duty.look("start-at-night")
    on_a_phone(duty)
    duty.page.get_by_role("button", name=re.compile("Ik heb het gezien")).first.click()
    duty.page.wait_for_load_state()
    while duty.page.get_by_role("button", name=re.compile("Ik heb het gezien")).count():
        duty.page.get_by_role("button", name=re.compile("Ik heb het gezien")).first.click()
        duty.page.wait_for_load_state()
    woken = len(alerts(portal))
    clock(30)
    duty.page.wait_for_timeout(4000)
    assert len(alerts(portal)) == woken  # nobody is woken for nothing
