"""Finding without reading: keyed pseudonyms of accounts, and a keyed index of surnames and addresses."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import connection, models, transaction

from .keys import secret
from .models import BlindIndex, Dossier
from .sealed import derive

D = TypeVar("D", bound=Dossier)


def pseudonym(user: Any) -> str:
    """What `Dossier.owner` holds for an account: 64 hex digits, meaningless without VAULT_OWNER_KEY."""
    return derive(secret("VAULT_OWNER_KEY"), b"owner", str(user.pk).encode()).hex()


def owned_by(dossiers: models.QuerySet[D], user: Any) -> models.QuerySet[D]:
    """Those that this account joined. Belongs in a transaction: until its end the database shows the zone of
    accounts these (weerbaar/audit/grants.py), as `present` does for who holds a code."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An owner is presented within a transaction.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('weerbaar.owner', %s, true)", [pseudonym(user)])
    return dossiers.filter(owner=pseudonym(user))


def blind_index(value: str) -> bytes:
    """The keyed digest of a surname or e-mail address; case, accents and spaces do not count."""
    letters = unicodedata.normalize("NFKD", value.casefold())
    plain = "".join(
        letter for letter in letters if not unicodedata.combining(letter) and not letter.isspace()
    )
    return derive(secret("VAULT_INDEX_KEY"), b"blind index", plain.encode())


def index(dossier: Dossier, values: Iterable[str]) -> None:
    """Make a dossier findable by these values alone; called by a job, which holds the key."""
    BlindIndex.objects.filter(dossier=dossier.pk).delete()
    rows = {blind_index(value) for value in values if value.strip()}
    BlindIndex.objects.bulk_create(BlindIndex(dossier=dossier.pk, value=row) for row in rows)


def find_by_person(dossiers: models.QuerySet[D], value: str) -> models.QuerySet[D]:
    """Those of the given dossiers (start from visible_to) that are indexed under this value."""
    found = BlindIndex.objects.filter(value=blind_index(value)).values("dossier")
    return dossiers.filter(pk__in=found)
