"""A new environment full of keys. Needs no settings: `python -m weerbaar.vault.fresh` prints it.

Every line is KEY=value. Who needs what: `ONLY` below, or give a zone as argument to print just its share.
"""

from __future__ import annotations

import secrets
import sys
from base64 import b64encode

from nacl.public import PrivateKey

READERS = ("team:ondersteuning", "team:woningscan", "team:integriteit", "zone:mijn", "service:files")
TEAMS = READERS[:3]
PROCESSES = ("publiek", "mijn", "beheer", "worker")
ONLY = {  # which processes may hold which secret; the rest is public
    "SECRET_KEY_PUBLIEK": {"publiek"},
    "SECRET_KEY_MIJN": {"mijn"},
    "SECRET_KEY_BEHEER": {"beheer"},
    "SECRET_KEY_WORKER": {"worker"},
    "VAULT_CODE_KEY": {"publiek", "mijn", "beheer", "worker"},
    "VAULT_INDEX_KEY": {"beheer", "worker"},
    "VAULT_OWNER_KEY": {"mijn", "worker"},
    "AUDIT_SEAL_KEY": {"worker"},
}
BE = {"publiek": (), "mijn": ("zone:mijn",), "beheer": TEAMS, "worker": READERS}


def environment() -> dict[str, str]:
    """New secrets for all zones together, by name."""
    found = {name: secrets.token_urlsafe(48) for name in ONLY if name.startswith("SECRET_KEY")}
    found |= {name: _encode(secrets.token_bytes(32)) for name in ONLY if not name.startswith("SECRET_KEY")}
    public, private = zip(*map(pair, READERS), strict=True)
    return found | {"VAULT_PUBLIC_KEYS": ",".join(public), "VAULT_PRIVATE_KEYS": ",".join(private)}


def pair(reader: str) -> tuple[str, str]:
    """A new key pair for a reader: its entries for VAULT_PUBLIC_KEYS and VAULT_PRIVATE_KEYS."""
    private = PrivateKey.generate()
    return f"{reader}:{_encode(bytes(private.public_key))}", f"{reader}:{_encode(bytes(private))}"


def share(environment: dict[str, str], process: str) -> dict[str, str]:
    """The part of an environment that one process (a zone or "worker") may hold."""
    part = {name: value for name, value in environment.items() if process in ONLY.get(name, PROCESSES)}
    private = [
        entry for entry in part["VAULT_PRIVATE_KEYS"].split(",") if entry.rpartition(":")[0] in BE[process]
    ]
    return part | {"VAULT_PRIVATE_KEYS": ",".join(private)}


def _encode(raw: bytes) -> str:
    return b64encode(raw).decode()


def lines(found: dict[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in sorted(found.items()))


if __name__ == "__main__":
    sys.stdout.write(lines(environment()))
