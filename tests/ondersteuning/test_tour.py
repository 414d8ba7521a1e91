"""The tour: a visit from invitation to yield, and how far the tour came."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, transaction
from django.test import Client
from django.utils import timezone

from netwerk.models import Organisation
from ondersteuning import actions
from ondersteuning.lifecycle import TOUR_NEXT, TourStatus
from ondersteuning.models import TourVisit
from ondersteuning.reach import reach
from weerbaar.accounts.roles import Role

LIST = "/beheer/ondersteuning/tourvisit/"


@pytest.fixture
def make_visit(organisation, first_line):
    """make_visit(status): a visit with everything filled in that any step asks for."""

    def make(status=TourStatus.INVITED, **fields) -> TourVisit:
        yesterday = timezone.now() - timedelta(days=1)
        filled = {
            "organisation": organisation,
            "invited_on": date(2026, 1, 5),
            "talk_at": yesterday,
            "session_at": yesterday,
            "leader": first_line,
            "outcome": "Een agressieprotocol.",
        }
        return TourVisit.objects.create(status=status, **filled | fields)

    return make


@pytest.fixture
def as_role(make_user, sign_in):
    def browser(role) -> Client:
        client = Client()
        sign_in(client, make_user(role))
        return client

    return browser


@pytest.mark.parametrize(("old", "new"), list(product(TourStatus, TourStatus)))
def test_only_listed_steps_are_possible(make_visit, coordinator, old, new):
    visit = make_visit(old)
    if new in TOUR_NEXT[old]:
        assert actions.move_visit(visit, new, by=coordinator).status == new
    else:
        with pytest.raises(ValidationError):
            actions.move_visit(visit, new, by=coordinator)
        if new != old:
            with pytest.raises(ProgrammingError, match="transition"), transaction.atomic():
                TourVisit.objects.update(status=new)


@pytest.mark.parametrize(
    ("old", "new", "lacks"),
    [
        (TourStatus.INVITED, TourStatus.TALK, {"talk_at": None}),
        (TourStatus.TALK, TourStatus.PLANNED, {"session_at": None}),
        (TourStatus.TALK, TourStatus.PLANNED, {"leader": None}),
        (TourStatus.PLANNED, TourStatus.HELD, {"session_at": timezone.now() + timedelta(days=400)}),
        (TourStatus.HELD, TourStatus.DONE, {"outcome": ""}),
    ],
)
def test_each_step_says_what_it_needs(make_visit, coordinator, old, new, lacks):
    visit = make_visit(old, **lacks)
    with pytest.raises(ValidationError) as refused:
        actions.move_visit(visit, new, by=coordinator)
    assert set(refused.value.message_dict) == set(lacks)


def test_only_who_plans_moves_a_visit(make_visit, first_line):
    with pytest.raises(PermissionDenied):
        actions.move_visit(make_visit(), TourStatus.TALK, by=first_line)


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.COORDINATOR, 200, 200),
        (Role.EERSTE_LIJN, 200, 403),
        (Role.NETWERKBEHEER, 200, 403),
        (Role.TWEEDE_LIJN, 403, 403),
        (Role.AUDITOR, 403, 403),
        (Role.TECHNISCH_BEHEER, 403, 403),
    ],
)
def test_who_sees_and_who_plans_the_tour(as_role, role, reads, writes):
    browser = as_role(role)
    assert browser.get(LIST).status_code == reads
    assert browser.get(f"{LIST}bereik/").status_code == reads
    assert browser.get(f"{LIST}add/").status_code == writes


def typed(visit: TourVisit, **fields) -> dict:
    data = {
        "organisation": "Testdam",
        "invited_on": "2026-01-05",
        "leader": visit.leader_id or "",
        "has_protocol": "unknown",
        "has_code": "unknown",
        "outcome": visit.outcome,
    }
    for name in ("talk_at", "session_at"):
        if moment := getattr(visit, name):
            local = timezone.localtime(moment)
            data |= {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M}"}
    return data | fields


def test_a_visit_is_planned_at_the_desk(as_role, organisation, make_visit):
    browser = as_role(Role.COORDINATOR)
    answer = browser.post(f"{LIST}add/", {"organisation": "Testdam", "invited_on": "2026-01-05"})
    assert answer.status_code == 302, answer.content.decode()
    visit = TourVisit.objects.get()
    assert visit.status == TourStatus.INVITED
    url = f"{LIST}{visit.pk}/change/"
    answer = browser.post(url, typed(visit, move_to="talk"))
    assert "Vul in wanneer het voorgesprek is." in answer.content.decode()
    talk = {"talk_at_0": "2026-02-02", "talk_at_1": "10:00"}
    assert browser.post(url, typed(visit, move_to="talk", **talk)).status_code == 302
    visit.refresh_from_db()
    assert (visit.status, visit.talk_at is not None) == (TourStatus.TALK, True)
    assert browser.post(url, typed(visit, move_to="done")).status_code == 200  # not a step from here


def test_a_planned_session_keeps_its_moment(as_role, make_visit):
    visit = make_visit(TourStatus.PLANNED)
    data = typed(visit) | {"session_at_0": "", "session_at_1": ""}
    page = as_role(Role.COORDINATOR).post(f"{LIST}{visit.pk}/change/", data).content.decode()
    assert "Deze bijeenkomst heeft een moment nodig." in page
    assert "is violated" not in page


@pytest.mark.parametrize("size", [1, 50])
def test_the_list_takes_the_same_queries_for_one_and_for_fifty(
    as_role, make_visit, django_assert_num_queries, size
):
    for _ in range(size):
        make_visit()
    browser = as_role(Role.COORDINATOR)
    with django_assert_num_queries(LIST_QUERIES):
        browser.get(LIST)


LIST_QUERIES = 7


def test_the_reach_counts_each_organisation_once(make_visit, django_assert_num_queries):
    for number, (layer, province) in enumerate(
        [("gemeente", "PV26"), ("provincie", "PV26"), ("waterschap", "")]
    ):
        prefix = {"gemeente": "GM90", "provincie": "PV", "waterschap": "WS90"}[layer]
        Organisation.objects.create(
            code=f"{prefix}{80 + number}", name=f"Oord {number}", layer=layer, province_code=province
        )
    for status in (TourStatus.HELD, TourStatus.DONE, TourStatus.INVITED, TourStatus.DECLINED):
        make_visit(status)
    water = Organisation.objects.get(layer="waterschap")
    make_visit(TourStatus.PLANNED, organisation=water)
    with django_assert_num_queries(1):
        lines = {line.province: line for line in reach()}
    utrecht = lines["Utrecht"]
    assert (utrecht.organisations, utrecht.visited, utrecht.coming, utrecht.percentage) == (3, 1, 0, 33)
    assert (lines["Waterschappen"].visited, lines["Waterschappen"].coming) == (0, 1)
    assert (lines["Samen"].organisations, lines["Samen"].visited) == (4, 1)


def test_the_drawing_has_its_table_and_needs_no_style(as_role, make_visit):
    make_visit(TourStatus.HELD)
    page = as_role(Role.COORDINATOR).get(f"{LIST}bereik/").content.decode()
    drawing = page.split("<svg")[1].split("</svg>")[0]
    assert "style=" not in drawing
    assert "<title" in drawing
    assert "<desc" in drawing
    assert "1 / 1" in drawing
    assert "100%" in page.split("<table")[1]
