"""Secrets of accounts and sessions, encrypted with a key that only processes of their zone hold."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b

from django.conf import settings
from nacl.exceptions import CryptoError
from nacl.secret import Aead

from weerbaar.zones import Zone


class Unreadable(Exception):
    """The sealed bytes were made with another key, for another purpose, or were changed."""


@cache
def _key(zone: Zone, secret: str) -> bytes:
    return blake2b(f"{zone}:{secret}".encode(), digest_size=32, person=b"accounts").digest()


def seal(zone: Zone, plain: bytes, *, about: str) -> bytes:
    """Encrypt for one zone; `about` says what it is, and must be the same at opening."""
    return bytes(Aead(_key(zone, settings.SECRET_KEYS[zone])).encrypt(plain, about.encode()))


def unseal(zone: Zone, sealed: bytes, *, about: str) -> bytes:
    """Decrypt; raises Unreadable when the key, the purpose or the bytes do not fit."""
    try:
        return Aead(_key(zone, settings.SECRET_KEYS[zone])).decrypt(bytes(sealed), about.encode())
    except (CryptoError, ValueError) as error:
        raise Unreadable from error


def keyed_hash(zone: Zone, text: str, *, about: str) -> str:
    """A hash to find something by, that tells nothing to who lacks the zone's secret."""
    key = _key(zone, settings.SECRET_KEYS[zone])
    return blake2b(f"{about}:{text}".encode(), key=key, digest_size=32).hexdigest()
