"""Who of the team knows of which case: associations, who withdrew, who suits a case, who is called."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from netwerk.functions import Association, Function
from netwerk.models import Membership, Organisation
from ondersteuning import actions, matching, tasks
from ondersteuning.clock import AMSTERDAM
from ondersteuning.lifecycle import Status
from ondersteuning.models import Assignment, Case, DutyShift, Handover, Recusal, TeamMember
from tests.ondersteuning.test_handler import plan_of
from weerbaar.accounts.roles import Role
from weerbaar.audit.api import Purpose
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault
from weerbaar.vault.api import new_access_code


def again(user):
    """The account as the next request finds it."""
    return type(user).objects.get(pk=user.pk)


def sees(user, case) -> bool:
    return Case.objects.visible_to(again(user)).filter(pk=case.pk).exists()


def opens(user, case) -> bool:
    return Case.objects.openable_by(again(user)).filter(pk=case.pk).exists()


def queued(name: str) -> list[str]:
    return list(
        Job.objects.filter(name=f"ondersteuning.{name}").order_by("due_at").values_list("key", flat=True)
    )


@pytest.fixture
def handled(make_case, first_line):
    return make_case(status=Status.IN_GUIDANCE, handler=first_line)


@pytest.fixture
def shift(first_line, colleague):
    now = timezone.now()
    return DutyShift.objects.create(
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=8),
        on_duty=first_line,
        backup=colleague,
    )


# --- associations -------------------------------------------------------------------------------------


@pytest.mark.parametrize("association", list(Association))
@pytest.mark.parametrize("function", ["", *Function])
def test_who_comes_from_an_association_finds_its_functions_in_the_queue_only(
    make_case, first_line, association, function
):
    case = make_case(function=function)
    TeamMember.objects.create(user=first_line, association=association)
    is_theirs = bool(function) and Function(function).association == association
    assert sees(first_line, case) is is_theirs
    if is_theirs:
        assert actions.take_case(case, by=again(first_line)).handler == first_line
    else:
        with pytest.raises(PermissionDenied):
            actions.take_case(case, by=again(first_line))


def test_each_association_has_functions_and_each_function_at_most_one():
    assert all(association.functions for association in Association)
    together = [function for association in Association for function in association.functions]
    assert len(together) == len(set(together))


def test_who_comes_from_no_association_finds_everything(make_case, first_line):
    TeamMember.objects.create(user=first_line, function="burgemeester")
    assert sees(first_line, make_case(function="raadslid"))


def test_what_somebody_handles_stays_theirs_when_they_change_association(handled, first_line):
    TeamMember.objects.create(user=first_line, association="ngb")
    assert sees(first_line, handled)
    assert opens(first_line, handled)


def test_during_a_duty_urgent_cases_of_all_functions_are_there(make_case, first_line, colleague, shift):
    urgent = make_case(function="raadslid", severity="very_serious", frequency="ongoing", in_danger=True)
    calm = make_case(function="raadslid", access_code=new_access_code())
    assert (urgent.urgency, calm.urgency > 1) == (1, True)
    for user in (first_line, colleague):
        TeamMember.objects.create(user=user, association="ngb")
        assert sees(user, urgent)
        assert not sees(user, calm)
    assert actions.acknowledge(urgent, by=again(first_line)).acknowledged_at
    DutyShift.objects.update(ends_at=timezone.now())
    assert not sees(first_line, urgent)


def test_a_coordinator_cannot_assign_across_associations(make_case, coordinator, colleague):
    TeamMember.objects.create(user=colleague, association="ngb")
    case = make_case(function="raadslid")
    with pytest.raises(ValidationError, match="eigen beroepsvereniging"):
        actions.assign_case(case, to=colleague, by=coordinator)


# --- who withdrew ---------------------------------------------------------------------------------------


def test_for_who_withdraws_the_case_no_longer_exists(handled, first_line):
    actions.recuse(handled, reason="Wij zaten samen in de raad.", by=first_line)
    assert not sees(first_line, handled)
    assert not opens(first_line, handled)
    handled.refresh_from_db()
    assert handled.handler is None
    recusal = Recusal.objects.get()
    with vault.open(handled, by=tasks.WORKER, purpose=Purpose.HANDLE) as content:
        assert content.of(recusal).reason == "Wij zaten samen in de raad."


@pytest.mark.parametrize("status", [Status.IN_TRIAGE, Status.IN_GUIDANCE, Status.AFTERCARE])
def test_a_colleague_finds_the_case_in_the_queue_and_takes_it_over(make_case, first_line, colleague, status):
    case = make_case(status=status, handler=first_line)
    assert not sees(colleague, case)
    actions.recuse(case, reason="x", by=first_line)
    assert case in Case.objects.visible_to(again(colleague)).unclaimed()
    taken = actions.take_case(case, by=colleague)
    assert (taken.handler, taken.status) == (colleague, status)


def test_the_team_and_the_reporter_hear_that_somebody_withdrew(handled, first_line):
    actions.recuse(handled, reason="x", by=first_line)
    assert len(queued("tell_handler")) == 1
    event = handled.timeline_events.get()
    assert (event.what, event.role) == ("handler_left", "eerste_lijn")
    assert queued("tell_reporter")[-1] == f"left:{event.pk}"


def test_an_urgent_case_that_is_given_back_wakes_the_one_on_duty_again(make_case, first_line, colleague):
    case = make_case(in_danger=True)
    case = actions.take_case(case, by=first_line)
    assert case.acknowledged_at
    before = len(queued("alert_for_case"))
    actions.recuse(case, reason="x", by=first_line)
    case.refresh_from_db()
    assert case.acknowledged_at is None
    assert len(queued("alert_for_case")) == before + 3


@pytest.mark.parametrize("way", ["take", "assign", "offer", "accept", "sql"])
def test_nobody_can_give_the_case_back_to_who_withdrew(
    make_case, first_line, colleague, second_line, coordinator, way
):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line)
    gone = second_line if way in ("offer", "accept") else colleague
    if way == "accept":
        handover = actions.ask_handover(
            case, to=gone, expertise="legal", reason="x", reporter_agreed=True, by=first_line
        )
        assert sees(gone, case)
        actions.recuse(case, reason="x", by=gone)
        handover.refresh_from_db()
        assert handover.status == Handover.Status.CANCELLED
        assert not sees(gone, case)
        with pytest.raises(ValidationError):
            actions.accept_handover(handover, by=gone)
        return
    Recusal.objects.create(case=case, user=gone)
    if way == "offer":
        with pytest.raises(ValidationError, match="teruggetrokken"):
            actions.ask_handover(case, to=gone, expertise="legal", reason="x", by=first_line)
    elif way == "assign":
        with pytest.raises(ValidationError, match="teruggetrokken"):
            actions.assign_case(case, to=gone, by=coordinator)
    elif way == "take":
        Assignment.objects.update(ended_at=timezone.now())
        with pytest.raises(PermissionDenied):
            actions.take_case(case, by=gone)
    else:
        Assignment.objects.update(ended_at=timezone.now())
        with pytest.raises(IntegrityError, match="withdrew"), transaction.atomic():
            Assignment.objects.create(case=case, user=gone, line="first")
        past = Assignment.objects.create(case=case, user=gone, line="first", ended_at=timezone.now())
        with pytest.raises(IntegrityError, match="withdrew"), transaction.atomic():
            Assignment.objects.filter(pk=past.pk).update(ended_at=None)


def test_the_database_lets_nobody_withdraw_who_still_handles(handled, first_line):
    with pytest.raises(IntegrityError, match="who handles a case"), transaction.atomic():
        Recusal.objects.create(case=handled, user=first_line)


def test_a_withdrawal_stays(handled, colleague, second_line):
    recusal = Recusal.objects.create(case=handled, user=colleague)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Recusal.objects.filter(pk=recusal.pk).update(user=second_line)


def test_a_coordinator_withdraws_too(handled, coordinator, first_line):
    assert sees(coordinator, handled)
    actions.recuse(handled, reason="x", by=coordinator)
    assert not sees(coordinator, handled)
    with pytest.raises(PermissionDenied):
        actions.assign_case(handled, to=first_line, by=coordinator)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.NETWERKBEHEER])
def test_who_does_not_handle_cases_has_nothing_to_withdraw_from(handled, make_user, role):
    with pytest.raises(PermissionDenied):
        actions.recuse(handled, reason="x", by=make_user(role))


def test_who_does_not_see_a_case_cannot_withdraw_from_it(handled, colleague):
    with pytest.raises(PermissionDenied):
        actions.recuse(handled, reason="x", by=colleague)


@pytest.mark.parametrize("index", ["case_queue", "case_unclaimed", "case_of_handler", "case_not_contacted"])
def test_the_queues_keep_their_indexes(make_case, first_line, coordinator, index):
    """With somebody who withdrew, and a colleague of an association, nothing is sorted either."""
    Recusal.objects.create(case=make_case(), user=coordinator)
    TeamMember.objects.create(user=first_line, association="raadsleden")
    everything = Case.objects.visible_to(coordinator).open().queue_order()
    own = Case.objects.visible_to(again(first_line)).open().queue_order()
    queues = {
        "case_queue": [everything, own],
        "case_unclaimed": [everything.unclaimed(), own.unclaimed()],
        "case_of_handler": [everything.handled_by(first_line), own.handled_by(first_line)],
        "case_not_contacted": [everything.overdue(), own.overdue()],
    }
    for queue in queues[index]:
        assert plan_of(queue, index)


# --- who suits a case -----------------------------------------------------------------------------------


@pytest.fixture
def team(make_user):
    """Five of the first line, each suiting a raadslid in Utrecht (PV26) less than the one before."""
    facts = {
        "Anna": {"function": "raadslid", "province_code": "PV29", "capacity": 3},
        "Bas": {"function": "wethouder", "province_code": "PV29"},
        "Cem": {"function": "raadslid", "province_code": "PV26"},
        "Dina": {"function": "raadslid", "province_code": "PV29", "capacity": 0},
        "Els": {"function": "raadslid", "province_code": "PV29", "away_from": date(2020, 1, 1)},
    }
    people = {name: make_user(Role.EERSTE_LIJN, name=name) for name in facts}
    for name, fields in facts.items():
        TeamMember.objects.create(user=people[name], **fields)
    return people


def suggested(case) -> list[str]:
    return [one.user.name for one in matching.first_line_for(case) if one.is_suggested]


def test_a_peer_from_another_region_with_room_comes_first(make_case, team):
    case = make_case(function="raadslid")
    candidates = {one.user.name: one for one in matching.first_line_for(case)}
    assert suggested(case) == ["Anna", "Bas"]
    assert candidates["Anna"].words == "ook raadslid, andere provincie (Zeeland), 0 van 3 zaken"
    assert candidates["Bas"].words == "andere provincie (Zeeland), 0 van 5 zaken"
    assert "uit dezelfde provincie (Utrecht)" in candidates["Cem"].words
    assert "vol: 0 van 0 zaken" in candidates["Dina"].words
    assert "afwezig" in candidates["Els"].words


def test_who_works_at_the_same_organisation_is_not_suggested(make_case, team, organisation):
    Membership.objects.create(
        user=team["Anna"], organisation=organisation, function="raadslid", confirmed_at=timezone.now()
    )
    case = make_case(function="raadslid")
    assert suggested(case) == ["Bas"]


def test_who_withdrew_is_not_even_in_the_list(make_case, team):
    case = make_case(function="raadslid")
    Recusal.objects.create(case=case, user=team["Anna"])
    assert "Anna" not in [one.user.name for one in matching.first_line_for(case)]


def test_whose_desk_is_full_is_not_suggested(make_case, team):
    for _ in range(3):
        make_case(handler=team["Anna"], access_code=new_access_code())
    assert suggested(make_case(function="raadslid", access_code=new_access_code())) == ["Bas"]


def test_another_association_is_not_in_the_list(make_case, team):
    TeamMember.objects.filter(user=team["Anna"]).update(association="ngb")
    assert suggested(make_case(function="raadslid")) == ["Bas"]


@pytest.mark.parametrize("size", [1, 30])
def test_matching_takes_the_same_queries_for_one_and_for_thirty(
    make_case, make_user, django_assert_num_queries, size
):
    for _ in range(size):
        TeamMember.objects.create(user=make_user(Role.EERSTE_LIJN), function="raadslid")
    case = make_case()
    with django_assert_num_queries(3):
        assert len(matching.first_line_for(case)) == size


def test_the_second_line_is_chosen_by_what_somebody_knows(make_case, first_line, second_line, make_user):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line)
    TeamMember.objects.create(user=second_line, expertises=["legal", "online"])
    with pytest.raises(ValidationError, match="gevraagde kennis"):
        actions.ask_handover(case, to=second_line, expertise="family", reason="x", by=first_line)
    found = matching.second_line_for(case, without=first_line)
    assert found[0].words == "Rechtshulp, Online en digitaal, 0 van 5 zaken"
    assert actions.ask_handover(case, to=second_line, expertise="legal", reason="x", by=first_line)


# --- who is called --------------------------------------------------------------------------------------


def called(case, step: int, at: datetime | None = None) -> list[str]:
    return [user.name for user in DutyShift.objects.people_to_alert(step, at=at or timezone.now(), case=case)]


def test_duty_backup_coordinator_in_this_order(make_case, shift, coordinator):
    case = make_case()
    assert [called(case, step) for step in range(3)] == [
        ["Femke Eerste"],
        ["Karim Collega"],
        ["Carla Coördinator"],
    ]


@pytest.mark.parametrize("why", ["off", "away", "withdrew", "no role"])
def test_who_cannot_act_is_passed_over_at_once(make_case, shift, first_line, colleague, coordinator, why):
    case = make_case()
    if why == "off":
        type(first_line).objects.filter(pk=first_line.pk).update(is_active=False)
    elif why == "away":
        TeamMember.objects.create(user=first_line, away_from=timezone.localdate())
    elif why == "withdrew":
        Recusal.objects.create(case=case, user=first_line)
    else:
        first_line.groups.clear()
    assert called(case, 0) == ["Karim Collega"]
    Recusal.objects.create(case=case, user=colleague)
    assert called(case, 0) == called(case, 1) == ["Carla Coördinator"]


def test_a_coordinator_who_withdrew_is_not_called_unless_there_is_nobody_else(
    make_case, coordinator, make_user
):
    case = make_case()
    Recusal.objects.create(case=case, user=coordinator)
    assert called(case, 0) == ["Carla Coördinator"]
    make_user(Role.COORDINATOR, name="Otto")
    assert called(case, 0) == ["Otto"]


NIGHTS = [  # from, until, as the clock on the wall says it
    (datetime(2026, 11, 22, 22), datetime(2026, 11, 23, 7)),
    (datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 7)),  # this night has ten hours
    (datetime(2027, 3, 27, 22), datetime(2027, 3, 28, 7)),  # and this one eight
]


@pytest.mark.parametrize(("begins", "ends"), NIGHTS)
def test_every_moment_of_a_night_has_a_name(make_case, first_line, colleague, coordinator, begins, ends):
    starts_at, ends_at = begins.replace(tzinfo=AMSTERDAM), ends.replace(tzinfo=AMSTERDAM)
    DutyShift.objects.create(starts_at=starts_at, ends_at=ends_at, on_duty=first_line, backup=colleague)
    case, moment = make_case(), starts_at
    assert called(case, 0, starts_at - timedelta(seconds=1)) == ["Carla Coördinator"]
    while moment < ends_at:
        assert called(case, 0, moment) == ["Femke Eerste"]
        assert called(case, 1, moment) == ["Karim Collega"]
        moment += timedelta(minutes=30)
    assert called(case, 0, ends_at) == ["Carla Coördinator"]


def test_gaps_in_the_roster(first_line, colleague):
    noon = datetime(2026, 12, 1, 12, tzinfo=AMSTERDAM)
    hours = [noon + timedelta(hours=number) for number in range(9)]

    def gaps(begins, ends):
        return [
            (hours.index(a), hours.index(b)) for a, b in DutyShift.objects.gaps(hours[begins], hours[ends])
        ]

    assert gaps(0, 8) == [(0, 8)]
    for begins, ends in [(1, 3), (3, 4), (6, 8)]:
        DutyShift.objects.create(
            starts_at=hours[begins], ends_at=hours[ends], on_duty=first_line, backup=colleague
        )
    assert gaps(0, 8) == [(0, 1), (4, 6)]
    assert gaps(2, 7) == [(4, 6)]
    assert gaps(1, 4) == []


def test_a_place_elsewhere_is_no_reason_when_the_region_is_unknown(make_case, team):
    place = Organisation.objects.create(code="WS9001", name="Testwater", layer="waterschap")
    words = {one.user.name: one.words for one in matching.first_line_for(make_case(organisation=place))}
    assert "provincie" not in words["Anna"]


def test_who_plans_hears_once_a_day_that_nobody_has_duty(coordinator, shift, settings):
    settings.ZONES = frozenset()  # as a worker
    now = timezone.now()
    tasks.report_gaps_in_roster(now)
    tasks.report_gaps_in_roster(now + timedelta(minutes=1))
    assert len(queued("tell_of_gap")) == 1
    Job.objects.all().delete()
    DutyShift.objects.update(ends_at=now + timedelta(days=9))
    tasks.report_gaps_in_roster(now)
    assert queued("tell_of_gap") == []
