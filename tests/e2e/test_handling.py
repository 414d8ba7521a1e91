"""The team handles a case, from the queue to the PDF, in a real browser."""

from __future__ import annotations

import re

import pytest

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
    walk.press("Triage vastleggen")
    walk.press("Begeleiding beginnen")

    walk.press("Bericht versturen")
    assert walk.page.title().startswith("Fout:")
    walk.look("message-error")
    walk.page.get_by_label("Bericht aan de melder").fill("Dank voor uw melding. Ik bel u morgenochtend.")
    walk.press("Bericht versturen")
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
