"""Stories: told with consent, gone when it ends, and no name of a teller anywhere outside the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from netwerk.actions import end_consent, move_page
from netwerk.lifecycle import PageStatus
from netwerk.models import Story
from netwerk.tasks.story import end_run_out_consent
from weerbaar.accounts.roles import Role

from .test_pages import filled, text

SECRET = "De brief lag in de bus"
CONSENT = "Toestemming 2026-17"


@pytest.fixture
def editor(make_user):
    return make_user(Role.NETWERKBEHEER)


@pytest.fixture
def desk(editor, sign_in):
    browser = Client()
    sign_in(browser, editor)
    return browser


def draft(**fields) -> Story:
    given = {
        "slug": "brief", "title": "De brief", "summary": "Over een brief.", "body": SECRET,
        "function": "wethouder", "consent_from": CONSENT, "consent_on": timezone.localdate(),
    } | fields  # fmt: skip
    return Story.objects.create(**given)


def told(editor, **fields) -> Story:
    return move_page(draft(**fields), PageStatus.PUBLISHED, by=editor)


@pytest.mark.parametrize(
    "lacks",
    [
        {"consent_from": ""},
        {"consent_on": None},
        {
            "consent_on": timezone.localdate() - timedelta(9),
            "consent_until": timezone.localdate() - timedelta(1),
        },
        {"body": ""},
    ],
)
def test_a_story_is_not_told_without_consent_or_text(editor, client, lacks):
    story = draft(**lacks)
    with pytest.raises(ValidationError):
        move_page(story, PageStatus.PUBLISHED, by=editor)
    assert client.get("/verhalen/brief/").status_code == 404


@pytest.mark.parametrize("lacks", [{"consent_from": ""}, {"consent_on": None}, {"body": ""}])
def test_the_database_refuses_a_story_without_consent_too(lacks):
    story = draft(**lacks)
    with pytest.raises(IntegrityError, match="story_published_with"), transaction.atomic():
        Story.objects.filter(pk=story.pk).update(status="published", published_at=timezone.now())


def test_a_story_is_anonymous_offers_help_and_says_whose_consent_it_has_to_nobody(editor, client):
    told(editor)
    html = text(client.get("/verhalen/brief/"))
    assert "Verteld door een wethouder, anoniem." in html
    assert CONSENT not in html
    for help_ in ('href="/melden/"', 'href="/bel-mij/"'):
        assert help_ in html
    assert "samengesteld" not in html


def test_a_composed_story_says_so(editor, client):
    told(editor, is_composed=True, consent_from="", consent_on=None)
    assert "Dit verhaal is samengesteld" in text(client.get("/verhalen/brief/"))
    assert "samengesteld" in text(client.get("/verhalen/"))


def test_a_story_that_is_taken_back_is_gone_at_once_and_for_good(editor, client):
    story = end_consent(told(editor), by=editor)
    assert SECRET not in text(client.get("/verhalen/brief/"), 410)
    assert SECRET not in text(client.get("/verhalen/"))
    story.refresh_from_db()
    assert (story.title, story.body, story.status) == ("", "", PageStatus.WITHDRAWN)
    assert end_consent(story, by=editor).consent_ended_on == story.consent_ended_on  # twice is once
    with pytest.raises(ValidationError, match="komt niet terug"):
        move_page(story, PageStatus.DRAFT, by=editor)


def test_no_copy_of_a_story_stays_behind_in_the_database(editor):
    end_consent(told(editor), by=editor)
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS line WHERE line::text LIKE %s', [f"%{SECRET}%"]
            )
            assert cursor.fetchone() == (0,), table


def test_the_text_cannot_stay_when_the_consent_ends(editor):
    story = told(editor)
    with pytest.raises(IntegrityError, match="story_"), transaction.atomic():
        Story.objects.filter(pk=story.pk).update(status="withdrawn", consent_ended_on=timezone.localdate())


def test_consent_until_a_day_ends_with_that_day_before_any_beat_and_is_erased_by_the_beat(editor, client):
    today = timezone.localdate()
    story = told(editor, consent_on=today - timedelta(9), consent_until=today)
    assert client.get("/verhalen/brief/").status_code == 200
    Story.objects.filter(pk=story.pk).update(consent_until=today - timedelta(1))
    assert client.get("/verhalen/brief/").status_code == 410
    assert "Over een brief." not in text(client.get("/verhalen/"))
    for _twice in range(2):
        end_run_out_consent(timezone.now())
    story.refresh_from_db()
    assert (story.body, story.status) == ("", PageStatus.WITHDRAWN)


def test_who_may_not_change_stories_does_not_end_consent(editor, make_user):
    with pytest.raises(PermissionDenied):
        end_consent(told(editor), by=make_user(Role.COORDINATOR))


def test_an_editor_ends_the_consent_in_the_form_and_the_story_is_closed_from_then_on(editor, desk, client):
    story = told(editor)
    address = f"/beheer/netwerk/story/{story.pk}/change/"
    form = filled(desk.get(address)) | {"ends_consent": "on", "title": "Nog even anders"}
    assert desk.post(address, form).status_code == 302
    assert client.get("/verhalen/brief/").status_code == 410
    story.refresh_from_db()
    assert story.title == ""
    assert desk.post(address, form).status_code == 403
