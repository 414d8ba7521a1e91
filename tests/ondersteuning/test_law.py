"""Aangifte, procedures, dates, measures, care for others: the team's desk, the reminders, the reporter."""

from __future__ import annotations

import hashlib
import io
import subprocess
import uuid
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import Error, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ondersteuning import actions, manifest, online, reminders
from ondersteuning.aangiftedossier import AUDIENCE, KIND
from ondersteuning.actions import Contactable
from ondersteuning.clock import AMSTERDAM
from ondersteuning.lifecycle import (
    AANGIFTE_FILED,
    AANGIFTE_FIRST,
    AANGIFTE_NEXT,
    MEASURE_FIRST,
    MEASURE_NEXT,
    PROCEDURE_FIRST,
    PROCEDURE_NEXT,
    AangifteStatus,
    MeasureStatus,
    ProcedureStatus,
    Status,
)
from ondersteuning.models import Aangifte, AftercareStep, Case, Evidence, LegalDate, Measure, Procedure
from ondersteuning.models.legal import moment_of
from tests.audit.test_grants import ROLES
from tests.conftest import owner_connection, point_at
from tests.documents.pdf import text_of
from tests.ondersteuning.walk import send
from weerbaar.audit import grants
from weerbaar.audit.api import AccessLog, Purpose, Result
from weerbaar.documents import api as documents
from weerbaar.jobs import run_due
from weerbaar.vault import api as vault
from weerbaar.vault.lockboxes import present

TODAY = timezone.now().astimezone(AMSTERDAM).date()
LIST = "/beheer/ondersteuning/case/"


@pytest.fixture
def case(make_case, first_line):
    return make_case(status=Status.IN_GUIDANCE, handler=first_line)


@pytest.fixture
def visit(case, code):
    return vault.start_visit(case, code)


@pytest.fixture
def aangifte(case, first_line):
    return actions.open_aangifte(case, status="considered", by=first_line)


@pytest.fixture
def browser(sign_in, first_line):
    client = Client()
    sign_in(client, first_line)
    return client


@pytest.fixture
def press(browser, case):
    """press(slug, **fields): send the form of a verb, from the page as it is now."""

    def send_form(slug, **fields):
        version = Case.objects.get(pk=case.pk).version
        return browser.post(f"{LIST}{case.pk}/{slug}/", {"version": version, **fields})

    return send_form


def day(name: str, value: date) -> dict[str, str]:
    """The three boxes of a day."""
    return {f"{name}_dag": str(value.day), f"{name}_maand": str(value.month), f"{name}_jaar": str(value.year)}


def filed(status) -> dict:
    return {"filed_by": "reporter", "filed_on": TODAY} if status in AANGIFTE_FILED else {}


# --- the lifecycles, as tables --------------------------------------------------------------------------


def way(following, first, to):
    """The moves that lead to a status, the shortest way; the first is where a row may begin."""
    ways = [[one] for one in sorted(first)]
    for found in ways:
        if found[-1] == to:
            return found
        ways += [[*found, one] for one in sorted(following[found[-1]]) if one not in found]
    raise AssertionError(f"nothing leads to {to}")


def put_aangifte(case, status) -> Aangifte:
    first, *rest = way(AANGIFTE_NEXT, AANGIFTE_FIRST, status)
    row = Aangifte.objects.create(case=case, status=first, **filed(first))
    for step in rest:
        Aangifte.objects.filter(pk=row.pk).update(status=step, **filed(step))
    return Aangifte.objects.get(pk=row.pk)


def put_procedure(case, status) -> Procedure:
    first, *rest = way(PROCEDURE_NEXT, PROCEDURE_FIRST, status)
    row = Procedure.objects.create(case=case, kind="civil", status=first)
    for step in rest:
        Procedure.objects.filter(pk=row.pk).update(status=step)
    return Procedure.objects.get(pk=row.pk)


def put_measure(case, status) -> Measure:
    first, *rest = way(MEASURE_NEXT, MEASURE_FIRST, status)
    row = Measure(case=case, kind="digital", owner="team", due_on=TODAY, status=first)
    vault.seal(case, row, why_not="Te duur.")
    row.save(force_insert=True)
    for step in rest:
        Measure.objects.filter(pk=row.pk).update(status=step, done_on=TODAY if step == "done" else None)
    return Measure.objects.get(pk=row.pk)


def refused_by_the_database(rows, **changes) -> bool:
    try:
        with transaction.atomic():
            rows.update(**changes)
    except Error:
        return True
    return False


@pytest.mark.parametrize(("old", "new"), list(product(AangifteStatus, AangifteStatus)))
def test_an_aangifte_moves_only_as_its_table_says(case, first_line, old, new):
    row = put_aangifte(case, old)
    answers = {"filed_by": "reporter", "filed_on": TODAY, "by": first_line}
    if new in AANGIFTE_NEXT[old]:
        assert actions.move_aangifte(row, new, **answers).status == new
    else:
        with pytest.raises(ValidationError):
            actions.move_aangifte(row, new, **answers)
        dates = filed(new) or {"filed_by": "", "filed_on": None}
        refused = refused_by_the_database(Aangifte.objects.filter(pk=row.pk), status=new, **dates)
        assert refused == (new != old)
        row.refresh_from_db()
        assert row.status == old


@pytest.mark.parametrize(("old", "new"), list(product(ProcedureStatus, ProcedureStatus)))
def test_a_procedure_moves_only_as_its_table_says(case, first_line, old, new):
    row = put_procedure(case, old)
    answers = {"has_lawyer": True, "costs_covered": False, "by": first_line}
    if new in PROCEDURE_NEXT[old] | {old}:
        row = actions.change_procedure(row, status=new, **answers)
        assert (row.status, row.has_lawyer) == (new, True)
    else:
        with pytest.raises(ValidationError):
            actions.change_procedure(row, status=new, **answers)
        assert refused_by_the_database(Procedure.objects.filter(pk=row.pk), status=new)


@pytest.mark.parametrize(("old", "new"), list(product(MeasureStatus, MeasureStatus)))
def test_a_measure_moves_only_as_its_table_says(case, first_line, old, new):
    row = put_measure(case, old)
    if new in MEASURE_NEXT[old] | {old}:
        assert actions.move_measure(row, new, why_not="Te duur.", by=first_line).status == new
    else:
        with pytest.raises(ValidationError):
            actions.move_measure(row, new, why_not="Te duur.", by=first_line)
        done = {"done_on": TODAY if new == "done" else None}
        assert refused_by_the_database(Measure.objects.filter(pk=row.pk), status=new, **done)


@pytest.mark.parametrize("status", AangifteStatus)
def test_an_aangifte_begins_where_the_database_allows(case, first_line, status):
    if status in AANGIFTE_FIRST:
        assert actions.open_aangifte(case, status=status, by=first_line, **filed(status)).status == status
    else:
        with pytest.raises(ValidationError):
            actions.open_aangifte(case, status=status, by=first_line, **filed(status))
        with pytest.raises(Error), transaction.atomic():
            Aangifte.objects.create(case=case, status=status, **filed(status))


@pytest.mark.parametrize("status", sorted(set(ProcedureStatus) - PROCEDURE_FIRST))
def test_no_procedure_begins_at_its_end(case, status):
    with pytest.raises(Error), transaction.atomic():
        Procedure.objects.create(case=case, kind="civil", status=status)


@pytest.mark.parametrize("status", sorted(set(MeasureStatus) - MEASURE_FIRST))
def test_no_measure_begins_at_its_end(case, status):
    done = TODAY if status == "done" else None
    with pytest.raises(Error), transaction.atomic():
        Measure.objects.create(
            case=case, kind="digital", owner="team", due_on=TODAY, status=status, done_on=done
        )


def test_a_filed_aangifte_has_a_day_and_somebody_who_filed_it(case, aangifte, first_line):
    with pytest.raises(ValidationError) as refused:
        actions.move_aangifte(aangifte, "filed", by=first_line)
    assert set(refused.value.message_dict) == {"filed_by", "filed_on"}
    with pytest.raises(ValidationError):
        actions.move_aangifte(
            aangifte, "filed", filed_by="reporter", filed_on=TODAY + timedelta(1), by=first_line
        )
    assert refused_by_the_database(Aangifte.objects.filter(pk=aangifte.pk), status="filed")


def test_what_is_not_done_has_a_reason(case, first_line):
    row = put_measure(case, MeasureStatus.SETTLED)
    with pytest.raises(ValidationError):
        actions.move_measure(row, "not_done", by=first_line)
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.filter(pk=row.pk).update(status="not_done", why_not=None)


# --- who may, and when ----------------------------------------------------------------------------------


def test_only_the_handler_of_an_open_case_changes_its_law(case, aangifte, first_line, colleague):
    at = timezone.now() + timedelta(days=20)
    row = actions.set_date(aangifte, kind="hearing", at=at, remark="Zaal 3", by=first_line)
    measure = put_measure(case, MeasureStatus.SETTLED)
    tries = [
        lambda by: actions.open_aangifte(case, status="considered", by=by),
        lambda by: actions.move_aangifte(aangifte, "police_told", by=by),
        lambda by: actions.open_procedure(case, kind="civil", status="running", description="x", by=by),
        lambda by: actions.set_date(aangifte, kind="hearing", at=at, remark="", by=by),
        lambda by: actions.move_date(row, at=at, remark="", by=by),
        lambda by: actions.cancel_date(row, by=by),
        lambda by: actions.plan_measure(
            case, what="x", status="advised", kind="digital", owner="team", due_on=TODAY, by=by
        ),
        lambda by: actions.move_measure(measure, "done", by=by),
        lambda by: actions.plan_removal(case, ["keep"], by=by),
    ]
    for one in tries:
        with pytest.raises(PermissionDenied):
            one(colleague)
    actions.close_case(case, outcome="advice", by=first_line)
    for one in tries:
        with pytest.raises(ValidationError):
            one(first_line)


def test_a_form_that_was_sent_twice_is_done_once(case, first_line):
    version = Case.objects.get(pk=case.pk).version
    actions.open_aangifte(case, status="considered", by=first_line, version=version)
    with pytest.raises(ValidationError):
        actions.open_aangifte(case, status="considered", by=first_line, version=version)
    assert case.aangiften.count() == 1


def test_a_date_in_the_past_is_refused(aangifte, first_line):
    with pytest.raises(ValidationError):
        actions.set_date(aangifte, kind="hearing", at=timezone.now() - timedelta(1), remark="", by=first_line)


# --- reminders ------------------------------------------------------------------------------------------


@pytest.fixture
def to(settings, tmp_path):
    """to(): who got a mail since the last time it was asked; the texts are in to.texts."""
    import email
    from email import policy

    settings.MAIL_DIR = str(tmp_path / "mail")
    seen: set[Path] = set()

    def read():
        new = sorted(set((tmp_path / "mail").glob("*.eml")) - seen)
        seen.update(new)
        mails = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in new]
        read.texts = [f"{mail['Subject']} {mail.get_content()}" for mail in mails]
        return sorted(mail["To"] for mail in mails)

    read.texts = []
    return read


@pytest.fixture
def as_worker(settings):
    settings.ZONES = frozenset()


def asked(*questions, at):
    for ask in questions:
        ask(at)
        ask(at)  # twice changes nothing
    run_due()


@pytest.fixture
def hearing(aangifte, first_line, to, as_worker, make_case):
    """A hearing in 30 days, kept today."""
    at = moment_of(TODAY + timedelta(days=30), datetime.strptime("13.30", "%H.%M").time())
    row = actions.set_date(aangifte, kind="hearing", at=at, remark="Zaal 3, geheim", by=first_line)
    run_due()
    to()
    return row


def days_before(row, days):
    return row.at - timedelta(days=days, hours=2)


def test_handler_and_reporter_are_reminded_14_3_and_1_days_ahead_and_not_twice(hearing, first_line, to):
    both = sorted([first_line.email, "mila@voorbeeld.invalid"])
    for days in range(30, -1, -1):
        asked(reminders.remind_of_dates, at=days_before(hearing, days))
        assert to() == (both if days in (14, 3, 1) else []), days
        for text in to.texts:
            assert "geheim" not in text
            assert "zitting" not in text.lower() or "een zitting, uitspraak of termijn" in text


def test_a_reminder_that_was_missed_comes_late_rather_than_never(hearing, first_line, to):
    asked(reminders.remind_of_dates, at=days_before(hearing, 12))  # nothing ran for two days
    assert first_line.email in to()


def test_who_entered_a_date_yesterday_is_not_reminded_of_its_14_days(hearing, to):
    LegalDate.objects.filter(pk=hearing.pk).update(set_at=days_before(hearing, 10))
    asked(reminders.remind_of_dates, at=days_before(hearing, 9))
    assert to() == []
    asked(reminders.remind_of_dates, at=days_before(hearing, 3))
    assert len(to()) == 2


@pytest.mark.parametrize("change", ["cancelled", "closed", "moved", "withdrawn"])
def test_no_reminder_of_what_changed_in_the_meantime(hearing, first_line, case, code, to, change):
    reminders.remind_of_dates(days_before(hearing, 14))
    if change == "cancelled":
        actions.cancel_date(hearing, by=first_line)
    elif change == "closed":
        actions.close_case(case, outcome="advice", by=first_line)
    elif change == "withdrawn":
        actions.withdraw_case(case, by=first_line)
    else:
        actions.move_date(hearing, at=hearing.at + timedelta(days=60), remark="", by=first_line)
    run_due()
    assert first_line.email not in to()
    asked(reminders.remind_of_dates, at=days_before(hearing, 3))
    assert to() == []


def test_a_date_that_is_moved_is_reminded_anew(hearing, first_line, to):
    asked(reminders.remind_of_dates, at=days_before(hearing, 14))
    moved = actions.move_date(hearing, at=hearing.at + timedelta(days=30), remark="", by=first_line)
    run_due()
    to()
    asked(reminders.remind_of_dates, at=days_before(moved, 14))
    assert len(to()) == 2


def test_days_are_dutch_days_also_when_the_clock_changes(case, aangifte, first_line):
    at = datetime(2027, 3, 28, 9, 0, tzinfo=AMSTERDAM)  # the night before, the clock goes on an hour
    row = actions.set_date(aangifte, kind="hearing", at=at, remark="", by=first_line)
    row.set_at = datetime(2027, 1, 1, tzinfo=UTC)
    assert row.reminder_due(datetime(2027, 3, 26, 22, 59, tzinfo=UTC)) == 3  # 23.59 of the 26th
    assert row.reminder_due(datetime(2027, 3, 26, 23, 0, tzinfo=UTC)) == 1  # 0.00 of the 27th
    assert row.reminder_due(datetime(2027, 3, 13, 22, 59, tzinfo=UTC)) is None
    assert row.reminder_due(datetime(2027, 3, 13, 23, 0, tzinfo=UTC)) == 14


def test_a_measure_is_reminded_ahead_and_when_it_is_late(case, first_line, to, as_worker):
    row = actions.plan_measure(
        case,
        what="Camera bij de voordeur",
        status="settled",
        kind="electronic",
        owner="reporter",
        due_on=TODAY + timedelta(days=10),
        by=first_line,
    )
    run_due()
    to()
    noon = moment_of(row.due_on, datetime.strptime("12.00", "%H.%M").time())
    found = {}
    for days in range(-10, 5):
        asked(reminders.remind_of_measures, at=noon + timedelta(days=days))
        if people := to():
            found[days] = people
    assert found == {
        -3: sorted([first_line.email, "mila@voorbeeld.invalid"]),
        1: [first_line.email],
    }


def test_a_measure_that_is_done_is_not_reminded_of(case, first_line, to, as_worker):
    row = put_measure(case, MeasureStatus.SETTLED)
    reminders.remind_of_measures(timezone.now())
    actions.move_measure(row, "done", by=first_line)
    run_due()
    assert first_line.email not in to()


# --- the desk -------------------------------------------------------------------------------------------


def test_the_handler_keeps_an_aangifte_from_the_first_thought_to_the_hearing(browser, case, press):
    page = f"{LIST}{case.pk}/change/"
    assert browser.get(f"{LIST}{case.pk}/aangifte/").status_code == 200
    answer = press(
        "aangifte", status="considered", damage_claim="none", domicilie="on", contact="Rechercheur K."
    )
    assert answer["Location"].endswith("#recht")
    row = case.aangiften.get()
    text = browser.get(page).content.decode()
    assert "Rechercheur K." in text
    assert "Domicilie gekozen" in text

    form = browser.get(f"{LIST}{case.pk}/aangifte-stand/?bij={row.pk}").content.decode()
    assert "Aangifte gedaan" in form
    assert "Veroordeling" not in form
    assert press("aangifte-stand", row=row.pk, status="filed").status_code == 422
    yesterday = TODAY - timedelta(days=1)
    answer = press(
        "aangifte-stand", row=row.pk, status="filed", filed_by="employer", **day("filed_on", yesterday)
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.status, row.filed_by, row.filed_on) == ("filed", "employer", yesterday)
    assert press("aangifte-stand", row=row.pk, status="convicted").status_code == 422

    later = TODAY + timedelta(days=40)
    answer = press(
        "datum", part_of=row.pk, kind="hearing", hour="13.30", remark="Zaal 3", **day("day", later)
    )
    assert answer.status_code == 302
    found = case.legal_dates.get()
    assert (found.local.hour, found.local.minute, found.aangifte) == (13, 30, row)
    answer = press("datum-wijzigen", row=found.pk, hour="", remark="Zaal 5", **day("day", later))
    assert answer.status_code == 302
    found.refresh_from_db()
    assert not found.has_time
    assert "Zaal 5" in browser.get(page).content.decode()
    assert press("datum-vervalt", row=found.pk).status_code == 302
    assert "vervallen" in browser.get(page).content.decode()

    answer = press("aangifte-afspraken", row=row.pk, damage_claim="joined", number="PL-1", remark="Stil.")
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.damage_claim, row.domicilie) == ("joined", False)
    with vault.open(case, by=case.handler, purpose=Purpose.HANDLE) as content:
        opened = content.of(row)
        assert (opened.number, opened.remark, opened.contact) == ("PL-1", "Stil.", None)


def test_the_handler_keeps_a_procedure_and_its_term(browser, case, press):
    answer = press("procedure", kind="liability", status="running", description="Elke week een brief.")
    assert answer.status_code == 302
    row = case.procedures.get()
    answer = press(
        "datum", part_of=row.pk, kind="term", hour="", remark="", **day("day", TODAY + timedelta(9))
    )
    assert answer.status_code == 302
    answer = press("procedure-stand", row=row.pk, status="appeal", has_lawyer="on")
    assert answer.status_code == 302
    text = browser.get(f"{LIST}{case.pk}/change/").content.decode()
    for words in ["Elke week een brief.", "In hoger beroep", "Er is een advocaat.", "Termijn om te reageren"]:
        assert words in text


def test_the_handler_plans_and_moves_a_measure(browser, case, press):
    answer = press(
        "maatregel",
        what="Camera bij de voordeur",
        kind="electronic",
        domain="home",
        priority="high",
        status="ordered",
        owner="employer",
        payer="employer",
        cost_once="1.250,50",
        cost_yearly="",
        **day("due_on", TODAY + timedelta(days=20)),
    )
    assert answer.status_code == 302, answer.content.decode()
    row = case.measures.get()
    assert str(row.cost_once) == "1250.50"
    text = browser.get(f"{LIST}{case.pk}/change/").content.decode()
    assert "Camera bij de voordeur" in text
    assert "1.250,50" in text
    fields = {"owner": "employer", "payer": "employer", **day("due_on", TODAY + timedelta(days=25))}
    assert press("maatregel-stand", row=row.pk, status="not_done", **fields).status_code == 422
    answer = press("maatregel-stand", row=row.pk, status="not_done", why_not="Mag niet van de VvE.", **fields)
    assert answer.status_code == 302
    assert "Mag niet van de VvE." in browser.get(f"{LIST}{case.pk}/change/").content.decode()


def test_a_row_of_another_case_cannot_be_changed_from_this_one(browser, case, make_case, first_line, press):
    other = make_case(status=Status.IN_GUIDANCE, handler=first_line, access_code=vault.new_access_code())
    foreign = actions.open_aangifte(other, status="considered", by=first_line)
    assert press("aangifte-stand", row=foreign.pk, status="police_told").status_code == 422
    assert press("aangifte-stand", row="geen-getal", status="police_told").status_code == 422
    assert browser.get(f"{LIST}{case.pk}/aangifte-stand/?bij={foreign.pk}").status_code == 302
    foreign.refresh_from_db()
    assert foreign.status == "considered"


@pytest.mark.parametrize(
    "slug", ["aangifte", "procedure", "datum", "maatregel", "naaste", "online-haat", "aangiftedossier"]
)
def test_a_colleague_gets_404_and_leaves_a_line(case, aangifte, sign_in, colleague, slug):
    client = Client()
    sign_in(client, colleague)
    assert client.post(f"{LIST}{case.pk}/{slug}/", {"version": 1}).status_code == 404
    for file in ("aangiftedossier.pdf", "manifest.sha256"):
        assert client.get(f"{LIST}{case.pk}/{file}").status_code == 404
    assert AccessLog.objects.filter(result=Result.REFUSED, actor_id=colleague.pk).count() == 3


@pytest.mark.parametrize("rows", [1, 50])
def test_the_page_takes_as_many_queries_for_one_as_for_fifty(
    browser, case, first_line, rows, django_assert_num_queries
):
    fill(case, first_line, 1)
    browser.get(f"{LIST}{case.pk}/change/")  # what is asked once a process
    with_one = queries(browser, case)
    fill(case, first_line, rows - 1)
    with django_assert_num_queries(with_one):
        browser.get(f"{LIST}{case.pk}/change/")


def queries(browser, case) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        browser.get(f"{LIST}{case.pk}/change/")
    return len(found)


def fill(case, by, number) -> None:
    at = timezone.now() + timedelta(days=20)
    for _ in range(number):
        aangifte = actions.open_aangifte(case, status="considered", contact="K.", by=by)
        actions.open_procedure(case, kind="civil", status="running", description="x", by=by)
        actions.set_date(aangifte, kind="hearing", at=at, remark="Zaal", by=by)
        actions.plan_measure(
            case, what="x", status="settled", kind="digital", owner="team", due_on=TODAY, by=by
        )
        actions.add_care_person(case, relation="child", name="de jongste", contact="via mij", by=by)


# --- care for others ------------------------------------------------------------------------------------


def test_partner_and_witness_get_the_same_four_moments_and_the_case_stays_where_it_is(case, press):
    fields = day("start", TODAY)
    assert press("naaste", relation="partner", name="Lotte", contact="06", **fields).status_code == 302
    assert press("naaste", relation="witness", name="De bode", **fields).status_code == 302
    case.refresh_from_db()
    assert case.status == Status.IN_GUIDANCE
    for person in case.care_people.all():
        assert [step.moment for step in person.steps.all()] == list(AftercareStep.AFTER)


def test_a_talk_with_a_partner_is_kept_for_the_partner(browser, case, press, first_line):
    actions.plan_aftercare(case, by=first_line)
    partner = actions.add_care_person(
        case, relation="partner", name="Lotte", contact="", start=TODAY, by=first_line
    )
    step = partner.steps.first()
    form = browser.get(f"{LIST}{case.pk}/nazorgmoment/?bij={step.pk}").content.decode()
    assert "partner, eerste opvang" in form
    assert str(step.pk) in form
    assert press("nazorgmoment", step=step.pk, text="Slaapt slecht.").status_code == 302
    step.refresh_from_db()
    assert step.done_at
    assert not case.aftercare.filter(person=None, done_at__isnull=False).exists()
    text = browser.get(f"{LIST}{case.pk}/change/").content.decode()
    assert "Partner (Lotte)" in text


def test_care_for_others_ends_with_the_case(case, first_line):
    actions.add_care_person(case, relation="child", name="", contact="", by=first_line)
    actions.close_case(case, outcome="advice", by=first_line)
    assert not AftercareStep.objects.filter(case=case, cancelled_at=None).exists()


# --- online hate and doxing -----------------------------------------------------------------------------


def test_the_checklist_becomes_measures_that_the_reporter_sees(make_case, first_line, sign_in, browser):
    case = make_case(
        kinds=["doxing"], status=Status.IN_GUIDANCE, handler=first_line, access_code=vault.new_access_code()
    )
    page = browser.get(f"{LIST}{case.pk}/change/").content.decode()
    assert "Online haat of doxing aanpakken" in page
    steps = ["platform", "aangifte"]
    answer = browser.post(f"{LIST}{case.pk}/online-haat/", {"version": case.version, "steps": steps})
    assert answer.status_code == 302
    answer = browser.post(f"{LIST}{case.pk}/online-haat/", {"version": case.version, "steps": steps})
    assert answer.status_code == 422  # the same form again
    rows = list(case.measures.all())
    with vault.open(case, by=first_line, purpose=Purpose.HANDLE) as content:
        texts = {content.of(row).what for row in rows}
    assert texts == {str(one.text) for one in online.REMOVAL if one.name in steps}
    assert {row.status for row in rows} == {"settled"}


def test_who_tells_of_something_else_gets_no_checklist(browser, case):
    assert "Online haat of doxing aanpakken" not in browser.get(f"{LIST}{case.pk}/change/").content.decode()


@pytest.mark.parametrize(("kinds", "shown"), [(["doxing", "threat"], True), (["threat"], False)])
def test_the_confirmation_names_the_route_for_online_hate(client, organisation, kinds, shown):
    send(client, wat={"kinds": kinds, "severity": "serious"})
    assert ("/hulp/online/" in client.get("/melden/verstuurd/").content.decode()) == shown


def test_the_route_says_what_to_keep_where_to_go_and_what_the_law_says(client):
    answer = client.get("/hulp/online/")
    assert answer.status_code == 200
    text = answer.content.decode()
    for words in ["schermafdruk", "Helpwanted", "285d", "1 januari 2024", "BRP", "112"]:
        assert words in text
    assert client.post("/hulp/online/").status_code == 405


# --- the reporter ---------------------------------------------------------------------------------------


@pytest.fixture
def follower(code, case):
    client = Client()
    assert client.post("/volgen/", {"code": str(code)}).status_code == 303
    return client


def test_the_reporter_reads_what_concerns_them_and_nothing_of_the_team(follower, case, first_line):
    assert 'id="aangifte"' not in follower.get("/volgen/melding/").content.decode()
    aangifte = actions.open_aangifte(
        case,
        status="filed",
        filed_by="reporter",
        filed_on=TODAY,
        domicilie=True,
        number="PL-2026-1",
        contact="Rechercheur K.",
        remark="Denkt aan stoppen.",
        by=first_line,
    )
    actions.set_date(
        aangifte, kind="hearing", at=timezone.now() + timedelta(30), remark="Zaal 3", by=first_line
    )
    gone = actions.set_date(
        aangifte, kind="judgment", at=timezone.now() + timedelta(31), remark="Zaal 4", by=first_line
    )
    actions.cancel_date(gone, by=first_line)
    plan = {"kind": "electronic", "owner": "employer", "due_on": TODAY + timedelta(5), "by": first_line}
    actions.plan_measure(case, what="Camera bij de deur", status="settled", **plan)
    actions.plan_measure(case, what="Hond aanschaffen", status="advised", **plan)
    actions.open_procedure(case, kind="liability", status="running", description="De brieven.", by=first_line)
    short = follower.get("/volgen/melding/").content.decode()
    assert "De politie bekijkt wat zij ermee kan" in short
    assert "/volgen/melding/aangifte/" in short
    text = follower.get("/volgen/melding/aangifte/").content.decode()
    for words in [
        "PL-2026-1",
        "Rechercheur K.",
        "Zaal 3",
        "Camera bij de deur",
        "uw organisatie",
        "De brieven.",
    ]:
        assert words in text
    for words in ["Denkt aan stoppen.", "Hond aanschaffen", "Zaal 4", "Femke"]:
        assert words not in text


def test_the_reporter_sees_the_care_of_those_near_and_not_of_a_witness(follower, case, first_line):
    actions.plan_aftercare(case, by=first_line)
    actions.add_care_person(case, relation="partner", name="Lotte", contact="", by=first_line)
    actions.add_care_person(case, relation="witness", name="De bode", contact="", by=first_line)
    text = follower.get("/volgen/melding/").content.decode()
    assert "Partner (Lotte)" in text
    assert "bode" not in text
    assert "Getuige" not in text


@pytest.mark.parametrize("path", ["", "pdf/", "manifest/"])
def test_without_a_code_there_is_nothing_to_read(case, aangifte, path):
    answer = Client().get(f"/volgen/melding/aangifte/{path}")
    assert answer.status_code == 303
    assert answer["Location"].startswith("/volgen/")


def test_the_reporter_makes_and_takes_the_file_once_there_is_an_aangifte(follower, case, first_line):
    assert follower.post("/volgen/melding/aangifte/maken/").status_code == 404
    assert follower.get("/volgen/melding/aangifte/manifest/").status_code == 404
    actions.open_aangifte(case, status="considered", by=first_line)
    assert follower.get("/volgen/melding/aangifte/pdf/").status_code == 404
    assert follower.post("/volgen/melding/aangifte/maken/").status_code == 303
    run_due(timezone.now(), queue="pdf")
    assert "Download uw aangiftedossier" in follower.get("/volgen/melding/aangifte/").content.decode()
    answer = follower.get("/volgen/melding/aangifte/pdf/")
    assert answer.content.startswith(b"%PDF-")
    assert "Wat er is gebeurd" not in answer.headers["Content-Disposition"]


# --- with the rights of production ----------------------------------------------------------------------


@pytest.fixture
def as_public(own_database):
    """as_public(): from here on this process is one of the public zone, with its database role."""
    app = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]

    def go_on():
        with owner_connection(own_database) as owner, owner.cursor() as cursor:
            known = {row[0] for row in cursor.execute("SELECT rolname FROM pg_roles").fetchall()}
            if missing := set(ROLES.values()) - known:
                pytest.skip(f"this cluster has no roles {', '.join(sorted(missing))}")
            grants.apply(cursor, ROLES | {"alles": app[0]})
        point_at(own_database, ROLES["publiek"], "")

    yield go_on
    point_at(own_database, *app)


def test_with_the_public_role_only_the_own_rows_are_there_and_none_can_be_changed(
    as_public, make_case, first_line, code
):
    own = make_case(status=Status.IN_GUIDANCE, handler=first_line)
    other = make_case(status=Status.IN_GUIDANCE, handler=first_line, access_code=vault.new_access_code())
    for case in (own, other):
        fill(case, first_line, 1)
        actions.plan_measure(
            case, what="x", status="advised", kind="digital", owner="team", due_on=TODAY, by=first_line
        )
        actions.add_care_person(case, relation="witness", name="", contact="", by=first_line)
    as_public()
    tables = ["aangifte", "procedure", "legaldate", "measure", "careperson"]
    assert [count(table) for table in tables] == [0] * 5
    with transaction.atomic():
        present(code.reader)
        assert [count(table) for table in tables] == [1] * 5  # not the advice, and not the witness
    for statement in (
        "SELECT remark FROM ondersteuning_aangifte",
        "UPDATE ondersteuning_aangifte SET status = 'dismissed'",
        "UPDATE ondersteuning_measure SET status = 'done'",
        "INSERT INTO ondersteuning_legaldate DEFAULT VALUES",
        "DELETE FROM ondersteuning_careperson",
    ):
        with pytest.raises(Error, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(statement)
    browser = Client()
    browser.post("/volgen/", {"code": str(code)})
    for page in ("", "aangifte/", "aangifte/manifest/", "gegevens/", "gegevens/json/"):
        assert browser.get(f"/volgen/melding/{page}").status_code == 200
    assert browser.post("/volgen/melding/aangifte/maken/").status_code == 303


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(id) FROM ondersteuning_{table}")
        return cursor.fetchone()[0]


# --- the aangifte file and its manifest -----------------------------------------------------------------


@pytest.fixture
def evidence(case, first_line):
    """Two files and a link, gives their bytes by the name of the download."""
    from weerbaar.files.models import StoredFile

    found = {}
    names = ["scherm\nafdruk.png", "mail van de afzender.eml"]
    for number, (name, form) in enumerate(zip(names, ["png", "eml"], strict=True)):
        body = f"inhoud {number}".encode()
        pk = uuid.uuid4()
        facts = {
            "id": str(pk),
            "key": "00" * 32,
            "name": name,
            "format": form,
            "size": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
            "received_at": datetime(2026, 11, 20, 14, number, tzinfo=UTC).isoformat(),
        }
        StoredFile.objects.create(pk=pk, dossier=case.pk, box=b"x")
        row = Evidence(case=case, file_id=pk, side="reporter")
        vault.seal(case, row, facts=facts)
        row.save(force_insert=True)
        found[f"bewijs-{pk.hex[:8]}.{form}"] = body
    row = Evidence(case=case, side="reporter")
    vault.seal(case, row, facts={"link": "https://voorbeeld.invalid/bericht/1"})
    row.save(force_insert=True)
    return found


@pytest.fixture
def downloaded(evidence, browser, case, aangifte, tmp_path):
    """A folder with the originals and the manifest beside it."""
    answer = browser.get(f"{LIST}{case.pk}/manifest.sha256")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="manifest.sha256"'
    folder = tmp_path / "originelen"
    folder.mkdir()
    for name, body in evidence.items():
        (folder / name).write_bytes(body)
    (tmp_path / "manifest.sha256").write_bytes(answer.content)
    return tmp_path


def checked(where: Path) -> str:
    out = io.StringIO()
    call_command("verify_manifest", str(where / "manifest.sha256"), str(where / "originelen"), stdout=out)
    return out.getvalue()


def test_a_folder_that_nobody_touched_agrees_also_with_sha256sum(downloaded):
    assert checked(downloaded).count("klopt: ") == 2
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "../manifest.sha256"],
        cwd=downloaded / "originelen",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_a_renamed_file_is_still_the_same_file(downloaded, evidence):
    first = downloaded / "originelen" / next(iter(evidence))
    first.rename(first.with_name("foto van de deur.png"))
    assert checked(downloaded).count("klopt: ") == 2


@pytest.mark.parametrize("harm", ["one bit", "gone", "swapped"])
def test_what_was_changed_or_is_missing_is_named_and_fails(downloaded, evidence, harm):
    name, body = next(iter(evidence.items()))
    file = downloaded / "originelen" / name
    if harm == "one bit":
        file.write_bytes(bytes([body[0] ^ 1]) + body[1:])
    elif harm == "gone":
        file.unlink()
    else:
        file.write_bytes(b"iets anders")
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command(
            "verify_manifest",
            str(downloaded / "manifest.sha256"),
            str(downloaded / "originelen"),
            stdout=out,
        )
    assert f"{'ontbreekt' if harm == 'gone' else 'gewijzigd'}: {name}" in out.getvalue()
    assert out.getvalue().count("klopt: ") == 1


def test_a_file_that_is_not_in_the_manifest_is_named(downloaded):
    (downloaded / "originelen" / "nieuw.txt").write_text("nieuw")
    assert "staat niet in het manifest: nieuw.txt" in checked(downloaded)


@pytest.mark.parametrize("text", ["", "geen manifest", "\x00\xff"])
def test_what_is_no_manifest_is_said_to_be_none(downloaded, text):
    (downloaded / "manifest.sha256").write_text(text, encoding="latin-1")
    with pytest.raises(CommandError, match="Geen manifest"):
        checked(downloaded)


def made(case, **who) -> bytes:
    rendering = documents.request(case, KIND, audience=AUDIENCE, **who)
    run_due(timezone.now(), queue="pdf")
    rendering.refresh_from_db()
    assert rendering.is_ready, rendering.error
    with vault.open(case, purpose=Purpose.PDF, **who) as content:
        return documents.read(rendering, content)


def test_the_file_holds_the_story_and_the_manifest_and_is_accessible(case, first_line, evidence, browser):
    actions.open_aangifte(case, status="considered", remark="Geheim van het team.", by=first_line)
    actions.add_note(case, text="Geheime notitie.", by=first_line)
    pdf = made(case, by=first_line)
    text = text_of(pdf)
    for words in [
        "Er stond een man bij mijn hek.",
        "Mila",
        "0612345678",
        "scherm afdruk.png",
        "20 november 2026 om 15.01 uur",
    ]:
        assert words in text
    for body in evidence.values():
        assert hashlib.sha256(body).hexdigest() in text
    file = browser.get(f"{LIST}{case.pk}/manifest.sha256").content
    assert hashlib.sha256(file).hexdigest() in text  # the file vouches for its manifest
    for words in ["Geheim", "Femke"]:
        assert words not in text
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.Root.Lang == "nl"
        with opened.open_metadata() as meta:
            assert meta["pdfuaid:part"] == "1"
            assert meta["dc:title"] == f"Aangiftedossier {case.reference}"


@pytest.mark.parametrize(
    ("choice", "kept", "left_out"),
    [
        ("domicilie", ["Mila", "Testdam"], ["0612345678", "mila@"]),
        (
            "under_number",
            ["Aangifte onder nummer"],
            ["Mila", "0612345678", "mila@", "Testdam", "raadslid"],
        ),
    ],
)
def test_what_was_agreed_about_the_name_and_address_is_kept_to(case, first_line, choice, kept, left_out):
    actions.open_aangifte(case, status="considered", by=first_line, **{choice: True})
    text = text_of(made(case, by=first_line))
    for words in kept:
        assert words in text
    for words in left_out:
        assert words not in text


def test_the_same_case_gives_the_same_file(case, first_line, evidence, aangifte):
    first = documents.request(case, KIND, audience=AUDIENCE, by=first_line)
    assert documents.request(case, KIND, audience=AUDIENCE, by=first_line).pk == first.pk


def test_names_in_a_manifest_cannot_make_lines_of_their_own():
    evil = manifest.Entry(1, "a.png\n" + "0" * 64 + "  b.png", "Foto", "1 kB", "vandaag", "1" * 64, "c.png")
    text = manifest.written("WB-1", [evil])
    assert [line for line in text.splitlines() if not line.startswith("#")] == ["1" * 64 + "  c.png"]


def test_the_contact_of_nobody_is_no_error(make_case, first_line):
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line, contact=Contactable())
    actions.open_aangifte(case, status="considered", by=first_line)
    assert "Aangiftedossier" in text_of(made(case, by=first_line))


def test_every_reverse_is_where_it_should_be():
    assert reverse("ondersteuning:hulp_online", urlconf="weerbaar.urls.publiek") == "/hulp/online/"
