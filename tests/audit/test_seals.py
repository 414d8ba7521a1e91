"""The trail cannot be quietly altered: every way to do it is tried, by the role that could."""

from __future__ import annotations

import time

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.db.models import Max

from tests.conftest import OWNER, owner_connection, point_at
from weerbaar.audit import seals
from weerbaar.audit.api import Purpose, Result, log
from weerbaar.audit.models import AccessLog, Seal
from weerbaar.audit.seals import remove, seal_all, verify

LOG = "audit_accesslog"


@pytest.fixture
def sealed(own_database, settings, tmp_path, anna):
    """Three sealed batches of four rows, with their heads anchored outside the database."""
    settings.AUDIT_ANCHOR_FILE = str(tmp_path / "anchor")
    for _ in range(12):
        log(anna, dossier=None, purpose=Purpose.CHECK, result=Result.DONE)
    numbers = list(AccessLog.objects.using("default").order_by("id").values_list("transaction", flat=True))
    wait_until_nobody_is_older(numbers[-1])
    seals._anchor([seals._seal(LOG, numbers[4]), seals._seal(LOG, numbers[8]), *seal_all()])
    return own_database


@pytest.fixture
def filled(own_database, anna):
    log(anna, dossier=None, purpose=Purpose.CHECK, result=Result.DONE)
    span = {"from_transaction": 0, "to_transaction": 1, "rows": 0}
    Seal.objects.create(table=LOG, number=1, content=b"", chain=b"", **span)
    return own_database


def seal_now():
    """Seal once nobody else in the cluster runs a transaction that is older than our rows."""
    newest = AccessLog.objects.using("default").aggregate(newest=Max("transaction"))["newest"]
    wait_until_nobody_is_older(newest)
    return seal_all()


def wait_until_nobody_is_older(transaction_number):
    with connection.cursor() as cursor:
        for _ in range(1200):
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] > transaction_number:
                return
            time.sleep(0.05)
    pytest.fail("another transaction of this cluster runs too long")


def as_owner_without_triggers(database: str, *statements: str) -> None:
    """What somebody with the keys of the database could do."""
    with owner_connection(database) as owner:
        for table in (LOG, "audit_seal"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            assert owner.execute(statement).rowcount > 0


def test_an_untouched_trail_is_sound(sealed):
    assert Seal.objects.filter(table=LOG).count() == 3
    assert sum(Seal.objects.filter(table=LOG).values_list("rows", flat=True)) == 12
    assert verify() == []
    assert seal_all() == []


CUT_WITH_SEALS = {"tail with its seal", "everything"}
ALTERATIONS = [
    pytest.param(["UPDATE audit_accesslog SET actor_name = 'Bob' WHERE id = 2"], id="changed"),
    pytest.param(["DELETE FROM audit_accesslog WHERE id = 6"], id="removed"),
    pytest.param(["DELETE FROM audit_accesslog WHERE id > 10"], id="tail of rows"),
    pytest.param(
        ["DELETE FROM audit_accesslog WHERE id > 8", "DELETE FROM audit_seal WHERE number = 3"],
        id="tail with its seal",
    ),
    pytest.param(
        ["DELETE FROM audit_accesslog WHERE id < 5", "DELETE FROM audit_seal WHERE number = 1"],
        id="head with its seal",
    ),
    pytest.param(["DELETE FROM audit_seal WHERE number = 2"], id="seal removed"),
    pytest.param(
        ["DELETE FROM audit_accesslog WHERE id = 6", "UPDATE audit_seal SET rows = 3 WHERE number = 2"],
        id="seal rewritten",
    ),
    pytest.param(
        ["UPDATE audit_seal SET content = sha256('x'), chain = sha256('y') WHERE number = 3"],
        id="last seal rewritten",
    ),
    pytest.param(["UPDATE audit_seal SET kind = 'removed' WHERE number = 2"], id="false tombstone"),
    pytest.param(
        [
            "INSERT INTO audit_accesslog (id, transaction, actor_name, role, purpose, result, detail)"
            " SELECT 99, transaction, 'Bob', 'x', 'check', 'done', '' FROM audit_accesslog WHERE id = 3"
        ],
        id="slipped in",
    ),
    pytest.param(
        [
            "DELETE FROM audit_accesslog",
            "DELETE FROM audit_seal",
        ],
        id="everything",
    ),
]


@pytest.mark.parametrize("statements", ALTERATIONS)
def test_whoever_alters_the_trail_is_found_out(sealed, statements):
    as_owner_without_triggers(sealed, *statements)
    assert verify()
    with pytest.raises(CommandError):
        call_command("verify_audit")


@pytest.mark.parametrize("statements", [one for one in ALTERATIONS if one.id not in CUT_WITH_SEALS])
def test_the_chain_alone_finds_all_but_a_tail_cut_with_its_seals(sealed, settings, statements):
    settings.AUDIT_ANCHOR_FILE = ""
    as_owner_without_triggers(sealed, *statements)
    assert verify()


def test_a_chain_begun_anew_after_a_cut_is_found_out(sealed, anna):
    as_owner_without_triggers(
        sealed, "DELETE FROM audit_accesslog WHERE id > 8", "DELETE FROM audit_seal WHERE number = 3"
    )
    log(anna, dossier=None, purpose=Purpose.CHECK, result=Result.DONE)
    seal_now()
    assert verify()


def test_a_seal_made_with_another_key_is_found_out(sealed, settings):
    settings.AUDIT_SEAL_KEY = "A" * 43 + "="
    assert {finding.number for finding in verify() if finding.table == LOG} == {1}


def test_rows_of_a_running_transaction_wait_for_the_next_seal(sealed, anna):
    with transaction.atomic(using="default"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_accesslog (actor_name, role, purpose, result, detail)"
            " VALUES ('', '', 'check', 'done', '')"
        )
        cursor.execute("SELECT max(id) FROM audit_accesslog")
        late = cursor.fetchone()[0]
        with owner_connection(sealed) as other:
            other.execute(
                "INSERT INTO audit_accesslog (actor_name, role, purpose, result, detail)"
                " VALUES ('', '', 'check', 'done', '')"
            )
            xmin = other.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint").fetchone()[0]
        numbers = dict(
            AccessLog.objects.using("default").filter(id__gte=late).values_list("id", "transaction")
        )
        assert numbers[late] >= xmin
    seal_now()
    assert verify() == []
    assert sum(Seal.objects.filter(table=LOG).values_list("rows", flat=True)) == 14


def test_rows_past_their_term_leave_a_tombstone(sealed):
    app = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]
    point_at(sealed, OWNER["USER"], OWNER["PASSWORD"])
    try:
        remove(LOG, 1)
    finally:
        point_at(sealed, *app)
    assert AccessLog.objects.using("default").count() == 8
    assert verify() == []
    assert Seal.objects.filter(table=LOG, kind=Seal.Kind.REMOVED, rows=4).count() == 1


@pytest.mark.parametrize("table", [LOG, "audit_seal"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET id = id",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "DROP TABLE {}",
    ],
)
def test_the_application_can_only_add_to_the_trail(filled, table, statement):
    with pytest.raises(Exception, match=r"permission denied|must be owner"), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


@pytest.mark.parametrize("statement", ["UPDATE audit_accesslog SET id = id", "TRUNCATE audit_accesslog"])
def test_the_owner_cannot_change_or_empty_the_trail_either(filled, statement):
    with owner_connection(filled) as owner, pytest.raises(psycopg.Error, match="append-only"):
        owner.execute(statement)


def test_the_trigger_alone_refuses_the_application_too(filled):
    with owner_connection(filled) as owner:
        owner.execute("GRANT UPDATE, DELETE, TRUNCATE ON audit_accesslog TO portaal_app")
    for statement in ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"):
        with pytest.raises(Exception, match="append-only"), connections["audit"].cursor() as cursor:
            cursor.execute(statement.format(LOG))
