"""The key ring of this process: public keys to seal for, and the private keys of the readers it may be."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from .errors import NoKey, Tampered


def fingerprint(public: PublicKey) -> str:
    """Sixteen hex digits that tell which key pair a lockbox was sealed for."""
    return blake2b(bytes(public), digest_size=8, person=b"fingerprint").hexdigest()


@dataclass(frozen=True)
class PublicSide:
    """Enough to seal for a reader."""

    reader: str
    public: PublicKey

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public)

    def seal(self, payload: bytes) -> bytes:
        sealed: bytes = SealedBox(self.public).encrypt(payload)
        return sealed


@dataclass(frozen=True)
class KeyPair(PublicSide):
    """Enough to be a reader."""

    private: PrivateKey = field(repr=False)

    @classmethod
    def of(cls, reader: str, private: PrivateKey) -> KeyPair:
        return cls(reader=reader, public=private.public_key, private=private)

    @classmethod
    def from_seed(cls, reader: str, seed: bytes) -> KeyPair:
        return cls.of(reader, PrivateKey(seed))

    def unseal(self, box: bytes) -> bytes:
        try:
            payload: bytes = SealedBox(self.private).decrypt(box)
        except (CryptoError, ValueError, TypeError):
            raise Tampered("A lockbox does not open with its key.") from None
        return payload


@dataclass(frozen=True)
class Keyring:
    newest: dict[str, PublicSide]  # reader → what to seal for from now on
    pairs: dict[tuple[str, str], KeyPair]  # (reader, fingerprint) → the private side

    @property
    def readers(self) -> list[str]:
        """The readers this process may be, each once."""
        return list(dict.fromkeys(reader for reader, _ in self.pairs))

    def public(self, reader: str) -> PublicSide:
        if reader not in self.newest:
            raise NoKey(f"No public key for {reader.partition(':')[0]} readers of this name.")
        return self.newest[reader]


def keyring() -> Keyring:
    """This process's keys; parsed once."""
    return _parse(tuple(settings.VAULT_PUBLIC_KEYS), tuple(settings.VAULT_PRIVATE_KEYS))


@lru_cache(maxsize=8)
def _parse(public: tuple[str, ...], private: tuple[str, ...]) -> Keyring:
    newest: dict[str, PublicSide] = {}
    pairs: dict[tuple[str, str], KeyPair] = {}
    for reader, raw in map(_split, private):
        pair = KeyPair.of(reader, PrivateKey(raw))
        pairs.setdefault((reader, pair.fingerprint), pair)
    for reader, raw in map(_split, public):
        newest.setdefault(reader, PublicSide(reader, PublicKey(raw)))
    return Keyring(newest, pairs)


def _split(entry: str) -> tuple[str, bytes]:
    reader, _, encoded = entry.rpartition(":")
    try:
        raw = b64decode(encoded, validate=True)
    except ValueError:
        raw = b""
    if not reader or len(raw) != 32:
        raise ImproperlyConfigured("Een sleutel in VAULT_*_KEYS is onleesbaar: verwacht lezer:base64.")
    return reader, raw


def secret(setting: str) -> bytes:
    """A symmetric key from the settings; ImproperlyConfigured when this process does not hold it."""
    return _secret(setting, getattr(settings, setting, ""))


@lru_cache(maxsize=16)
def _secret(setting: str, encoded: str) -> bytes:
    try:
        raw = b64decode(encoded, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise ImproperlyConfigured(f"Instelling {setting} ontbreekt of is onleesbaar voor dit proces.")
    return raw
