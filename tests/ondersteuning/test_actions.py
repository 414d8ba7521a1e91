from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from netwerk.models import Partner
from ondersteuning import actions
from ondersteuning.actions import Contactable
from ondersteuning.lifecycle import NEXT, Status
from ondersteuning.models import AftercareStep, Case, CountedReport, Handover, OrganisationReport
from ondersteuning.urgency import Urgency
from weerbaar.audit.api import Purpose
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault
from weerbaar.vault.models import Lockbox

from .conftest import put_in


def keys(prefix: str) -> set[str]:
    return set(Job.objects.filter(key__startswith=prefix).values_list("key", flat=True))


# --- reporting ------------------------------------------------------------------------------------


def test_a_report_is_sealed_and_opens_for_the_team(make_case, first_line):
    case = Case.objects.get(pk=make_case(handler=first_line).pk)
    assert "hek" not in repr(vars(case))
    with vault.open(case, by=first_line, purpose=Purpose.HANDLE) as content:
        assert content.narrative == "Er stond een man bij mijn hek."
        assert content.contact["phone"] == "0612345678"


def test_a_replayed_report_is_one_case(code):
    report = actions.Report(wish="team", kinds=["verbal"])
    first = actions.report_incident(report, submission="same", code=code)
    assert actions.report_incident(report, submission="same", code=code) == first
    assert Case.objects.count() == 1
    assert first.status_changes.count() == 1


@pytest.mark.parametrize(
    ("wish", "readers"),
    [
        ("team", {"team:ondersteuning"}),
        ("organisation", {"zone:mijn"}),
        ("both", {"team:ondersteuning", "zone:mijn"}),
    ],
)
def test_only_whom_the_reporter_chose_gets_a_lockbox(make_case, griffier, wish, readers):
    case = make_case(wish=wish, contacts=[griffier])
    found = set(Lockbox.objects.filter(dossier=case.pk).values_list("reader", flat=True))
    assert {reader for reader in found if not reader.startswith("code:")} == readers
    organisation_boxes = Lockbox.objects.filter(dossier=case.pk, reader="zone:mijn")
    assert set(organisation_boxes.values_list("compartment", flat=True)) <= {"organisation"}


def test_who_only_wants_to_be_counted_leaves_no_case_and_no_day(code, organisation):
    report = actions.Report(
        wish="count", kinds=["verbal"], organisation=organisation, narrative="niet bewaren"
    )
    counted = actions.report_incident(report, submission="tel", code=code)
    assert isinstance(counted, CountedReport)
    assert counted.month.day == 1
    assert counted.layer == "gemeente"
    assert not Case.objects.exists()
    assert not Lockbox.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("answers", "urgency"),
    [
        ({"kinds": ["threat"], "targets": ["family"], "severity": "serious"}, Urgency.HIGH),
        ({"kinds": ["threat"], "severity": "very_serious"}, Urgency.HIGH),
        ({"kinds": ["home_visit"], "severity": "annoying"}, Urgency.HIGH),
        ({"kinds": ["verbal"], "frequency": "ongoing", "severity": "very_serious"}, Urgency.HIGH),
        ({"kinds": ["threat"], "severity": "serious"}, Urgency.MEDIUM),
        ({"kinds": ["doxing"], "severity": "annoying"}, Urgency.MEDIUM),
        ({"kinds": ["verbal"], "severity": "annoying"}, Urgency.LOW),
    ],
)
def test_a_provisional_urgency_follows_from_the_answers(make_case, answers, urgency):
    case = make_case(**answers)
    assert case.urgency == urgency
    assert case.urgency_is_provisional
    alerts = Job.objects.filter(key__startswith=f"alert:{case.pk}").order_by("due_at")
    minutes = [round((job.due_at - case.received_at).total_seconds() / 60) for job in alerts]
    assert minutes == ([0, 10, 20] if urgency == Urgency.HIGH else [])


def test_who_says_to_be_in_danger_is_urgent_and_the_team_sees_why(make_case):
    case = make_case(kinds=["verbal"], severity="annoying", in_danger=True)
    assert (case.urgency, case.in_danger) == (Urgency.HIGH, True)


def test_a_report_for_the_organisation_only_is_not_known_to_the_team(
    make_case, first_line, coordinator, griffier
):
    case = make_case(wish="organisation", contacts=[griffier])
    assert case not in Case.objects.visible_to(first_line)
    assert case not in Case.objects.visible_to(coordinator)
    with pytest.raises(PermissionDenied):
        actions.take_case(case, by=first_line)
    assert not keys("new:")


# --- who may see it -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "envelope", "content"),
    [
        ("first_line", True, True),
        ("colleague", False, False),
        ("second_line", False, False),
        ("coordinator", True, False),
    ],
)
def test_who_may_see_a_case_in_hand(request, make_case, first_line, who, envelope, content):
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line)
    user = request.getfixturevalue(who)
    assert (case in Case.objects.visible_to(user)) == envelope
    assert (case in Case.objects.openable_by(user)) == content


def test_a_waiting_case_is_an_envelope_for_the_first_line(make_case, first_line, second_line):
    case = make_case()
    assert case in Case.objects.visible_to(first_line)
    assert case not in Case.objects.openable_by(first_line)
    assert case not in Case.objects.visible_to(second_line)


def test_an_account_that_is_off_sees_nothing(make_case, first_line, coordinator):
    make_case(handler=first_line)
    for user in (first_line, coordinator):
        user.is_active = False
        assert not Case.objects.visible_to(user).exists()
        assert not Case.objects.openable_by(user).exists()


# --- handling -------------------------------------------------------------------------------------


def test_taking_a_case_starts_the_triage_and_stops_the_alerts(make_case, first_line):
    case = actions.take_case(make_case(), by=first_line)
    assert case.status == Status.IN_TRIAGE
    assert case.handler == first_line
    assert case.acknowledged_at is not None


def test_the_second_to_take_is_told_so(make_case, first_line, colleague):
    case = make_case()
    actions.take_case(case, by=first_line)
    with pytest.raises(ValidationError, match="al in behandeling"):
        actions.take_case(case, by=colleague)
    case.refresh_from_db()
    assert case.handler == first_line


@pytest.mark.parametrize(("old", "new"), list(product(Status, Status)))
def test_only_listed_moves_are_possible(make_case, first_line, old, new):
    case = make_case(status=old, handler=first_line)
    if new == Status.CLOSED:
        case.outcome = "advice"
        Case.objects.filter(pk=case.pk).update(outcome="advice")
    if new in NEXT[old]:
        assert actions.move_case(case, new, by=first_line).status == new
    else:
        with pytest.raises(ValidationError):
            actions.move_case(case, new, by=first_line)
        case.refresh_from_db()
        assert case.status == old


@pytest.mark.parametrize(("old", "new"), [(old, new) for old, new in product(Status, Status) if old != new])
def test_the_database_holds_the_lifecycle_too(make_case, old, new):
    case = make_case(status=old)
    closing = {"closed_at": timezone.now() if new == Status.CLOSED else None, "outcome": "advice"}
    move = Case.objects.filter(pk=case.pk)
    if new in NEXT[old]:
        assert move.update(status=new, **closing) == 1
    else:
        with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
            move.update(status=new, **closing)


def test_a_stale_form_does_not_overwrite_a_colleague(make_case, first_line):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line)
    seen = case.version
    actions.assess(case, text="van de een", by=first_line, version=seen)
    with pytest.raises(ValidationError, match="Een collega"):
        actions.assess(case, text="van de ander", by=first_line, version=seen)
    case.refresh_from_db()
    with vault.open(case, by=first_line, purpose=Purpose.HANDLE) as content:
        assert content.assessment == "van de een"


def test_triage_sets_the_term_anew(make_case, first_line):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line)
    case = actions.triage_case(case, urgency=Urgency.HIGH, kinds=["stalking"], by=first_line)
    assert case.contact_due_at == case.received_at + timedelta(hours=4)
    assert not case.urgency_is_provisional


def test_waiting_for_the_reporter_stops_the_clock_until_they_answer(make_case, first_line, code):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line, targets=["family"])
    due = case.contact_due_at
    actions.wait_for_reporter(case, until=timezone.localdate() + timedelta(days=7), by=first_line)
    Case.objects.filter(pk=case.pk).update(waiting_since=timezone.now() - timedelta(hours=1))
    assert not Case.objects.overdue(due + timedelta(hours=1)).filter(pk=case.pk).exists()

    visit = vault.start_visit(case, code)
    actions.message_from_reporter(case, text="Ik ben er weer.", submission="a", visit=visit)
    case.refresh_from_db()
    assert not case.is_waiting
    assert abs((case.contact_due_at - due) - timedelta(hours=1)) < timedelta(seconds=5)


def ask_handover_of(case, first_line, second_line):
    actions.ask_handover(case, to=second_line, expertise="legal", reason="x", by=first_line)
    return lambda visit: actions.answer_for_reporter(case.handovers.get(), agrees=True, visit=visit)


def ask_referral_of(case, first_line, second_line):
    partner = Partner.objects.create(slug="b", name="B", kind="security", takes_referrals=True)
    asked = actions.ask_referral(case, partner=partner, shares="x", by=first_line)
    return lambda visit: actions.answer_referral(asked, agrees=False, visit=visit)


@pytest.mark.parametrize(
    "asked",
    [
        lambda case, *_: lambda visit: actions.add_evidence(case, file=None, links="link", visit=visit),
        lambda case, *_: lambda visit: actions.change_contact(case, Contactable(name="M."), visit=visit),
        lambda case, *_: lambda visit: actions.change_consent(case, "given", visit=visit),
        ask_handover_of,
        ask_referral_of,
    ],
    ids=["evidence", "contact", "consent", "handover", "referral"],
)
def test_whatever_the_reporter_answers_the_clock_runs_again(make_case, first_line, second_line, code, asked):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line, on_behalf="other", consent="asked")
    answer = asked(case, first_line, second_line)
    actions.wait_for_reporter(case, until=timezone.localdate() + timedelta(days=7), by=first_line)
    answer(vault.start_visit(case, code))
    case.refresh_from_db()
    assert not case.is_waiting


def test_a_day_in_the_past_cannot_be_waited_for(make_case, first_line):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line)
    with pytest.raises(ValidationError, match="na vandaag"):
        actions.wait_for_reporter(case, until=timezone.localdate(), by=first_line)


def test_messages_go_both_ways_once(make_case, first_line, code):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line)
    for _ in range(2):
        actions.send_message(case, text="Hoe gaat het?", submission="x", by=first_line)
    case.refresh_from_db()
    assert case.contacted_at is None  # who left only a phone number may never see it
    visit = vault.start_visit(case, code)
    assert actions.read_messages(case, visit=visit) == 1
    for _ in range(2):
        actions.message_from_reporter(case, text="Het gaat.", submission="y", visit=visit)
    assert case.messages.count() == 2
    with vault.open(case, visit=visit, purpose=Purpose.FOLLOW) as content:
        texts = [opened.text for _row, opened in content.rows(case.messages.all())]
    assert texts == ["Hoe gaat het?", "Het gaat."]
    case.refresh_from_db()
    assert case.contacted_at is not None


def test_a_colleague_cannot_act_on_a_case_that_is_not_theirs(make_case, first_line, colleague):
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line)
    for act in (
        lambda: actions.add_note(case, text="x", by=colleague),
        lambda: actions.send_message(case, text="x", submission="z", by=colleague),
        lambda: actions.close_case(case, outcome="advice", by=colleague),
        lambda: actions.plan_aftercare(case, by=colleague),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert not case.notes.exists()


def test_a_forms_number_that_another_case_used_is_no_error(make_case, griffier, first_line):
    for _ in range(2):
        case = make_case(
            status=Status.IN_TRIAGE,
            handler=first_line,
            wish="both",
            contacts=[griffier],
            access_code=(code := vault.new_access_code()),
        )
        visit = vault.start_visit(case, code)
        for _again in range(2):
            actions.send_message(case, text="x", submission="n", by=first_line)
            actions.message_from_reporter(case, text="x", submission="m", visit=visit)
            actions.message_to_organisation(case.organisation_report, text="x", submission="m", visit=visit)
        assert case.messages.count() == 2
        assert case.organisation_report.messages.count() == 1


def test_nobody_else_speaks_for_the_reporter(make_case, griffier, first_line, second_line, colleague, code):
    """The database rows are given: only who acts is wrong."""
    case = make_case(status=Status.IN_TRIAGE, handler=first_line, wish="both", contacts=[griffier])
    other = make_case(access_code=(elsewhere := vault.new_access_code()), contacts=[])
    stranger = {"visit": vault.start_visit(other, elsewhere)}
    asked = actions.ask_handover(case, to=second_line, expertise="legal", reason="x", by=first_line)
    part = case.organisation_report
    for act in (actions.withdraw_case, actions.read_messages):
        for who in ({}, {"by": colleague}, stranger):
            with pytest.raises(PermissionDenied):
                act(case, **who)
    for who in ({}, {"by": colleague}, {"by": second_line}, stranger):
        with pytest.raises(PermissionDenied):
            actions.answer_for_reporter(asked, agrees=True, **who)
    for act in (
        lambda: actions.resume_case(case, by=colleague),
        lambda: actions.withdraw_share(part.shares.get(), **stranger),
        lambda: actions.message_from_reporter(case, text="x", submission="1", **stranger),
        lambda: actions.message_to_organisation(part, text="x", submission="1", **stranger),
    ):
        with pytest.raises(PermissionDenied):
            act()
    actions.withdraw_case(case, visit=vault.start_visit(case, code))


def test_a_contact_does_nothing_more_with_a_report_that_was_withdrawn(make_case, griffier, code):
    case = make_case(wish="organisation", contacts=[griffier])
    actions.withdraw_case(case, visit=vault.start_visit(case, code))
    for act in (
        lambda: actions.open_report(case.organisation_report, by=griffier.user),
        lambda: actions.react_to_report(case.organisation_report, text="x", submission="1", by=griffier.user),
        lambda: actions.decide_aangifte(case.organisation_report, decision="none", by=griffier.user),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_case_for_the_organisation_alone_is_not_acknowledged(make_case, griffier, first_line):
    case = make_case(wish="organisation", contacts=[griffier], in_danger=True)
    with pytest.raises(PermissionDenied):
        actions.acknowledge(case, by=first_line)


def test_closing_needs_an_outcome_and_reopening_takes_it_away(make_case, first_line):
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line)
    with pytest.raises(ValueError):
        actions.close_case(case, outcome="", by=first_line)
    case = actions.close_case(case, outcome="supported", by=first_line)
    assert case.closed_at
    case = actions.reopen_case(case, by=first_line)
    assert (case.status, case.closed_at, case.outcome) == (Status.IN_GUIDANCE, None, "")


def test_a_reporter_can_withdraw(make_case, code):
    case = make_case()
    case = actions.withdraw_case(case, visit=vault.start_visit(case, code))
    assert case.status == Status.WITHDRAWN
    assert case.status_changes.last().role == "melder"


# --- handover -------------------------------------------------------------------------------------


@pytest.fixture
def handover(make_case, first_line, second_line):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line)
    return actions.ask_handover(
        case, to=second_line, expertise="legal", reason="Aangifte voorbereiden", by=first_line
    )


def test_without_consent_the_second_line_knows_nothing(handover, second_line):
    assert handover.case not in Case.objects.visible_to(second_line)
    with pytest.raises(ValidationError):
        actions.accept_handover(handover, by=second_line)


def test_after_consent_and_acceptance_the_case_changes_hands(handover, first_line, second_line):
    actions.answer_for_reporter(handover, agrees=True, by=first_line)
    assert handover.case in Case.objects.visible_to(second_line)
    assert handover.case not in Case.objects.openable_by(second_line)

    case = actions.accept_handover(handover, by=second_line)
    assert (case.status, case.line) == (Status.IN_GUIDANCE, "second")
    assert case.handler == second_line
    assert case in Case.objects.openable_by(second_line)
    assert case not in Case.objects.openable_by(first_line)


def test_a_refusal_keeps_the_case_where_it_is(handover, first_line):
    actions.answer_for_reporter(handover, agrees=False, by=first_line)
    handover.refresh_from_db()
    assert handover.status == Handover.Status.REFUSED
    assert handover.case.handler == first_line
    with pytest.raises(ValidationError, match="al beantwoord"):
        actions.answer_for_reporter(handover, agrees=True, by=first_line)


def test_only_the_one_asked_may_accept(handover, make_user, code):
    actions.answer_for_reporter(handover, agrees=True, visit=vault.start_visit(handover.case, code))
    with pytest.raises(PermissionDenied):
        actions.accept_handover(handover, by=make_user("tweede_lijn"))


def test_a_case_has_one_handover_at_a_time(handover, first_line, second_line):
    with pytest.raises(ValidationError, match="loopt al"):
        actions.ask_handover(handover.case, to=second_line, expertise="media", reason="x", by=first_line)


# --- aftercare ------------------------------------------------------------------------------------


def test_the_plan_has_four_moments_and_planning_twice_makes_no_more(make_case, first_line):
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line)
    today = timezone.localdate()
    for _ in range(2):
        case = actions.plan_aftercare(case, by=first_line)
    assert case.status == Status.AFTERCARE
    days = [(step.due_on - today).days for step in case.aftercare.all()]
    assert days == [3, 14, 49, 91]


def test_a_done_moment_keeps_a_sealed_report(make_case, first_line):
    case = actions.plan_aftercare(make_case(status=Status.IN_GUIDANCE, handler=first_line), by=first_line)
    step = actions.complete_aftercare(case.aftercare.first(), report="Het gaat beter.", by=first_line)
    assert step.done_at
    with pytest.raises(ValidationError, match="al afgerond"):
        actions.complete_aftercare(step, report="nog eens", by=first_line)


def test_closing_lets_what_was_planned_lapse(make_case, first_line):
    case = actions.plan_aftercare(make_case(status=Status.IN_GUIDANCE, handler=first_line), by=first_line)
    actions.close_case(case, outcome="supported", by=first_line)
    assert not AftercareStep.objects.due(timezone.localdate() + timedelta(days=365)).exists()


# --- the own organisation -------------------------------------------------------------------------


@pytest.fixture
def shared(make_case, griffier):
    return make_case(wish="both", contacts=[griffier]).organisation_report


def test_only_chosen_contacts_see_the_report(shared, griffier, make_user, organisation):
    from netwerk.models import Contact

    left_out = Contact.objects.create(
        organisation=organisation,
        user=make_user("organisatiecontact"),
        function="secretaris",
        label="De secretaris",
    )
    assert shared in OrganisationReport.objects.visible_to(griffier.user)
    assert shared not in OrganisationReport.objects.visible_to(left_out.user)
    with pytest.raises(PermissionDenied):
        actions.react_to_report(shared, text="x", submission="q", by=left_out.user)


def test_a_contact_reacts_decides_and_gives_feedback(shared, griffier):
    actions.open_report(shared, by=griffier.user)
    actions.react_to_report(shared, text="Wij nemen dit op.", submission="1", by=griffier.user)
    actions.decide_aangifte(shared, decision="employer", by=griffier.user)
    actions.give_feedback(shared, text="Er is aangifte gedaan.", submission="2", by=griffier.user)
    shared.refresh_from_db()
    assert shared.reacted_at
    assert shared.aangifte == "employer"
    assert shared.feedback_at
    assert shared.shares.get().opened_at
    assert shared.messages.count() == 2


def test_who_is_no_longer_contact_no_longer_sees_it(shared, griffier):
    griffier.valid_from, griffier.valid_until = "2020-01-01", "2020-02-01"
    griffier.save()
    assert shared not in OrganisationReport.objects.visible_to(griffier.user)


def test_a_withdrawn_contact_no_longer_sees_it(shared, griffier, code):
    actions.withdraw_share(shared.shares.get(), visit=vault.start_visit(shared.case, code))
    assert shared not in OrganisationReport.objects.visible_to(griffier.user)


def test_the_cast_can_be_put_in_every_status(make_case):
    for status in set(Status) - {Status.RECEIVED}:
        case = make_case()
        put_in(case, status)
        assert case.status == status
