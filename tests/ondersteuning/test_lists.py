"""Lists of cases: filters, saved views with alerts, several at once and back again, and finding a case."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from netwerk.models import Organisation
from ondersteuning import actions, finding, tasks
from ondersteuning.actions import Contactable, Together
from ondersteuning.clock import AMSTERDAM
from ondersteuning.lifecycle import Status
from ondersteuning.models import BulkChange, Case, SavedView
from ondersteuning.urgency import Urgency
from weerbaar.accounts.roles import Role
from weerbaar.audit.api import AccessLog, Purpose, Result
from weerbaar.jobs import run_due
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault
from weerbaar.vault.api import new_access_code
from weerbaar.vault.models import BlindIndex

from .test_admin import fill

LIST = "/beheer/ondersteuning/case/"
TOGETHER = f"{LIST}samen/"
SEARCH = f"{LIST}zoeken/"
VIEWS = "/beheer/ondersteuning/savedview/"


@pytest.fixture
def read_case(make_case, first_line):
    """read_case(handler=…): a case that somebody judged."""

    def make(handler=first_line, status=Status.IN_GUIDANCE, **fields) -> Case:
        case = make_case(status=status, handler=handler, access_code=new_access_code(), **fields)
        Case.objects.filter(pk=case.pk).update(urgency_is_provisional=False)
        case.refresh_from_db()
        return case

    return make


def page(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return unescape(answer.content.decode())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def as_worker(settings, tmp_path) -> None:
    settings.ZONES, settings.MAIL_DIR = frozenset(), str(tmp_path)


def mailed(tmp_path, address: str) -> int:
    return sum(f"To: {address}" in one.read_text() for one in tmp_path.glob("*.eml"))


# --- filters --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("province=PV26", {"utrecht"}),
        ("province=PV22", {"drenthe"}),
        ("province=caribbean", {"saba"}),
        ("province=PV99", {"utrecht", "drenthe", "saba", "nowhere"}),  # no such choice: filters nothing
        ("handler=nobody", {"nowhere"}),
        ("handler=me", set()),
        ("line=second", {"drenthe"}),
        ("term=overdue", {"saba"}),
        ("kind=doxing&province=PV22", {"drenthe"}),
        ("kind=doxing&province=PV26", set()),
    ],
)
def test_the_list_narrows_to_a_province_a_line_a_term_and_a_colleague(
    as_user, coordinator, read_case, make_case, query, found
):
    there = {
        "drenthe": Organisation.objects.create(
            code="GM9002", name="Heideveld", layer="gemeente", province_code="PV22"
        ),
        "saba": Organisation.objects.create(code="COL01", name="Saba", layer="openbaar_lichaam"),
    }
    cases = {
        "utrecht": read_case(),
        "drenthe": read_case(organisation=there["drenthe"], kinds=["doxing"]),
        "saba": read_case(organisation=there["saba"]),
        "nowhere": make_case(organisation=None, access_code=new_access_code()),
    }
    Case.objects.filter(pk=cases["drenthe"].pk).update(line="second")
    Case.objects.filter(pk=cases["saba"].pk).update(contact_due_at=timezone.now() - timedelta(hours=1))
    html = page(as_user(coordinator).get(f"{LIST}?{query}"))
    assert {name for name, case in cases.items() if case.reference in html} == found


@pytest.mark.parametrize("rows", [10, 1_000])
@pytest.mark.parametrize(
    ("query", "queries"), [("province=PV26", 11), ("handler=nobody&term=overdue", 10), ("q=testdam", 11)]
)
def test_a_narrowed_list_takes_the_same_queries_for_ten_and_for_a_thousand(
    as_user, coordinator, first_line, organisation, rows, query, queries, django_assert_num_queries
):
    fill(rows, organisation, first_line)
    SavedView.objects.bulk_create(
        SavedView(owner=coordinator, name=f"Nr {n}", query="line=first") for n in range(rows)
    )
    browser = as_user(coordinator)
    with django_assert_num_queries(queries):
        browser.get(f"{LIST}?{query}")


# --- saved views ----------------------------------------------------------------------------------


def test_a_view_keeps_the_filters_and_never_the_words_that_were_searched(as_user, first_line):
    browser = as_user(first_line)
    html = page(browser.get(f"{LIST}?urgency=1&q=Jansen&line=first&p=0"))
    add = re.search(r'href="([^"]*savedview/add/[^"]*)"', html)[1]
    assert "Jansen" not in add
    assert 'value="urgency=1&line=first"' in page(browser.get(add))
    data = {"name": "Spoed", "alert": "none", "query": "line=first&q=Jansen&urgency=1&e=1&p=3"}
    answer = browser.post(f"{VIEWS}add/", data)
    assert answer["Location"] == f"{LIST}?urgency=1&line=first"
    view = SavedView.objects.get()
    assert (view.owner, view.query, view.is_shared) == (first_line, "urgency=1&line=first", False)
    html = page(browser.get(answer["Location"]))
    assert '<a href="?urgency=1&line=first" aria-current="page">Spoed</a>' in html


def test_the_same_name_twice_is_said_and_not_an_error(as_user, first_line, colleague):
    SavedView.objects.create(owner=first_line, name="Spoed", query="urgency=1")
    data = {"name": "Spoed", "alert": "none", "query": ""}
    assert "U hebt al een weergave met deze naam." in page(as_user(first_line).post(f"{VIEWS}add/", data))
    assert as_user(colleague).post(f"{VIEWS}add/", data).status_code == 302


def test_a_view_is_seen_by_its_owner_and_when_shared_by_colleagues_who_cannot_change_it(
    as_user, first_line, colleague, make_user
):
    own = SavedView.objects.create(owner=first_line, name="Alleen voor mij", query="urgency=1")
    shared = SavedView.objects.create(owner=first_line, name="Van ons", query="urgency=2", is_shared=True)
    assert "Alleen voor mij" in page(as_user(first_line).get(LIST))
    html = page(as_user(colleague).get(LIST))
    assert "Van ons" in html
    assert "Alleen voor mij" not in html
    assert "Alleen voor mij" not in page(as_user(colleague).get(VIEWS))
    browser = as_user(colleague)
    assert browser.get(f"{VIEWS}{own.pk}/change/").status_code == 404
    assert browser.get(f"{VIEWS}{shared.pk}/change/").status_code == 200
    change = {"name": "Gekaapt", "alert": "none", "query": "", "is_shared": "on"}
    assert browser.post(f"{VIEWS}{shared.pk}/change/", change).status_code == 403
    assert browser.post(f"{VIEWS}{shared.pk}/delete/", {"post": "yes"}).status_code == 403
    stranger = as_user(make_user(Role.NETWERKBEHEER))
    assert stranger.get(VIEWS).status_code == 403
    assert stranger.get(f"{VIEWS}{shared.pk}/change/").status_code in (403, 404)
    assert SavedView.objects.filter(name="Van ons").exists()
    assert as_user(first_line).post(f"{VIEWS}{own.pk}/delete/", {"post": "yes"}).status_code == 302


def test_mine_in_a_shared_view_is_that_of_who_looks(as_user, first_line, colleague, read_case):
    mine, theirs = read_case(first_line), read_case(colleague)
    SavedView.objects.create(owner=first_line, name="Van mij", query="handler=me", is_shared=True)
    html = page(as_user(colleague).get(f"{LIST}?handler=me"))
    assert theirs.reference in html
    assert mine.reference not in html


def view_of(owner, query: str, alert: str = "at_once") -> SavedView:
    view = SavedView.objects.create(owner=owner, name=query or "alles", query=query, alert=alert)
    finding.remember(view, timezone.now())
    return view


def test_an_owner_hears_once_of_a_case_that_came_into_the_view(first_line, make_case, settings, tmp_path):
    as_worker(settings, tmp_path)
    make_case(severity="annoying", access_code=new_access_code())
    view_of(first_line, "urgency=1")

    def look(times: int = 2) -> int:
        for _ in range(times):
            with transaction.atomic():
                tasks.watch_saved_views(timezone.now())
            run_due()
        return mailed(tmp_path, first_line.email)

    run_due()
    before = look()
    make_case(severity="annoying", access_code=new_access_code())  # not in the view
    assert look() == before
    case = make_case(severity="very_serious", access_code=new_access_code())
    assert look() == before + 1
    Case.objects.filter(pk=case.pk).update(urgency=2)
    assert look() == before + 1
    Case.objects.filter(pk=case.pk).update(urgency=1)  # it left, and came back
    assert look() == before + 2


def test_the_mail_of_a_view_says_nothing_about_it(first_line, make_case, settings, tmp_path):
    as_worker(settings, tmp_path)
    view_of(first_line, "urgency=1")
    case = make_case(severity="very_serious")
    with transaction.atomic():
        tasks.watch_saved_views(timezone.now())
    run_due()
    words = "".join(one.read_text() for one in tmp_path.glob("*.eml") if first_line.email in one.read_text())
    assert "/beheer/" in words
    assert case.reference not in words
    assert "urgency" not in words


def test_who_left_or_may_not_see_cases_hears_nothing(first_line, colleague, make_case, settings, tmp_path):
    as_worker(settings, tmp_path)
    view_of(first_line, "")
    view = view_of(colleague, "")
    make_case()
    first_line.is_active = False
    first_line.save()
    colleague.groups.clear()
    with transaction.atomic():
        tasks.watch_saved_views(timezone.now())
    run_due()
    assert mailed(tmp_path, first_line.email) == mailed(tmp_path, colleague.email) == 0
    assert finding.cases_in(SavedView.objects.get(pk=view.pk)) == set()


@pytest.mark.parametrize(
    ("alerted", "now", "is_watched"),
    [
        ("2026-11-22 07:59", "2026-11-22 08:00", True),
        ("2026-11-22 07:00", "2026-11-22 07:59", False),
        ("2026-11-22 08:01", "2026-11-22 23:00", False),
        ("2026-11-22 08:01", "2026-11-23 08:00", True),
    ],
)
def test_a_daily_alert_comes_in_the_morning(first_line, alerted, now, is_watched):
    view = view_of(first_line, "", "daily")
    SavedView.objects.filter(pk=view.pk).update(alerted_until=at(alerted))
    assert SavedView.objects.watched(at(now)).exists() == is_watched


@pytest.mark.parametrize("rows", [10, 1_000])
def test_watching_a_view_takes_the_same_queries_for_ten_and_for_a_thousand(
    first_line, organisation, rows, django_assert_num_queries
):
    view = view_of(first_line, "status=all")
    fill(rows, organisation, first_line)
    view = SavedView.objects.get(pk=view.pk)
    first_line.has_perm("x")  # reads the roles once
    with django_assert_num_queries(WATCH_QUERIES):
        assert finding.watch(view)


WATCH_QUERIES = 5


@pytest.mark.parametrize("rows", [10, 1_000])
def test_the_list_of_views_takes_the_same_queries_for_ten_and_for_a_thousand(
    as_user, first_line, colleague, rows, django_assert_num_queries
):
    SavedView.objects.bulk_create(
        SavedView(owner=(first_line, colleague)[n % 2], name=f"Nr {n}", query="", is_shared=True)
        for n in range(rows)
    )
    browser = as_user(first_line)
    with django_assert_num_queries(7):
        browser.get(VIEWS)


# --- several cases at once ------------------------------------------------------------------------


def versions(*cases) -> dict:
    return {case.pk: Case.objects.get(pk=case.pk).version for case in cases}


def test_a_coordinator_assigns_several_from_the_list_and_takes_it_back(
    as_user, coordinator, first_line, colleague, read_case
):
    cases = [read_case(first_line), read_case(first_line)]
    browser = as_user(coordinator)
    html = page(browser.get(f"{LIST}?line=first"))
    assert f'aria-label="Kies {cases[0].reference}"' in html
    table = html[html.index('<form id="changelist-form"') :].split("</form>")[0]
    assert table.count("<form") == 1  # a form in a form would send the choice to the list itself
    assert table.count(f'formaction="{TOGETHER}"') == 2
    assert "csrfmiddlewaretoken" in table
    step = {"what": "assign", "case": [case.pk for case in cases], "back": "line=first&q=Jansen"}
    html = page(browser.post(TOGETHER, step))
    assert "2 zaken wijzigen" in html
    assert Case.objects.filter(handler=first_line).count() == 2  # nothing changed yet
    chosen = re.findall(r'name="case" value="([^"]+)"', html)
    answer = browser.post(TOGETHER, step | {"case": chosen, "value": str(colleague.pk), "do": "1"})
    assert answer["Location"] == f"{LIST}?line=first"
    html = page(browser.get(answer["Location"]))
    assert "2 zaken zijn gewijzigd." in html
    assert "Ongedaan maken" in html
    assert Case.objects.filter(handler=colleague).count() == 2
    assert all(case.assignments.count() == 2 for case in cases)
    undo = re.search(r'action="([^"]+/terug/)"', html)[1]
    assert "ongedaan gemaakt" in page(browser.post(undo, follow=True))
    assert Case.objects.filter(handler=first_line).count() == 2
    assert "terug/" not in page(browser.get(LIST))
    assert AccessLog.objects.filter(dossier=cases[0].pk, detail__startswith="samen wijzigen").count() == 2


def test_who_gets_them_hears_it_once_and_not_when_it_was_taken_back(
    coordinator, first_line, colleague, read_case, settings, tmp_path
):
    cases = [read_case(first_line), read_case(first_line)]
    as_worker(settings, tmp_path)
    while run_due():
        pass
    change = actions.change_together(versions(*cases), what="assign", value=colleague, by=coordinator)
    while run_due():
        pass
    assert mailed(tmp_path, colleague.email) == 0  # it can still be taken back
    while run_due(timezone.now() + timedelta(seconds=31)):
        pass
    assert mailed(tmp_path, colleague.email) == 1
    change = actions.change_together(versions(*cases), what="assign", value=first_line, by=coordinator)
    actions.undo_together(change, by=coordinator)
    while run_due(timezone.now() + timedelta(seconds=62)):
        pass
    assert mailed(tmp_path, first_line.email) == 0
    assert mailed(tmp_path, colleague.email) == 1


@pytest.mark.parametrize("what", list(Together))
def test_an_unread_case_is_refused_and_then_nothing_changes(
    what, coordinator, first_line, colleague, read_case, make_case
):
    unread, read = make_case(access_code=new_access_code()), read_case(first_line)
    value = {"assign": colleague, "line": "first", "urgency": 1}[what]
    before = list(Case.objects.order_by("pk").values())
    with pytest.raises(ValidationError, match=unread.reference):
        actions.change_together(versions(unread, read), what=what, value=value, by=coordinator)
    assert list(Case.objects.order_by("pk").values()) == before
    assert not BulkChange.objects.exists()


def test_the_page_says_which_cases_stay_behind_and_why(
    as_user, coordinator, first_line, read_case, make_case
):
    unread = make_case(access_code=new_access_code())
    closed, read = read_case(status=Status.CLOSED), read_case(first_line)
    pks = [case.pk for case in (unread, closed, read)]
    html = page(as_user(coordinator).post(TOGETHER, {"what": "urgency", "case": pks}))
    assert "2 zaken doen niet mee" in html
    assert "is nog door niemand beoordeeld" in html
    assert "is niet meer open" in html
    assert re.findall(r'name="case" value="([^:]+):', html) == [str(read.pk)]
    html = page(as_user(coordinator).post(TOGETHER, {"what": "urgency", "case": [unread.pk]}))
    assert 'name="do"' not in html


def test_all_of_the_page_is_one_press(as_user, coordinator, first_line, read_case):
    cases = [read_case(first_line) for _ in range(3)]
    html = page(as_user(coordinator).get(LIST))
    on_page = re.findall(r'name="on_page" value="([^"]+)"', html)
    assert set(on_page) == {str(case.pk) for case in cases}
    html = page(as_user(coordinator).post(TOGETHER, {"what": "urgency", "on_page": on_page, "all": "1"}))
    assert "3 zaken wijzigen" in html


def test_nothing_chosen_is_said_kindly(as_user, coordinator):
    html = page(as_user(coordinator).post(TOGETHER, {"what": "urgency"}, follow=True))
    assert "Kies eerst een of meer zaken." in html
    assert as_user(coordinator).post(TOGETHER, {"what": "urgency", "case": "x"}).status_code == 404
    assert as_user(coordinator).post(TOGETHER, {"what": "weg", "case": uuid4()}).status_code == 302


def test_a_case_that_a_colleague_changed_meanwhile_stops_all(coordinator, first_line, read_case):
    one, two = read_case(first_line), read_case(first_line)
    seen = versions(one, two)
    actions.register_contact(two, by=first_line)
    with pytest.raises(ValidationError, match=two.reference):
        actions.change_together(seen, what="urgency", value=3, by=coordinator)
    assert set(Case.objects.values_list("urgency", flat=True)) == {one.urgency}


def test_the_term_follows_the_urgency_and_comes_back_with_it(coordinator, first_line, read_case):
    case, spoken = read_case(first_line), read_case(first_line)
    actions.register_contact(spoken, by=first_line)
    before = {one.pk: (one.urgency, one.contact_due_at) for one in Case.objects.all()}
    change = actions.change_together(
        versions(case, spoken), what="urgency", value=str(Urgency.HIGH), by=coordinator
    )
    case.refresh_from_db()
    spoken.refresh_from_db()
    assert case.urgency == spoken.urgency == Urgency.HIGH
    assert case.contact_due_at < before[case.pk][1]
    assert spoken.contact_due_at == before[spoken.pk][1]  # was reached already
    assert actions.undo_together(change, by=coordinator) == []
    assert {one.pk: (one.urgency, one.contact_due_at) for one in Case.objects.all()} == before


def test_a_line_fits_who_handles_the_case(coordinator, first_line, second_line, read_case):
    first, second = read_case(first_line), read_case(second_line)
    with pytest.raises(ValidationError, match=first.reference):
        actions.change_together(versions(first, second), what="line", value="second", by=coordinator)
    change = actions.change_together(versions(second), what="line", value="second", by=coordinator)
    second.refresh_from_db()
    assert (second.line, second.assignments.active().get().line) == ("second", "second")
    actions.undo_together(change, by=coordinator)
    second.refresh_from_db()
    assert (second.line, second.assignments.active().get().line) == ("first", "first")


def test_what_a_colleague_changed_since_is_not_undone(as_user, coordinator, first_line, read_case):
    one, two = read_case(first_line), read_case(first_line)
    change = actions.change_together(versions(one, two), what="urgency", value=1, by=coordinator)
    actions.register_contact(two, by=first_line)
    html = page(as_user(coordinator).post(f"{TOGETHER}{change.pk}/terug/", follow=True))
    assert two.reference in re.search(r"bleef staan: ([^<]*)", html)[1]
    assert list(Case.objects.filter(urgency=1)) == [two]


def test_it_can_be_undone_once_within_half_a_minute_by_who_did_it(
    as_user, coordinator, make_user, first_line, read_case
):
    case = read_case(first_line)
    change = actions.change_together(versions(case), what="urgency", value=1, by=coordinator)
    other = make_user(Role.COORDINATOR)
    with pytest.raises(PermissionDenied):
        actions.undo_together(change, by=other)
    assert as_user(other).post(f"{TOGETHER}{change.pk}/terug/").status_code == 404
    assert as_user(coordinator).get(f"{TOGETHER}{change.pk}/terug/").status_code == 405
    BulkChange.objects.update(at=timezone.now() - timedelta(seconds=31))
    with pytest.raises(ValidationError):
        actions.undo_together(change, by=coordinator)
    assert "terug/" not in page(as_user(coordinator).get(LIST))
    with pytest.raises(IntegrityError), transaction.atomic():  # nor by hand
        BulkChange.objects.update(undone_at=timezone.now())
    BulkChange.objects.update(at=timezone.now())
    actions.undo_together(change, by=coordinator)
    with pytest.raises(ValidationError):
        actions.undo_together(change, by=coordinator)


def test_a_handler_changes_the_urgency_of_own_cases_and_no_more(
    as_user, first_line, colleague, read_case, make_user
):
    own, other = read_case(first_line), read_case(colleague)
    html = page(as_user(first_line).get(LIST))
    assert "Urgentie wijzigen" in html
    assert "Toewijzen aan een collega" not in html
    actions.change_together(versions(own), what="urgency", value=1, by=first_line)
    for what, value in (("assign", colleague), ("line", "first")):
        with pytest.raises(PermissionDenied):
            actions.change_together(versions(own), what=what, value=value, by=first_line)
    with pytest.raises(ValidationError):  # does not even exist for them
        actions.change_together(versions(own, other), what="urgency", value=2, by=first_line)
    assert other.reference not in page(
        as_user(first_line).post(TOGETHER, {"what": "urgency", "case": [own.pk, other.pk]})
    )
    auditor = as_user(make_user(Role.AUDITOR))
    assert 'name="case"' not in page(auditor.get(LIST))
    assert auditor.post(TOGETHER, {"what": "urgency", "case": own.pk}).status_code == 404


@pytest.mark.parametrize("rows", [2, 100])
def test_choosing_takes_the_same_queries_for_two_and_for_a_hundred(
    as_user, coordinator, first_line, organisation, rows, django_assert_num_queries
):
    fill(rows, organisation, first_line)
    Case.objects.update(urgency_is_provisional=False)
    pks = [str(pk) for pk in Case.objects.values_list("pk", flat=True)]
    browser = as_user(coordinator)
    with django_assert_num_queries(5):
        html = page(browser.post(TOGETHER, {"what": "urgency", "case": pks}))
    assert f"{rows} zaken wijzigen" in html


# --- finding a case -------------------------------------------------------------------------------


@pytest.fixture
def search(as_user):
    def ask(user, words: str, where: str = "person", status: int = 200) -> str:
        return page(as_user(user).post(SEARCH, {"words": words, "where": where}), status)

    return ask


@pytest.fixture
def indexed(make_case, first_line, settings, tmp_path):
    """A case whose reporter gave this name and address, indexed by a worker."""

    def make(name="Mila de Vries-Jansen", email="Mila@Voorbeeld.invalid", handler=first_line, **fields):
        zones = settings.ZONES
        as_worker(settings, tmp_path)
        case = make_case(
            contact=Contactable(name=name, email=email),
            handler=handler,
            status=Status.IN_TRIAGE if handler else Status.RECEIVED,
            access_code=new_access_code(),
            **fields,
        )
        run_due()
        settings.ZONES = zones
        return case

    return make


@pytest.mark.parametrize(
    "typed",
    [
        "Vries",
        "de vries",
        "JANSEN",
        "Vries-Jansen",
        "Mila de Vries",
        "mw. De Vriés",
        "mila@voorbeeld.invalid",
        " MILA@voorbeeld.invalid ",
    ],
)
def test_a_reporter_is_found_by_surname_or_address(search, indexed, first_line, typed):
    case, other = indexed(), indexed("Karel Bakker", "k@voorbeeld.invalid")
    html = search(first_line, typed)
    assert case.reference in html
    assert other.reference not in html


@pytest.mark.parametrize("typed", ["de", "Vrie", "Vries Bakker", "mila", "voorbeeld.invalid", "%", "x@y.nl"])
def test_nobody_is_found_by_half_a_name(search, indexed, first_line, typed):
    case = indexed("M. de Vries")
    assert case.reference not in search(first_line, typed)


def test_the_index_holds_no_name_and_follows_what_the_reporter_changes(
    search, indexed, first_line, make_case, settings, tmp_path
):
    case = indexed()
    assert not any(b"vries" in bytes(row.value).lower() for row in BlindIndex.objects.all())
    assert BlindIndex.objects.count() == 4
    code = new_access_code()
    case = make_case(access_code=code)
    as_worker(settings, tmp_path)
    visit = vault.start_visit(case, code)
    actions.change_contact(case, Contactable(name="Noor Zeldzaam"), visit=visit)
    run_due()
    settings.ZONES = frozenset({"publiek", "mijn", "beheer"})
    assert case.reference in search(first_line, "Zeldzaam")
    vault.shred(case)
    assert case.reference not in search(first_line, "Zeldzaam")


def test_a_case_that_is_not_yours_is_not_found(
    search, indexed, first_line, colleague, second_line, coordinator
):
    case = indexed(handler=colleague)
    assert case.reference not in search(first_line, "Vries")
    assert case.reference not in search(second_line, "Vries")
    assert case.reference in search(coordinator, "Vries")  # the envelope
    assert case.reference in search(colleague, "Vries")


def test_there_is_no_register_of_offenders(search, indexed, first_line):
    """Who did it is found by no name, in no column, and stands in no list: only in the words of the case."""
    said = "Het was Gijs Zeldenrust, gijs@voorbeeld.invalid."
    case = indexed(narrative=said, on_behalf="other", consent="given", people=said)
    for typed in ("Zeldenrust", "gijs@voorbeeld.invalid"):
        assert case.reference not in search(first_line, typed)
    assert case.reference in search(first_line, "Vries")
    names = re.compile("offend|perpetrat|suspect|aggressor|culprit|dader|verdacht")
    ours = ("ondersteuning", "netwerk", "weerbaar")
    models = [model for model in apps.get_models() if model.__module__.split(".")[0] in ours]
    assert len(models) > 30
    assert [f"{one._meta.label}.{field.name}" for one in models for field in one._meta.get_fields()
            if names.search(f"{one._meta.label} {field.name}".lower())] == []  # fmt: skip


def test_a_report_for_the_organisation_alone_is_not_indexed(indexed, griffier):
    indexed(wish="organisation", contacts=[griffier], handler=None)
    assert not BlindIndex.objects.exists()


def test_who_only_watches_over_the_work_does_not_search_for_people(as_user, make_user):
    for role in (Role.AUDITOR, Role.NETWERKBEHEER, Role.TECHNISCH_BEHEER):
        user = make_user(role)
        assert as_user(user).post(SEARCH, {"words": "Vries", "where": "person"}).status_code == 404
        assert AccessLog.objects.filter(actor_id=user.pk, result=Result.REFUSED).exists()


def test_a_search_is_logged_and_its_words_are_not(search, indexed, first_line):
    case = indexed()
    search(first_line, "Vries")
    rows = AccessLog.objects.filter(actor_id=first_line.pk, purpose=Purpose.SEARCH)
    assert {(row.dossier, row.detail) for row in rows} == {
        (None, "gezocht op persoon"),
        (case.pk, "gevonden op persoon"),
    }


@pytest.fixture
def told(make_case, first_line, colleague):
    """Three cases: two of the first line (one with a note and a message), one of a colleague."""
    mine = make_case(
        handler=first_line,
        status=Status.IN_GUIDANCE,
        narrative="Er stond een blauwe Škoda bij mijn hek.",
        access_code=new_access_code(),
    )
    noted = make_case(
        handler=first_line, status=Status.CLOSED, narrative="Iets anders.", access_code=new_access_code()
    )
    actions.add_note(noted, text="De blauwe auto is van de buurman.", by=first_line)
    actions.send_message(mine, text="Hebt u het kenteken?", submission="1", by=first_line)
    theirs = make_case(
        handler=colleague,
        status=Status.IN_GUIDANCE,
        narrative="Een blauwe bus.",
        access_code=new_access_code(),
    )
    return {"mine": mine, "noted": noted, "theirs": theirs}


@pytest.mark.parametrize(
    ("typed", "found", "words"),
    [
        ("blauwe", {"mine", "noted"}, "in een notitie"),
        ("BLAUWE buurman", {"noted"}, "buurman"),
        ("skoda", {"mine"}, "<mark>Škoda</mark>"),
        ("kenteken hek", {"mine"}, "in een bericht"),  # all words, anywhere in the case
        ("kenteken buurman", set(), "In 0 zaken gevonden"),
        ("bus", set(), "Wij doorzochten 2 zaken."),
    ],
)
def test_words_are_found_in_ones_own_cases_alone(search, told, first_line, typed, found, words):
    html = search(first_line, typed, "text")
    assert {name for name, case in told.items() if case.reference in html} == found
    assert words in html


def test_every_case_that_was_looked_through_leaves_a_row(search, told, first_line):
    before = AccessLog.objects.count()
    search(first_line, "nergens", "text")
    rows = AccessLog.objects.order_by("pk")[before:]
    opened = {row.dossier for row in rows if row.result == Result.OPENED}
    assert opened == {told["mine"].pk, told["noted"].pk}
    assert {row.purpose for row in rows} == {Purpose.SEARCH}
    assert not any("nergens" in row.detail for row in rows)


def test_no_more_than_the_newest_are_opened(search, told, first_line, monkeypatch):
    monkeypatch.setattr(finding, "CAP", 1)
    html = search(first_line, "blauwe", "text")
    assert told["noted"].reference in html
    assert told["mine"].reference not in html
    assert "Dat zijn uw nieuwste; oudere zijn niet doorzocht." in html


def test_a_coordinator_has_no_text_to_search(as_user, coordinator, told):
    assert "De tekst van de zaken" not in page(as_user(coordinator).get(SEARCH))
    answer = as_user(coordinator).post(SEARCH, {"words": "blauwe", "where": "text"})
    assert answer.status_code == 422
    assert not AccessLog.objects.filter(actor_id=coordinator.pk, result=Result.OPENED).exists()


def test_a_search_for_nothing_asks_what_for(search, first_line):
    assert "Vul in waar u naar zoekt." in search(first_line, " ", "person", 422)
    assert "drie letters of meer" in search(first_line, "ab", "text", 422)


@pytest.mark.parametrize("rows", [1, 5])
@pytest.mark.parametrize("number", [10, 1_000])
def test_a_search_in_text_takes_the_same_queries_however_many_rows(
    as_user, make_case, first_line, organisation, number, rows, django_assert_num_queries
):
    for _ in range(rows):
        case = make_case(handler=first_line, status=Status.IN_GUIDANCE, access_code=new_access_code())
        for note in range(rows):
            actions.add_note(case, text=f"Notitie {note}", by=first_line)
    fill(number, organisation, first_line)  # without keys: left out
    Case.objects.filter(submission__startswith="vul").update(received_at=timezone.now() - timedelta(days=9))
    browser = as_user(first_line)
    with django_assert_num_queries(SEARCH_QUERIES):
        html = page(browser.post(SEARCH, {"words": "notitie", "where": "text"}))
    assert html.count("in een notitie") == rows


SEARCH_QUERIES = 9


@pytest.mark.parametrize("rows", [10, 1_000])
def test_a_search_for_a_person_takes_the_same_queries_for_ten_and_for_a_thousand(
    as_user, indexed, first_line, organisation, rows, django_assert_num_queries
):
    case = indexed()
    fill(rows, organisation, first_line)
    others = Case.objects.exclude(pk=case.pk)
    value = BlindIndex.objects.get(value=vault.blind_index("vries")).value
    BlindIndex.objects.bulk_create(BlindIndex(dossier=one.pk, value=value) for one in others)
    browser = as_user(first_line)
    with django_assert_num_queries(7):
        html = page(browser.post(SEARCH, {"words": "Vries", "where": "person"}))
    assert html.count("/change/") == min(50, rows // 2 + 1 + rows // 2)


def test_what_waits_to_be_indexed_is_asked_by_the_public_zone(make_case):
    make_case()
    assert Job.objects.filter(name="ondersteuning.index_case").count() == 1
