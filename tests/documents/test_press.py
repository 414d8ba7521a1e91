"""The press: PDF/UA-1 out of HTML, sealed off from everything else, and never longer than it may."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.template.loader import render_to_string

from tests.documents.pdf import text_of
from weerbaar.documents import render
from weerbaar.documents.render import (
    FontsMissing,
    PangoMissing,
    Press,
    Refused,
    TooHeavy,
    TookTooLong,
)

ROOT = Path(settings.BASE_DIR)


@pytest.fixture(scope="module")
def press():
    press = Press()
    yield press
    press.close()


def page(body: str) -> str:
    return f"<!DOCTYPE html><html lang=nl><title>Proef</title><h1>Proef</h1>{body}</html>"


def tree(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    """Every structure element, in reading order."""
    found, todo = [], [pdf.Root.StructTreeRoot]
    while todo:
        element = todo.pop()
        if not isinstance(element, pikepdf.Dictionary):
            continue
        if "/S" in element:
            found.append(element)
        kids = element.get("/K", [])
        todo += reversed(list(kids) if isinstance(kids, pikepdf.Array) else [kids])
    return found


REPORT = """<h2>Zaak</h2>
<table class="facts"><tr><th scope="row">Kenmerk</th><td>WB-1</td></tr></table>
<table><caption>Stappen</caption><thead><tr><th scope="col">Dag</th><th scope="col">Wat</th></tr></thead>
<tbody><tr><td>1 mei</td><td>Gebeld</td></tr></tbody></table>
<ul><li>Een</li><li>Twee</li></ul>
<img alt="Een zwart vlak" width="10" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' \
viewBox='0 0 9 9'%3E%3Crect width='9' height='9'/%3E%3C/svg%3E">
<p>Ș, ł en é</p>"""


def test_the_pdf_is_tagged_and_says_its_language_and_title(press):
    with pikepdf.open(io.BytesIO(press.render(page(REPORT)))) as pdf:
        assert pdf.Root.Lang == "nl"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert [str(one.title) for one in pdf.open_outline().root] == ["Proef"]
        with pdf.open_metadata() as meta:
            assert meta["dc:title"] == "Proef"
            assert meta["pdfuaid:part"] == "1"
        elements = tree(pdf)
        names = [str(one.S) for one in elements]
        for name in ("/H1", "/H2", "/Table", "/Caption", "/TR", "/TH", "/TD", "/L", "/LI", "/P", "/Figure"):
            assert name in names, name
        assert names.index("/H1") < names.index("/H2") < names.index("/Table") < names.index("/Figure")
        heads = {str(one.ID) for one in elements if one.S == "/TH"}
        assert len(heads) == 3
        cells = [one for one in elements if one.S == "/TD"]
        assert all({str(head) for head in cell.A.Headers} <= heads for cell in cells)
        assert [str(one.Alt) for one in elements if one.S == "/Figure"] == ["Een zwart vlak"]


def test_fonts_are_ours_and_embedded(press):
    pdf = press.render(page(REPORT))
    assert {"Ș, ł en é" in text_of(pdf)} == {True}
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        fonts = {str(font.BaseFont) for one in opened.pages for font in one.Resources.Font.values()}
    assert fonts
    assert all("Noto-Sans" in font for font in fonts), fonts


def test_the_same_page_gives_the_same_pages_from_a_warm_press(press):
    assert text_of(press.render(page(REPORT))) == text_of(press.render(page(REPORT)))


def test_a_table_over_several_pages_repeats_its_head(press):
    rows = "".join(f"<tr><td>{number}</td><td>regel</td></tr>" for number in range(120))
    pdf = press.render(
        page(f"<table><thead><tr><th scope=col>Nr</th><th scope=col>Wat</th></tr></thead>{rows}</table>")
    )
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = len(opened.pages)
        heads = [one for one in tree(opened) if one.S == "/TH"]
    assert pages >= 3
    assert text_of(pdf).count("Nr") == pages
    assert len(heads) >= 2


@pytest.mark.parametrize(
    "body",
    [
        '<img alt="" src="file:///etc/passwd">',
        '<img alt="" src="http://127.0.0.1:9/a.png">',
        '<img alt="" src="https://example.invalid/a.png">',
        '<img alt="" src="ftp://example.invalid/a.png">',
        '<img alt="" src="/etc/passwd">',
        '<img alt="" src="font:../../../etc/passwd">',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        "<style>@import url(http://127.0.0.1:9/a.css)</style>",
        "<style>p { background: url(http://127.0.0.1:9/a.png) }</style><p>x</p>",
        '<link rel="attachment" href="file:///etc/passwd">',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        '<object data="file:///etc/passwd"></object>',
        '<embed src="file:///etc/passwd">',
        "<img alt='' src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\">"
        '<image href="file:///etc/hostname" width="9" height="9"/></svg>\'>',
    ],
)
def test_nothing_from_outside_comes_in(press, body):
    try:
        pdf = press.render(page(body))
    except Refused:
        return
    hostname = Path("/etc/hostname").read_text().strip()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        streams = [bytes(one.read_bytes()) for one in opened.objects if isinstance(one, pikepdf.Stream)]
    everything = b"\n".join([pdf, *streams]) + text_of(pdf).encode()
    assert b"root:" not in everything
    assert hostname.encode() not in everything


def test_a_reference_to_outside_is_refused_and_the_press_goes_on(press):
    first = press.render(page("<p>voor</p>"))
    process = press.process
    with pytest.raises(Refused):
        press.render(page('<img alt="" src="https://example.invalid/a.png">'))
    assert press.render(page("<p>voor</p>"))[:5] == first[:5] == b"%PDF-"
    assert press.process is process


def test_a_link_in_a_text_stays_a_link(press):
    press.render(page('<p><a href="https://www.slachtofferhulp.nl/">Slachtofferhulp</a></p>'))


HEAVY = "<div style='float:left'>x</div>" * 4000


def test_too_much_work_ends_the_press_and_not_the_worker():
    press = Press(processor=3)
    before = time.monotonic()
    with pytest.raises(TookTooLong):
        press.render(page(HEAVY))
    assert time.monotonic() - before < 15
    assert press.render(page("<p>daarna</p>"))
    press.close()


def test_the_clock_ends_what_hangs():
    press = Press(wall=1.0)
    process = press._running()
    os.kill(process.pid, signal.SIGSTOP)  # as good as hanging
    before = time.monotonic()
    with pytest.raises(TookTooLong):
        press.render(page("<p>x</p>"))
    assert time.monotonic() - before < 5
    press.close()


@pytest.mark.parametrize("memory", [330_000_000, 368_000_000])  # with the one it can still say so
def test_too_much_memory_is_refused_and_leaves_the_press_usable(memory):
    press = Press(memory=memory)
    assert press.render(page("<p>past</p>"))
    with pytest.raises(TooHeavy) as error:
        press.render(page("<p>x</p>" * 30_000))
    assert type(error.value) is TooHeavy  # not its subclass: it was memory, not time
    assert press.render(page("<p>daarna</p>"))
    press.close()


def test_a_page_of_many_megabytes_is_not_even_tried(press):
    with pytest.raises(TooHeavy):
        press.render("x" * (render.MOST_HTML + 1))


def test_without_pango_it_says_so_at_once(tmp_path, monkeypatch):
    broken = tmp_path / "press.py"
    source = render.PRESS.read_text().replace(
        "from weasyprint import CSS, HTML",
        "raise OSError('cannot load library libpango-1.0-0')\n        from weasyprint import CSS, HTML",
    )
    broken.write_text(source)
    monkeypatch.setattr(render, "PRESS", broken)
    press = Press()
    with pytest.raises(PangoMissing) as error:
        press.render(page("<p>x</p>"))
    assert "ontbreekt pango" in str(error.value.line)
    press.close()


def test_without_fonts_it_says_so(tmp_path, monkeypatch):
    moved = tmp_path / "a" / "b" / "press.py"
    moved.parent.mkdir(parents=True)
    moved.write_text(render.PRESS.read_text())
    moved.with_name("print.css").write_text(render.PRESS.with_name("print.css").read_text())
    monkeypatch.setattr(render, "PRESS", moved)
    press = Press()
    with pytest.raises(FontsMissing):
        press.render(page("<p>x</p>"))
    press.close()


def test_the_press_knows_no_secret(monkeypatch):
    monkeypatch.setenv("VAULT_PRIVATE_KEYS", "geheim")
    press = Press()
    process = press._running()
    time.sleep(0.2)
    environment = Path(f"/proc/{process.pid}/environ").read_bytes()
    assert b"VAULT" not in environment
    assert b"SECRET" not in environment
    assert b"DATABASE" not in environment
    press.close()


def test_the_press_ends_with_its_worker():
    program = (
        "import sys, time; sys.path.insert(0, sys.argv[1]);"
        "from weerbaar.documents.render import Press;"
        "p = Press(); print(p._running().pid, flush=True); time.sleep(60)"
    )
    worker = subprocess.Popen([sys.executable, "-c", program, str(ROOT)], stdout=subprocess.PIPE)
    child = int(worker.stdout.readline())
    time.sleep(0.5)
    worker.kill()
    worker.wait()
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]:
            return
        time.sleep(0.05)
    pytest.fail("the press outlived its worker")


@pytest.mark.parametrize("module", ["weerbaar.wsgi", "weerbaar.celery"])
def test_no_process_of_ours_loads_weasyprint_but_the_press(module):
    program = (
        f"import django, sys; django.setup(); import {module}, weerbaar.documents.api;"
        "print('weasyprint' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_the_base_template_has_a_heading_a_mark_and_numbered_pages(press):
    html = render_to_string("documents/base_pdf.html", {"title": "Zaakdossier", "reference": "WB-2026-0001"})
    found = text_of(press.render(html))
    assert "Vertrouwelijk" in found
    assert re.search(r"WB-2026-0001\s+1\s*/\s*1", found)


def test_a_press_that_is_killed_leaves_nothing_lying_about(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    press = render.Press()
    try:
        process = press._running()
        (folder,) = tmp_path.iterdir()
        (folder / "weasyprint-x").mkdir()  # as it does for the fonts and files of a document
        process.kill()
        process.wait()
        press._running()
        assert folder not in tmp_path.iterdir()
    finally:
        press.close()
    assert not list(tmp_path.iterdir())
