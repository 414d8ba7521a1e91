"""The desk's daily work without scripts: a message that is seen before it is sent, and lists of cases."""

from __future__ import annotations

import re

import pytest

CASES = "/beheer/ondersteuning/case/"


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def enter(request, visit):
    """enter(role): at the desk in that role, with scripts and without; pages are looked at with them."""

    def sign_in(role: str):
        walk = visit(javascript_enabled=request.param)
        if not request.param:
            walk.look = lambda name: None
        walk.sign_in(role)
        return walk

    return sign_in


def test_a_message_begins_with_a_template_and_is_seen_before_it_is_sent(enter):
    walk = enter("eerste_lijn")
    walk.go(f"{CASES}?handler=me&kind=doxing")
    walk.page.locator("#result_list a").first.click()
    walk.page.get_by_label("Bericht aan de melder").fill("Beste Robin,")
    walk.page.get_by_label("Begin met een sjabloon").select_option(label="Online haat of doxing")
    walk.press("Vul de tekst in")
    box = walk.page.get_by_label("Bericht aan de melder")
    assert box.input_value().startswith("Beste Robin,\n\n")
    walk.look("message-template")
    box.fill(box.input_value() + "\nIk kom morgen naar de Dorpsstraat 12 in Voorbeelddam.")
    walk.press("Bekijk voor het versturen")
    words = walk.text()
    for seen in ("Let op: dit kan gevoelig zijn", "Dorpsstraat 12", "Voorbeelddam", "En deze mail vertrekt"):
        assert seen in words, seen
    walk.look("message-preview")
    walk.press("Wijzigen")
    box = walk.page.get_by_label("Bericht aan de melder")
    box.fill(box.input_value().replace("de Dorpsstraat 12 in Voorbeelddam", "u toe"))
    walk.press("Bekijk voor het versturen")
    assert "Let op" not in walk.text().split("Veilig contact")[0]
    walk.press("Bericht versturen")
    assert "Uw bericht staat klaar voor de melder." in walk.text()
    assert "Ik kom morgen naar u toe." in walk.text()


def test_several_cases_change_at_once_and_back(enter):
    walk = enter("coordinator")
    walk.go(f"{CASES}?line=first")
    walk.look("list-choose")
    for status in ("received", "in_triage", "in_guidance", "aftercare"):
        walk.go(f"{CASES}?line=first&status={status}")
        walk.page.get_by_label("Met de gekozen zaken").select_option(label="Urgentie wijzigen")
        walk.press("Verder met alle op deze bladzijde")
        is_possible = walk.page.get_by_role("button", name="Wijzigen", exact=True).count()
        assert is_possible or "is nog door niemand beoordeeld" in walk.text()
        assert not (is_possible and status == "received")
        if is_possible:
            break
    walk.look("together")
    walk.press("Wijzigen")
    assert walk.page.title().startswith("Fout:")
    walk.look("together-error")
    walk.page.get_by_label("Laag").check()
    walk.press("Wijzigen")
    assert re.search(r"za(ak is|ken zijn) gewijzigd", walk.text())
    walk.look("list-undo")
    walk.press("Ongedaan maken")
    assert re.search("ongedaan gemaakt|tot 30 seconden", walk.text())


def test_a_view_is_kept_and_a_reporter_is_found(enter, request):
    walk = enter("eerste_lijn")
    walk.go(f"{CASES}?kind=doxing&province=PV26")
    walk.follow("Bewaar deze weergave")
    walk.page.get_by_label("Naam").fill(request.node.callspec.id)
    walk.page.get_by_label("Seintje").select_option(label="Eén keer per dag")
    walk.press("Opslaan")
    assert request.node.callspec.id in walk.text()
    walk.look("list-views")
    walk.go("/beheer/ondersteuning/savedview/")
    walk.look("views")
    walk.follow(request.node.callspec.id)
    walk.follow("Verwijderen")
    walk.press(re.compile("^Ja"))
    walk.go(CASES)
    walk.follow(re.compile("Zoek op naam"))
    walk.press("Zoeken")
    assert walk.page.title().startswith("Fout:")
    walk.look("search-error")
    walk.page.get_by_label("Waar zoekt u naar?").fill("aanbesteding")
    walk.page.get_by_label("De tekst van de zaken die ik behandel").check()
    walk.press("Zoeken")
    assert "informatie over een aanbesteding" in " ".join(walk.text().split())
    assert "aanbesteding" not in walk.page.url
    walk.look("search-text")
    walk.page.get_by_label("Waar zoekt u naar?").fill("Robin")
    walk.page.get_by_label("Achternaam of e-mailadres van de melder").check()
    for _ in range(60):
        walk.press("Zoeken")
        if "0 zaken gevonden" not in walk.text():
            break
        walk.page.wait_for_timeout(500)  # a worker fills in the index
        walk.page.get_by_label("Waar zoekt u naar?").fill("Robin")
    assert re.search("WB-....-....", walk.text())
    walk.look("search-person")


def test_a_coordinator_writes_a_template(enter):
    walk = enter("coordinator")
    walk.go("/beheer/ondersteuning/messagetemplate/")
    walk.look("templates")
    walk.page.locator("#result_list th.field-title a").first.click()
    assert walk.page.get_by_label("Tekst").input_value()
