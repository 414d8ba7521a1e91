"""The office holder's programme, card and starter package; the griffier's norm and protocol."""

from __future__ import annotations

import os
from pathlib import Path

from tests.e2e.face import all_of_it, error_summary


def test_an_office_holder_goes_through_the_programme(visit):
    holder = visit()
    holder.sign_in("ambtsdrager")
    holder.go("/mijn/basisprogramma/")
    assert "3 van 7 gedaan" in holder.text()
    holder.look("basisprogramma")
    assert all_of_it(holder.page) == []
    holder.press("Dit heb ik gedaan (Volg een training)")
    assert "#training" in holder.page.url
    assert "4 van 7 gedaan" in holder.text()
    holder.press("Toch niet gedaan (Volg een training)")
    assert "3 van 7 gedaan" in holder.text()

    holder.follow("Maak uw noodkaart")
    holder.look("noodkaart-maken")
    assert all_of_it(holder.page) == []
    holder.page.fill("input[name=near_name]", "Buurvrouw Bea")
    holder.press("Kaart maken")
    assert holder.page.title().startswith("Fout:")
    assert error_summary(holder.page) == []
    holder.look("noodkaart-fout")
    holder.page.fill("input[name=near_phone]", "06 12345678")
    holder.page.fill("input[name=organisation_name]", "De griffier")
    holder.page.fill("input[name=organisation_phone]", "070 0000000")
    holder.press("Kaart maken")
    assert "Buurvrouw Bea" in holder.text()
    holder.look("noodkaart")
    assert all_of_it(holder.page) == []
    holder.press("Iets wijzigen")
    assert holder.page.input_value("input[name=near_name]") == "Buurvrouw Bea"


def withdraw_what_was_asked(holder) -> None:
    """In the demo, or by the walk that came first."""
    if holder.page.get_by_role("button", name="Aanvraag intrekken").count():
        holder.press("Aanvraag intrekken")
        assert "Uw aanvraag is ingetrokken." in holder.text()


def test_the_talk_of_the_starter_package_without_javascript(visit):
    holder = visit(javascript_enabled=False)
    holder.sign_in("ambtsdrager")
    holder.go("/mijn/starterspakket/")
    withdraw_what_was_asked(holder)
    holder.press("Gesprek aanvragen")
    assert holder.page.title().startswith("Fout:")
    holder.page.check("input[name=way][value=visit]")
    holder.page.check("input[name=moment][value=evening]")
    holder.press("Gesprek aanvragen")
    assert "Uw aanvraag ligt bij het team." in holder.text()


def test_the_starter_package_looks_right(visit):
    holder = visit()
    holder.sign_in("ambtsdrager")
    holder.go("/mijn/starterspakket/")
    holder.look("starterspakket")
    assert all_of_it(holder.page) == []
    withdraw_what_was_asked(holder)
    holder.press("Gesprek aanvragen")
    holder.look("starterspakket-fout")
    assert error_summary(holder.page) == []


def test_a_griffier_signs_for_the_organisation(visit):
    griffier = visit()
    griffier.sign_in("organisatiecontact")
    griffier.go("/mijn/organisatie/norm/")
    griffier.look("norm-eigen")
    assert all_of_it(griffier.page) == []
    griffier.follow("Lezen en ondertekenen (Agressieprotocol, Voorbeelddam)")
    griffier.press("Volgende")
    assert error_summary(griffier.page) == []
    griffier.look("norm-tekenen-fout")
    griffier.page.check("input[name=agreed]")
    griffier.page.check("input[name=is_public][value=yes]")
    griffier.press("Volgende")
    griffier.look("norm-controleren")
    assert all_of_it(griffier.page) == []
    griffier.press("Ondertekenen")
    assert "Ondertekend namens Voorbeelddam." in griffier.text()
    anybody = visit()
    anybody.go("/norm/")
    assert "Voorbeelddam" in anybody.text()
    anybody.look("norm")
    assert all_of_it(anybody.page) == []
    griffier.follow("Intrekken (Agressieprotocol, Voorbeelddam)")
    griffier.look("norm-intrekken")
    griffier.press("Ondertekening intrekken")
    assert "De ondertekening is ingetrokken." in griffier.text()


def test_a_griffier_makes_a_protocol_and_downloads_it(visit):
    griffier = visit()
    griffier.sign_in("organisatiecontact")
    griffier.go("/mijn/organisatie/agressieprotocol/")
    griffier.look("protocollen")
    assert all_of_it(griffier.page) == []
    griffier.follow("Aanpassen (Voorbeelddam)")
    griffier.look("protocol-maken")
    assert all_of_it(griffier.page) == []
    griffier.page.fill("input[name=lead]", "")
    griffier.press("Volgende")
    assert error_summary(griffier.page) == []
    griffier.page.fill("input[name=lead]", "de burgemeester, samen met de griffier")
    griffier.page.fill("input[name=evening_phone]", "06 00000000")
    griffier.press("Volgende")
    griffier.look("protocol-controleren")
    assert all_of_it(griffier.page) == []
    griffier.press("Wijzigen")
    assert griffier.page.input_value("input[name=evening_phone]") == "06 00000000"
    griffier.press("Volgende")
    griffier.press("Protocol maken")
    assert "versie 2" in griffier.page.title()
    for _ in range(60):
        if griffier.page.get_by_role("link", name="PDF downloaden").count():
            break
        griffier.page.wait_for_timeout(1000)
        griffier.follow("Vernieuwen")
    griffier.look("protocol")
    assert all_of_it(griffier.page) == []
    with griffier.page.expect_download() as download:
        griffier.page.get_by_role("link", name="PDF downloaden").click()
    assert download.value.suggested_filename.startswith("agressieprotocol-")
    pdf = Path(download.value.path()).read_bytes()
    assert pdf.startswith(b"%PDF-")
    if folder := os.environ.get("PICTURES"):
        (Path(folder) / "agressieprotocol.pdf").write_bytes(pdf)


def test_the_first_line_takes_up_a_talk(visit):
    planner = visit()
    planner.sign_in("eerste_lijn")
    planner.go("/beheer/netwerk/startertalk/")
    planner.look("startgesprekken")
    planner.page.locator("#result_list tbody a").first.click()
    planner.page.wait_for_load_state()
    assert "ambtsdrager@demo.invalid" in planner.text()
    assert planner.page.locator("select[name=move_to]").is_visible()
