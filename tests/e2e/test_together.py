"""Signals, cases that belong together, and numbers, in a real browser."""

from __future__ import annotations

import re

import pytest

from tests.e2e import face

CASES = "/beheer/ondersteuning/case/"
TEXT = "Een ondernemer wil steeds met mij eten, vlak voor de aanbesteding."


@pytest.fixture
def first_line(visit):
    walk = visit()
    walk.sign_in("eerste_lijn")
    return walk


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_shares_a_signal_in_two_minutes(visit, scripts):
    walk = visit(javascript_enabled=scripts)
    walk.go("/")
    walk.follow("Deel een signaal")
    if scripts:
        walk.look("signaal-start")
    walk.follow("Beginnen")
    walk.press("Volgende")
    assert walk.page.title().startswith("Fout:")
    if scripts:
        walk.look("signaal-wat-fout")
    walk.page.get_by_label("Iemand wil te dichtbij komen").check()
    walk.page.get_by_label("Wat gebeurt er?").fill(TEXT)
    walk.press("Volgende")
    walk.page.get_by_label("Wat is uw functie?").select_option(label="wethouder")
    if scripts:
        walk.look("signaal-waar")
    walk.press("Volgende")
    walk.page.get_by_label(re.compile("Telefoonnummer")).fill("06 12345678")
    if scripts:
        walk.look("signaal-bereiken")
    walk.press("Volgende")
    assert TEXT in walk.text()
    if scripts:
        walk.look("signaal-controleren")
    walk.press("Signaal delen")
    assert "Uw signaal is gedeeld" in walk.text()
    if scripts:
        walk.look("signaal-verstuurd")
        assert face.all_of_it(walk.page) == []


def test_the_first_line_reads_a_signal_and_makes_it_a_case(first_line):
    walk = first_line
    walk.go("/beheer/")
    walk.follow(re.compile("Nieuwe signalen"))
    walk.look("signalen")
    walk.page.locator("#result_list a").last.click()
    walk.page.wait_for_url(re.compile("/change/"))
    walk.look("signaal-nieuw")
    walk.press("Ik heb het gelezen")
    walk.page.get_by_text("Meenemen in een thema").click()
    walk.page.get_by_text("Er een zaak van maken").click()
    walk.look("signaal-gelezen")
    assert face.all_of_it(walk.page) == []
    walk.page.reload()
    walk.page.get_by_text("Er een zaak van maken").click()
    walk.press("Zaak maken")
    assert "Kies ten minste één soort." in walk.text()
    walk.look("signaal-zaak-fout")
    walk.page.get_by_label("Omkoping of verleiding").check()
    walk.page.get_by_label("Laag").check()
    walk.press("Zaak maken")
    assert "Dit signaal is nu een zaak." in walk.text()


def test_one_incident_becomes_a_case_for_each_and_each_reporter_is_asked(first_line, visit):
    walk = first_line
    walk.go(f"{CASES}?handler=me&status=in_triage")
    walk.page.locator("#result_list a").first.click()
    walk.page.wait_for_url(re.compile("/change/"))
    case = walk.page.url
    walk.page.locator("summary", has_text="Dossier").click()
    walk.follow("Zaken maken voor meer mensen")
    walk.look("personen")
    walk.page.get_by_label("Om wie gaat het?").fill("Ans Voorbeeld; 12\nBo Voorbeeld")
    walk.page.get_by_label("Wat is er gebeurd, voor iedereen gelijk?").fill(
        "Er kwam een brief voor de hele raad."
    )
    walk.page.get_by_label("Ik", exact=True).check()
    walk.press("Zaken maken voor meer mensen")
    assert "Regel 1 klopt niet" in walk.text()
    walk.look("personen-fout")
    walk.page.get_by_label("Om wie gaat het?").fill("Ans Voorbeeld; 06 12345678\nBo Voorbeeld")
    walk.press("Zaken maken voor meer mensen")
    assert "Er zijn 2 zaken gemaakt" in walk.text()
    walk.look("personen-codes")
    code = walk.page.locator(".eenmalig").first.inner_text()
    walk.go(case)
    walk.look("zaak-verbanden")
    assert "Gevraagd aan de melder, nog geen antwoord." in walk.text()

    person = visit(javascript_enabled=False)
    person.go("/volgen/")
    person.page.get_by_label("Wat is uw toegangscode?").fill(code)
    person.press("Bekijk uw melding")
    assert "Het team maakte deze zaak voor u" in person.text()
    person.follow("Bekijk de vraag en uw antwoord")
    person.press("Antwoord geven")
    assert person.page.title().startswith("Fout:")
    person.page.get_by_label("Ja").check()
    person.press("Antwoord geven")
    assert "Uw antwoord is opgeslagen." in person.text()

    again = visit()
    again.go("/volgen/")
    again.page.get_by_label("Wat is uw toegangscode?").fill(code)
    again.press("Bekijk uw melding")
    again.look("volgen-persoon")
    again.follow("Bekijk de vraag en uw antwoord")
    again.look("volgen-verband")
    assert "U zei eerder ja." in again.text()
    assert face.all_of_it(again.page) == []


def test_two_cases_are_linked_by_hand_and_the_answer_comes_on_the_phone(first_line, visit):
    walk = first_line
    walk.go(f"{CASES}?handler=me")
    walk.page.locator("#result_list a").last.click()
    walk.page.wait_for_url(re.compile("/change/"))
    other = walk.page.locator("h1").inner_text().removeprefix("Zaak ")
    walk.go(f"{CASES}?handler=me")
    walk.page.locator("#result_list a").first.click()
    walk.page.wait_for_url(re.compile("/change/"))
    walk.page.locator("summary", has_text="Dossier").click()
    walk.follow("Verbinden met een andere zaak")
    walk.page.get_by_label("Kenmerk van de andere zaak").fill("WB-2222-2222")
    walk.page.get_by_label("Hetzelfde voorval").check()
    walk.press("Verbinden met een andere zaak")
    assert "Een zaak met dit kenmerk ziet u niet." in walk.text()
    walk.look("verband-fout")
    walk.page.get_by_label("Kenmerk van de andere zaak").fill(other.lower())
    walk.press("Verbinden met een andere zaak")
    assert "Het verband is gelegd." in walk.text()
    walk.page.locator("summary", has_text="Voor de melder").click()
    walk.follow("De melder antwoordde telefonisch over een verband")
    walk.page.get_by_label("Hetzelfde voorval").check()
    walk.page.get_by_label("Ja, dat mag").check()
    walk.look("verband-antwoord")
    walk.press("De melder antwoordde telefonisch over een verband")
    assert "Deze melder zei ja. De ander antwoordde nog niet." in walk.text()
    walk.page.locator("summary", has_text="Dossier").click()
    walk.follow("Verband verbreken")
    walk.look("verband-verbreken")
    walk.page.get_by_label(re.compile(other)).check()
    walk.press("Verband verbreken")
    assert "Het verband is verbroken." in walk.text()


def test_everybody_reads_the_figures_of_closed_years(visit):
    walk = visit()
    walk.go("/cijfers/meldingen/")
    walk.look("cijfers-meldingen")
    assert face.all_of_it(walk.page) == []
    assert "minder dan 10" in walk.text()
    tens = re.findall(r"(\d+) t/m (\d+)", walk.text().replace(".", ""))
    assert tens
    assert all(int(first) % 10 == 0 and int(last) == int(first) + 9 for first, last in tens)


@pytest.mark.parametrize("role", ["coordinator", "eerste_lijn"])
def test_the_team_sees_its_figures(visit, role):
    walk = visit()
    walk.sign_in(role)
    walk.follow("Cijfers van het team")
    walk.look(f"cijfers-team-{role}")
    assert face.all_of_it(walk.page) == []
    walk.page.get_by_label("Jaar").select_option(index=1)
    walk.press("Toon dit jaar")
    assert walk.page.locator("h1").inner_text().startswith("Cijfers 20")
