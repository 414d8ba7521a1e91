"""Taking a file in, tying it to a dossier, dropping it. What follows (scan, safe copy) is in tasks.py."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from weerbaar.jobs import enqueue

from . import boxes, store, tasks
from .cell.formats import FORMATS, Format
from .forms import Examined
from .models import StoredFile


@dataclass(frozen=True)
class Facts:
    """What must be known of a file to have it as evidence, its key included: belongs in something sealed."""

    id: UUID
    key: bytes
    name: str
    format: str
    size: int
    sha256: str
    received_at: datetime

    def __repr__(self) -> str:
        return "<Facts •••>"

    @property
    def kind(self) -> Format:
        return FORMATS[self.format]

    def sealed(self) -> dict[str, Any]:
        """As JSON can hold it, for a draft or a sealed field."""
        found = asdict(self)
        return found | {
            "id": str(self.id),
            "key": self.key.hex(),
            "received_at": self.received_at.isoformat(),
        }

    @classmethod
    def of(cls, found: dict[str, Any]) -> Facts:
        """The other way round."""
        moment = parse_datetime(found["received_at"])
        assert moment
        key = bytes.fromhex(found["key"])
        return cls(**found | {"id": UUID(found["id"]), "key": key, "received_at": moment})


@transaction.atomic
def take_in(examined: Examined, *, dossier: UUID | None = None, expires_at: datetime | None = None) -> Facts:
    """A row for a file that came in, and a job that has it scanned; for a dossier, or for a draft until it
    expires. The facts, with the key, go to whoever may read: they are kept nowhere else."""
    upload, now = examined.upload, timezone.now()
    box = boxes.seal(upload.id, upload.key, examined.format.name)
    StoredFile.objects.create(id=upload.id, received_at=now, dossier=dossier, expires_at=expires_at, box=box)
    enqueue(tasks.scan, key=f"{upload.id}", file_id=upload.id)
    upload.is_taken_in = True
    return Facts(
        id=upload.id,
        key=upload.key,
        name=upload.shown_name,
        format=examined.format.name,
        size=upload.size or 0,
        sha256=upload.sha256,
        received_at=now,
    )


def keep_until(files: Collection[UUID], expires_at: datetime) -> None:
    """The draft that these belong to lives on until then."""
    if files:
        StoredFile.objects.filter(pk__in=files, dossier__isnull=True).update(expires_at=expires_at)


def bind(files: Collection[UUID], dossier: UUID) -> list[UUID]:
    """The draft was sent: from now on these belong to a dossier. Gives those that were still there."""
    with transaction.atomic():
        free = StoredFile.objects.filter(pk__in=files, dossier__isnull=True)
        there = list(free.values_list("pk", flat=True))
        free.update(dossier=dossier, expires_at=None)
    return there


def drop(files: Iterable[UUID]) -> None:
    """Files of a draft that nobody wants: their keys are forgotten by the caller, the worker clears up."""
    StoredFile.objects.filter(pk__in=list(files), dossier__isnull=True).update(expires_at=timezone.now())


def rows(files: Iterable[UUID]) -> dict[UUID, StoredFile]:
    """How far each of these files is, in one query."""
    found = StoredFile.objects.defer("box").filter(pk__in=list(files))
    return {one.pk: one for one in found}


def clear_up(now: datetime) -> int:
    """Remove what nobody can open any more: of expired drafts, of shredded dossiers, and what has no row."""
    gone = list(StoredFile.objects.leftover(now).values_list("pk", flat=True)[:1000])
    for file in gone:
        store.remove(file)
    StoredFile.objects.filter(pk__in=gone).delete()
    lost = dict(store.forgotten())
    known = set(StoredFile.objects.filter(pk__in=lost).values_list("pk", flat=True))
    for file, path in store.forgotten():
        if file not in known and file in lost:
            path.unlink(missing_ok=True)
    return len(gone)
