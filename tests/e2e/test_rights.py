"""The reporter's rights in a browser: hand over what was told for another, resume, take along, be erased."""

from __future__ import annotations

import json

import pytest

from tests.e2e.face import all_of_it, error_summary
from tests.e2e.test_reporting import STORY


def report_for_another(walk) -> str:
    """A report for a colleague of the council; gives the access code."""
    page = walk.page
    walk.go("/melden/gevaar/")
    page.check("input[name=danger][value=no]")
    walk.press("Volgende")
    page.check("input[name=wish][value=team]")
    walk.press("Volgende")
    page.check("input[name=on_behalf][value=other]")
    walk.press("Volgende")
    page.check("input[name=consent][value=asked]")
    walk.press("Volgende")
    page.check("input[name=kinds][value=threat]")
    page.check("input[name=severity][value=serious]")
    walk.press("Volgende")
    walk.press("Volgende")
    page.check("input[name=occurred_on_ruw]")
    page.check("input[name=frequency][value=once]")
    walk.press("Volgende")
    page.fill("textarea[name=narrative]", STORY)
    walk.press("Volgende")
    walk.press("Volgende")
    page.fill("input[name=phone]", "06 12 34 56 78")
    walk.press("Volgende")
    walk.press("Melding versturen")
    return str(page.inner_text(".code"))


def follow(walk, code: str) -> None:
    walk.go("/volgen/")
    walk.page.fill("input[name=code]", code)
    walk.press("Bekijk uw melding")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_report_for_another_is_handed_over_and_the_old_code_dies(visit, scripts):
    walk = visit(javascript_enabled=scripts)

    def look(name):
        if scripts:
            walk.look(name)
            assert all_of_it(walk.page) == []

    old = report_for_another(walk)
    follow(walk, old)
    look("volgen-voor-een-ander")
    walk.page.get_by_role("link", name="Toestemming wijzigen").click()
    look("volgen-namens")
    walk.page.check("input[name=consent][value=given]")
    walk.press("Toestemming opslaan")
    assert "De toestemming is gewijzigd." in walk.text()
    walk.page.get_by_role("link", name="Toestemming wijzigen").click()
    walk.follow("De melding overdragen")
    look("volgen-overdragen")
    walk.press("Melding overdragen")
    if scripts:
        assert error_summary(walk.page) == []
    new = str(walk.page.inner_text(".code"))
    assert new != old
    walk.page.check("input[name=keep_phone][value=no]")
    walk.page.check("input[name=written]")
    walk.press("Melding overdragen")
    assert "U hebt de melding overgedragen." in walk.text()
    follow(walk, old)
    assert "Deze code kennen wij niet" in walk.text()

    person = visit(javascript_enabled=scripts)
    follow(person, new)
    assert STORY in (person.page.text_content("body") or "")
    person.page.get_by_role("link", name="Al uw gegevens").click()
    if scripts:
        person.look("volgen-gegevens")
    with person.page.expect_download() as download:
        person.page.get_by_role("link", name="Download alles als JSON").click()
    with open(download.value.path(), encoding="utf-8") as file:
        assert STORY in {line["antwoord"] for line in json.load(file)["antwoorden"]}
    person.go("/volgen/melding/wissen/")
    if scripts:
        person.look("volgen-wissen")
    person.page.check("input[name=sure]")
    person.press("Vraag om te wissen")
    assert "Uw verzoek is genoteerd." in person.text()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_draft_goes_on_at_another_device(visit, scripts):
    here, there = visit(javascript_enabled=scripts), visit(javascript_enabled=scripts)
    here.go("/melden/gevaar/")
    here.page.check("input[name=danger][value=no]")
    here.press("Volgende")
    here.page.check("input[name=wish][value=team]")
    here.press("Opslaan en later verder")
    code = str(here.page.inner_text(".code"))
    if scripts:
        here.look("melden-bewaard")
    there.go("/melden/hervatten/")
    there.page.fill("input[name=code]", code)
    there.page.locator("main form button[type=submit]").first.click()
    there.page.wait_for_load_state()
    assert "/melden/" in there.page.url
    assert "hervatten" not in there.page.url


def test_an_account_keeps_a_report_and_follows_it_without_the_code(visit):
    reporter = visit()
    code = report_for_another(reporter)
    member = visit()
    member.sign_in("ambtsdrager")
    member.go("/mijn/meldingen/")
    member.page.fill("input[name=code]", "dit is geen code")
    member.press("Melding toevoegen")
    assert error_summary(member.page) == []
    member.page.fill("input[name=code]", code)
    member.press("Melding toevoegen")
    member.look("mijn-meldingen")
    assert all_of_it(member.page) == []
    member.page.get_by_role("button", name="Bekijk deze melding").first.click()
    member.page.wait_for_load_state()
    assert member.page.url.endswith("/volgen/melding/")
    assert STORY in (member.page.text_content("body") or "")
    member.go("/mijn/gegevens/")
    member.look("mijn-gegevens")
    assert all_of_it(member.page) == []
