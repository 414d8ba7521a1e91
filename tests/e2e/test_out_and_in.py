"""Out and in, in a real browser: an export with a second person, a report by phone, and a file of reports."""

from __future__ import annotations

import re

from tests.ondersteuning.test_intake import GOOD, as_csv

CASES = "/beheer/ondersteuning/case/"


def test_a_coordinator_exports_what_the_list_shows(visit):
    walk = visit()
    walk.sign_in("coordinator")
    walk.go(f"{CASES}?status=in_guidance")
    walk.follow("Deze zaken exporteren")
    walk.look("export-ask")
    walk.press(re.compile("Export maken|Akkoord vragen"))
    assert walk.page.title().startswith("Fout:")
    walk.page.get_by_label("Waarvoor is de export?").fill("Voor het jaarverslag.")
    walk.press(re.compile("Export maken|Akkoord vragen"))
    walk.look("export-ready")
    with walk.page.expect_download() as waiting:
        walk.press("Bestand downloaden")
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    assert "In begeleiding" in text
    walk.go("/beheer/ondersteuning/export/")
    walk.look("export-list")


def test_a_report_is_taken_by_phone_and_the_reporter_follows_it(visit):
    walk = visit(javascript_enabled=False)
    walk.sign_in("eerste_lijn")
    walk.go(CASES)
    walk.follow("Melding aannemen")
    walk.press("Melding vastleggen")
    assert walk.page.title().startswith("Fout:")
    page = walk.page
    page.get_by_label("Bedreiging", exact=True).check()
    page.get_by_label("Ernstig", exact=True).check()
    page.get_by_label("Wat is er gebeurd, in de woorden van de melder?").fill("Er werd op het raam gebonsd.")
    page.get_by_label("Eén keer", exact=True).check()
    page.locator("input[name=occurred_on_ruw]").check()
    walk.press("Melding vastleggen")
    code = page.locator(".eenmalig").first.inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){4}", code)

    reporter = visit()
    reporter.go("/volgen/")
    reporter.page.fill("input[name=code]", code)
    reporter.page.locator("main button[type=submit]").first.click()
    reporter.page.wait_for_load_state()
    assert reporter.page.url.endswith("/volgen/melding/")


def test_the_pages_of_intake_look_as_they_should(visit):
    walk = visit()
    walk.sign_in("coordinator")
    walk.go(f"{CASES}aannemen/")
    walk.look("intake-form")
    walk.go(CASES)
    walk.look("cases-with-intake")
    walk.follow("Meldingen inlezen uit een bestand")
    walk.look("import-ask")
    row = {name: value for name, value in GOOD.items() if name != "Organisatie"}
    choose(walk, as_csv([row, row | {"Soort": "Onzin"}]))
    assert "Regel 3" in walk.text()
    walk.look("import-wrong")
    choose(walk, as_csv([row, row]))
    walk.look("import-ready")
    walk.press("Meldingen inlezen")
    assert walk.page.locator("td.eenmalig").count() == 2
    walk.look("import-done")


def choose(walk, data: bytes) -> None:
    file = {"name": "meldingen.csv", "mimeType": "text/csv", "buffer": data}
    walk.page.set_input_files("input[type=file]", file)
    walk.press("Bestand controleren")
