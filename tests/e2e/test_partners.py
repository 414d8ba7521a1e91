"""Partners, help, places to report and key figures; and an editor who reads a list from a file."""

from __future__ import annotations

from tests.e2e.face import all_of_it, error_summary


def test_somebody_finds_where_to_go(visit):
    visitor = visit(javascript_enabled=False)
    visitor.go("/hulp/")
    visitor.follow("Wetenschapper")
    visitor.follow("WetenschapVeilig")
    assert "één werkdag" in visitor.text()
    visitor.follow("Alle partners")
    visitor.follow("Kennisinstelling")
    assert "Verwey-Jonker" in visitor.text()


def test_the_public_pages_hold_to_what_every_page_must_be(visit):
    visitor = visit()
    for path, name in [
        ("/hulp/", "hulp"),
        ("/partners/", "partners"),
        ("/partners/?soort=other_group", "partners-soort"),
        ("/partners/wetenschapveilig/", "partner"),
        ("/cijfers/", "cijfers"),
        ("/hulp/meldpunten/", "meldpunten"),
    ]:
        visitor.go(path)
        visitor.look(name)
        assert all_of_it(visitor.page) == []


def test_a_contact_says_where_to_report_and_a_visitor_finds_it(visit):
    griffier = visit()
    griffier.sign_in("organisatiecontact")
    griffier.go("/mijn/organisatie/meldpunt/")
    griffier.follow("Meldpunt toevoegen")
    griffier.press("Opslaan")
    assert griffier.page.title().startswith("Fout:")
    assert error_summary(griffier.page) == []
    griffier.look("meldpunt-fout")
    griffier.page.select_option("select[name=kind]", "aggression")
    griffier.page.fill("input[name=name]", "De griffie")
    griffier.page.fill("input[name=for_whom]", "raadsleden en fractiemedewerkers")
    griffier.page.fill("input[name=how]", "op werkdagen, of loop binnen")
    griffier.press("Opslaan")
    griffier.look("meldpunt-eigen")
    assert all_of_it(griffier.page) == []
    place = griffier.page.locator(".blok p").first.inner_text().splitlines()[0]

    visitor = visit(javascript_enabled=False)
    visitor.go("/hulp/meldpunten/")
    visitor.page.fill("input[name=organisation]", place)
    visitor.press("Zoeken")
    assert "raadsleden en fractiemedewerkers" in visitor.text()

    other = visit()
    other.go("/hulp/meldpunten/?organisation=Hengel")
    other.look("meldpunten-kiezen")
    other.go(f"/hulp/meldpunten/?organisation={place}")
    other.look("meldpunten-gevonden")
    assert all_of_it(other.page) == []


def test_an_editor_reads_a_list_from_a_file(visit, tmp_path):
    editor = visit()
    editor.sign_in("netwerkbeheer")
    editor.go("/beheer/netwerk/keyfigure/")
    editor.look("cijfers-lijst")
    editor.follow("Inlezen uit een bestand")
    editor.look("inlezen")
    file = tmp_path / "cijfers.csv"
    header = "code;onderwerp;vraag;over wie of wat;waarde;eenheid;bron\n"
    file.write_text(
        header + "goed;Geld;Hoeveel?;het netwerk;5;euro;S2\nfout;Geld;Hoeveel?;het netwerk;veel;euro;\n"
    )
    editor.page.set_input_files("input[name=file]", file)
    editor.press("Bestand controleren")
    assert "‘veel’ is geen getal." in editor.text()
    editor.look("inlezen-fout")
    file.write_text(header + "goed;Geld;Hoeveel is het?;het netwerk;5;euro;S2\n")
    editor.page.set_input_files("input[name=file]", file)
    editor.press("Bestand controleren")
    editor.look("inlezen-proef")
    editor.press("Inlezen en opslaan")
    assert "1 nieuw" in editor.text()
    editor.follow("Exporteren")
    editor.look("exporteren")
    with editor.page.expect_download() as download:
        editor.page.get_by_role("button", name="Bestand maken").click()
    assert "Hoeveel is het?" in download.value.path().read_text()
    editor.go("/cijfers/")
    assert "Hoeveel is het?" in editor.text()
