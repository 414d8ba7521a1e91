"""Whether a file that came in may stay: its name, what the browser says of it, and what is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO

from .cell.formats import BY_EXTENSION, MOST, NO_TYPE, REFUSED_NAMES, Format, extension_of
from .room import cell
from .words import REASONS

WALL = 40.0  # seconds on the clock for one file
STRIPPED_WITHIN = 90.0
PIECE = 256 * 1024


class Refused(Exception):
    """A file is not taken in; `reason` is a key of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def format_of(name: str, declared: str, size: int) -> Format:
    """The format that name, declared type and size allow. Raises Refused."""
    if size > MOST:
        raise Refused("too_big")
    extension = extension_of(name)
    found = BY_EXTENSION.get(extension)
    if found is None:
        reasons = [reason for reason, endings in REFUSED_NAMES.items() if extension in endings]
        raise Refused(reasons[0] if reasons else "unknown")
    if size == 0:
        raise Refused("empty")
    if declared.partition(";")[0].strip().lower() not in found.declared | NO_TYPE:
        raise Refused("declared")
    return found


def examine(found: Format, content: Iterable[bytes], *, wall: float | None = None) -> None:
    """Have the contents looked into by a process of its own. Raises Refused."""
    with cell("examine.py", found.name, content, wall=wall or WALL) as answer:
        said = answer.read(40).decode(errors="replace")
    if said != "ok":
        raise Refused(said if said in REASONS else "heavy")  # it was killed, or died of the file


@contextmanager
def stripped(found: Format, title: str, content: Iterable[bytes]) -> Iterator[Iterator[bytes]]:
    """A copy without who made the file and when, in pieces; the process that made it looked at it again.

    Only for formats that can be stripped (cell/strip.py). Raises Refused, with "not_stripped" when something
    stayed behind, and at the last piece when the copy is cut short.
    """
    with cell("strip.py", f"{found.name} {title}", content, wall=STRIPPED_WITHIN) as answer:
        said, _space, length = answer.readline(60).decode(errors="replace").strip().partition(" ")
        if said != "ok":
            raise Refused(said or "heavy")  # it was killed, or died of the file
        yield _whole(answer, int(length))


def _whole(answer: IO[bytes], length: int) -> Iterator[bytes]:
    while piece := answer.read(min(PIECE, length)):
        length -= len(piece)
        yield piece
    if length:
        raise Refused("heavy")
