"""Access codes (toegangscodes) and visits: readers whose key pair follows from what they carry."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar, Self

from .keys import KeyPair, secret
from .sealed import derive

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32: no I, L, O, U
LIKE = str.maketrans("OIL", "011", " -\t\r\n\u00a0\u2010\u2011\u2012\u2013.")
DIGITS = 20  # of 5 bits: 100 bits
VISIT = timedelta(minutes=30)
TEMPORARY = timedelta(hours=24)


@dataclass(frozen=True)
class AccessCode:
    """100 random bits that stand for one reporter; kept nowhere. `str(code)` is what the reporter notes."""

    kind: ClassVar[str] = "code"
    digits: str = field(repr=False)

    @classmethod
    def derive(cls, draft_secret: bytes) -> Self:
        """The code that belongs to a draft: a repeated POST shows the same one."""
        number = int.from_bytes(derive(secret("VAULT_CODE_KEY"), b"access code", draft_secret)) >> (
            256 - 5 * DIGITS
        )
        return cls("".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(DIGITS))))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what somebody typed: small letters, spaces, O for 0, I or L for 1; else ValueError."""
        digits = text.strip().upper().translate(LIKE)
        if len(digits) != DIGITS or not set(digits) <= set(ALPHABET):
            raise ValueError("Not an access code.")
        return cls(digits)

    def __str__(self) -> str:
        return "-".join(self.digits[start : start + 4] for start in range(0, DIGITS, 4))

    @property
    def reader(self) -> str:
        """The name under which the database knows this code; tells nothing without VAULT_CODE_KEY."""
        find = f"{self.kind} find".encode()
        return f"{self.kind}:{derive(secret('VAULT_CODE_KEY'), find, self.digits.encode()).hex()}"

    @property
    def pair(self) -> KeyPair:
        seed = derive(secret("VAULT_CODE_KEY"), f"{self.kind} pair".encode(), self.digits.encode())
        return KeyPair.from_seed(self.reader, seed)


class TemporaryCode(AccessCode):
    """What a colleague reads aloud to a reporter who lost theirs. It is good for one thing: `exchange`."""

    kind = "temporary"


def new_access_code() -> AccessCode:
    return AccessCode.derive(secrets.token_bytes(32))


def new_temporary_code() -> TemporaryCode:
    return TemporaryCode.derive(secrets.token_bytes(32))


def new_visit() -> str:
    """What the cookie of a visitor holds: 256 random bits."""
    return secrets.token_urlsafe(32)


def visit_reader(token: str) -> str:
    return f"visit:{derive(secret('VAULT_CODE_KEY'), b'visit find', token.encode()).hex()}"


def visit_pair(token: str) -> KeyPair:
    seed = derive(secret("VAULT_CODE_KEY"), b"visit pair", token.encode())
    return KeyPair.from_seed(visit_reader(token), seed)
