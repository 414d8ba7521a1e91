"""Exports: an own right, with a reason, a cap, a second person, harmless cells, and a trail."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from ondersteuning import actions, exporting
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, Export
from weerbaar.accounts.roles import Role
from weerbaar.audit.api import AccessLog, Purpose, Result
from weerbaar.jobs.models import Job
from weerbaar.vault.api import new_access_code

EXPORTS = "/beheer/ondersteuning/export/"
WHY = "Voor het jaarverslag van het team."


@pytest.fixture
def browser(sign_in):
    def make(user) -> Client:
        client = Client()
        sign_in(client, user)
        return client

    return make


@pytest.fixture
def other(make_user):
    return make_user(Role.COORDINATOR, name="Otto Ander")


@pytest.fixture
def cases(make_case):
    """cases(number): so many."""

    def make(number: int) -> None:
        for _ in range(number):
            make_case(access_code=new_access_code())

    return make


def ask(client, query="", reason=WHY, format="csv"):
    return client.post(f"{EXPORTS}add/?{query}", {"reason": reason, "format": format})


def take(client, export):
    return client.post(f"{EXPORTS}{export.pk}/ophalen/")


def body(response) -> bytes:
    assert response.status_code == 200, response.status_code
    return response.getvalue()


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_a_coordinator_takes_a_small_export_with_a_reason(browser, coordinator, make_case):
    case = make_case()
    client = browser(coordinator)
    assert "Deze zaken exporteren" in client.get("/beheer/ondersteuning/case/").content.decode()
    assert ask(client).status_code == 302
    export = Export.objects.get()
    assert (export.rows, export.by, export.reason) == (1, coordinator, WHY)
    response = take(client, export)
    (row,) = rows_of(body(response))
    assert row["Kenmerk"] == case.reference
    assert row["Soort"] == "Bedreiging"
    assert row["Status"] == "Ontvangen"
    assert row["Provincie"] == "PV26"
    assert "attachment" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    export.refresh_from_db()
    assert export.taken_at


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_nothing_that_was_told_and_no_organisation_leaves(browser, coordinator, make_case, format):
    make_case(people="Mijn dochter Roos")
    client = browser(coordinator)
    ask(client, format=format)
    data = body(take(client, Export.objects.get()))
    if format == "xlsx":
        sheet = load_workbook(io.BytesIO(data)).active
        data = repr(list(sheet.values)).encode()
    for secret in ("hek", "Mila", "0612345678", "mila@voorbeeld.invalid", "Roos", "Testdam"):
        assert secret.encode() not in data


@pytest.mark.parametrize(
    "role", [Role.EERSTE_LIJN, Role.TWEEDE_LIJN, Role.NETWERKBEHEER, Role.TECHNISCH_BEHEER, Role.AUDITOR]
)
def test_nobody_else_exports(browser, make_user, coordinator, make_case, role):
    make_case()
    mine = actions.ask_export(Case.objects.all(), query="", reason=WHY, format="csv", by=coordinator)
    user = make_user(role)
    client = browser(user)
    assert client.get(f"{EXPORTS}add/").status_code == 404
    assert ask(client).status_code == 404
    assert take(client, mine).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.ask_export(Case.objects.all(), query="", reason=WHY, format="csv", by=user)
    assert AccessLog.objects.filter(actor_id=user.pk, purpose=Purpose.EXPORT, result=Result.REFUSED).exists()
    assert "Deze zaken exporteren" not in client.get("/beheer/ondersteuning/case/").content.decode()


def test_another_coordinator_does_not_take_mine(browser, coordinator, other, make_case):
    make_case()
    export = actions.ask_export(Case.objects.all(), query="", reason=WHY, format="csv", by=coordinator)
    assert take(browser(other), export).status_code == 404


@pytest.mark.parametrize("reason", ["", "   ", "kort", "x" * 501])
def test_a_reason_is_needed(browser, coordinator, make_case, reason):
    make_case()
    assert ask(browser(coordinator), reason=reason).status_code == 422
    assert not Export.objects.exists()


def test_above_fifty_rows_a_second_person_agrees_first(browser, coordinator, other, cases):
    cases(51)
    client = browser(coordinator)
    assert "Iemand anders moet eerst akkoord geven" in client.get(f"{EXPORTS}add/").content.decode()
    ask(client)
    export = Export.objects.get()
    told = Job.objects.filter(name="ondersteuning.tell_export_asked")
    assert [job.kwargs["user_id"] for job in told] == [str(other.pk)]
    assert take(client, export).status_code == 302  # back to the page, with a word of why
    page = f"{EXPORTS}{export.pk}/change/"
    assert client.post(page, {"decision": "agree"}).status_code == 404  # not oneself
    second = browser(other)
    assert "Export wacht op akkoord" in second.get("/beheer/").content.decode()
    assert WHY in second.get(page).content.decode()
    second.post(page, {"decision": "agree"})
    export.refresh_from_db()
    assert export.agreed_by == other
    assert len(rows_of(body(take(client, export)))) == 51


def test_what_was_refused_stays_here(browser, coordinator, other, cases):
    cases(51)
    client = browser(coordinator)
    ask(client)
    export = Export.objects.get()
    browser(other).post(f"{EXPORTS}{export.pk}/change/", {"decision": "refuse"})
    assert take(client, export).status_code == 302
    export.refresh_from_db()
    assert export.refused_at
    assert not export.taken_at
    with pytest.raises(ValidationError):
        actions.decide_export(export, agrees=True, by=other)


def test_fifty_rows_are_free(browser, coordinator, cases):
    cases(50)
    client = browser(coordinator)
    ask(client)
    assert len(rows_of(body(take(client, Export.objects.get())))) == 50


def test_there_is_a_cap(coordinator, cases, monkeypatch):
    monkeypatch.setattr(Export, "MOST_ROWS", 2)
    cases(3)
    with pytest.raises(ValidationError, match=r"10\.000"):
        actions.ask_export(Case.objects.all(), query="", reason=WHY, format="csv", by=coordinator)


def test_an_empty_export_is_none(coordinator):
    with pytest.raises(ValidationError):
        actions.ask_export(Case.objects.all(), query="", reason=WHY, format="csv", by=coordinator)


def test_more_cases_since_then_need_a_new_question(browser, coordinator, cases):
    cases(2)
    client = browser(coordinator)
    ask(client)
    cases(1)
    response = client.post(f"{EXPORTS}{Export.objects.get().pk}/ophalen/", follow=True)
    assert "Er zijn intussen meer zaken dan u vroeg" in response.content.decode()


def test_after_a_day_it_is_over(coordinator, make_case):
    make_case()
    at = timezone.now() - timedelta(hours=24, seconds=1)
    export = Export.objects.create(by=coordinator, reason=WHY, query="", format="csv", rows=1, asked_at=at)
    with pytest.raises(ValidationError):
        actions.take_export(export, Case.objects.all(), by=coordinator)


def test_only_what_was_chosen_and_may_be_seen_leaves(browser, coordinator, make_case, griffier):
    make_case(status=Status.CLOSED, access_code=new_access_code())
    wanted = make_case(kinds=["doxing"], access_code=new_access_code())
    make_case(kinds=["threat"], access_code=new_access_code())
    make_case(wish="organisation", kinds=["doxing"], contacts=[griffier], access_code=new_access_code())
    client = browser(coordinator)
    ask(client, urlencode({"kind": "doxing"}))
    (row,) = rows_of(body(take(client, Export.objects.get())))
    assert row["Kenmerk"] == wanted.reference


def test_a_search_word_is_not_kept(browser, coordinator, make_case):
    make_case()
    client = browser(coordinator)
    page = client.get(f"{EXPORTS}add/?q=Jansen&status=all").content.decode()
    assert "Uw zoekwoord gaat niet mee" in page
    assert "Jansen" not in page
    ask(client, "q=Jansen&status=all&iets=anders")
    assert Export.objects.get().query == "status=all"


def test_every_export_leaves_a_trail(browser, coordinator, make_case):
    make_case()
    client = browser(coordinator)
    ask(client)
    take(client, Export.objects.get())
    rows = AccessLog.objects.filter(actor_id=coordinator.pk, purpose=Purpose.EXPORT, result=Result.DONE)
    details = list(rows.values_list("detail", flat=True))
    assert "export gevraagd: 1 regels" in details
    assert "export opgehaald: 1 regels, csv" in details


FORMULAS = [
    "=1+1",
    "==1+1",
    "+31612345678",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "＝1+1",
    "|calc",
    "%0A=1",
    "\x00=1",
    '=HYPERLINK("http://x")',
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("name", FORMULAS)
def test_no_cell_is_a_formula(coordinator, make_user, make_case, name, format):
    handler = make_user(Role.EERSTE_LIJN, name=name.replace("\x00", ""))
    make_case(handler=handler)
    if format == "csv":
        data = "".join(exporting.as_csv(Case.objects.all(), most=10)).encode()
        (row,) = rows_of(data)
        cell = row["Behandelaar"]
    else:
        sheet = load_workbook(io.BytesIO(exporting.as_xlsx(Case.objects.all(), most=10))).active
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        place = [cell.value for cell in sheet[1]].index("Behandelaar")
        cell = sheet[2][place].value
    assert cell.startswith("'")


def test_a_workbook_runs_nothing_though_a_text_were_not_made_harmless(make_user, make_case, monkeypatch):
    monkeypatch.setattr(exporting, "harmless", lambda text: text)
    make_case(handler=make_user(Role.EERSTE_LIJN, name="=1+1"))
    sheet = load_workbook(io.BytesIO(exporting.as_xlsx(Case.objects.all(), most=10))).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in cells]
    assert all(cell.data_type != "f" for cell in cells)


@given(st.text())
def test_harmless_text_never_begins_as_a_formula(text):
    done = exporting.harmless(text)
    assert not done.strip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not done.startswith(("\t", "\r", "\n"))


@pytest.mark.parametrize("rows", [3, 40])
def test_an_export_takes_the_same_queries_for_few_and_for_many(
    coordinator, cases, rows, django_assert_num_queries
):
    cases(rows)
    found = Case.objects.visible_to(coordinator)
    with django_assert_num_queries(1):
        assert "".join(exporting.as_csv(found, most=100)).count("\r\n") == rows + 1
    with django_assert_num_queries(1):
        exporting.as_xlsx(found, most=100)


@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_takes_the_same_queries_for_one_and_for_twenty(
    browser, coordinator, make_case, rows, django_assert_num_queries
):
    make_case()
    for _ in range(rows):
        actions.ask_export(Case.objects.all(), query="", reason=WHY, format="csv", by=coordinator)
    client = browser(coordinator)
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(EXPORTS).status_code == 200


LIST_QUERIES = 7


def test_the_database_holds_the_second_person_and_the_question(coordinator):
    export = Export.objects.create(by=coordinator, reason=WHY, query="", format="csv", rows=51)
    now = timezone.now()
    for change in (
        {"taken_at": now},
        {"agreed_by": coordinator, "agreed_at": now},
        {"agreed_at": now},
        {"refused_at": now, "taken_at": now},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Export.objects.filter(pk=export.pk).update(**change)
    for change in ({"rows": 10}, {"reason": "anders"}, {"query": "status=all"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Export.objects.filter(pk=export.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.create(by=coordinator, reason=WHY, query="", format="csv", rows=10_001)
