"""`Case.handler` says who has the running assignment: the database keeps it, and nobody else can."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from ondersteuning import actions
from ondersteuning.lifecycle import Status
from ondersteuning.models import Assignment, Case
from tests.conftest import migrated_template, owner_connection
from tests.jobs.conftest import apart
from weerbaar.vault.api import new_access_code

APART = "SELECT count(*) FROM ondersteuning_case c WHERE handler_id IS DISTINCT FROM ({})"
RUNNING = "SELECT user_id FROM ondersteuning_assignment a WHERE a.case_id = c.id AND ended_at IS NULL"


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def handler_of(case: Case) -> str:
    """The handler's first name; empty when there is none. And no other case is out of step."""
    with connection.cursor() as cursor:
        cursor.execute(APART.format(RUNNING))
        assert cursor.fetchone() == (0,)
    case.refresh_from_db()
    return case.handler.name.split()[0] if case.handler else ""


@pytest.fixture
def case(make_case, first_line):
    make_case(access_code=new_access_code())  # a neighbour that nothing may change
    return make_case(status=Status.IN_TRIAGE, handler=first_line)


@pytest.fixture
def running(case):
    return case.assignments.active().get()


# --- the ways an assignment begins and ends -----------------------------------------------------------


def test_a_new_case_has_no_handler(make_case):
    assert handler_of(make_case()) == ""


def test_who_takes_it_handles_it(make_case, first_line):
    case = actions.take_case(make_case(), by=first_line)
    assert case.handler == first_line  # the case that comes back knows it without asking
    assert handler_of(case) == "Femke"


def test_who_gets_it_assigned_handles_it(case, coordinator, colleague):
    case = actions.assign_case(case, to=colleague, by=coordinator)
    assert case.handler == colleague
    assert handler_of(case) == "Karim"


def test_who_accepts_a_handover_handles_it(case, first_line, second_line):
    handover = actions.ask_handover(
        case, to=second_line, expertise="legal", reason="x", reporter_agreed=True, by=first_line
    )
    assert handler_of(case) == "Femke"  # as long as it was only offered
    assert actions.accept_handover(handover, by=second_line).handler == second_line
    assert handler_of(case) == "Tess"


@pytest.mark.parametrize("ended", [Status.CLOSED, Status.REFERRED, Status.WITHDRAWN])
def test_a_case_that_is_over_keeps_its_handler(case, first_line, ended):
    if ended == Status.CLOSED:
        actions.close_case(case, outcome="advice", by=first_line)
    else:
        actions.move_case(case, ended, by=first_line)
    assert handler_of(case) == "Femke"


def test_many_begin_at_once(make_case, first_line):
    cases = [make_case(access_code=new_access_code()) for _ in range(3)]
    Assignment.objects.bulk_create(Assignment(case=one, user=first_line, line="first") for one in cases)
    assert [handler_of(one) for one in cases] == ["Femke"] * 3


def test_many_end_at_once(case):
    Assignment.objects.update(ended_at=timezone.now())
    assert handler_of(case) == ""


def test_an_assignment_that_ended_may_run_again(case, running):
    running.ended_at = timezone.now()
    running.save()
    assert handler_of(case) == ""
    running.ended_at = None
    running.save()
    assert handler_of(case) == "Femke"


def test_the_running_assignment_of_another_person(case, running, colleague):
    sql("UPDATE ondersteuning_assignment SET user_id = %s WHERE id = %s", colleague.pk, running.pk)
    assert handler_of(case) == "Karim"


def test_an_assignment_that_moves_to_another_case(case, running, make_case):
    other = make_case(access_code=new_access_code())
    sql("UPDATE ondersteuning_assignment SET case_id = %s WHERE id = %s", other.pk, running.pk)
    assert handler_of(case) == ""
    assert handler_of(other) == "Femke"


def test_a_deleted_assignment(case, running):
    sql("DELETE FROM ondersteuning_assignment WHERE id = %s", running.pk)
    assert handler_of(case) == ""


def test_what_happens_to_the_past_changes_nothing(case, colleague):
    then = timezone.now() - timedelta(days=9)
    past = Assignment.objects.create(case=case, user=colleague, line="first", started_at=then, ended_at=then)
    assert handler_of(case) == "Femke"
    Assignment.objects.filter(pk=past.pk).update(started_at=F("started_at") - timedelta(days=1))
    past.delete()
    assert handler_of(case) == "Femke"


def test_one_statement_that_ends_and_begins(case, running, colleague):
    sql(
        """
        WITH ended AS (UPDATE ondersteuning_assignment SET ended_at = now() WHERE id = %s RETURNING case_id)
        INSERT INTO ondersteuning_assignment (case_id, user_id, line, started_at, ended_at)
        SELECT case_id, %s, 'first', now(), now() FROM ended
        """,
        running.pk,
        colleague.pk,
    )
    assert handler_of(case) == ""


def test_a_case_goes_with_its_assignments(case):
    Case.objects.filter(pk=case.pk).delete()
    assert not Assignment.objects.exists()


def test_two_who_take_it_at_once_leave_one_handler(own_database, make_case, first_line, colleague):
    case = make_case()
    taken: list[str] = []

    def take(user) -> None:
        try:
            with transaction.atomic():
                Assignment.objects.create(case=case, user=user, line="first")
            taken.append(user.name.split()[0])
        except IntegrityError:
            pass

    for thread in [apart(lambda user=user: take(user)) for user in (first_line, colleague) * 4]:
        thread.join()
    assert taken == [handler_of(case)]


# --- nobody sets it apart from them -------------------------------------------------------------------


@pytest.mark.parametrize("value", ["NULL", "(SELECT id FROM accounts_user WHERE name LIKE 'Karim%%')"])
def test_sql_cannot_set_another_handler(case, colleague, value):
    with pytest.raises(IntegrityError, match="follows from its assignments"), transaction.atomic():
        sql(f"UPDATE ondersteuning_case SET handler_id = {value} WHERE id = %s", case.pk)
    assert handler_of(case) == "Femke"


def test_the_application_cannot_set_another_handler(case, colleague):
    case.handler = colleague
    with pytest.raises(IntegrityError, match="follows from its assignments"), transaction.atomic():
        case.save()
    with pytest.raises(IntegrityError, match="follows from its assignments"), transaction.atomic():
        Case.objects.update(handler=colleague)
    assert handler_of(case) == "Femke"


def test_a_new_case_cannot_come_with_a_handler(case, colleague):
    with pytest.raises(IntegrityError, match="follows from its assignments"), transaction.atomic():
        Case.objects.create(submission="x", urgency=1, contact_due_at=timezone.now(), handler=colleague)


def test_no_assignment_comes_before_its_case(first_line):
    with pytest.raises(IntegrityError, match="needs a case"), transaction.atomic():
        Assignment.objects.create(case_id=uuid.uuid4(), user=first_line, line="first")


def test_a_stale_copy_does_not_bring_back_the_handler_before(case, coordinator, colleague):
    stale = Case.objects.get(pk=case.pk)
    actions.assign_case(case, to=colleague, by=coordinator)
    with pytest.raises(IntegrityError, match="follows from its assignments"), transaction.atomic():
        stale.save()
    assert handler_of(case) == "Karim"


def test_saving_the_same_handler_is_no_offence(case):
    case.save()
    assert handler_of(case) == "Femke"


# --- what the history and the queue make of it ----------------------------------------------------------


def test_the_history_of_a_case_says_who_handled_it(case, coordinator, colleague):
    actions.assign_case(case, to=colleague, by=coordinator)
    names = case.events.order_by("pgh_id").values_list("handler__name", flat=True)
    assert [name for name, before in zip(names, [None, *names], strict=False) if name != before] == [
        "Femke Eerste",
        None,
        "Karim Collega",
    ]


def plan_of(queryset, index: str) -> bool:
    """Whether PostgreSQL walks this index in the order of the list, with nothing to sort.

    Asked of a database in which no test ran: what they leave behind makes two indexes cost the same.
    """
    statement, values = queryset.values("pk")[:25].query.sql_with_params()
    with owner_connection("postgres") as admin, owner_connection(migrated_template(admin)) as asked:
        asked.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        plan = "\n".join(line for (line,) in asked.execute(f"EXPLAIN {statement}", values))
    return f"using {index} on" in plan and "Sort" not in plan


@pytest.mark.parametrize("index", ["case_queue", "case_unclaimed", "case_of_handler", "case_not_contacted"])
def test_each_queue_has_an_index_in_its_order(case, coordinator, first_line, index):
    cases = Case.objects.visible_to(coordinator).open().queue_order()
    queues = {
        "case_queue": cases,
        "case_unclaimed": cases.unclaimed(),
        "case_of_handler": cases.handled_by(first_line),
        "case_not_contacted": cases.overdue(),
    }
    assert plan_of(queues[index], index)
