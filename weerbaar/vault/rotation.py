"""Resealing lockboxes for a reader's newest key, in batches, while the site runs.

A process that holds both the old and the new private key does it; what is done stays done, so it can be
stopped and started again at any time. The data keys stay as they are: no content is opened or rewritten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import models, transaction

from .errors import Tampered
from .keys import KeyPair, PublicSide, keyring
from .lockboxes import payload, unseal
from .models import Lockbox

BATCH = 500


@dataclass
class Rotated:
    """How a rotation went: boxes resealed, and boxes that no key of this process opens."""

    reader: str
    resealed: int = 0
    left: int = 0


def rotate(reader: str) -> Rotated:
    """Reseal every lockbox of this reader that is not for its newest public key. Safe to repeat."""
    newest = keyring().public(reader)
    done = Rotated(reader)
    for dossiers in _batches(newest):
        with transaction.atomic():
            for box in _old(newest).filter(dossier__in=dossiers).select_for_update():
                if _reseal(box, newest):
                    done.resealed += 1
                else:
                    done.left += 1
    return done


def _old(newest: PublicSide) -> models.QuerySet[Lockbox]:
    return Lockbox.objects.filter(reader=newest.reader).exclude(key=newest.fingerprint)


def _batches(newest: PublicSide) -> Iterator[list[UUID]]:
    last = UUID(int=0)
    while True:
        old = _old(newest).filter(dossier__gt=last).order_by("dossier").values_list("dossier", flat=True)
        if not (batch := list(old.distinct()[:BATCH])):
            return
        yield batch
        last = batch[-1]


def _reseal(box: Lockbox, newest: PublicSide) -> bool:
    pair: KeyPair | None = keyring().pairs.get((box.reader, box.key))
    if pair is None:
        return False
    try:
        key = unseal(box, pair)
    except Tampered:
        return False
    inside = payload(box.dossier, box.compartment, box.reader, key)
    Lockbox.objects.filter(pk=box.pk, key=box.key).update(box=newest.seal(inside), key=newest.fingerprint)
    return True
