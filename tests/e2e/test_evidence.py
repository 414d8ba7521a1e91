"""Evidence in a browser: added with the report, seen at the desk, taken with a reason; scripts or not."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.e2e.face import all_of_it, error_summary
from tests.files.corpus import EICAR, SVG, full_jpeg, full_png, pdf, scene
from weerbaar.local import clamav, var
from weerbaar.local.supervisor import Supervisor, end

STORY = "Hij stuurde mij een foto van mijn eigen voordeur."


@pytest.fixture(scope="module")
def clamd(portal: Any, tmp_path_factory: Any, django_db_blocker: Any) -> Any:
    """A scanner for the portal's worker, when nobody started one yet."""
    socket = Path(portal.env["CLAMD_SOCKET"])
    if clamav.answers(socket):
        yield
        return
    folder = tmp_path_factory.mktemp("clamd")
    sockets = var.sockets(folder)
    service = clamav.service(folder, sockets, real=False)
    supervisor = Supervisor(folder)
    supervisor.start(service)
    supervisor.wait_until_ready(service)
    socket.symlink_to(clamav.socket_in(sockets))
    yield
    end([service])
    for place in (sockets, clamav.MEMORY / sockets.name):
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """What the reporter has on their computer."""
    made = {
        "foto voordeur.png": full_png(scene((1200, 800))),
        "brief.pdf": pdf(3),
        "teken.svg": SVG,
        "virus.txt": EICAR,
        "foto.jpg": full_jpeg(),
    }
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    return {name: str(tmp_path / name) for name in made}


def to_the_step(walk: Any) -> None:
    page = walk.page
    walk.go("/melden/gevaar/")
    page.get_by_label("Nee").check()
    walk.press("Volgende")
    page.get_by_label("Het ondersteuningsteam").check()
    walk.press("Volgende")
    page.get_by_label("Voor mijzelf").check()
    walk.press("Volgende")
    page.get_by_label("Intimidatie of druk").check()
    page.get_by_label("Hinderlijk").check()
    walk.press("Volgende")
    walk.press("Volgende")
    page.get_by_label("Ik weet het niet precies").check()
    page.get_by_label("Eén keer").check()
    walk.press("Volgende")
    page.get_by_label("Vertel in uw eigen woorden").fill(STORY)
    walk.press("Volgende")
    assert page.url.endswith("/melden/bewijs/")


def add(walk: Any, path: str, button: str = "Bestand toevoegen") -> None:
    walk.page.locator("input[type=file]").set_input_files(path)
    walk.press(button)


def wait_for(walk: Any, words: str) -> None:
    """Look again until the worker has done its work."""
    until = time.monotonic() + 60
    while words not in walk.text():
        assert time.monotonic() < until, walk.text()
        time.sleep(1)
        walk.page.reload()


def on_paper(page: Any, code: str, reference: str) -> None:
    """The confirmation fits on one sheet: the code and what happens next, without the site around it."""
    sheet = page.pdf(format="A4")
    with pikepdf.open(io.BytesIO(sheet)) as opened:
        assert len(opened.pages) == 1
    done = subprocess.run(["pdftotext", "-", "-"], input=sheet, capture_output=True, check=True)
    words = done.stdout.decode()
    for wanted in (code, reference, "Wat er nu gebeurt", "112"):
        assert wanted in words
    for around in ("Verlaat deze site", "Bel mij terug", "Nog een melding doen"):
        assert around not in words


@pytest.mark.usefixtures("clamd")
@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without"])
def test_evidence_from_the_form_to_the_desk(visit, files, javascript):
    walk = visit(javascript_enabled=javascript)
    page = walk.page
    to_the_step(walk)
    if javascript:
        walk.look("bewijs-leeg")
        assert all_of_it(page) == []
    page.get_by_label("Links").fill("https://voorbeeld.invalid/bericht/1")

    add(walk, files["teken.svg"])
    assert "Een webpagina, svg of script nemen wij niet aan" in walk.text()
    assert page.get_by_label("Links").input_value() == "https://voorbeeld.invalid/bericht/1"
    if javascript:
        walk.look("bewijs-geweigerd")
        assert error_summary(page) == []

    add(walk, files["foto voordeur.png"])
    assert "foto voordeur.png" in walk.text()
    add(walk, files["brief.pdf"])
    add(walk, files["virus.txt"])
    wait_for(walk, "Hierin zit een virus")
    if javascript:
        walk.look("bewijs-toegevoegd")
        assert all_of_it(page) == []
    page.get_by_role("button", name="Verwijder virus.txt").click()
    page.wait_for_load_state()
    assert "virus.txt" not in walk.text()
    assert page.get_by_label("Links").input_value() == "https://voorbeeld.invalid/bericht/1"
    walk.press("Volgende")
    walk.press("Volgende")
    assert "foto voordeur.png" in walk.text()  # on the check page
    walk.press("Melding versturen")
    code, reference = page.inner_text(".code"), re.search(r"WB-\w{4}-\w{4}", walk.text())[0]
    if javascript:
        on_paper(page, code, reference)

    team = visit()
    team.sign_in("eerste_lijn")
    team.go(f"/beheer/ondersteuning/case/?q={reference}")
    team.follow(re.compile(reference))
    assert "foto voordeur.png" not in team.text()  # the content opens after taking it in hand
    team.press("In behandeling nemen")
    assert "foto voordeur.png" in team.text()
    assert team.page.get_by_role("link", name="https://voorbeeld.invalid").count() == 0
    if javascript:
        team.look("bewijs-zaak")
    team.page.get_by_role("link", name="Bekijk foto voordeur.png").click()
    picture = team.page.locator("img.bewijs")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1200
    if javascript:
        team.look("bewijs-weergave-team")
    team.page.go_back()
    team.page.get_by_role("link", name="Bekijk brief.pdf").click()
    team.follow("Volgende bladzijde")
    assert "Bladzijde 2 van 3" in team.text()
    team.follow("Terug naar de zaak")
    team.page.get_by_role("link", name="Origineel foto voordeur.png").click()
    if javascript:
        team.look("bewijs-origineel")
    team.page.get_by_label("Voor de aangifte of de politie").check()
    with team.page.expect_download() as waiting:
        team.page.get_by_role("button", name="Origineel downloaden").click()
    taken = waiting.value
    assert re.fullmatch(r"bewijs-[0-9a-f]{8}\.png", taken.suggested_filename)
    assert Path(taken.path()).read_bytes() == Path(files["foto voordeur.png"]).read_bytes()
    team.follow("Terug naar de zaak")
    team.follow("Bewijs toevoegen")
    if javascript:
        team.look("bewijs-toevoegen-team")
    add(team, files["foto.jpg"], "Toevoegen")
    assert "Toegevoegd. Het wordt nu gecontroleerd" in team.text()

    walk.go("/volgen/")
    page.get_by_label("Wat is uw toegangscode?").fill(code)
    walk.press("Bekijk uw melding")
    walk.follow(re.compile("^Bekijk uw bewijs"))
    assert "toegevoegd door het team" in walk.text()
    add(walk, files["brief.pdf"], "Toevoegen")
    assert "Toegevoegd. Wie uw melding leest, ziet het ook." in walk.text()
    page.get_by_role("link", name="Bekijk foto voordeur.png").click()
    page.wait_for_load_state()
    assert page.locator("img.bewijs").count() == 1
    if javascript:
        walk.look("bewijs-weergave-melder")
        walk.follow("Al uw bewijs")
        walk.look("bewijs-volgen")
        assert all_of_it(page) == []
