"""Exactly the right files are taken in, and each of the others hears why."""

from __future__ import annotations

import os
import resource

import pytest

from weerbaar.files import checks, room
from weerbaar.files.words import REASONS

from .corpus import CORPUS, One, mp4, openxml, outlook


def reason_of(one) -> str | None:
    try:
        found = checks.format_of(one.name, one.declared, len(one.data))
        checks.examine(found, [one.data])
    except checks.Refused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize("one", CORPUS, ids=lambda one: ascii(one.name))
def test_a_file_is_taken_in_or_refused_for_the_right_reason(one):
    assert reason_of(one) == one.reason


SLOW = {  # what would keep a careless pattern busy for ever
    "mail.eml": b"From: a\nTo: b\nSubject: c\n\n" + b"name=" * 4_000_000,
    "lijst.docx": openxml(
        "docx", {"word/_rels/a.rels": os.urandom(200_000).hex() + "<Relationship " * 500_000}
    ),
    "film.mp4": mp4(b"isom", content=b"<scrip" * 4_000_000),
    "tekst.txt": b" " * 24_000_000 + b"<script>",
    "bericht.msg": outlook() + b".\0a\0" * 5_000_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_no_file_keeps_us_busy(name):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    reason_of(One(name, SLOW[name], "", None))
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 8


def test_a_cell_that_hangs_or_dies_is_a_refusal(monkeypatch):
    one = One("foto.png", b"x", "", None)
    monkeypatch.setattr(checks, "WALL", 0.01)
    assert reason_of(one) == "heavy"


def test_a_cell_has_nothing_to_steal_and_nowhere_to_write(tmp_path, monkeypatch):
    """It is asked from the inside, by a script of our own in its place."""
    monkeypatch.setenv("SECRET_KEY_WORKER", "geheim")
    (tmp_path / "ask.py").write_text(ASK.replace("CELL", str(room.CELL)).replace("HERE", str(tmp_path)))
    monkeypatch.setattr(room, "CELL", tmp_path)
    with room.cell("ask.py", "png", [b"x"], wall=20) as answer:
        said = answer.read().decode()
    assert said == "env=LANG write=refused memory=refused ours=False"


ASK = """
import os, sys
sys.path.insert(0, "CELL")
import limits
stdin, out = limits.streams()
limits.lock_up(memory=300_000_000, seconds=5)
said = ["env=" + ",".join(sorted(os.environ))]
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    with open("HERE/left", "wb") as file:
        file.write(b"x")
    said.append("write=done")
except OSError:
    said.append("write=refused")
try:
    bytes(400_000_000)
    said.append("memory=given")
except MemoryError:
    said.append("memory=refused")
said.append(f"ours={'django' in sys.modules or 'weerbaar' in sys.modules}")
out.write(" ".join(said).encode())
out.flush()
"""


def test_the_corpus_is_large_and_its_names_differ():
    assert len(CORPUS) >= 60
    assert len({one.name for one in CORPUS}) == len(CORPUS)
    assert {one.reason for one in CORPUS if one.reason} <= set(REASONS)
