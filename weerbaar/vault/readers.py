"""Who may read a dossier, from making it to shredding it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from .codes import (
    TEMPORARY,
    VISIT,
    AccessCode,
    TemporaryCode,
    new_temporary_code,
    new_visit,
    visit_pair,
    visit_reader,
)
from .compartments import ZONE_MIJN, Compartment
from .dossiers import bunch_of
from .errors import NoKey
from .keys import keyring
from .lockboxes import Keys, Reader, bunches, make, present, reader_side
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
    return _visit(
        dossier, bunch_of(dossier, *((via, None) if isinstance(via, AccessCode) else (None, via))).keys()
    )


def _visit(dossier: Dossier, keys: Keys) -> str:
    token = new_visit()
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


def has_code(dossier: Dossier, compartment: Compartment) -> bool:
    """Whether the reporter's code still opens this compartment; a renewed code opens what the team could."""
    boxes = Lockbox.objects.filter(dossier=dossier.pk, compartment=compartment)
    return boxes.filter(reader__startswith=f"{AccessCode.kind}:").exists()


def recognise(code: AccessCode) -> AccessCode:
    """What somebody typed, as what it is: a TemporaryCode when there is a living one of these digits."""
    temporary = TemporaryCode(code.digits)
    present(temporary.reader)
    boxes = Lockbox.objects.filter(reader=temporary.reader).exclude(expires_at__lte=Now())
    return temporary if boxes.exists() else code


def give_temporary_code(dossier: Dossier) -> TemporaryCode:
    """A code for who lost theirs, made with this process's keys. It lives 24 hours and replaces the last one.

    It never gets the compartment ORGANISATION, also where one process holds all keys. Raises NoKey.
    """
    code = new_temporary_code()
    with transaction.atomic():
        _remove_kind(dossier, TemporaryCode.kind)
        add_reader(dossier, code, expires_at=timezone.now() + TEMPORARY)
    return code


def exchange(dossier: Dossier, temporary: TemporaryCode, new: AccessCode) -> None:
    """Give the new code what the temporary one opens; that one, the lost one and every visit end here.

    Raises NoKey when the temporary code was used or is over. Of two at once the second finds it used: it
    waits for the first one's DELETE, and then deletes nothing.
    """
    with transaction.atomic():
        keys = bunch_of(dossier, temporary).keys()
        Lockbox.objects.bulk_create(make(dossier.pk, new.pair, keys))
        present(new.reader)
        if not Lockbox.objects.filter(dossier=dossier.pk, reader=temporary.reader).delete()[0]:
            raise NoKey("This temporary code was used just now.")
        _end_all_but(dossier, new)


def hand_over(dossier: Dossier, visit: str, new: AccessCode) -> None:
    """Give a new code, somebody else's, all that this visit opens; every other reader outside ends here.

    Raises NoKey when the visit is over: also for the second of two at once.
    """
    with transaction.atomic():
        keys = bunch_of(dossier, None, visit).keys()
        Lockbox.objects.bulk_create(make(dossier.pk, new.pair, keys))
        present(new.reader)
        if not Lockbox.objects.filter(dossier=dossier.pk, reader=visit_reader(visit)).delete()[0]:
            raise NoKey("This visit was over just now.")
        _end_all_but(dossier, new)


def _end_all_but(dossier: Dossier, new: AccessCode) -> None:
    """Of the reporter's side only the new code stays: who held the old one reads on nowhere."""
    for kind in (AccessCode.kind, TemporaryCode.kind, "visit"):
        _remove_kind(dossier, kind, but=new.reader)
    leave_account(dossier)


def join_account(dossier: Dossier, code: AccessCode) -> None:
    """Let the zone of accounts open what reporter and team share, of this one dossier. Raises NoKey."""
    add_reader(dossier, ZONE_MIJN, via=code, compartments={Compartment.SHARED})


def leave_account(dossier: Dossier) -> None:
    """The other way round. What the reporter's own organisation reads in that zone stays."""
    boxes = Lockbox.objects.filter(dossier=dossier.pk, reader=ZONE_MIJN)
    boxes.filter(compartment=Compartment.SHARED).delete()


def start_visit_from_account(dossier: Dossier) -> str:
    """A visit as with the code, opened by the zone of accounts. Raises NoKey for a dossier not joined to one.

    ORGANISATION comes along only while the reporter's code opens it too: a renewed one does not.
    """
    pairs = {known: pair for known, pair in keyring().pairs.items() if known[0] == ZONE_MIJN}
    keys = bunches([dossier.pk], pairs)[dossier.pk].keys()
    if Compartment.SHARED not in keys:
        raise NoKey("This dossier was not joined to an account.")
    if not has_code(dossier, Compartment.ORGANISATION):
        keys.pop(Compartment.ORGANISATION, None)
    return _visit(dossier, keys)


def own_code(dossier: Dossier) -> str:
    """The name of the code that opens this dossier; "" when there is none."""
    boxes = Lockbox.objects.filter(dossier=dossier.pk, reader__startswith=f"{AccessCode.kind}:")
    return boxes.values_list("reader", flat=True).first() or ""


def _remove_kind(dossier: Dossier, kind: str, *, but: str = "") -> None:
    Lockbox.objects.filter(dossier=dossier.pk, reader__startswith=f"{kind}:").exclude(reader=but).delete()


def remove_reader(dossier: Dossier, reader: Reader) -> None:
    """Take a reader's lockboxes away. What was read before stays known to who read it."""
    name = reader.reader if isinstance(reader, AccessCode) else str(reader)
    Lockbox.objects.filter(dossier=dossier.pk, reader=name).delete()


def shred(dossier: Dossier) -> None:
    """Delete every lockbox and blind index: the content is unreadable from here on, its history too."""
    with transaction.atomic():
        Lockbox.objects.filter(dossier=dossier.pk).delete()
        BlindIndex.objects.filter(dossier=dossier.pk).delete()
