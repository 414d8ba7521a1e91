"""After closing: how is it at 2 and 8 weeks, did we help, and "het is weer begonnen" opens the case again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from ondersteuning import actions, tasks
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, CheckIn, Feedback
from ondersteuning.urgency import Urgency
from weerbaar.audit.api import AccessLog
from weerbaar.jobs import run_due
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault

PAGE = "/volgen/melding/"
HOW = f"{PAGE}hoe-gaat-het/"
AGAIN = f"{PAGE}weer-begonnen/"
RATE = f"{PAGE}oordeel/"
KEY = "x" * 40


@pytest.fixture
def case(make_case, first_line):
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line)
    actions.close_case(case, outcome="supported", by=first_line)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def visitor(client, case, code):
    client.post("/volgen/", {"code": str(code)})
    return client


@pytest.fixture
def mail(settings, tmp_path):
    settings.MAIL_DIR = str(tmp_path)

    def texts():
        run_due()
        return [path.read_text() for path in sorted(tmp_path.glob("*.eml"))]

    return texts


@pytest.fixture
def as_worker(settings):
    settings.ZONES = frozenset()


def text(response, status=200) -> str:
    assert response.status_code == status, response.status_code
    return response.content.decode()


def later(case, **apart) -> None:
    """Let the first question be due: its day moves, not the clock."""
    for check_in in case.check_ins.all():
        CheckIn.objects.filter(pk=check_in.pk).update(due_on=check_in.due_on - timedelta(**apart))


# --- the two questions ------------------------------------------------------------------------------


def test_closing_plans_a_question_after_2_and_after_8_weeks(case):
    today = timezone.localdate()
    assert [one.due_on - today for one in case.check_ins.all()] == [timedelta(weeks=2), timedelta(weeks=8)]


def test_what_the_team_does_not_read_is_not_asked_about(make_case, griffier, client, code):
    case = make_case(wish="organisation", contacts=[griffier], status=Status.CLOSED)
    assert not case.check_ins.exists()
    client.post("/volgen/", {"code": str(code)})
    assert "weer begonnen" not in text(client.get(PAGE))
    assert client.get(AGAIN)["Location"] == PAGE


def test_the_question_is_mailed_once_without_a_word_of_what_it_is_about(case, mail, as_worker):
    mail()
    later(case, weeks=2)
    for _ in range(2):
        tasks.ask_how_it_is(timezone.now())
    texts = mail()
    asked = Job.objects.filter(name__endswith="ask_check_in")
    assert asked.count() == 1
    assert asked.get().state == "done"
    assert not any("hek" in one or case.reference in one for one in texts)


def test_who_answered_in_the_meantime_gets_no_mail(case, visitor):
    later(case, weeks=2)
    visitor.post(HOW, {"answer": "good", "text": "", "submission": KEY})
    opened = AccessLog.objects.filter(purpose="notify").count()
    tasks.ask_check_in(str(case.check_ins.first().pk))
    assert AccessLog.objects.filter(purpose="notify").count() == opened


def test_the_question_stands_in_the_portal_when_its_day_has_come(case, visitor):
    assert "hoe gaat het nu?" not in text(visitor.get(PAGE))
    assert visitor.get(HOW)["Location"] == PAGE
    later(case, weeks=2)
    assert "hoe gaat het nu?" in text(visitor.get(PAGE))
    answer = visitor.post(HOW, {"answer": "good", "text": "", "submission": KEY})
    assert answer["Location"] == f"{PAGE}?gedaan=antwoord"
    first, second = case.check_ins.all()
    assert (first.answer, second.answer) == ("good", "")
    assert "hoe gaat het nu?" not in text(visitor.get(PAGE))


def test_of_two_that_are_due_the_last_is_answered_and_the_other_lapses(case, visitor):
    later(case, weeks=8)
    visitor.post(HOW, {"answer": "hard", "text": "Ik slaap slecht.", "submission": KEY})
    first, second = case.check_ins.all()
    assert (bool(first.cancelled_at), second.answer) == (True, "hard")
    assert case.messages.count() == 1
    assert Case.objects.get(pk=case.pk).status == Status.CLOSED
    assert Job.objects.filter(name__endswith="tell_handler", key__startswith="message:").count() == 1


def test_an_answer_without_a_choice_is_asked_again_and_keeps_its_words(case, visitor):
    later(case, weeks=2)
    page = text(visitor.post(HOW, {"text": "Hij belde.", "submission": KEY}), 422)
    assert "Hij belde.</textarea>" in page
    assert "<title>Fout:" in page


def test_again_at_the_question_opens_the_case(case, visitor):
    later(case, weeks=2)
    answer = visitor.post(HOW, {"answer": "again", "text": "Hij was er weer.", "submission": KEY})
    assert answer["Location"] == f"{PAGE}?gedaan=weer"
    assert Case.objects.get(pk=case.pk).status == Status.IN_GUIDANCE
    first, second = case.check_ins.all()
    assert (first.answer, bool(second.cancelled_at)) == ("again", True)


# --- het is weer begonnen ---------------------------------------------------------------------------


def again(visitor, words="Hij stond er weer."):
    page = text(visitor.get(AGAIN))
    key = re.search(r'name="submission"[^>]*value="([^"]+)"', page)[1]
    return visitor.post(AGAIN, {"text": words, "submission": key})


def test_it_has_begun_again_opens_the_case_and_alerts_who_handled_it(case, visitor, first_line, mail):
    assert "Het is weer begonnen" in text(visitor.get(PAGE))
    assert again(visitor)["Location"] == f"{PAGE}?gedaan=weer"
    case.refresh_from_db()
    assert (case.status, case.outcome, case.handler, case.contacted_at) == (
        Status.IN_GUIDANCE, "", first_line, None,
    )  # fmt: skip
    assert case.contact_due_at > timezone.now()
    page = text(visitor.get(f"{PAGE}?gedaan=weer"))
    assert "Uw zaak is weer open." in page
    assert "Hij stond er weer." in page
    alerts = [one for one in mail() if "Er wacht iets dringends" in one]
    assert [first_line.email in one for one in alerts] == [True]
    assert "stond" not in "".join(alerts)


def test_an_urgent_case_goes_along_the_roster_again(case, visitor, mail):
    Case.objects.filter(pk=case.pk).update(urgency=Urgency.HIGH, acknowledged_at=timezone.now())
    again(visitor)
    mail()
    case.refresh_from_db()
    assert case.acknowledged_at is None
    assert Job.objects.filter(name__endswith="alert_for_case", key__startswith="again:").count() == 3


def test_who_has_left_is_not_alerted_but_the_coordinators_are(case, visitor, first_line, coordinator, mail):
    first_line.is_active = False
    first_line.save(update_fields=["is_active"])
    again(visitor, "")
    alerts = [one for one in mail() if "Er wacht iets dringends" in one]
    assert any(coordinator.email in one for one in alerts)
    assert not any(first_line.email in one for one in alerts)


def test_sent_twice_it_opens_once_and_nothing_typed_is_lost(case, visitor):
    again(visitor)
    assert visitor.get(AGAIN)["Location"] == PAGE
    assert case.messages.count() == 1
    assert case.status_changes.filter(new=Status.IN_GUIDANCE, role="melder").count() == 1


def test_a_case_that_is_open_is_not_opened_again(make_case, first_line, code):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line)
    visit = vault.start_visit(case, code)
    with pytest.raises(ValidationError):
        actions.begin_again(case, text="", submission=KEY, visit=visit)


def test_closed_again_the_questions_begin_anew(case, visitor, first_line):
    again(visitor, "")
    actions.close_case(Case.objects.get(pk=case.pk), outcome="supported", by=first_line)
    assert case.check_ins.filter(cancelled_at=None).count() == 2
    assert case.check_ins.exclude(cancelled_at=None).count() == 2


# --- did we help ------------------------------------------------------------------------------------


def test_the_reporter_says_once_whether_we_helped_and_the_handler_reads_it(
    case, visitor, first_line, sign_in, client
):
    assert "geholpen" in text(visitor.get(PAGE))
    text(visitor.post(RATE, {"text": "Snel en rustig."}), 422)
    answer = visitor.post(RATE, {"helped": "partly", "text": "Snel en rustig."})
    assert answer["Location"] == f"{PAGE}?gedaan=oordeel"
    assert visitor.get(RATE)["Location"] == PAGE
    visitor.post(RATE, {"helped": "no", "text": ""})
    assert Feedback.objects.get().helped == "partly"
    sign_in(client, first_line)
    page = text(client.get(f"/beheer/ondersteuning/case/{case.pk}/change/"))
    assert "Een beetje" in page
    assert "Snel en rustig." in page


def test_an_open_case_is_not_rated(make_case, first_line, client, code):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line)
    client.post("/volgen/", {"code": str(code)})
    assert client.get(RATE)["Location"] == PAGE
    with pytest.raises(ValidationError):
        actions.rate_help(case, helped="yes", remark="", visit=vault.start_visit(case, code))


def test_only_who_follows_the_case_answers(case, make_case):
    other = vault.new_access_code()
    stranger = vault.start_visit(make_case(access_code=other), other)
    for act in (
        lambda: actions.rate_help(case, helped="yes", remark="", visit=stranger),
        lambda: actions.begin_again(case, text="", submission=KEY, visit=stranger),
        lambda: actions.answer_check_in(case, answer="good", text="", submission=KEY, visit=stranger),
    ):
        with pytest.raises(PermissionDenied):
            act()
