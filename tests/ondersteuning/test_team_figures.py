"""Figures for the team: exact for who sees every envelope, in tens for the first line, for nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ondersteuning import actions, figures
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, CountedReport, Signal
from tests.ondersteuning.conftest import put_in
from weerbaar.accounts.roles import Role
from weerbaar.audit.api import AccessLog
from weerbaar.vault import api as vault

ADDRESS = "/beheer/cijfers/"


@pytest.fixture
def make(make_case):
    return lambda **fields: make_case(access_code=vault.new_access_code(), **fields)


def row(page, part, name):
    (found,) = [one for one in page.context["parts"] if one["id"] == part]
    return dict(found["rows"])[name]


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_the_figures(role, make_user, sign_in, client):
    user = make_user(role)
    sign_in(client, user)
    answer = client.get(ADDRESS)
    allowed = role in (Role.EERSTE_LIJN, Role.COORDINATOR, Role.AUDITOR)
    if user.is_staff:
        assert answer.status_code == (200 if allowed else 404)
        result = "done" if allowed else "refused"
        assert AccessLog.objects.filter(actor_id=user.pk, detail="cijfers", result=result).exists()
    else:
        assert answer.status_code in (302, 404)


def test_a_coordinator_sees_exact_numbers_by_month_kind_channel_and_function(
    make, coordinator, sign_in, client
):
    for _ in range(3):
        make(kinds=["threat", "doxing"], channels=["home"], function="burgemeester")
    CountedReport.objects.create(
        submission="x", month=timezone.localdate().replace(day=1), kinds=["threat"], function="raadslid"
    )
    sign_in(client, coordinator)
    page = client.get(ADDRESS)
    assert page.context["total"] == "4"
    assert row(page, "kind", "Bedreiging") == "4"
    assert row(page, "channel", "Thuis") == "3"
    assert row(page, "function", "Bestuurders") == "3"
    assert row(page, "function", "Volksvertegenwoordigers") == "1"
    assert sum(int(number) for _month, number in page.context["parts"][0]["rows"]) == 4
    assert page.content.decode().count('role="img"') >= 4
    assert page.content.decode().count("<table") == 6


def test_signals_count_in_the_theme_that_they_feed(coordinator, first_line, sign_in, client):
    for number, theme in enumerate(["integrity", "integrity", "unrest", ""]):
        actions.share_signal(actions.Shared(kinds=["charm"], text="x"), submission=str(number))
        signal = actions.read_signal(Signal.objects.latest("received_at"), by=first_line)
        if theme:
            actions.put_signal_in_theme(signal, theme=theme, by=first_line)
    sign_in(client, coordinator)
    page = client.get(ADDRESS)
    assert row(page, "themes", "Integriteit") == "2"
    assert row(page, "themes", "Maatschappelijke onrust") == "1"
    assert row(page, "themes", "Desinformatie") == "0"
    sign_in(client, first_line)
    assert row(client.get(ADDRESS), "themes", "Integriteit") == "minder dan 10"


def test_the_first_line_sees_no_small_number(make, first_line, sign_in, client):
    for _ in range(3):
        make()
    sign_in(client, first_line)
    page = client.get(ADDRESS)
    assert page.context["total"] == "minder dan 10"
    assert row(page, "kind", "Bedreiging") == "minder dan 10"
    assert {share for _name, _numbers, share in page.context["promises"]} == {None}


def test_terms_are_kept_broken_or_run_and_waiting_for_the_reporter_runs(make, first_line):
    now = timezone.now()
    kept, broken, waiting, running, closed = (make(kinds=["verbal"]) for _ in range(5))
    urgency = kept.urgency
    past = now - timedelta(hours=1)
    Case.objects.filter(pk=kept.pk).update(contacted_at=kept.received_at)
    Case.objects.filter(pk=broken.pk).update(contact_due_at=past)
    Case.objects.filter(pk=waiting.pk).update(
        contact_due_at=past, waiting_since=past, waiting_until=now.date()
    )
    put_in(closed, Status.CLOSED)
    lines = {name: numbers for name, *numbers in figures.terms(now.astimezone(figures.AMSTERDAM).year, now)}
    label = {1: "hoog", 2: "midden", 3: "laag"}[urgency]
    assert lines[f"Contact op tijd, urgentie {label}"] == [1, 1, 2]
    assert running.is_open


def test_an_urgent_case_is_seen_in_time_or_not(make):
    now = timezone.now()
    seen, late, unseen = (make(in_danger=True) for _ in range(3))
    Case.objects.filter(pk=seen.pk).update(acknowledged_at=seen.received_at + timedelta(minutes=10))
    Case.objects.filter(pk=late.pk).update(acknowledged_at=late.received_at + timedelta(minutes=11))
    assert unseen.urgency == 1
    (first, *_rest) = figures.terms(now.astimezone(figures.AMSTERDAM).year, now)
    assert first[1:] == (1, 1, 1)


def test_a_year_that_is_not_there_is_this_year(coordinator, sign_in, client):
    sign_in(client, coordinator)
    for asked in ("1066", "x", ""):
        assert client.get(f"{ADDRESS}?jaar={asked}").context["year"] == timezone.localdate().year


def test_the_page_costs_the_same_for_few_and_many(make, coordinator, sign_in, client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sign_in(client, coordinator)
    counts = []
    for number in (10, 1000):
        CountedReport.objects.bulk_create(
            CountedReport(
                submission=f"{number}-{one}", month=timezone.localdate().replace(day=1), kinds=["threat"]
            )
            for one in range(number)
        )
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 20
