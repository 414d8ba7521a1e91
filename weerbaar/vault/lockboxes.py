"""Lockboxes: who can reach which data keys of which dossier."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from .codes import AccessCode
from .compartments import Compartment, compartments_for
from .errors import NoKey, Tampered
from .keys import KeyPair, PublicSide, keyring
from .models import Lockbox

VERSION = 1
Reader = str | AccessCode
Keys = dict[Compartment, bytes]


class Box(NamedTuple):
    """A lockbox as it is read: many are opened and none is changed, so no model instance is made."""

    dossier: UUID
    reader: str
    compartment: str
    key: str
    box: bytes


ALIVE = """
SELECT dossier, reader, compartment, key, box FROM "vault_lockbox"
WHERE dossier = ANY(%s) AND reader = ANY(%s) AND (expires_at IS NULL OR expires_at > now())
"""


def present(reader: str) -> None:
    """Tell the database who asks, until this transaction ends; refuses to run outside one.

    To the public zone it shows only what this reader opens (weerbaar/audit/grants.py), and the name of a
    reader follows from a code or a cookie that are kept nowhere.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A reader is presented within a transaction.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('weerbaar.reader', %s, true)", [reader])


def reader_side(reader: Reader) -> PublicSide:
    """What is needed to seal for this reader."""
    return reader.pair if isinstance(reader, AccessCode) else keyring().public(str(reader))


def payload(dossier: UUID, compartment: str, reader: str, key: bytes) -> bytes:
    """What a lockbox holds: sealed boxes carry no associated data, so its place is inside."""
    head = f"{VERSION}\0{compartment}\0{reader}".encode()
    return struct.pack("!H", len(head)) + head + dossier.bytes + key


def make(
    dossier: UUID,
    side: PublicSide,
    keys: Mapping[Compartment, bytes],
    *,
    compartments: Collection[Compartment] | None = None,
    expires_at: datetime | None = None,
) -> list[Lockbox]:
    """Unsaved lockboxes for one reader, for every key given that this reader may have."""
    return [
        Lockbox(
            dossier=dossier,
            compartment=compartment,
            reader=side.reader,
            key=side.fingerprint,
            box=side.seal(payload(dossier, compartment, side.reader, keys[compartment])),
            expires_at=expires_at,
        )
        for compartment in compartments_for(side.reader, compartments)
        if compartment in keys
    ]


def unseal(lockbox: Lockbox | Box, pair: KeyPair) -> bytes:
    """The data key inside; Tampered when the box was moved or changed."""
    inside = pair.unseal(bytes(lockbox.box))
    key = inside[-32:]
    if (
        inside != payload(lockbox.dossier, lockbox.compartment, pair.reader, key)
        or lockbox.reader != pair.reader
    ):
        raise Tampered("A lockbox is not where it was made.")
    return key


class Bunch:
    """The boxes of one dossier that one opener has the key pairs for; each is unsealed when first needed."""

    def __init__(self, dossier: UUID, boxes: Iterable[tuple[Lockbox | Box, KeyPair]]) -> None:
        self.dossier = dossier
        self._boxes: dict[Compartment, tuple[Lockbox | Box, KeyPair]] = {}
        for box, pair in boxes:
            self._boxes.setdefault(Compartment(box.compartment), (box, pair))
        self._keys: Keys = {}

    def __repr__(self) -> str:
        return f"<Bunch of {self.dossier}>"

    @property
    def compartments(self) -> frozenset[Compartment]:
        return frozenset(self._boxes)

    def key(self, compartment: Compartment) -> bytes:
        if compartment not in self._keys:
            if compartment not in self._boxes:
                raise NoKey(f"No lockbox of compartment {compartment} for this reader.")
            self._keys[compartment] = unseal(*self._boxes[compartment])
        return self._keys[compartment]

    def keys(self) -> Keys:
        return {compartment: self.key(compartment) for compartment in self._boxes}

    def forget(self) -> None:
        self._keys.clear()
        self._boxes.clear()


def bunches(dossiers: Collection[UUID], pairs: Mapping[tuple[str, str], KeyPair]) -> dict[UUID, Bunch]:
    """For each dossier the boxes that these key pairs open: one query, expired boxes left out."""
    found: dict[UUID, list[tuple[Box, KeyPair]]] = {dossier: [] for dossier in dossiers}
    if found and pairs:
        with connection.cursor() as cursor:
            cursor.execute(ALIVE, [list(found), list({reader for reader, _ in pairs})])
            for box in map(Box._make, cursor.fetchall()):
                if pair := pairs.get((box.reader, box.key)):
                    found[box.dossier].append((box, pair))
    return {dossier: Bunch(dossier, boxes) for dossier, boxes in found.items()}
