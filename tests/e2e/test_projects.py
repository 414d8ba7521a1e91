"""What the network publishes, in a real browser: overviews, pages, a card on paper, and the desk."""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf

PUBLIC = {
    "projecten": "/projecten/",
    "project": "/projecten/veilig-vergaderen/",
    "dossiers": "/dossiers/",
    "dossiers-spoor": "/dossiers/?spoor=2",
    "dossier": "/dossiers/netwerk-weerbaar-bestuur/",
    "verhalen": "/verhalen/",
    "verhaal": "/verhalen/de-brief-in-de-bus/",
    "signaalkaarten": "/signaalkaarten/",
    "signaalkaart": "/signaalkaarten/uw-gegevens-staan-online/",
}


def test_every_public_page_is_accessible_strict_and_narrow_enough(visit):
    walk = visit(javascript_enabled=True)
    for name, address in PUBLIC.items():
        assert walk.go(address).status == 200, address
        walk.look(f"projects-{name}")
    walk.go("/dossiers/")
    walk.follow("Spoor 3")
    walk.follow("Aanpak van desinformatie")
    walk.follow("Signaalkaarten desinformatie")
    assert "Een onwaar bericht over een besluit" in walk.text()


def test_every_signal_card_fits_on_one_sheet(visit):
    walk = visit()
    walk.go("/signaalkaarten/")
    cards = walk.page.eval_on_selector_all(".kaart a", "links => links.map(one => one.getAttribute('href'))")
    assert len(cards) > 20
    for address in cards:
        walk.go(address)
        paper = walk.page.pdf(format="A4", prefer_css_page_size=True)
        with pikepdf.open(io.BytesIO(paper)) as pdf:
            assert len(pdf.pages) == 1, address
    walk.page.emulate_media(media="print")
    walk.page.set_viewport_size({"width": 720, "height": 1018})  # A4 within its margins
    walk.page.screenshot(path=walk.pictures / "projects-kaart-op-papier.png", full_page=True)


def test_an_editor_writes_looks_and_publishes(visit):
    walk = visit()
    walk.sign_in("netwerkbeheer")
    page = walk.page
    walk.go("/beheer/netwerk/signalcard/add/")
    for name, words in {
        "title": "Een nieuwe kaart", "slug": "nieuwe-kaart", "summary": "Om te proberen.", "sees": "Iets",
        "means": "Iets anders", "does": "Meld het", "calls": "De griffier",
    }.items():  # fmt: skip
        page.fill(f"#id_{name}", words)
    page.select_option("#id_topic", "women")
    press(walk, "Opslaan en opnieuw bewerken")
    assert walk.go("/signaalkaarten/nieuwe-kaart/").status == 404
    page.go_back()
    walk.look("projects-beheer-kaart")
    walk.follow("Bekijk de pagina zoals een bezoeker die ziet")
    assert "Voorbeeld." in walk.text()
    walk.look("projects-voorbeeld")
    page.go_back()
    page.select_option("#id_move_to", "published")
    press(walk, "Opslaan")
    assert walk.go("/signaalkaarten/nieuwe-kaart/").status == 200
    walk.go("/beheer/netwerk/signalcard/")
    assert "Carla Mulder" in walk.text()


def test_an_editor_is_told_when_a_year_goes_over_its_budget(visit):
    walk = visit()
    walk.sign_in("netwerkbeheer")
    page = walk.page
    walk.go("/beheer/netwerk/project/?q=Leernetwerk")
    walk.follow("Leernetwerk Veilig Vergaderen")
    page.fill("#id_grants-0-amount", "13000000")
    press(walk, "Opslaan en opnieuw bewerken")
    assert "In 2025 gaat er meer naar projecten (€ 13.000.000)" in walk.text().replace(
        "\N{NO-BREAK SPACE}", " "
    )
    walk.look("projects-beheer-project")
    page.fill("#id_grants-0-amount", "3000000")
    press(walk, "Opslaan en opnieuw bewerken")
    assert "gaat er meer naar projecten" not in walk.text()


def test_a_track_is_there_for_who_leads_it_and_for_no_coordinator(visit):
    walk = visit()
    walk.sign_in("netwerkbeheer")
    walk.go("/beheer/netwerk/intervention/")
    reference = re.search(r"IV-\w{6}", walk.text())
    assert reference
    walk.look("projects-interventies")
    walk.follow(reference[0])
    walk.look("projects-interventie")
    other = visit()
    other.sign_in("coordinator")
    other.go("/beheer/netwerk/intervention/")
    assert reference[0] not in other.text()


def press(walk: Any, name: str) -> None:
    """A button of the admin, which is an input."""
    walk.page.get_by_role("button", name=name, exact=True).first.click()
    walk.page.wait_for_load_state()
