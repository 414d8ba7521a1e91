"""Meetings, trainings and themes with a database role for each zone, as in production."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from netwerk.models import (
    AgendaItem,
    Decision,
    Evaluation,
    Meeting,
    Partner,
    PartnerMember,
    Signup,
    Theme,
    ThemeRound,
    TrainingEdition,
)
from tests.audit.test_zones import act_as, cast, ok  # noqa: F401 - fixtures
from weerbaar.accounts.roles import Role
from weerbaar.jobs import run_due
from weerbaar.jobs.models import Job

from .gatherings import make_edition, make_meeting


@pytest.fixture
def stage(cast, make_user):  # noqa: F811 - the fixture above
    """An open and a closed meeting, a training with one place, a theme to vote about; and two members."""
    now = timezone.now()
    past = make_meeting(access="public", begins_at=now - timedelta(days=2), decisions_are_published=True)
    closed = make_meeting(access="network", capacity=1)
    for meeting in (past, closed):
        AgendaItem.objects.create(meeting=meeting, title="Opening")
        Decision.objects.create(meeting=meeting, text="Besluit")
    year = ThemeRound.objects.create(
        year=2027, proposals_until=now - timedelta(days=1), votes_until=now + timedelta(days=1)
    )
    Theme.objects.create(round=year, slug="nog-niet", title="Nog niet", summary="S", reasons="R")
    users = [make_user(Role.PARTNER) for _ in range(2)]
    partner = Partner.objects.create(slug="p", name="P", kind="security")
    PartnerMember.objects.create(partner=partner, user=users[0])
    followed = make_edition(begins_at=now - timedelta(days=3))
    followed.signups.create(user=users[0], status="placed")
    return {"past": past, "closed": closed, "users": users, "followed": followed, "coming": make_edition()}


def refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except ProgrammingError as error:
        return "permission denied" in str(error)
    return False


def test_the_public_role_reads_what_is_open_and_never_where(client, stage, act_as):  # noqa: F811
    act_as("publiek")
    for path in ("/agenda/", f"/agenda/{stage['past'].slug}/", "/trainingen/", "/themas/"):
        ok(client.get(path))
    ok(client.get(f"/trainingen/{stage['coming'].training.slug}/"))
    assert "Besluit" in ok(client.get(f"/agenda/{stage['past'].slug}/"))
    assert list(Meeting.objects.values_list("pk", flat=True)) == [stage["past"].pk]
    assert AgendaItem.objects.count() == Decision.objects.count() == 1
    assert not Theme.objects.exists()
    for sql in (
        "SELECT place FROM netwerk_meeting",
        "SELECT online_link FROM netwerk_trainingsession",
        "SELECT 1 FROM netwerk_signup",
        "SELECT 1 FROM netwerk_attendance",
        "SELECT 1 FROM netwerk_evaluation",
        "SELECT 1 FROM netwerk_themevote",
        "UPDATE netwerk_training SET title = ''",
    ):
        assert refused(sql), sql


def test_the_role_of_accounts_signs_up_votes_and_says_what_it_was_like(
    client,
    stage,
    act_as,  # noqa: F811
    sign_in,
):
    act_as("mijn")
    browsers = [client.__class__() for _ in range(2)]
    for browser, user in zip(browsers, stage["users"], strict=True):
        sign_in(browser, user)
    meeting = f"/mijn/agenda/{stage['closed'].slug}/"
    for browser in browsers:
        ok(browser.post(meeting, {"sign_up": "1"}), 302)
        ok(browser.get(meeting))
    ok(browsers[0].post(meeting, {"cancel": "1"}), 302)
    ok(browsers[1].post(meeting, {"accept": "1"}), 302)
    assert sorted(Signup.objects.filter(meeting=stage["closed"]).values_list("status", flat=True)) == [
        "cancelled", "placed",
    ]  # fmt: skip
    for path in (
        "/mijn/agenda/",
        "/mijn/trainingen/",
        f"/mijn/trainingen/{stage['coming'].pk}/",
        "/mijn/themas/",
    ):
        ok(browsers[0].get(path))
    scores = {"useful": "4", "trainer": "4", "prepared": "4"}
    ok(browsers[0].post(f"/mijn/trainingen/{stage['followed'].pk}/oordeel/", scores), 302)
    ok(browsers[0].post("/mijn/themas/p/nog-niet/", {"vote": "1"}), 302)
    for sql in (
        "SELECT 1 FROM netwerk_evaluation",
        "DELETE FROM netwerk_signup",
        "UPDATE netwerk_meeting SET capacity = 1000",
        "UPDATE netwerk_trainingedition SET capacity = 1000",
        "UPDATE netwerk_theme SET body = ''",
        "UPDATE netwerk_themeround SET votes_each = 10",
        "INSERT INTO netwerk_attendance (session_id, signup_id) VALUES (1, 1)",
    ):
        assert refused(sql), sql
    act_as("worker")
    run_due()
    assert not Job.objects.exclude(last_error="").values_list("name", "last_error")
    assert Evaluation.objects.count() == 1
    assert Theme.objects.get().given.count() == 1
    assert TrainingEdition.objects.count() == 2
