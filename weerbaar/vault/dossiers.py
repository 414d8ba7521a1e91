"""Making, opening and writing dossiers. A committed access-log row comes first: no row, no content."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import models, transaction

from weerbaar.audit.log import Actor, log, log_many
from weerbaar.audit.models import Purpose, Result

from .codes import AccessCode, visit_pair
from .compartments import Compartment
from .content import Content, seal_into, sealed_field
from .errors import NoKey, Stale, VaultError
from .keys import KeyPair, keyring
from .lockboxes import Bunch, Reader, bunches, make, present, reader_side
from .models import Dossier, Lockbox
from .sealed import new_key

D = TypeVar("D", bound=Dossier)
BATCH = 500


def new(
    model: type[D],
    *,
    readers: Iterable[Reader | tuple[Reader, Collection[Compartment]]],
    content: Mapping[str, Any],
    **columns: Any,
) -> D:
    """A saved dossier with its data keys, boxed for these readers, in the caller's transaction.

    A reader is a team, "zone:mijn" or an AccessCode; `(reader, compartments)` asks for other compartments
    than its kind gets by default. The keys of all compartments are made, and forgotten here.
    """
    dossier = model(**columns)
    keys = {compartment: new_key() for compartment in Compartment}
    boxes, codes = [], []
    for entry in readers:
        reader, asked = entry if isinstance(entry, tuple) else (entry, None)
        if isinstance(reader, AccessCode):
            codes.append(reader)
        boxes += make(dossier.pk, reader_side(reader), keys, compartments=asked)
    if not boxes:
        raise VaultError("A dossier without readers could never be opened.")
    seal_into(dossier, dict(content), _fresh(dossier, keys), dossier.pk)
    with transaction.atomic():
        for code in codes:
            present(code.reader)
        Lockbox.objects.bulk_create(boxes)  # first: who has no lockbox of a dossier does not see it
        dossier.save(force_insert=True)
    return dossier


def _fresh(dossier: Dossier, keys: dict[Compartment, bytes]) -> Bunch:
    bunch = Bunch(dossier.pk, [])
    bunch._keys.update(keys)
    return bunch


def key_pairs(code: AccessCode | None = None, visit: str | None = None) -> Mapping[tuple[str, str], KeyPair]:
    """The key pairs that open for a code, for a visit, or else for this process."""
    if code is None and visit is None:
        return keyring().pairs
    pair = code.pair if code is not None else visit_pair(visit or "")
    return {(pair.reader, pair.fingerprint): pair}


def bunch_of(dossier: Dossier, code: AccessCode | None = None, visit: str | None = None) -> Bunch:
    """The boxes of a dossier that open for this caller; NoKey when there is none."""
    bunch = bunches([dossier.pk], key_pairs(code, visit))[dossier.pk]
    if not bunch.compartments:
        raise NoKey("No lockbox of this dossier opens here.")
    return bunch


@contextmanager
def open(  # shadows the builtin on purpose: read as vault.open
    dossier: Dossier,
    *,
    purpose: Purpose,
    by: Any = None,
    code: AccessCode | None = None,
    visit: str | None = None,
    detail: str = "",
) -> Iterator[Content]:
    """Open a dossier: by an account or Actor with this process's keys, or with a code or visit token.

    Two queries: the boxes and the access-log row, which is committed before any text can be read.
    Raises NoKey (logged) and AuditUnavailable. Call it before taking row locks.
    """
    actor = Actor.reporter() if code is not None or visit is not None else Actor.of(by)
    try:
        bunch = bunch_of(dossier, code, visit)
    except NoKey:
        log(actor, dossier=dossier.pk, purpose=purpose, result=Result.NO_KEY, detail=detail)
        raise
    log(actor, dossier=dossier.pk, purpose=purpose, result=Result.OPENED, detail=detail)
    content = Content(dossier, bunch)
    try:
        yield content
    finally:
        content.close()


def open_many(dossiers: Iterable[D], *, by: Any, purpose: Purpose) -> Iterator[tuple[D, Content]]:
    """Open dossiers one after the other; the next closes the last. Those without a key are left out.

    For each 500: one query for the boxes, one statement with a log row for each dossier.
    """
    todo = list(dossiers)
    for start in range(0, len(todo), BATCH):
        batch = todo[start : start + BATCH]
        found = bunches([dossier.pk for dossier in batch], keyring().pairs)
        opened = [dossier for dossier in batch if found[dossier.pk].compartments]
        closed = [dossier for dossier in batch if not found[dossier.pk].compartments]
        for result, which in ((Result.OPENED, opened), (Result.NO_KEY, closed)):
            if which:
                log_many(Actor.of(by), [dossier.pk for dossier in which], purpose=purpose, result=result)
        for dossier in opened:
            content = Content(dossier, found[dossier.pk])
            try:
                yield dossier, content
            finally:
                content.close()


def seal(
    dossier: Dossier,
    row: models.Model,
    *,
    code: AccessCode | None = None,
    visit: str | None = None,
    **values: Any,
) -> None:
    """Set sealed fields on a row without reading any: no access-log row. The caller saves the row.

    With a code or visit token on the public side. Raises NoKey.
    """
    bunch = bunch_of(dossier, code, visit)
    seal_into(row, values, bunch, dossier.pk)
    bunch.forget()


def digest(dossier: Dossier, data: bytes, *, code: AccessCode | None = None, visit: str | None = None) -> str:
    """A keyed digest under the dossier's data key, the same as `content.digest`; reads nothing."""
    bunch = bunch_of(dossier, code, visit)
    found = Content(dossier, bunch).digest(data)
    bunch.forget()
    return found


def write(dossier: Dossier, version: int | None = None, **values: Any) -> None:
    """Set clear and sealed fields of a dossier and save just those, one version on.

    Raises Stale when `version` (what the writer saw) is no longer the dossier's.
    """
    model = type(dossier)
    secret = {name: value for name, value in values.items() if sealed_field(model, name)}
    with transaction.atomic():
        current = model._base_manager.select_for_update().values_list("version", flat=True).get(pk=dossier.pk)
        if version is not None and version != current:
            raise Stale
        for name in values.keys() - secret.keys():
            setattr(dossier, name, values[name])
        if secret:
            seal(dossier, dossier, **secret)
        dossier.version = current + 1
        dossier.save(update_fields=[*values, "version"])
