"""The manifest of evidence: names, times and SHA-256, in the format that `sha256sum -c` reads as well.

Lines with a # are for people; each other line is a digest, two spaces and the name that the original is
downloaded under. `manage.py verify_manifest` holds a folder against it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from weerbaar.files import api as files

from .evidence import Piece, size_in_words
from .words import moment_in_full

LINE = re.compile(r"(?P<sha256>[0-9a-f]{64}) [ *](?P<name>.+)")


class Entry(NamedTuple):
    """One piece of evidence as the manifest tells it. A link has no digest."""

    number: int
    name: str  # as the reporter's own device knew it, or the link
    kind: str
    size: str
    received: str
    sha256: str = ""
    file: str = ""  # the name of the download
    is_refused: bool = False  # a virus: the original cannot be taken


def entries(pieces: Iterable[Piece]) -> list[Entry]:
    """Every piece of evidence, numbered in the order in which it came in."""
    return [_entry(number, piece) for number, piece in enumerate(pieces, 1)]


def _entry(number: int, piece: Piece) -> Entry:
    facts = piece.facts
    if facts is None:
        return Entry(number, piece.name, piece.kind, "", moment_in_full(piece.row.at))
    return Entry(
        number,
        piece.name,
        piece.kind,
        size_in_words(facts.size),
        moment_in_full(facts.received_at),
        facts.sha256,
        files.download_name(facts),
        piece.file is not None and piece.file.state == files.State.INFECTED,
    )


def written(reference: str, found: Iterable[Entry]) -> str:
    """The manifest as a text file."""
    lines = [
        "# " + _("Manifest van het bewijs bij %(reference)s") % {"reference": reference},
        "# " + _("Tijden zijn Nederlandse tijd. Controleren kan met: sha256sum -c manifest.sha256"),
    ]
    for one in found:
        told = ", ".join(part for part in (_plain(one.name), one.kind, one.size) if part)
        lines.append(f"# {one.number}. {told}, " + _("ontvangen %(moment)s") % {"moment": one.received})
        if one.is_refused:
            lines.append("# " + _("Niet vrijgegeven: er zit een virus in. SHA-256:") + f" {one.sha256}")
        elif one.sha256:
            lines.append(f"{one.sha256}  {one.file}")
    return "\n".join(lines) + "\n"


def digest(text: str) -> str:
    """The SHA-256 of a manifest itself: it stands in the aangifte file, which so vouches for the manifest."""
    return hashlib.sha256(text.encode()).hexdigest()


class Verdict(StrEnum):
    INTACT = "klopt"
    CHANGED = "gewijzigd"
    MISSING = "ontbreekt"
    UNKNOWN = "staat niet in het manifest"


def verify(text: str, folder: Path) -> Iterator[tuple[Verdict, str]]:
    """Hold the files in a folder against a manifest; a file that was renamed still counts. Raises ValueError
    when this is no manifest."""
    expected = [(match["name"], match["sha256"]) for match in map(LINE.fullmatch, text.splitlines()) if match]
    if not expected:
        raise ValueError("no manifest")
    there = {path.name: _sha256(path) for path in sorted(folder.iterdir()) if path.is_file()}
    digests = set(there.values())
    for name, sha256 in expected:
        if sha256 in digests:
            yield Verdict.INTACT, name
        else:
            yield Verdict.CHANGED if name in there else Verdict.MISSING, name
    known = {name for name, _sha in expected}, {sha256 for _name, sha256 in expected}
    for name, sha256 in there.items():
        if name not in known[0] and sha256 not in known[1] and digest(text) != sha256:
            yield Verdict.UNKNOWN, name


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(name: str) -> str:
    """A name or link on one line, whatever is in it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
