"""Secrets of accounts and sessions, encrypted with a key that only processes of their zone hold."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from hashlib import blake2b

from django.conf import settings
from nacl.exceptions import CryptoError
from nacl.secret import Aead

from weerbaar.zones import Zone


class Unreadable(Exception):
    """The sealed bytes were made with another key, for another purpose, or were changed."""


@cache
def _keys(zone: Zone, secrets: str) -> list[bytes]:
    """Newest first: a zone's secret may be followed by older ones, after a space."""
    return [
        blake2b(f"{zone}:{secret}".encode(), digest_size=32, person=b"accounts").digest()
        for secret in secrets.split()
    ]


def seal(zone: Zone, plain: bytes, *, about: str) -> bytes:
    """Encrypt for one zone; `about` says what it is, and must be the same at opening."""
    newest = _keys(zone, settings.SECRET_KEYS[zone])[0]
    return bytes(Aead(newest).encrypt(plain, about.encode()))


def unseal(zone: Zone, sealed: bytes, *, about: str) -> bytes:
    """Decrypt; raises Unreadable when the key, the purpose or the bytes do not fit."""
    for key in _keys(zone, settings.SECRET_KEYS[zone]):
        with suppress(CryptoError, ValueError):
            return Aead(key).decrypt(bytes(sealed), about.encode())
    raise Unreadable


def keyed_hash(zone: Zone, text: str, *, about: str) -> str:
    """A hash to find something by, that tells nothing to who lacks the zone's secret."""
    newest = _keys(zone, settings.SECRET_KEYS[zone])[0]
    return blake2b(f"{about}:{text}".encode(), key=newest, digest_size=32).hexdigest()
