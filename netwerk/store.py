"""Where the toolkit's files lie, in clear: three folders, so that a web process changes nothing that is out.

incoming/  written by the web processes (an upload), emptied by the workers
files/     written by the workers, each file under its SHA-256; read by the web processes and by nginx
bundles/   written by the workers, read by the web processes and by nginx; emptied after a day
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

PIECE = 256 * 1024  # bytes at a time: a file of any size passes through as little memory
LEAST_ROOM = 1_000_000_000  # bytes that stay free: a full disk would stop the database too
FORGOTTEN = 24 * 60 * 60  # seconds after which an upload that nothing refers to is removed


class Stored(NamedTuple):
    """A file in the store: what it is known by, and how large it is."""

    sha256: str
    size: int


class NoRoom(OSError):
    """There is no room for another file."""


def path_of(sha256: str) -> Path:
    """Where the file with these bytes lies, whether or not it is there."""
    return _folder("files") / sha256[:2] / sha256


def keep(pieces: Iterable[bytes]) -> Stored:
    """Write a file piece by piece, and give it its place once every byte is on disk.

    The same bytes are kept once. Raises NoRoom; then, and at any other end, nothing half stays.
    """
    half = _folder("files") / f"{uuid.uuid4().hex}.half"
    try:
        stored = write(half, pieces)
        target = path_of(stored.sha256)
        if not target.exists():
            target.parent.mkdir(mode=0o755, exist_ok=True)
            half.chmod(0o644)  # nginx reads it
            half.rename(target)
            _sync_folder(target.parent)
    finally:
        half.unlink(missing_ok=True)
    return stored


def write(path: Path, pieces: Iterable[bytes]) -> Stored:
    """Write to a new file and make sure that it is on disk. Raises NoRoom."""
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        for piece in pieces:
            if size % (64 * PIECE) < len(piece) and not has_room(path.parent):
                raise NoRoom
            file.write(piece)
            digest.update(piece)
            size += len(piece)
        file.flush()
        os.fsync(file.fileno())
    return Stored(digest.hexdigest(), size)


def pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def incoming(upload: uuid.UUID) -> Path:
    return _folder("incoming") / upload.hex


def bundle(which: uuid.UUID) -> Path:
    return _folder("bundles") / f"{which.hex}.zip"


def bundle_in_the_making(which: uuid.UUID) -> Path:
    return _folder("bundles") / f"{which.hex}.half"


def has_room(folder: Path | None = None, size: int = 0) -> bool:
    """Whether so many bytes fit in this folder (by default another piece, where uploads arrive)."""
    return shutil.disk_usage(folder or _folder("incoming")).free > LEAST_ROOM + size


def forgotten() -> Iterator[tuple[uuid.UUID, Path]]:
    """Uploads and bundles that lie there for a day, with the id that their row would have."""
    for folder in ("incoming", "bundles"):
        for path in _folder(folder).iterdir():
            if path.stat().st_mtime < time.time() - FORGOTTEN:
                yield uuid.UUID(path.name.partition(".")[0]), path


def _folder(name: str) -> Path:
    path = Path(settings.TOOLKIT_DIR) / name
    if not path.exists():
        path.mkdir(mode=0o755, parents=True, exist_ok=True)
    return path


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
