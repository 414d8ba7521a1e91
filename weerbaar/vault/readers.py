"""Who may read a dossier, from making it to shredding it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from .codes import VISIT, AccessCode, new_visit, visit_pair, visit_reader
from .compartments import Compartment
from .dossiers import bunch_of
from .lockboxes import Reader, make, present, reader_side
from .models import BlindIndex, Dossier, Lockbox

D = TypeVar("D", bound=Dossier)


def find_by_code(model: type[D], code: AccessCode) -> D | None:
    """The dossier this code belongs to. The same queries whether it exists or not.

    Belongs in a transaction, as all that is then done with the dossier: see `present`.
    """
    return _find(model, code.reader)


def find_by_visit(model: type[D], token: str) -> D | None:
    """The dossier that is being followed with this token; None once 30 minutes have passed.

    Belongs in a transaction, as `find_by_code`.
    """
    return _find(model, visit_reader(token))


def _find(model: type[D], reader: str) -> D | None:
    present(reader)
    boxes = Lockbox.objects.filter(reader=reader).exclude(expires_at__lte=Now())
    return model._default_manager.filter(pk__in=boxes.values("dossier")).first()


@transaction.atomic(savepoint=False)
def start_visit(dossier: Dossier, via: AccessCode | str) -> str:
    """A token that opens what the code opens, for 30 minutes. Belongs in a `__Host-` cookie, nowhere else.

    `via` may also be the token of a living visit: who is still there may stay. Raises NoKey.
    """
    token = new_visit()
    keys = bunch_of(dossier, *((via, None) if isinstance(via, AccessCode) else (None, via))).keys()
    boxes = make(
        dossier.pk, visit_pair(token), keys, compartments=list(keys), expires_at=timezone.now() + VISIT
    )
    Lockbox.objects.bulk_create(boxes)
    present(visit_reader(token))
    return token


@transaction.atomic(savepoint=False)
def visit_ends_at(token: str) -> datetime | None:
    """When a visit is over; None when it is not there (any more)."""
    present(visit_reader(token))
    boxes = Lockbox.objects.filter(reader=visit_reader(token)).exclude(expires_at__lte=Now())
    return boxes.values_list("expires_at", flat=True).first()


@transaction.atomic(savepoint=False)
def end_visit(token: str) -> None:
    """Forget a visit at once (the reporter leaves)."""
    present(visit_reader(token))
    Lockbox.objects.filter(reader=visit_reader(token)).delete()


def end_expired_visits(now: datetime | None = None) -> int:
    """Remove what has expired: visits and temporary codes."""
    expired = Lockbox.objects.filter(expires_at__lte=now or timezone.now())
    return expired.delete()[0]


def add_reader(
    dossier: Dossier,
    reader: Reader,
    *,
    compartments: Collection[Compartment] | None = None,
    via: AccessCode | str | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Give a reader lockboxes, opened by `via` (an AccessCode or visit token) or by this process's keys.

    Gives what the kind of reader gets and the opener has; adding twice changes nothing. Raises NoKey.
    """
    code = via if isinstance(via, AccessCode) else None
    visit = via if isinstance(via, str) else None
    keys = bunch_of(dossier, code, visit).keys()
    boxes = make(dossier.pk, reader_side(reader), keys, compartments=compartments, expires_at=expires_at)
    Lockbox.objects.bulk_create(boxes, ignore_conflicts=True)


def remove_reader(dossier: Dossier, reader: Reader) -> None:
    """Take a reader's lockboxes away. What was read before stays known to who read it."""
    name = reader.reader if isinstance(reader, AccessCode) else str(reader)
    Lockbox.objects.filter(dossier=dossier.pk, reader=name).delete()


def shred(dossier: Dossier) -> None:
    """Delete every lockbox and blind index: the content is unreadable from here on, its history too."""
    with transaction.atomic():
        Lockbox.objects.filter(dossier=dossier.pk).delete()
        BlindIndex.objects.filter(dossier=dossier.pk).delete()
