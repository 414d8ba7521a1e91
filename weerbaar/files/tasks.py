"""What the worker does with a file: have it scanned, take it out of the web's reach, draw a safe copy."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import IO
from uuid import UUID

from weerbaar.audit.log import Actor, log
from weerbaar.audit.models import Purpose, Result
from weerbaar.jobs import WORKER_ONLY, beat, enqueue, job
from weerbaar.zones import Zone

from . import boxes, scanner, store
from .cell.formats import FORMATS, PAGES
from .lifecycle import State
from .models import StoredFile
from .room import cell
from .stream import Sealer, key_of_page, pieces, place_of

SERVICE = Actor.service("bestandscontrole")
LEASE = timedelta(minutes=3)
DRAWN_WITHIN = 90.0  # seconds on the clock
MOST_DRAWN = 20_000_000  # bytes of one page


@job(queue="pdf", lease=LEASE, zones={Zone.PUBLIEK, Zone.BEHEER})
def scan(file_id: str) -> None:
    """Ask the scanner. When it is away this fails, is tried again, and is parked with an alarm in the end."""
    row = StoredFile.objects.waiting().filter(pk=file_id).first()
    if row is None:
        return
    key, format_name = _open(row, "virusscan")
    if not scanner.is_clean(pieces(store.path_of(row.pk), key, place_of(row.pk.bytes))):
        store.keep(row.pk)
        _move(row, State.INFECTED, box=None)
        return
    store.keep(row.pk)
    _move(row, State.SCANNED)
    if FORMATS[format_name].is_drawn:
        enqueue(draw, key=f"{row.pk}", file_id=row.pk)
    else:
        _move(row, State.READY, box=None)


@job(queue="pdf", attempts=3, lease=LEASE, zones=WORKER_ONLY)
def draw(file_id: str) -> None:
    """Draw the safe copy. What cannot be drawn stays without: the original is there all the same."""
    row = StoredFile.objects.filter(pk=file_id, state=State.SCANNED).first()
    if row is None:
        return
    key, format_name = _open(row, "veilige weergave")
    content = pieces(store.path_of(row.pk), key, place_of(row.pk.bytes))
    with cell("draw.py", format_name, content, wall=DRAWN_WITHIN) as answer:
        count = 0
        for drawn in _pages(answer):
            count += 1
            _keep_page(row.pk, count, key, drawn)
        said = answer.read(40).decode(errors="replace")
    in_all = int(said.split()[1]) if said.startswith("ok ") else 0  # 0: it ended before that was known
    _move(row, State.READY, box=None, pages=count, pages_in_all=in_all)


@beat(every=timedelta(minutes=1))
def scan_what_waits(now: datetime) -> None:
    """The scanner is back: what waited for it is tried at once, not when its turn comes."""
    late = StoredFile.objects.waiting().filter(
        received_at__lt=now - timedelta(minutes=2), received_at__gt=now - timedelta(days=30)
    )
    waiting = list(late.order_by("received_at").values_list("pk", flat=True)[:100])
    if waiting and scanner.answers():
        for pk in waiting:
            enqueue(scan, key=f"{pk}:{now:%Y%m%d%H}", file_id=pk)


@beat(every=timedelta(minutes=15))
def clear_up(now: datetime) -> None:
    from .actions import clear_up as clear  # noqa: PLC0415 - actions and what follows from them know each other

    clear(now)


def _open(row: StoredFile, why: str) -> boxes.Inside:
    """The key, behind a committed line in the access log."""
    log(SERVICE, dossier=row.dossier or row.pk, purpose=Purpose.CHECK, result=Result.OPENED, detail=why)
    return boxes.unseal(row.pk, bytes(row.box or b""))


def _move(row: StoredFile, to: State, **fields: object) -> None:
    """The next state; `dossier` and `expires_at` are not ours to write: the draft may be sent meanwhile."""
    row.state = to
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *fields])


def _pages(answer: IO[bytes]) -> Iterator[bytes]:
    """The drawn pages; ends where the cell says so, or where it died."""
    for _number in range(PAGES):
        head = answer.read(4)
        length = struct.unpack("!I", head)[0] if len(head) == 4 else 0
        drawn = answer.read(length) if 0 < length <= MOST_DRAWN else b""
        if len(drawn) < length or not drawn.startswith(b"\xff\xd8"):
            return
        yield drawn
    answer.read(4)


def _keep_page(file: UUID, number: int, key: bytes, drawn: bytes) -> None:
    path = store.kept(file, number)
    path.unlink(missing_ok=True)  # of a try that was cut short
    sealer = Sealer(path, key_of_page(key, number), place_of(file.bytes, number))
    sealer.write(drawn)
    sealer.finish()
