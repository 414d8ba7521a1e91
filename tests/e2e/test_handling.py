"""The team handles a case, from the queue to the PDF, in a real browser."""

from __future__ import annotations

import re

import pytest

from tests.e2e import face

CASES = "/beheer/ondersteuning/case/"


@pytest.fixture
def first_line(visit):
    walk = visit()
    walk.sign_in("eerste_lijn")
    return walk


def test_the_first_line_handles_a_case_to_its_end(first_line, visit):
    walk = first_line
    walk.look("start")
    walk.follow(re.compile("Nieuw"))
    walk.look("queue")
    walk.page.locator("#result_list a").first.click()
    walk.look("case-new")
    assert "U ziet de inhoud als u de zaak in behandeling neemt" in walk.text()

    walk.press("In behandeling nemen")
    assert "U behandelt deze zaak nu." in walk.text()
    walk.look("case-taken")

    walk.follow("Triage vastleggen")
    walk.look("triage")
    walk.page.get_by_label("Hoog").check()
    walk.page.get_by_label("Bedreiging", exact=True).check()
    walk.press("Triage vastleggen")
    walk.press("Begeleiding beginnen")

    walk.press("Bekijk voor het versturen")
    assert walk.page.title().startswith("Fout:")
    walk.look("message-error")
    walk.page.get_by_label("Bericht aan de melder").fill("Dank voor uw melding. Ik bel u morgenochtend.")
    walk.press("Bekijk voor het versturen")
    walk.press(re.compile("ersturen$"))
    assert "Ik bel u morgenochtend." in walk.text()

    walk.page.get_by_label("Nieuwe notitie").fill("Voorzichtig met bellen.")
    walk.press("Notitie opslaan")
    walk.page.get_by_label("Inschatting van het team").fill("Het lijkt te bedaren.")
    walk.press("Inschatting opslaan")
    walk.look("case-guided")

    walk.follow("Nazorg plannen")
    walk.look("aftercare-plan")
    walk.press("Nazorg plannen")
    walk.follow("Nazorgmoment vastleggen")
    walk.page.get_by_label("Kort verslag van het gesprek").fill("Het gaat beter.")
    walk.press("Nazorgmoment vastleggen")
    walk.look("case-aftercare")

    walk.press("Zaakdossier maken")
    for _ in range(60):
        if walk.page.get_by_role("link", name="Download het zaakdossier (PDF)").count():
            break
        walk.page.wait_for_timeout(500)
        walk.page.reload()
    with walk.page.expect_download() as waiting:
        walk.page.get_by_role("link", name="Download het zaakdossier (PDF)").click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF-")

    walk.follow("Zaak afsluiten")
    walk.look("close")
    walk.press("Zaak afsluiten")
    assert walk.page.title().startswith("Fout:")
    walk.page.get_by_label("Ondersteuning gegeven").check()
    walk.press("Zaak afsluiten")
    walk.look("case-closed")
    assert "Zaak heropenen" in walk.text()


def test_the_second_line_takes_over_with_the_reporters_consent(first_line, visit):
    walk = first_line
    walk.go(f"{CASES}?handler=me&status=in_guidance")
    walk.page.locator("#result_list a").first.click()
    reference = walk.page.locator("h1").inner_text().removeprefix("Zaak ")
    walk.follow("Overdragen aan de tweede lijn")
    walk.page.get_by_label("Waarom?").fill("Er is een advocaat nodig.")
    walk.press("Overdragen aan de tweede lijn")
    assert "Er is een advocaat nodig." in walk.page.get_by_label("Waarom?").input_value()
    walk.look("handover-error")
    walk.page.get_by_label("Welke kennis is nodig?").select_option(label="Rechtshulp")
    walk.page.get_by_label(re.compile("Rechtshulp")).check()
    walk.page.get_by_label("De melder stemde telefonisch in").check()
    walk.press("Overdragen aan de tweede lijn")
    assert "De overdracht is klaargezet." in walk.text()

    second = visit(javascript_enabled=False)
    second.sign_in("tweede_lijn")
    second.follow(re.compile("Aangeboden aan mij"))
    second.page.get_by_role("link", name=reference).click()
    assert "Deze zaak is u aangeboden" in second.text()
    assert "advocaat" not in second.text()
    second.press("Zaak overnemen")
    assert "Er is een advocaat nodig." in second.text()
    assert walk.page.reload().status == 404


def test_who_sees_no_cases_gets_a_page_of_their_own(visit):
    walk = visit()
    walk.sign_in("technisch_beheer")
    walk.look("start-technical")
    assert "Spoed" not in walk.text()
    assert walk.go(CASES).status == 404


def choose_handler(page):
    """Choices to press when somebody suits the case; when nobody does, all colleagues in a list."""
    suited = page.get_by_role("group", name="Wie behandelt deze zaak?").get_by_role("radio")
    if suited.count():
        suited.first.check()
    else:
        page.get_by_label("Wie behandelt deze zaak?").select_option(index=1)


def test_a_coordinator_acknowledges_assigns_and_plans(visit):
    walk = visit()
    walk.sign_in("coordinator")
    walk.look("start-coordinator")
    walk.go(f"{CASES}?handler=nobody")
    walk.page.locator("#result_list a").last.click()
    walk.look("case-envelope")
    walk.follow("Toewijzen")
    walk.look("assign")
    choose_handler(walk.page)
    walk.press("Toewijzen")
    assert "De zaak is toegewezen." in walk.text()
    walk.go("/beheer/ondersteuning/dutyshift/")
    walk.look("roster")
    walk.go("/beheer/ondersteuning/countedreport/")
    walk.look("counted")


def test_the_queue_and_a_case_work_by_keyboard_alone(first_line):
    walk = first_line
    walk.go(CASES)
    reached = set()
    for _ in range(60):
        walk.page.keyboard.press("Tab")
        focus = walk.page.evaluate(
            "(e => e.name || e.innerText || e.getAttribute('aria-label') || '')(document.activeElement)"
        )
        reached.add(focus)
        if focus.startswith("WB-"):
            break
    assert {"q", "Toon zaken", "Kies op status, urgentie, behandelaar en meer"} <= reached
    walk.page.keyboard.press("Enter")
    walk.page.wait_for_url(re.compile("/change/"))


def test_a_case_and_its_forms_can_be_used_by_everybody(first_line):
    walk = first_line
    walk.go(f"{CASES}?handler=me&status=in_triage")
    walk.page.locator("#result_list a").first.click()
    walk.page.wait_for_url(re.compile("/change/"))
    case = walk.page.url.removesuffix("change/")
    assert face.all_of_it(walk.page) == []
    for verb in ("afsluiten", "overdragen", "triage", "wachten"):
        walk.go(f"{case}{verb}/")
        assert face.all_of_it(walk.page) == [], verb
    walk.press("Wachten op de melder")
    assert face.error_summary(walk.page) == []
