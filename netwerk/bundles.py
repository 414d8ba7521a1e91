"""Packing files into one ZIP: stored and not deflated, streamed to disk, with a manifest."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from . import filenames, store
from .models import Version

MANIFEST_TEXT, MANIFEST_JSON = "manifest.txt", "manifest.json"


class Entry(NamedTuple):
    """A file in a bundle, under a name that is unique in it."""

    name: str
    version: Version


def named(versions: Iterable[Version]) -> Iterator[Entry]:
    """Each with a safe name; the second of two equal names gets a number. The manifests have theirs."""
    taken = {MANIFEST_TEXT, MANIFEST_JSON}
    for version in versions:
        name = filenames.unique(filenames.safe(version.name), taken)
        taken.add(name.casefold())
        yield Entry(name, version)


def pack(half: Path, target: Path, entries: list[Entry]) -> int:
    """Write the ZIP beside its place, and put it there when it is whole. Gives its size in bytes.

    Raises NoRoom; then, and at any other end, nothing half stays.
    """
    try:
        _write(half, entries)
        half.chmod(0o644)  # nginx reads it
        half.rename(target)
    finally:
        half.unlink(missing_ok=True)
    return target.stat().st_size


def _write(half: Path, entries: list[Entry]) -> None:
    if not store.has_room(half.parent, sum(entry.version.size for entry in entries)):
        raise store.NoRoom
    with zipfile.ZipFile(half, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for entry in entries:
            info = zipfile.ZipInfo(entry.name, entry.version.added_at.timetuple()[:6])
            info.external_attr = 0o644 << 16
            info.file_size = entry.version.size  # tells whether it needs the large form of a ZIP
            with store.path_of(entry.version.sha256).open("rb") as source, archive.open(info, "w") as place:
                shutil.copyfileobj(source, place, store.PIECE)
        archive.writestr(MANIFEST_TEXT, in_words(entries))
        archive.writestr(MANIFEST_JSON, in_json(entries))
    with half.open("rb") as done:
        os.fsync(done.fileno())


def in_words(entries: list[Entry]) -> str:
    """What is in it, as `sha256sum --check` reads it; the lines about it begin with a #."""
    lines = [_("# Bundel uit de toolkit van het Netwerk Weerbaar Bestuur")]
    for name, version in entries:
        about = _("# %(title)s, versie %(number)d, %(size)d bytes")
        lines.append(about % {"title": version.item.title, "number": version.number, "size": version.size})
        lines.append(f"{version.sha256}  {name}")
    return "\n".join(lines) + "\n"


def in_json(entries: list[Entry]) -> str:
    files = [
        {
            "name": name,
            "title": version.item.title,
            "slug": version.item.slug,
            "version": version.number,
            "sha256": version.sha256,
            "size": version.size,
        }
        for name, version in entries
    ]
    return json.dumps({"files": files}, ensure_ascii=False, indent=1)
