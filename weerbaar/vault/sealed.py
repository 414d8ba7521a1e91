"""The cipher: XChaCha20-Poly1305 with its place bound in, and lengths padded to buckets."""

from __future__ import annotations

import secrets
from hashlib import blake2b
from typing import Any, NoReturn

from nacl import bindings
from nacl.exceptions import CryptoError

from .errors import Tampered

KEY_BYTES = 32
FORMAT = b"\x01"
NONCE_BYTES = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
MASK = "•••"
STEP = 16 * 1024  # above this, padding is by steps


class Sealed:
    """A value as the database holds it. It cannot be read by accident: everything shows •••."""

    __slots__ = ("_ciphertext",)

    def __init__(self, ciphertext: bytes) -> None:
        self._ciphertext = bytes(ciphertext)

    def __str__(self) -> str:
        return MASK

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self._ciphertext == other._ciphertext

    def __hash__(self) -> int:
        return hash(self._ciphertext)

    def __copy__(self) -> Sealed:
        return self

    def __deepcopy__(self, memo: Any) -> Sealed:
        return self

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("A sealed value cannot be pickled.")


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def derive(key: bytes, purpose: bytes, *parts: bytes, size: int = KEY_BYTES) -> bytes:
    """Keyed BLAKE2b for one purpose (at most 16 bytes); parts cannot run into each other."""
    digest = blake2b(key=key, person=purpose, digest_size=size)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def bucket(length: int) -> int:
    """The padded size for so many bytes: a power of two from 64 to 16 KiB, then steps of 16 KiB."""
    needed = length + 1  # padding takes at least one byte
    if needed > STEP:
        return -(-needed // STEP) * STEP
    return max(64, 1 << (needed - 1).bit_length())


def encrypt(key: bytes, value: bytes, place: bytes) -> bytes:
    """Format, nonce, ciphertext. `place` says where it belongs; it opens nowhere else."""
    padded = bindings.sodium_pad(value, bucket(len(value)))
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed: bytes = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(padded, FORMAT + place, nonce, key)
    return FORMAT + nonce + sealed


def decrypt(key: bytes, ciphertext: bytes, place: bytes) -> bytes:
    """The value again; Tampered when one bit or the place differs."""
    head, nonce, rest = ciphertext[:1], ciphertext[1 : 1 + NONCE_BYTES], ciphertext[1 + NONCE_BYTES :]
    try:
        if head != FORMAT or len(nonce) != NONCE_BYTES:
            raise CryptoError
        padded = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(rest, FORMAT + place, nonce, key)
        value: bytes = bindings.sodium_unpad(padded, len(padded))
    except (CryptoError, ValueError):  # too short for the binding: a plain ValueError
        raise Tampered("A sealed value does not open here.") from None
    return value
