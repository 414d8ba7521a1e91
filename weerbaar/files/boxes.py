"""The key of a file, sealed for the service that scans it. Only the worker can open it."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from weerbaar.vault.errors import NoKey, Tampered
from weerbaar.vault.keys import keyring

READER = "service:files"
VERSION = b"1"


class Inside(NamedTuple):
    key: bytes
    format: str


def seal(file: UUID, key: bytes, format_name: str) -> bytes:
    """Opens for its own file only: a sealed box carries no associated data, so its place is inside."""
    return keyring().public(READER).seal(VERSION + file.bytes + key + format_name.encode())


def unseal(file: UUID, box: bytes) -> Inside:
    """Raises NoKey where the service's key is not held, and Tampered."""
    pairs = [pair for (reader, _fingerprint), pair in keyring().pairs.items() if reader == READER]
    if not pairs:
        raise NoKey("This process does not scan files.")
    head = VERSION + file.bytes
    for pair in pairs:  # the newest first; an older one while keys are being replaced
        try:
            inside = pair.unseal(bytes(box))
        except Tampered:
            continue
        if inside.startswith(head):
            rest = inside[len(head) :]
            return Inside(rest[:32], rest[32:].decode())
    raise Tampered("A box is not where it was made.")
