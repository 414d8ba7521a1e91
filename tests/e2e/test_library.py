"""The library in a browser: reading, downloading, bundling, and a partner's and an editor's desk."""

from __future__ import annotations

import re
from typing import Any

import pikepdf
import pytest

from tests.e2e.test_evidence import clamd  # noqa: F401 - a scanner for the portal's worker
from tests.netwerk.library import pdf


def wait_for(walk: Any, words: str) -> None:
    for _ in range(60):
        if words in walk.text():
            return
        walk.page.wait_for_timeout(500)
        walk.page.reload()
    raise AssertionError(walk.text())


def test_a_visitor_reads_and_downloads(visit: Any) -> None:
    walk = visit(javascript_enabled=True)
    walk.go("/toolkit/agressieprotocol/")
    assert "Agressieprotocol" in walk.text()
    walk.look("item-openbaar")
    with walk.page.expect_download() as found:
        walk.page.get_by_role("link", name="Downloaden", exact=True).click()
    assert found.value.suggested_filename == "agressieprotocol.pdf"
    with pikepdf.open(found.value.path()) as document:
        assert len(document.pages) == 1
    walk.go("/toolkit/voorbeeld-presentatie-voor-leden/")
    walk.look("item-voor-leden")
    walk.go("/toolkit/voorbeeld-ingetrokken/")
    assert "verouderd" in walk.text()
    walk.look("item-ingetrokken")
    for slug in ("voorbeeld-werkwijze-team", "voorbeeld-onder-embargo", "voorbeeld-concept"):
        assert walk.go(f"/toolkit/{slug}/").status == 404


def test_an_account_makes_a_bundle_without_scripts(visit: Any) -> None:
    walk = visit()
    walk.sign_in("ambtsdrager")
    walk.go("/mijn/toolkit/voorbeeld-draaiboek-dreiging/")
    assert "draaiboek" in walk.text()
    walk.go("/mijn/toolkit/bundel/")
    walk.look("bundel-kiezen")
    for box in walk.page.get_by_role("checkbox").all()[:3]:
        box.check()
    walk.press("Bundel maken van wat u koos")
    walk.look("bundel-wacht")
    wait_for(walk, "Uw bundel is klaar")
    walk.look("bundel-klaar")
    with walk.page.expect_download() as found:
        walk.follow("Bundel downloaden")
    assert found.value.suggested_filename == "bundel-toolkit.zip"


@pytest.mark.usefixtures("clamd")
def test_a_partner_releases_a_document(visit: Any, tmp_path: Any) -> None:
    walk = visit()
    walk.sign_in("partner")
    page = walk.page
    walk.go("/mijn/organisatie/uitgaven/")
    walk.look("uitgaven")
    walk.follow("Nieuwe uitgave")
    walk.look("uitgave-nieuw")
    walk.press("Bewaren als concept")
    assert page.title().startswith("Fout:")
    walk.look("uitgave-fout")
    page.get_by_label("titel").fill("Veilig op weg")
    page.get_by_label("Samenvatting").fill("Waar u op let als u onderweg bent.")
    page.get_by_label("soort").select_option("factsheet")
    page.get_by_label("Openbaar").check()
    walk.press("Bewaren als concept")
    walk.follow("Bestand toevoegen")
    walk.look("uitgave-bestand")
    file = tmp_path / "Veilig op weg.pdf"
    file.write_bytes(pdf())
    page.get_by_label("Kies een bestand").set_input_files(str(file))
    walk.press("Versturen")
    wait_for(walk, "weggehaald")
    walk.follow("Publiceren")
    walk.look("uitgave-publiceren")
    walk.press("Publiceren")
    assert "gepubliceerd" in walk.text()
    walk.look("uitgave")
    walk.follow("Intrekken")
    page.get_by_label("Waarom trekt u dit in?").fill("Er komt een nieuwe.")
    walk.look("uitgave-intrekken")
    walk.press("Intrekken")
    assert "Er komt een nieuwe." in walk.text()


def test_an_editor_keeps_the_library(visit: Any) -> None:
    walk = visit()
    walk.sign_in("netwerkbeheer")
    walk.go("/beheer/netwerk/item/")
    walk.look("beheer-lijst")
    walk.go("/beheer/netwerk/item/?q=agressieprotocol")
    walk.follow(re.compile("^Agressieprotocol$"))
    walk.look("beheer-item")
    for link, name in (
        ("Wie mag dit lezen", "toegang"),
        ("Downloads", "downloads"),
        ("Intrekken", "intrekken"),
    ):
        walk.follow(link)
        walk.look(f"beheer-{name}")
        walk.page.go_back()
    walk.follow("Nieuwe versie")
    walk.look("beheer-versie")
    walk.page.go_back()
    walk.follow("Voorbeeld")
    walk.look("beheer-voorbeeld")
