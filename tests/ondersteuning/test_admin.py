"""The staff's desk at /beheer/: who sees what, what can be done, and what it leaves behind."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from ondersteuning import actions
from ondersteuning.admin.desk import Desk
from ondersteuning.admin.verbs import BY_SLUG
from ondersteuning.admin.writing import seal_of
from ondersteuning.lifecycle import Status
from ondersteuning.models import Assignment, Case, CountedReport, DutyShift, Handover
from tests.jobs.conftest import apart
from weerbaar.accounts.roles import Role
from weerbaar.audit.api import AccessLog, AuditUnavailable, Result
from weerbaar.vault import api as vault
from weerbaar.vault.api import new_access_code

LIST = "/beheer/ondersteuning/case/"
STORY = "Er stond een man bij mijn hek."


def page_of(case) -> str:
    return f"{LIST}{case.pk}/change/"


def verb(case, slug) -> str:
    return f"{LIST}{case.pk}/{slug}/"


@pytest.fixture
def do(as_user):
    """do(user, case, slug, **fields): press the button, from the page as it is now."""

    def press(user, case, slug, **fields):
        case = Case.objects.get(pk=case.pk)
        data = {"version": case.version, "submission": "een-bericht", **fields}
        if slug == "bericht":  # looked at before it is sent
            data |= {"step": "send", "seen": seal_of(Desk(case, user), data["text"])}
        return as_user(user).post(verb(case, slug), data)

    return press


@pytest.fixture
def handled(make_case, first_line):
    return make_case(status=Status.IN_GUIDANCE, handler=first_line)


def day(name: str, iso: str) -> dict[str, str]:
    """The three boxes of a day."""
    year, month, number = iso.split("-")
    return {f"{name}_dag": number, f"{name}_maand": month, f"{name}_jaar": year}


def opened(case) -> int:
    return AccessLog.objects.filter(dossier=case.pk, result=Result.OPENED).count()


# --- who sees what --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status", "reads"),
    [
        (Role.COORDINATOR, 200, False),
        (Role.AUDITOR, 200, False),
        (Role.EERSTE_LIJN, 404, False),
        (Role.TWEEDE_LIJN, 404, False),
        (Role.NETWERKBEHEER, 404, False),
        (Role.TECHNISCH_BEHEER, 404, False),
        (Role.SCANADVISEUR, 404, False),
    ],
)
def test_somebody_elses_case_shows_its_envelope_or_is_not_there(
    as_user, make_user, handled, who, status, reads
):
    answer = as_user(make_user(who)).get(page_of(handled))
    assert answer.status_code == status
    assert STORY not in answer.content.decode()
    assert opened(handled) == 0
    refused = AccessLog.objects.filter(result=Result.REFUSED, role=who).count()
    assert refused == (1 if status == 404 else 0)


def test_the_handler_reads_it_and_every_look_leaves_one_row(as_user, first_line, handled):
    browser = as_user(first_line)
    for look in (1, 2):
        page = browser.get(page_of(handled)).content.decode()
        assert STORY in page
        assert "0612345678" in page
        assert opened(handled) == look
    row = AccessLog.objects.filter(dossier=handled.pk).latest("id")
    assert (row.role, row.purpose, row.actor_id) == ("eerste_lijn", "handle", first_line.pk)


def test_a_new_case_shows_its_envelope_until_it_is_taken(as_user, first_line, make_case):
    case = make_case()
    browser = as_user(first_line)
    page = browser.get(page_of(case)).content.decode()
    assert case.reference in page
    assert "In behandeling nemen" in page
    assert STORY not in page
    assert opened(case) == 0
    page = browser.post(verb(case, "nemen"), {"version": 1}, follow=True).content.decode()
    assert STORY in page
    assert "Triage vastleggen" in page
    assert AccessLog.objects.get(dossier=case.pk, result=Result.OPENED).purpose == "triage"


def test_the_second_line_reads_after_accepting_only(as_user, do, first_line, second_line, handled):
    actions.ask_handover(
        handled,
        to=second_line,
        expertise="legal",
        reason="Er is een advocaat nodig.",
        reporter_agreed=True,
        by=first_line,
    )
    page = as_user(second_line).get(page_of(handled)).content.decode()
    assert "Rechtshulp" in page
    assert "Zaak overnemen" in page
    assert "advocaat" not in page
    assert STORY not in page
    do(second_line, handled, "overnemen")
    page = as_user(second_line).get(page_of(handled)).content.decode()
    assert STORY in page
    assert "advocaat" in page
    assert as_user(first_line).get(page_of(handled)).status_code == 404


def test_the_second_line_may_decline_and_the_first_keeps_it(as_user, do, first_line, second_line, handled):
    actions.ask_handover(
        handled, to=second_line, expertise="legal", reason="x", reporter_agreed=True, by=first_line
    )
    answer = do(second_line, handled, "niet-overnemen")
    assert answer.headers["Location"] == LIST
    assert as_user(second_line).get(page_of(handled)).status_code == 404
    assert as_user(first_line).get(page_of(handled)).status_code == 200


@pytest.mark.parametrize("slug", BY_SLUG)
@pytest.mark.parametrize(
    "who", [Role.EERSTE_LIJN, Role.TWEEDE_LIJN, Role.AUDITOR, Role.NETWERKBEHEER, Role.TECHNISCH_BEHEER]
)
def test_only_the_handler_does_something_with_it(as_user, do, make_user, first_line, handled, who, slug):
    before = Case.objects.filter(pk=handled.pk).values().get()
    stranger = make_user(who)
    fields = {"text": "x", "outcome": "advice", "urgency": 1, "kinds": ["threat"], "to": first_line.pk}
    answer = do(stranger, handled, slug, **fields, **day("until", "2099-01-01"), **day("start", "2026-11-23"))
    assert answer.status_code in ((302, 404) if slug == "nemen" and who == Role.EERSTE_LIJN else (404,))
    assert Case.objects.filter(pk=handled.pk).values().get() == before
    assert not handled.notes.exists()
    assert AccessLog.objects.filter(result=Result.REFUSED, actor_id=stranger.pk).exists()
    assert opened(handled) == 0


@pytest.mark.parametrize(
    "slug", sorted(set(BY_SLUG) - {"toewijzen", "gezien", "terugtrekken", "noodtoegang", "verband-leggen"})
)
def test_a_coordinator_does_nothing_with_the_content(do, coordinator, handled, slug):
    before = Case.objects.filter(pk=handled.pk).values().get()
    fields = {"text": "x", "outcome": "advice", "urgency": 1, "kinds": ["threat"]}
    assert do(coordinator, handled, slug, **fields).status_code == 404
    assert Case.objects.filter(pk=handled.pk).values().get() == before
    assert opened(handled) == 0


@pytest.mark.parametrize("path", ["add/", "{pk}/delete/", "{pk}/history/", "{pk}/bestaat-niet/"])
def test_nobody_adds_or_deletes_a_case_here(as_user, first_line, handled, path):
    assert as_user(first_line).get(LIST + path.format(pk=handled.pk)).status_code == 404


# --- the list -------------------------------------------------------------------------------------


def test_the_list_shows_envelopes_and_opens_nothing(as_user, coordinator, handled):
    page = as_user(coordinator).get(LIST).content.decode()
    assert handled.reference in page
    assert "Testdam" in page
    assert "Femke Eerste" in page
    assert STORY not in page
    assert "Mila" not in page
    assert not AccessLog.objects.filter(result=Result.OPENED).exists()


def test_the_list_is_not_there_for_who_sees_no_cases(as_user, make_user):
    assert as_user(make_user(Role.TECHNISCH_BEHEER)).get(LIST).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"new", "mine", "other"}),
        ("status=received", {"new"}),
        ("status=closed", {"closed"}),
        ("status=all", {"new", "mine", "other", "closed"}),
        ("status=ended", {"closed"}),
        ("handler=nobody", {"new"}),
        ("urgency=1", {"other"}),
        ("term=overdue", {"other"}),
        ("term=waiting", {"mine"}),
        ("kind=doxing", {"mine"}),
        ("source=callback", set()),
        ("line=second", set()),
        ("handler={colleague}", {"other"}),
        ("q={reference}", {"mine"}),
        ("q=testdam", {"new", "mine", "other"}),
        ("q=hek", set()),
    ],
)
def test_the_list_narrows(as_user, coordinator, first_line, colleague, make_case, query, found):
    cases = {
        "new": make_case(access_code=new_access_code()),
        "mine": make_case(
            status=Status.IN_TRIAGE, handler=first_line, kinds=["doxing"], access_code=new_access_code()
        ),
        "other": make_case(
            status=Status.IN_TRIAGE,
            handler=colleague,
            severity="very_serious",
            access_code=new_access_code(),
        ),
        "closed": make_case(status=Status.CLOSED, access_code=new_access_code()),
    }
    Case.objects.filter(pk=cases["other"].pk).update(contact_due_at=timezone.now() - timedelta(hours=1))
    actions.wait_for_reporter(cases["mine"], until=timezone.localdate() + timedelta(days=3), by=first_line)
    query = query.format(colleague=colleague.pk, reference=cases["mine"].reference.lower())
    page = as_user(coordinator).get(f"{LIST}?{query}").content.decode()
    assert {name for name, case in cases.items() if case.reference in page} == found


def test_the_list_says_what_was_chosen(as_user, coordinator, handled):
    page = as_user(coordinator).get(f"{LIST}?status=in_guidance&urgency=2").content.decode()
    assert "Status: In begeleiding" in page
    assert "Urgentie: Midden" in page
    assert "Wis alle keuzes" not in as_user(coordinator).get(LIST).content.decode()


@pytest.mark.parametrize("rows", [10, 1_000])
def test_the_list_takes_the_same_queries_for_ten_and_for_a_thousand(
    as_user, coordinator, first_line, organisation, rows, django_assert_num_queries
):
    fill(rows, organisation, first_line)
    browser = as_user(coordinator)
    with django_assert_num_queries(LIST_QUERIES):
        page = browser.get(LIST).content.decode()
    assert page.count("/change/") >= min(rows, 25)


LIST_QUERIES = 10


def fill(rows: int, organisation, handler) -> None:
    """Envelopes without content: enough for a list."""
    now = timezone.now()
    cases = Case.objects.bulk_create(
        Case(
            submission=f"vul-{number}",
            urgency=1 + number % 3,
            contact_due_at=now + timedelta(minutes=number),
            organisation=organisation,
            kinds=["threat"],
        )
        for number in range(rows)
    )
    Assignment.objects.bulk_create(Assignment(case=case, user=handler, line="first") for case in cases[::2])


def test_the_list_counts_no_further_than_a_thousand(as_user, coordinator, first_line, organisation):
    fill(1_010, organisation, first_line)
    browser = as_user(coordinator)
    assert "Meer dan 1.000 zaken" in browser.get(LIST).content.decode()
    assert browser.get(f"{LIST}?p=40").status_code == 200
    assert browser.get(f"{LIST}?p=41").status_code == 302


# --- what is done with a case ---------------------------------------------------------------------


def test_a_whole_case_from_taking_to_closing(do, as_user, first_line, make_case):
    case = make_case()
    do(first_line, case, "nemen")
    do(first_line, case, "triage", urgency=1, kinds=["threat", "doxing"])
    do(first_line, case, "contact")
    do(first_line, case, "begeleiding")
    do(first_line, case, "bericht", text="Ik bel u morgen.")
    do(first_line, case, "notitie", text="Voorzichtig met bellen.")
    do(first_line, case, "inschatting", text="Het lijkt te bedaren.")
    do(first_line, case, "nazorg", **day("start", "2026-11-23"))
    step = case.aftercare.first()
    do(first_line, case, "nazorgmoment", step=step.pk, text="Het gaat beter.")
    page = as_user(first_line).get(page_of(case)).content.decode()
    for words in ("Ik bel u morgen.", "Voorzichtig met bellen.", "te bedaren", "Het gaat beter."):
        assert words in page
    do(first_line, case, "afsluiten", outcome="supported")
    case.refresh_from_db()
    assert (case.status, case.outcome, case.urgency) == (Status.CLOSED, "supported", 1)
    assert case.kinds == ["threat", "doxing"]
    assert case.contacted_at
    assert case.aftercare.filter(cancelled_at__isnull=False).count() == 3
    do(first_line, case, "heropenen")
    case.refresh_from_db()
    assert case.status == Status.IN_GUIDANCE


def test_waiting_stops_the_clock_and_is_taken_up_again(do, first_line, handled):
    until = timezone.localdate() + timedelta(days=4)
    do(first_line, handled, "wachten", **day("until", until.isoformat()))
    handled.refresh_from_db()
    assert handled.waiting_until == until
    do(first_line, handled, "hervatten")
    handled.refresh_from_db()
    assert handled.waiting_until is None


@pytest.mark.parametrize(
    ("slug", "status"), [("doorverwijzen", Status.REFERRED), ("intrekken", Status.WITHDRAWN)]
)
def test_a_case_ends_elsewhere_or_on_request(do, first_line, handled, slug, status):
    do(first_line, handled, slug)
    handled.refresh_from_db()
    assert handled.status == status


def test_a_handover_is_asked_with_the_reporters_consent(do, as_user, first_line, second_line, handled):
    page = as_user(first_line).get(verb(handled, "overdragen")).content.decode()
    assert "Tess Tweede" in page
    assert "Femke Eerste" not in re.sub(r"(?s)<header.*?</header>", "", page)
    do(first_line, handled, "overdragen", to=second_line.pk, expertise="media", reason="Er komt pers.")
    assert handled.handovers.get().status == Handover.Status.ASKED
    handled.handovers.update(status=Handover.Status.CANCELLED)
    do(
        first_line,
        handled,
        "overdragen",
        to=second_line.pk,
        expertise="media",
        reason="Er komt pers.",
        reporter_agreed="on",
    )
    assert handled.handovers.offered().count() == 1


def test_the_reporter_may_agree_by_phone_afterwards(do, as_user, first_line, second_line, handled):
    actions.ask_handover(handled, to=second_line, expertise="legal", reason="x", by=first_line)
    assert as_user(second_line).get(page_of(handled)).status_code == 404
    assert do(second_line, handled, "instemming").status_code == 404
    do(first_line, handled, "instemming")
    assert as_user(second_line).get(page_of(handled)).status_code == 200


def test_a_handover_is_taken_back_and_another_can_be_asked(do, as_user, first_line, second_line, handled):
    fields = {"to": second_line.pk, "expertise": "media", "reason": "Er komt pers.", "reporter_agreed": "on"}
    do(first_line, handled, "overdragen", **fields)
    assert do(first_line, handled, "overdragen", **fields).status_code == 422
    do(first_line, handled, "overdracht-intrekken")
    assert as_user(second_line).get(page_of(handled)).status_code == 404
    assert do(first_line, handled, "overdragen", **fields).status_code == 302
    do(second_line, handled, "overnemen")
    assert do(first_line, handled, "overdracht-intrekken").status_code == 404


def test_a_coordinator_assigns_and_cannot_read(do, as_user, coordinator, colleague, handled):
    do(coordinator, handled, "toewijzen", to=colleague.pk)
    handled.refresh_from_db()
    assert handled.handler == colleague
    assert STORY not in as_user(coordinator).get(page_of(handled)).content.decode()
    assert STORY in as_user(colleague).get(page_of(handled)).content.decode()


def test_an_urgent_case_is_acknowledged_from_the_start_page(do, coordinator, make_case):
    case = make_case(severity="very_serious")
    answer = do(coordinator, case, "gezien", next="start")
    case.refresh_from_db()
    assert case.acknowledged_at
    assert answer.headers["Location"] == "/beheer/"


def test_the_same_message_twice_is_one_message(do, first_line, handled):
    for _ in range(2):
        do(first_line, handled, "bericht", text="Ik bel u morgen.", submission="zelfde")
    assert handled.messages.count() == 1


# --- two at once ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "fields", "typed"),
    [
        ("inschatting", {"text": "Mijn lange inschatting."}, "Mijn lange inschatting."),
        ("wachten", {"until_dag": "1", "until_maand": "1", "until_jaar": "2019"}, 'value="2019"'),
        ("bericht", {"text": "x" * 10_001, "submission": "lang"}, "x" * 10_001),
        ("notitie", {"text": "  "}, "Nieuwe notitie"),
        ("overdragen", {"reason": "Er komt pers.", "to": "", "expertise": "media"}, "Er komt pers."),
    ],
)
def test_what_is_refused_comes_back_with_every_typed_word(do, first_line, handled, slug, fields, typed):
    if slug == "inschatting":
        fields = {**fields, "version": handled.version}
        actions.assess(handled, text="De tekst van Karim.", by=first_line, version=handled.version)
    answer = do(first_line, handled, slug, **fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert typed in page
    assert "<title>Fout:" in page


def test_a_stale_assessment_shows_both_texts_and_is_saved_at_the_second_try(do, first_line, handled):
    old = handled.version
    actions.assess(handled, text="De tekst van Karim.", by=first_line, version=old)
    answer = do(first_line, handled, "inschatting", text="Mijn tekst.", version=old)
    page = answer.content.decode()
    assert "De tekst van Karim." in page
    assert "Mijn tekst." in page
    handled.refresh_from_db()
    with vault.open(handled, by=first_line, purpose=vault.Purpose.CHECK) as content:
        assert content.assessment == "De tekst van Karim."
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    assert do(first_line, handled, "inschatting", text="Mijn tekst.", version=version).status_code == 302


@pytest.mark.parametrize(
    ("slug", "fields"),
    [
        ("triage", {"urgency": 1, "kinds": ["threat"]}),
        ("wachten", day("until", "2099-01-01")),
        ("nazorg", day("start", "2026-11-23")),
        ("afsluiten", {"outcome": "advice"}),
        ("doorverwijzen", {}),
    ],
)
def test_a_stale_form_changes_nothing(do, first_line, handled, slug, fields):
    old = handled.version
    actions.register_contact(handled, by=first_line)
    before = Case.objects.filter(pk=handled.pk).values().get()
    answer = do(first_line, handled, slug, version=old, **fields)
    assert answer.status_code == 422
    assert Case.objects.filter(pk=handled.pk).values().get() == before


def test_who_comes_second_hears_that_a_colleague_was_first(as_user, do, first_line, colleague, make_case):
    case = make_case()
    do(first_line, case, "nemen")
    answer = as_user(colleague).post(verb(case, "nemen"), {"version": 1}, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "een collega u voor" in answer.content.decode()
    case.refresh_from_db()
    assert case.handler == first_line


def test_of_eight_who_take_at_once_one_has_it(own_database, make_user, make_case):
    case, people = make_case(), [make_user(Role.EERSTE_LIJN) for _ in range(8)]
    start, won, late = threading.Barrier(8), [], []

    def take(user) -> None:
        start.wait()
        try:
            actions.take_case(case, by=user)
            won.append(user.pk)
        except ValidationError:
            late.append(user.pk)

    for thread in [apart(lambda user=user: take(user)) for user in people]:
        thread.join()
    assert (len(won), len(late)) == (1, 7)
    assert [one.user_id for one in case.assignments.active()] == won


# --- one case, and the start page -----------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 20])
def test_a_case_opens_in_the_same_queries_with_one_and_with_twenty_messages(
    as_user, first_line, handled, rows, django_assert_num_queries
):
    for number in range(rows):
        actions.send_message(handled, text=f"Bericht {number}", submission=f"m{number}", by=first_line)
        actions.add_note(handled, text=f"Notitie {number}", by=first_line)
    actions.plan_aftercare(handled, by=first_line)
    browser = as_user(first_line)
    with django_assert_num_queries(CASE_QUERIES):
        page = browser.get(page_of(handled)).content.decode()
    assert f"Notitie {rows - 1}" in page


CASE_QUERIES = 27  # and two on the access log's own connection: the row, and who looked


def test_the_start_page_puts_the_queue_first(as_user, first_line, make_case):
    urgent = make_case(severity="very_serious")
    mine = make_case(status=Status.IN_GUIDANCE, handler=first_line, access_code=new_access_code())
    actions.plan_aftercare(mine, by=first_line)
    page = as_user(first_line).get("/beheer/").content.decode()
    assert "niemand op het dienstrooster" in page
    assert f"Ik heb het gezien: {urgent.reference}" in page
    assert mine.reference in page
    assert "Eerste opvang" in page
    assert STORY not in page


def test_what_nobody_saw_comes_first_on_the_start_page(as_user, coordinator, make_case):
    seen, unseen = [make_case(severity="very_serious", access_code=new_access_code()) for _ in range(2)]
    actions.acknowledge(seen, by=coordinator)
    page = as_user(coordinator).get("/beheer/").content.decode()
    assert page.index(unseen.reference) < page.index(seen.reference)


@pytest.mark.parametrize("rows", [1, 300])
def test_the_start_page_takes_no_more_queries_for_many_than_for_one(
    as_user, first_line, organisation, rows, django_assert_max_num_queries
):
    fill(rows, organisation, first_line)
    browser = as_user(first_line)
    with django_assert_max_num_queries(START_QUERIES):
        browser.get("/beheer/")


START_QUERIES = 15  # of which one looks for a gap in the roster


def test_the_start_page_of_who_sees_no_cases_is_short(as_user, make_user, make_case):
    make_case(severity="very_serious")
    page = as_user(make_user(Role.TECHNISCH_BEHEER)).get("/beheer/").content.decode()
    assert "Spoed" not in page
    assert "Zaken" not in page
    assert "Accounts" in page


def test_who_has_duty_is_on_the_start_page(as_user, first_line, colleague):
    now = timezone.now()
    DutyShift.objects.create(
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
        on_duty=colleague,
        backup=first_line,
    )
    page = as_user(first_line).get("/beheer/").content.decode()
    assert "<strong>Karim Collega</strong>, achterwacht is Femke Eerste" in page


# --- roster and totals ----------------------------------------------------------------------------


def test_a_coordinator_plans_the_roster_and_the_team_reads_it(as_user, coordinator, first_line, colleague):
    url = "/beheer/ondersteuning/dutyshift/"
    data = {
        "starts_at_0": "2026-12-01",
        "starts_at_1": "09:00",
        "ends_at_0": "2026-12-02",
        "ends_at_1": "09:00",
        "on_duty": first_line.pk,
        "backup": colleague.pk,
    }
    assert as_user(first_line).post(f"{url}add/", data).status_code == 403
    assert as_user(coordinator).post(f"{url}add/", data).status_code == 302
    shift = DutyShift.objects.get()
    assert shift.on_duty == first_line
    assert "Femke Eerste" in as_user(first_line).get(url).content.decode()
    assert as_user(coordinator).post(f"{url}{shift.pk}/delete/", {"post": "yes"}).status_code == 403
    overlapping = as_user(coordinator).post(f"{url}add/", data)
    assert overlapping.status_code == 200
    assert DutyShift.objects.count() == 1


def test_counted_reports_show_totals_and_no_small_numbers(as_user, make_user):
    month = timezone.localdate().replace(day=1)
    for number in range(12):
        kinds = ["threat"] if number < 11 else ["stalking"]
        CountedReport.objects.create(submission=f"tel-{number}", month=month, kinds=kinds)
    url = "/beheer/ondersteuning/countedreport/"
    page = as_user(make_user(Role.NETWERKBEHEER)).get(url).content.decode()
    assert re.search(r"Bedreiging</th><td>11<", page)
    assert re.search(r"lastigvallen</th><td>minder dan 10<", page)
    assert as_user(make_user(Role.TECHNISCH_BEHEER)).get(url).status_code == 404


def test_no_log_row_no_content(as_user, first_line, handled, monkeypatch):
    def full(*args, **kwargs):
        raise AuditUnavailable

    browser = as_user(first_line)
    browser.raise_request_exception = False
    monkeypatch.setattr("weerbaar.vault.dossiers.log", full)
    answer = browser.get(page_of(handled))
    assert answer.status_code >= 500
    assert STORY not in answer.content.decode()
