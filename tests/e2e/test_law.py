"""From the first talk about an aangifte to the file for the police, in a real browser."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.e2e.portal import ROOT


def fill_day(page: Any, group: str, day: date) -> None:
    boxes = page.get_by_role("group", name=re.compile(group))
    for label, value in (("Dag", day.day), ("Maand", day.month), ("Jaar", day.year)):
        boxes.get_by_label(label).fill(str(value))


def picture(folder: Path) -> Path:
    """A small picture that is really one."""
    from PIL import Image

    path = folder / "dreigbericht.png"
    Image.new("RGB", (60, 40), "white").save(path)
    return path


def report(walk: Any) -> str:
    """A report of doxing; gives its access code."""
    page = walk.page
    walk.go("/melden/")
    walk.follow("Beginnen")
    page.get_by_label("Nee").check()
    walk.press("Volgende")
    page.get_by_label("Het ondersteuningsteam").check()
    walk.press("Volgende")
    page.get_by_label("Voor mijzelf").check()
    page.get_by_label(re.compile("^Functie")).select_option("raadslid")
    page.locator("#id_organisation").fill("Demoveen (gemeente)")
    walk.press("Volgende")
    page.get_by_label("Mijn gegevens zijn verspreid (doxing)").check()
    page.get_by_label("Ernstig", exact=True).check()
    walk.press("Volgende")
    page.get_by_label("Sociale media").check()
    walk.press("Volgende")
    page.get_by_label("Ik weet het niet precies").check()
    page.get_by_label("Het gaat nu nog door").check()
    walk.press("Volgende")
    page.get_by_label("Vertel in uw eigen woorden").fill("Mijn adres staat in een groep met een oproep.")
    walk.press("Volgende")
    while page.get_by_role("button", name="Melding versturen").count() == 0:
        walk.press("Volgende")
    walk.press("Melding versturen")
    return str(page.inner_text(".code"))


def test_an_aangifte_from_the_first_talk_to_the_file_for_the_police(visit, portal, tmp_path):
    reporter = visit()
    code = report(reporter)
    reporter.look("law-01-confirmation")
    reporter.follow("Hulp bij online haat en doxing")
    reporter.look("law-02-online")
    assert "285d" in reporter.text()

    reporter.go("/volgen/")
    reporter.page.get_by_label("Wat is uw toegangscode?").fill(code)
    reporter.press("Bekijk uw melding")
    reference = re.search(r"WB-\w{4}-\w{4}", reporter.text())
    assert reference
    reporter.go("/volgen/melding/bewijs/")
    reporter.page.locator("input[type=file]").set_input_files(picture(tmp_path))
    reporter.press("Toevoegen")

    walk = visit()
    walk.sign_in("eerste_lijn")
    walk.go(f"/beheer/ondersteuning/case/?q={reference[0]}")
    walk.page.locator("#result_list a").first.click()
    case = walk.page.url
    walk.press("In behandeling nemen")
    walk.follow("Triage vastleggen")
    walk.press("Triage vastleggen")
    walk.press("Begeleiding beginnen")

    walk.page.get_by_text("Aangifte en procedures", exact=True).click()
    walk.follow("Aangifte bijhouden")
    walk.press("Aangifte bijhouden")
    assert walk.page.title().startswith("Fout:")
    walk.look("law-03-aangifte-error")
    walk.page.get_by_label("Wordt overwogen").first.check()
    walk.page.get_by_label("Domicilie gekozen").check()
    walk.page.get_by_label("Om de VPT-code gevraagd").check()
    walk.page.get_by_label("Contact bij politie of OM").fill("Rechercheur K., 0900 8844")
    walk.press("Aangifte bijhouden")
    assert "Aangifte: Wordt overwogen" in walk.text()

    walk.follow("Stand wijzigen")
    walk.page.get_by_label("Aangifte gedaan").check()
    walk.page.get_by_label("De melder zelf").check()
    fill_day(walk.page, "Op welke dag is aangifte", date.today())
    walk.look("law-04-stand")
    walk.press("Stand van de aangifte wijzigen")
    assert "Aangifte: Aangifte gedaan" in walk.text()

    walk.follow("Datum toevoegen")
    hearing = date.today() + timedelta(days=40)
    fill_day(walk.page, "Op welke dag", hearing)
    walk.page.get_by_label("Hoe laat?").fill("13.30")
    walk.page.get_by_label("Waar en waarover?").fill("Zaal 3, ingang aan de zijkant")
    walk.look("law-05-date")
    walk.press("Datum toevoegen")

    walk.page.get_by_text("Hulp en maatregelen", exact=True).click()
    walk.follow("Online haat of doxing aanpakken")
    walk.look("law-06-removal")
    walk.press("Online haat of doxing aanpakken")
    walk.page.get_by_text("Hulp en maatregelen", exact=True).click()
    walk.follow("Maatregel toevoegen")
    walk.page.get_by_label("Wat gaat er gebeuren?").fill("Camera bij de voordeur")
    walk.page.get_by_label("Vastgesteld").check()
    fill_day(walk.page, "Uiterlijk op welke dag", date.today() + timedelta(days=20))
    walk.page.get_by_label("Kosten eenmalig, in euro").fill("1.250,50")
    walk.look("law-07-measure")
    walk.press("Maatregel toevoegen")
    walk.page.get_by_text("Hulp en maatregelen", exact=True).click()
    walk.follow("Nazorg voor naaste of getuige")
    walk.page.get_by_label("Partner").check()
    walk.page.get_by_label("Naam of aanduiding").fill("Lotte")
    walk.look("law-08-care")
    walk.press("Nazorg voor naaste of getuige")
    walk.press("Aangiftedossier maken")
    link = walk.page.get_by_role("link", name="Download het aangiftedossier (PDF)")
    for _ in range(60):
        if link.count():
            break
        walk.page.wait_for_timeout(500)
        walk.go(case)
    walk.page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    walk.look("law-09-case")

    files = {}
    with walk.page.expect_download() as waiting:
        link.click()
    files["pdf"] = waiting.value.path().read_bytes()
    with walk.page.expect_download() as waiting:
        walk.page.get_by_role("link", name="Download het manifest").click()
    manifest = tmp_path / "manifest.sha256"
    manifest.write_bytes(waiting.value.path().read_bytes())
    (reporter.pictures / "aangiftedossier.pdf").write_bytes(files["pdf"])
    assert files["pdf"].startswith(b"%PDF-")

    originals = tmp_path / "originelen"
    originals.mkdir()
    shot = picture(tmp_path)
    assert hashlib.sha256(shot.read_bytes()).hexdigest() in manifest.read_text()
    (originals / shot.name).write_bytes(shot.read_bytes())
    command = [sys.executable, "manage.py", "verify_manifest", str(manifest), str(originals)]
    done = subprocess.run(command, cwd=ROOT, env=portal.env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "klopt: bewijs-" in done.stdout
    (originals / shot.name).write_bytes(shot.read_bytes() + b" ")
    done = subprocess.run(command, cwd=ROOT, env=portal.env, capture_output=True, text=True)
    assert done.returncode == 1

    reporter.go("/volgen/melding/")
    assert "De politie bekijkt wat zij ermee kan" in reporter.text()
    reporter.look("law-10-follow")
    reporter.follow("Bekijk wat er is afgesproken en welke datums komen")
    for words in ["Zaal 3", "13.30 uur", "Camera bij de voordeur", "Rechercheur K.", "domicilie"]:
        assert words in reporter.text()
    reporter.look("law-11-reporter")
    with reporter.page.expect_download() as waiting:
        reporter.page.get_by_role("link", name="Download uw aangiftedossier").click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF-")
