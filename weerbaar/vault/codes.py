"""Access codes (toegangscodes) and visits: readers whose key pair follows from what they carry."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from .keys import KeyPair, secret
from .sealed import derive

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32: no I, L, O, U
LIKE = str.maketrans("OIL", "011", " -\t\r\n\u00a0\u2010\u2011\u2012\u2013.")
DIGITS = 20  # of 5 bits: 100 bits
VISIT = timedelta(minutes=30)


@dataclass(frozen=True)
class AccessCode:
    """100 random bits that stand for one reporter; kept nowhere. `str(code)` is what the reporter notes."""

    digits: str = field(repr=False)

    @classmethod
    def derive(cls, draft_secret: bytes) -> AccessCode:
        """The code that belongs to a draft: a repeated POST shows the same one."""
        number = int.from_bytes(derive(secret("VAULT_CODE_KEY"), b"access code", draft_secret)) >> (
            256 - 5 * DIGITS
        )
        return cls("".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(DIGITS))))

    @classmethod
    def parse(cls, text: str) -> AccessCode:
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
        return f"code:{derive(secret('VAULT_CODE_KEY'), b'code find', self.digits.encode()).hex()}"

    @property
    def pair(self) -> KeyPair:
        return KeyPair.from_seed(
            self.reader, derive(secret("VAULT_CODE_KEY"), b"code pair", self.digits.encode())
        )


def new_access_code() -> AccessCode:
    return AccessCode.derive(secrets.token_bytes(32))


def new_visit() -> str:
    """What the cookie of a visitor holds: 256 random bits."""
    return secrets.token_urlsafe(32)


def visit_reader(token: str) -> str:
    return f"visit:{derive(secret('VAULT_CODE_KEY'), b'visit find', token.encode()).hex()}"


def visit_pair(token: str) -> KeyPair:
    seed = derive(secret("VAULT_CODE_KEY"), b"visit pair", token.encode())
    return KeyPair.from_seed(visit_reader(token), seed)
