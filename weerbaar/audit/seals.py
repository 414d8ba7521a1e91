"""The keyed chain over the access log and the change history.

Rows carry the number of their transaction. A batch is everything below the oldest transaction that still
runs, so nothing can arrive in it later. Only the worker holds AUDIT_SEAL_KEY; the heads of the chains also
go to AUDIT_ANCHOR_FILE, outside the database, so that a cut tail shows even when its seals were cut too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from weerbaar.vault.keys import secret
from weerbaar.vault.sealed import derive

from .append_only import sealed_tables
from .models import Seal

Kind = Seal.Kind


@dataclass(frozen=True)
class Finding:
    """Something in the trail that is not as it was sealed."""

    table: str
    number: int
    what: str

    def __str__(self) -> str:
        return f"{self.table}, zegel {self.number}: {self.what}"


def seal_all() -> list[Seal]:
    """Seal what is new in every table; safe to run at any time, also twice at once. Needs AUDIT_SEAL_KEY."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('weerbaar.audit.seals'))")
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            oldest = cursor.fetchone()[0]
        made = [seal for table in sealed_tables() if (seal := _seal(table, oldest))]
    _anchor(made)
    return made


def _seal(table: str, oldest: int) -> Seal | None:
    last = Seal.objects.filter(table=table).order_by("number").last()
    start = last.to_transaction if last else 0
    if oldest <= start:
        return None
    rows, content = _digest(table, start, oldest)
    return _add(last, table, Kind.SEALED, start, oldest, rows, content) if rows else None


def _add(last: Seal | None, table: str, kind: Kind, start: int, end: int, rows: int, content: bytes) -> Seal:
    seal = Seal(
        table=table,
        number=last.number + 1 if last else 1,
        kind=kind,
        from_transaction=start,
        to_transaction=end,
        rows=rows,
        content=content,
    )
    seal.chain = _link(seal, bytes(last.chain) if last else b"")
    seal.save(force_insert=True)
    return seal


def _digest(table: str, start: int, end: int) -> tuple[int, bytes]:
    """How many rows a batch holds, and their keyed digest. Columns added later are empty, so left out."""
    digest = blake2b(key=secret("AUDIT_SEAL_KEY"), person=b"audit rows", digest_size=32)
    rows = 0
    for text in _rows(table, start, end):
        line = text.encode()
        digest.update(len(line).to_bytes(8, "big") + line)
        rows += 1
    return rows, digest.digest()


def _rows(table: str, start: int, end: int) -> Iterator[str]:
    column = sealed_tables()[table]
    key = "id" if column == "transaction" else "pgh_id"
    sql = (
        f'SELECT jsonb_strip_nulls(to_jsonb(t))::text FROM "{table}" t'  # noqa: S608  names of our own models
        f' WHERE "{column}" >= %s AND "{column}" < %s ORDER BY "{key}"'
    )
    with connection.chunked_cursor() as cursor:  # a batch may be long: never whole in memory
        cursor.execute(sql, [start, end])
        for row in cursor:
            yield row[0]


def _link(seal: Seal, before: bytes) -> bytes:
    facts = (
        f"{seal.table} {seal.number} {seal.kind} {seal.from_transaction} {seal.to_transaction} {seal.rows}"
    )
    return derive(secret("AUDIT_SEAL_KEY"), b"audit chain", before, facts.encode(), bytes(seal.content))


def verify() -> list[Finding]:
    """Everything that is not as it was sealed: changed, removed, added or cut; empty when all is well."""
    anchored = _anchored()
    return [finding for table in sealed_tables() for finding in _verify(table, anchored.get(table, set()))]


def _verify(table: str, anchored: set[tuple[int, str]]) -> Iterator[Finding]:
    seals = list(Seal.objects.filter(table=table).order_by("number"))
    gone = {(s.from_transaction, s.to_transaction) for s in seals if s.kind == Kind.REMOVED}
    before, end = b"", 0
    for number, seal in enumerate(seals, start=1):
        if seal.number != number or bytes(seal.chain) != _link(seal, before):
            yield Finding(table, seal.number, "de keten is herschreven of er ontbreekt een zegel")
            return
        before = bytes(seal.chain)
        if seal.kind == Kind.SEALED:
            if seal.from_transaction != end:
                yield Finding(table, seal.number, "het zegel sluit niet aan")
            end = seal.to_transaction
            span = (seal.from_transaction, seal.to_transaction)
            if span not in gone and _digest(table, *span) != (seal.rows, bytes(seal.content)):
                yield Finding(table, seal.number, "rijen zijn gewijzigd, verwijderd of toegevoegd")
    lost = anchored - {(seal.number, bytes(seal.chain).hex()) for seal in seals}
    if lost:
        yield Finding(table, min(lost)[0], "staat anders of niet meer in de database: afgeknipt of vervangen")


def remove(table: str, number: int) -> None:
    """Delete the rows of one batch whose term is over, and leave a tombstone. For the owner role alone."""
    column = sealed_tables()[table]
    with transaction.atomic():
        seal = Seal.objects.select_for_update().get(table=table, number=number, kind=Kind.SEALED)
        with connection.cursor() as cursor:
            cursor.execute(
                f'DELETE FROM "{table}" WHERE "{column}" >= %s AND "{column}" < %s',  # noqa: S608  our models
                [seal.from_transaction, seal.to_transaction],
            )
        last = Seal.objects.filter(table=table).order_by("number").last()
        stone = _add(
            last,
            table,
            Kind.REMOVED,
            seal.from_transaction,
            seal.to_transaction,
            seal.rows,
            bytes(seal.content),
        )
    _anchor([stone])


def _anchor(seals: list[Seal]) -> None:
    if settings.AUDIT_ANCHOR_FILE and seals:
        with Path(settings.AUDIT_ANCHOR_FILE).open("a") as file:
            file.writelines(f"{seal.table} {seal.number} {bytes(seal.chain).hex()}\n" for seal in seals)


def _anchored() -> dict[str, set[tuple[int, str]]]:
    """The heads outside the database: for each table every (number, chain) ever written."""
    found: dict[str, set[tuple[int, str]]] = {}
    path = Path(settings.AUDIT_ANCHOR_FILE) if settings.AUDIT_ANCHOR_FILE else None
    for line in path.read_text().splitlines() if path and path.exists() else []:
        table, number, chain = line.split()
        found.setdefault(table, set()).add((int(number), chain))
    return found
