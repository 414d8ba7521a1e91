from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from weerbaar.audit.api import AccessLog, Actor, LookedRow, Purpose, Result, log, log_many, overview
from weerbaar.audit.models import AccessLog as Model


def looked(dossier, role, at, purpose=Purpose.HANDLE, result=Result.OPENED):
    return Model.objects.create(
        dossier=dossier, role=role, actor_name="Anna", at=at, purpose=purpose, result=result
    )


def test_a_row_says_who_what_why_and_how_it_ended():
    someone, dossier = uuid.uuid4(), uuid.uuid4()
    row = log(
        Actor(someone, "Anna", "eerste_lijn"),
        dossier=dossier,
        purpose=Purpose.TRIAGE,
        result=Result.REFUSED,
        detail="pdf",
    )
    row = AccessLog.objects.get(pk=row.pk)
    assert (row.actor_id, row.role, row.dossier, row.purpose, row.result, row.detail) == (
        someone,
        "eerste_lijn",
        dossier,
        "triage",
        "refused",
        "pdf",
    )
    assert row.transaction > 0
    assert row.at.tzinfo is not None


def test_the_actor_behind_an_account_has_its_name_and_role(make_user):
    user = make_user("eerste_lijn", name="Anna")
    assert Actor.of(user) == Actor(user.pk, "Anna", "eerste_lijn")
    assert Actor.of(Actor.of(user)) == Actor.of(user)
    assert Actor.reporter() == Actor(None, "", "melder")


def test_the_reporter_sees_every_look_of_the_staff_and_no_name():
    dossier = uuid.uuid4()
    late, early = datetime(2026, 11, 2, 12, tzinfo=UTC), datetime(2026, 11, 1, 12, tzinfo=UTC)
    for number in range(25):
        looked(dossier, "eerste_lijn" if number % 2 else "coordinator", late if number < 20 else early)
    looked(dossier, "melder", late, Purpose.FOLLOW)
    looked(dossier, "eerste_lijn", late, result=Result.REFUSED)
    looked(uuid.uuid4(), "eerste_lijn", late)
    lines = overview(dossier)
    assert sum(line.count for line in lines) == 25
    assert lines[0] == LookedRow(late.date(), "coordinator", Purpose.HANDLE, 10)
    assert [line.day for line in lines] == [late.date()] * 2 + [early.date()] * 2
    assert "Anna" not in repr(lines)


def test_a_look_just_after_midnight_counts_for_the_local_day():
    dossier = uuid.uuid4()
    looked(dossier, "eerste_lijn", datetime(2026, 11, 1, 23, 30, tzinfo=UTC))
    assert [line.day.isoformat() for line in overview(dossier)] == ["2026-11-02"]


def test_many_rows_take_one_statement():
    with CaptureQueriesContext(connections["audit"]) as seen:
        log_many(
            Actor.service("taken"),
            [uuid.uuid4() for _ in range(100)],
            purpose=Purpose.SEARCH,
            result=Result.OPENED,
        )
    assert [query["sql"][:6] for query in seen if "SAVEPOINT" not in query["sql"]] == ["INSERT"]


@pytest.mark.parametrize("words", ["x" * 500])
def test_a_long_detail_is_cut(words):
    row = log(Actor.reporter(), dossier=None, purpose=Purpose.FOLLOW, result=Result.DONE, detail=words)
    assert len(row.detail) == 200
