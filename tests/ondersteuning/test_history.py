"""What a case was before: kept by the database, sealed like the case itself."""

from __future__ import annotations

import pytest
from django.db import connection

from ondersteuning.models import Case
from weerbaar.audit.api import Actor, Purpose, by
from weerbaar.vault import api as vault

ANNA = Actor(id=None, name="Anna", role="eerste_lijn")


@pytest.fixture
def case(make_case):
    case = make_case()
    with by(ANNA):
        vault.write(case, assessment="eerste indruk")
        vault.write(case, assessment="bijgesteld")
    return case


def test_every_version_of_a_case_can_be_read_back(case):
    with vault.open(case, by=ANNA, purpose=Purpose.HANDLE) as content:
        past = [content.of(event).assessment for event in case.events.order_by("pgh_id")]
        told = {content.of(event).narrative for event in case.events.all()}
    assert past == [None, "eerste indruk", "bijgesteld"]
    assert told == {"Er stond een man bij mijn hek."}


def test_a_version_pasted_over_the_case_does_not_pass_for_another_case(case, make_case):
    other = make_case()
    event = case.events.latest("pgh_id")
    with vault.open(other, by=ANNA, purpose=Purpose.HANDLE) as content, pytest.raises(vault.Tampered):
        _ = content.of(event).assessment


def test_the_history_says_who_without_saying_what(case):
    event = case.events.latest("pgh_id")
    assert event.pgh_context["role"] == "eerste_lijn"
    assert event.pgh_transaction > 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(t::text, ' ') FROM \"{type(event)._meta.db_table}\" t")
        assert "indruk" not in cursor.fetchone()[0]


def test_a_bulk_change_is_kept_too(case):
    before = case.events.count()
    Case.objects.filter(pk=case.pk).update(version=99)
    assert case.events.count() == before + 1


def test_a_shredded_case_is_unreadable_in_its_history_too(case):
    vault.shred(case)
    assert case.events.exists()
    with pytest.raises(vault.NoKey), vault.open(case, by=ANNA, purpose=Purpose.HANDLE):
        pytest.fail("opened")


@pytest.mark.parametrize("statement", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_cannot_touch_the_history(case, statement):
    table = type(case.events.first())._meta.db_table
    with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
