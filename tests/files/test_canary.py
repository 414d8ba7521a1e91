"""A canary in the name and contents of a file is in clear nowhere: tables, logs, disk, temporary files."""

from __future__ import annotations

import logging
import tempfile
import time
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as current
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from netwerk.models import Organisation
from ondersteuning.models import Case
from tests.ondersteuning.test_report_canary import every_row, found_in, shapes
from tests.ondersteuning.walk import ANSWERS, fill_in
from weerbaar.accounts.roles import Role
from weerbaar.files.models import StoredFile
from weerbaar.jobs import run_due
from weerbaar.local import clamav

NAME, CONTENT, LINK = "Kanarienaam voordeur", "Kanarieinhoud van het bericht", "kanarielink.invalid"
LOOKED_FOR = {
    f"{word} ({shape})": seen for word in (NAME, CONTENT, LINK) for shape, seen in shapes(word).items()
}


def noisy() -> bytes:
    """A picture that cannot be pressed small, with a comment."""
    out = BytesIO()
    Image.effect_noise((900, 900), 90).save(out, "PNG")
    return out.getvalue() + CONTENT.encode() * 1000


@pytest.fixture
def own_temp(tmp_path, monkeypatch):
    """A folder for temporary files that is ours to look through."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.usefixtures("scanner_on")
def test_a_canary_in_a_file_is_found_nowhere_in_clear(
    own_database, own_temp, make_user, sign_in, settings, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    began = time.time() - 1
    Organisation.objects.create(code="GM9001", name="Testdam", layer="gemeente", province_code="PV26")
    client, handler = Client(), make_user(Role.EERSTE_LIJN)
    fill_in(client, until="bewijs")
    sent = [
        (f"{NAME}.txt", CONTENT.encode() * 3000, "text/plain"),
        (f"{NAME}.png", noisy(), "image/png"),
        (f"{NAME}.exe", b"MZ" + CONTENT.encode(), ""),  # refused
        (f"{NAME}.pdf", b"%PDF-1.4" + CONTENT.encode(), ""),  # refused after a look
    ]
    for name, data, declared in sent:
        client.post(
            "/melden/bewijs/",
            {"file": SimpleUploadedFile(name, data, declared), "toevoegen": "1", "links": f"https://{LINK}/"},
        )
        on_disk(own_temp, began)
    client.post("/melden/bewijs/", {"links": f"https://{LINK}/"})
    client.post("/melden/contact/", ANSWERS["contact"])
    look_through(own_database)
    client.post("/melden/controleren/")
    zones, settings.ZONES = settings.ZONES, frozenset()
    while run_due():
        pass
    settings.ZONES = zones
    case = Case.objects.get()
    assert StoredFile.objects.released().count() == 2
    desk = Client()
    sign_in(desk, handler)
    place = f"/beheer/ondersteuning/case/{case.pk}/"
    desk.post(f"{place}nemen/", {"version": case.version})
    assert NAME in desk.get(f"{place}change/").content.decode()
    for row in case.evidence.files():
        desk.get(f"{place}bewijs/{row.pk}/")
        taken = desk.post(f"{place}bewijs/{row.pk}/origineel/", {"reason": "beoordelen"})
        assert CONTENT.encode() in b"".join(taken.streaming_content)

    look_through(own_database)
    on_disk(own_temp, began)
    stored = [path for path in Path(current.FILES_DIR).rglob("*") if path.is_file()]
    assert len(stored) == 3  # two originals, one page of a safe copy
    for path in stored:
        assert found_in(path.read_bytes(), LOOKED_FOR) == []
        assert found_in(str(path).encode(), LOOKED_FOR) == []
    said = capfd.readouterr()
    assert found_in("\n".join([caplog.text, said.out, said.err]).encode(), LOOKED_FOR) == []


def look_through(database: str) -> None:
    assert [
        (table, found) for table, row in every_row(database) if (found := found_in(row, LOOKED_FOR))
    ] == []


def on_disk(temp: Path, began: float) -> None:
    """No temporary file, ours nor the scanner's, neither on disk nor in memory."""
    assert list(temp.rglob("*")) == []
    assert [path for path in clamav.MEMORY.glob("weerbaar-*/*") if path.stat().st_mtime > began] == []


def test_the_scanner_unpacks_in_memory(tmp_path):
    sockets = tmp_path / "weerbaar-sockets-of-a-test"
    service = clamav.service(tmp_path, sockets, real=False)
    config = (tmp_path / "clamav" / "clamd.conf").read_text()
    folder = Path(config.split("TemporaryDirectory ")[1].splitlines()[0])
    assert folder == clamav.MEMORY / sockets.name
    assert folder.stat().st_mode & 0o777 == 0o700
    assert not service.is_vital  # without it the portal goes on
    folder.rmdir()


def test_a_folder_of_somebody_else_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(clamav, "MEMORY", tmp_path)
    (tmp_path / "x").mkdir(mode=0o777)
    (tmp_path / "x").chmod(0o777)
    assert clamav.own_folder("x", tmp_path / "ours") == tmp_path / "ours"
    (tmp_path / "y").symlink_to("/etc")
    assert clamav.own_folder("y", tmp_path / "ours") == tmp_path / "ours"
