"""Help from outside the team: nothing goes out before the reporter agreed to this very referral."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from netwerk.models import Partner
from ondersteuning import actions
from ondersteuning.lifecycle import REFERRAL_NEXT, ReferralStatus, Status
from ondersteuning.models import Referral
from tests.ondersteuning.test_team import queued
from weerbaar.audit.api import Purpose
from weerbaar.vault import api as vault
from weerbaar.vault.api import new_access_code

TOLD = "Iemand wordt thuis bedreigd en wil hulp bij de schade."
LIST = "/beheer/ondersteuning/case/"


@pytest.fixture
def partner():
    return Partner.objects.create(
        slug="hulp",
        name="Hulp Nederland",
        kind=Partner.Kind.VICTIM_SUPPORT,
        offers="Praktische hulp na een incident.",
        for_whom="slachtoffers",
        phone="0900-0000",
        takes_referrals=True,
    )


@pytest.fixture
def case(make_case, first_line):
    return make_case(status=Status.IN_GUIDANCE, handler=first_line)


@pytest.fixture
def visit(case, code):
    return vault.start_visit(case, code)


@pytest.fixture
def asked(case, partner, first_line):
    return actions.ask_referral(case, partner=partner, shares=TOLD, by=first_line)


@pytest.fixture
def follower(client, case, code):
    client.post("/volgen/", {"code": str(code)})
    return client


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


# --- the rules ----------------------------------------------------------------------------------------


def test_the_reporter_is_asked_first(asked, case):
    assert asked.status == ReferralStatus.ASKED
    assert asked.consented_at is None
    assert queued("tell_reporter")[-1] == f"referral:{asked.pk}"
    with vault.open(case, by=case.handler, purpose=Purpose.HANDLE) as content:
        assert content.of(asked).shares == TOLD


def test_the_reporter_may_have_agreed_on_the_phone(case, partner, first_line):
    referral = actions.ask_referral(case, partner=partner, shares=TOLD, by=first_line, reporter_agreed=True)
    assert (referral.status, bool(referral.consented_at)) == (ReferralStatus.AGREED, True)


@pytest.mark.parametrize(("old", "new"), list(product(ReferralStatus, ReferralStatus)))
def test_the_database_knows_the_whole_lifecycle(case, partner, first_line, old, new):
    now = timezone.now()
    referral = Referral.objects.create(
        case=case, partner=partner, by=first_line, status=old, consented_at=now
    )
    rows = Referral.objects.filter(pk=referral.pk)
    if new in REFERRAL_NEXT[old] or new == old:
        assert rows.update(status=new) == 1
    else:
        with pytest.raises(ProgrammingError, match="transition"), transaction.atomic():
            rows.update(status=new)


@pytest.mark.parametrize(("old", "new"), list(product(ReferralStatus, ReferralStatus)))
def test_the_team_records_running_done_and_cancelled_only(case, partner, first_line, old, new):
    now = timezone.now()
    referral = Referral.objects.create(
        case=case, partner=partner, by=first_line, status=old, consented_at=now
    )
    told_back = {ReferralStatus.RUNNING, ReferralStatus.DONE, ReferralStatus.CANCELLED}
    if new in REFERRAL_NEXT[old] & told_back:
        assert actions.report_back(referral, new, by=first_line).status == new
    else:
        with pytest.raises(ValidationError):
            actions.report_back(referral, new, by=first_line)


@pytest.mark.parametrize("status", [ReferralStatus.AGREED, ReferralStatus.RUNNING, ReferralStatus.DONE])
def test_without_consent_there_is_no_referral(asked, status):
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
        Referral.objects.filter(pk=asked.pk).update(status=status)


def test_consent_counts_for_one_organisation_only(asked, case, first_line, visit):
    other = Partner.objects.create(slug="b", name="B", kind="security", takes_referrals=True)
    second = actions.ask_referral(case, partner=other, shares="Iets anders.", by=first_line)
    actions.answer_referral(asked, agrees=True, visit=visit)
    second.refresh_from_db()
    assert second.status == ReferralStatus.ASKED
    with pytest.raises(ValidationError):
        actions.report_back(second, ReferralStatus.RUNNING, by=first_line)


def test_the_same_organisation_is_asked_for_once_at_a_time(asked, case, partner, first_line, visit):
    with pytest.raises(ValidationError, match="loopt al"):
        actions.ask_referral(case, partner=partner, shares=TOLD, by=first_line)
    actions.answer_referral(asked, agrees=False, visit=visit)
    assert actions.ask_referral(case, partner=partner, shares="Minder.", by=first_line)


@pytest.mark.parametrize("change", [{"takes_referrals": False}, {"is_active": False}])
def test_only_to_who_takes_referrals(case, partner, first_line, change):
    Partner.objects.filter(pk=partner.pk).update(**change)
    with pytest.raises(ValidationError, match="niet doorverwijzen"):
        actions.ask_referral(case, partner=partner, shares=TOLD, by=first_line)


def test_only_the_handler_and_the_reporter_have_a_say(asked, case, partner, colleague, make_case):
    code = new_access_code()
    stranger = vault.start_visit(make_case(access_code=code), code)
    for attempt in (
        lambda: actions.ask_referral(case, partner=partner, shares=TOLD, by=colleague),
        lambda: actions.answer_referral(asked, agrees=True, by=colleague),
        lambda: actions.answer_referral(asked, agrees=True, visit=stranger),
        lambda: actions.report_back(asked, ReferralStatus.CANCELLED, by=colleague),
        lambda: actions.withdraw_consent(asked, visit=stranger),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    asked.refresh_from_db()
    assert asked.status == ReferralStatus.ASKED


def test_consent_can_be_taken_back(asked, first_line, visit):
    actions.answer_referral(asked, agrees=True, visit=visit)
    actions.report_back(asked, ReferralStatus.RUNNING, by=first_line)
    actions.withdraw_consent(asked, visit=visit)
    asked.refresh_from_db()
    assert asked.status == ReferralStatus.CANCELLED
    assert queued("tell_handler")[-1] == f"referral-withdrawn:{asked.pk}"


@pytest.mark.parametrize("ended", [Status.CLOSED, Status.REFERRED, Status.WITHDRAWN])
@pytest.mark.parametrize("agrees", [False, True])
def test_what_becomes_of_it_when_the_case_ends(asked, case, first_line, visit, ended, agrees):
    if agrees:
        actions.answer_referral(asked, agrees=True, visit=visit)
    if ended == Status.CLOSED:
        actions.close_case(case, outcome="elsewhere", by=first_line)
    else:
        actions.move_case(case, ended, by=first_line)
    asked.refresh_from_db()
    goes_on = agrees and ended != Status.WITHDRAWN
    assert asked.status == (ReferralStatus.AGREED if goes_on else ReferralStatus.CANCELLED)


# --- at the desk --------------------------------------------------------------------------------------


@pytest.fixture
def desk(first_line, sign_in, case):
    browser = Client()
    sign_in(browser, first_line)

    def press(slug, **fields):
        case.refresh_from_db()
        return browser.post(f"{LIST}{case.pk}/{slug}/", {"version": case.version, **fields})

    return browser, press


def test_from_the_question_to_done_at_the_desk(desk, case, partner, visit):
    browser, press = desk
    assert "Andere organisaties" not in text(browser.get(f"{LIST}{case.pk}/change/"))
    assert press("hulp-vragen", partner=partner.pk, shares="").status_code == 422
    assert press("hulp-vragen", partner=partner.pk, shares=TOLD).status_code == 302
    referral = Referral.objects.get()
    page = text(browser.get(f"{LIST}{case.pk}/change/"))
    assert TOLD in page
    assert "Gevraagd aan de melder" in page
    assert press("hulp-loopt", referral=referral.pk).status_code == 422  # no consent yet
    actions.answer_referral(referral, agrees=True, visit=visit)
    for slug, status in (("hulp-loopt", "running"), ("hulp-klaar", "done")):
        assert press(slug, referral=referral.pk).status_code == 302
        referral.refresh_from_db()
        assert referral.status == status
    assert "Klaar" in text(browser.get(f"{LIST}{case.pk}/change/"))


def test_the_desk_says_when_nobody_checked_the_details_for_half_a_year(desk, case, partner):
    browser, press = desk
    ask = f"{LIST}{case.pk}/hulp-vragen/"
    assert "niet gecontroleerd" not in text(browser.get(ask))
    press("hulp-vragen", partner=partner.pk, shares=TOLD)
    assert "Kijk eerst of ze nog kloppen." not in text(browser.get(f"{LIST}{case.pk}/change/"))
    Partner.objects.filter(pk=partner.pk).update(checked_on=timezone.localdate() - timedelta(days=183))
    assert "al een half jaar niet gecontroleerd" in text(browser.get(ask))
    assert "Kijk eerst of ze nog kloppen." in text(browser.get(f"{LIST}{case.pk}/change/"))


def test_a_referral_of_another_case_cannot_be_chosen(desk, asked, make_case, colleague, partner):
    other = make_case(status=Status.IN_GUIDANCE, handler=colleague, access_code=new_access_code())
    foreign = actions.ask_referral(other, partner=partner, shares="x", by=colleague)
    _browser, press = desk
    assert press("hulp-instemming", referral=foreign.pk).status_code == 422
    foreign.refresh_from_db()
    assert foreign.status == ReferralStatus.ASKED


def test_a_case_opens_in_the_same_queries_with_one_and_with_twenty_referrals(desk, case, first_line):
    browser, _press = desk

    def queries(size: int) -> int:
        for number in range(case.referrals.count(), size):
            other = Partner.objects.create(slug=f"p{number}", name=f"P{number}", kind="security")
            Referral.objects.create(case=case, partner=other, by=first_line)
        with CaptureQueriesContext(connection) as found:
            browser.get(f"{LIST}{case.pk}/change/")
        return len(found)

    assert queries(1) == queries(20)


# --- at /volgen/ ----------------------------------------------------------------------------------------


def test_the_reporter_reads_what_is_told_and_says_yes(follower, asked, partner):
    page = text(follower.get("/volgen/melding/"))
    assert "mag het team Hulp Nederland inschakelen?" in page
    url = f"/volgen/melding/hulp/{asked.pk}/"
    page = text(follower.get(url))
    assert TOLD in page
    assert "Praktische hulp na een incident." in page
    assert follower.post(url, {}).status_code == 422
    answer = follower.post(url, {"agrees": "yes"}, follow=True)
    assert "U hebt ja gezegd. Het team schakelt de organisatie in." in text(answer)
    asked.refresh_from_db()
    assert asked.status == ReferralStatus.AGREED
    assert queued("tell_handler")[-1] == f"referral-answered:{asked.pk}"
    page = text(follower.post(url, {"withdraw": "1"}, follow=True))
    assert "U hebt uw toestemming ingetrokken." in page


def test_a_no_tells_the_organisation_nothing(follower, asked):
    follower.post(f"/volgen/melding/hulp/{asked.pk}/", {"agrees": "no"})
    asked.refresh_from_db()
    assert (asked.status, asked.consented_at) == (ReferralStatus.REFUSED, None)


def test_an_answer_that_comes_too_late_is_said_so(follower, asked, first_line):
    actions.report_back(asked, ReferralStatus.CANCELLED, by=first_line)
    answer = follower.post(f"/volgen/melding/hulp/{asked.pk}/", {"agrees": "yes"})
    assert answer.status_code == 422
    assert "Deze vraag is al beantwoord." in text(answer)


def test_a_referral_of_another_case_is_not_there(follower, asked, make_case, colleague, partner):
    other = make_case(status=Status.IN_GUIDANCE, handler=colleague, access_code=new_access_code())
    foreign = actions.ask_referral(other, partner=partner, shares="x", by=colleague)
    for answer in (
        follower.get(f"/volgen/melding/hulp/{foreign.pk}/"),
        follower.post(f"/volgen/melding/hulp/{foreign.pk}/", {"agrees": "yes"}),
    ):
        assert answer.status_code == 404
    assert Client().get(f"/volgen/melding/hulp/{asked.pk}/").status_code == 303
