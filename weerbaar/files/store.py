"""Where encrypted files lie. Two folders, so that a web process need not be able to remove what was taken in:

incoming/  written by the web processes, emptied by the worker
kept/      written by the worker, read by the web processes
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

LEAST_ROOM = 1_000_000_000  # bytes that stay free: a full disk would stop the database too
FORGOTTEN = 60 * 60  # seconds after which a file without a row was not taken in


def incoming(file: UUID) -> Path:
    return _folder("incoming") / file.hex


def kept(file: UUID, page: int = 0) -> Path:
    return _folder("kept") / (f"{file.hex}.{page}" if page else file.hex)


def path_of(file: UUID) -> Path:
    """Where the original lies now."""
    path = kept(file)
    return path if path.exists() else incoming(file)


def has_room() -> bool:
    """Whether there is room for another file."""
    return shutil.disk_usage(_folder("incoming")).free > LEAST_ROOM


def keep(file: UUID) -> None:
    """Move a file out of the web's reach; the two folders may be on different volumes. Safe to repeat."""
    source, target = incoming(file), kept(file)
    if target.exists() or not source.exists():
        return
    half = target.with_suffix(".half")
    shutil.copyfile(source, half)
    half.chmod(0o600)
    half.rename(target)
    source.unlink()


def remove(file: UUID) -> None:
    """The original and every page of its copy."""
    for path in [incoming(file), *_folder("kept").glob(f"{file.hex}*")]:
        path.unlink(missing_ok=True)


def forgotten() -> Iterator[tuple[UUID, Path]]:
    """Files that lie there long enough to have a row, with the id that it would have."""
    for folder in ("incoming", "kept"):
        for path in _folder(folder).iterdir():
            if path.stat().st_mtime < time.time() - FORGOTTEN:
                yield UUID(path.name.partition(".")[0]), path


def _folder(name: str) -> Path:
    path = Path(settings.FILES_DIR) / name
    if not path.exists():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
