"""The agenda: who sees which meeting, where it is for who comes, a calendar that tells nothing, decisions."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from netwerk import actions, partners
from netwerk import gatherings as demo
from netwerk.lifecycle import GatheringStatus
from netwerk.models import (
    AgendaItem,
    Decision,
    Item,
    Meeting,
    MeetingDocument,
    Partner,
    PartnerMember,
    Theme,
    Training,
)
from netwerk.moments import moment, period
from weerbaar.accounts.roles import Role
from weerbaar.jobs.models import Job

from .gatherings import AMSTERDAM, make_edition, make_meeting


@pytest.fixture
def member(make_user, as_user):
    user = make_user(Role.AMBTSDRAGER)
    return user, as_user(user)


@pytest.fixture
def officer(make_user, as_user):
    user = make_user(Role.PARTNER)
    partner = Partner.objects.create(slug="p", name="Partner", kind="security")
    PartnerMember.objects.create(partner=partner, user=user)
    return user, as_user(user)


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


@pytest.mark.parametrize(
    ("access", "public", "account", "partner"),
    [("public", 200, 200, 200), ("network", 404, 200, 200), ("partners", 404, 404, 200)],
)
def test_who_sees_a_meeting(client, member, officer, access, public, account, partner):
    meeting = make_meeting(access=access, title="Over weerbaarheid")
    own = f"/mijn/agenda/{meeting.slug}/"
    assert client.get(f"/agenda/{meeting.slug}/").status_code == public
    assert member[1].get(own).status_code == account
    assert officer[1].get(own).status_code == partner
    for browser, path, seen in [
        (client, "/agenda/", public),
        (member[1], "/mijn/agenda/", account),
        (officer[1], "/mijn/agenda/", partner),
    ]:
        assert ("Over weerbaarheid" in text(browser.get(path))) == (seen == 200)
    assert member[1].post(own, {"sign_up": "1"}).status_code == (302 if account == 200 else 404)


def test_who_no_longer_speaks_for_a_partner_sees_the_partners_meeting_no_more(officer):
    user, browser = officer
    meeting = make_meeting(access="partners")
    PartnerMember.objects.filter(user=user).update(
        valid_from=timezone.localdate() - timedelta(days=9), valid_until=timezone.localdate()
    )
    assert browser.get(f"/mijn/agenda/{meeting.slug}/").status_code == 404


def test_a_draft_is_there_for_nobody_outside(client, officer):
    meeting = make_meeting(access="public", status="draft")
    assert client.get(f"/agenda/{meeting.slug}/").status_code == 404
    assert officer[1].get(f"/mijn/agenda/{meeting.slug}/").status_code == 404


def test_where_it_is_only_who_has_a_place_can_read(client, member):
    meeting = make_meeting(access="public", capacity=1)
    _user, browser = member
    own = f"/mijn/agenda/{meeting.slug}/"
    ics = own + "afspraak.ics"
    for page in (text(client.get(f"/agenda/{meeting.slug}/")), text(browser.get(own))):
        assert "Geheime Laan" not in page
        assert "vergader.invalid" not in page
    assert browser.get(ics).status_code == 404
    text(browser.post(own, {"sign_up": "1"}, follow=True))
    page = text(browser.get(own))
    assert "Geheime Laan 1" in page
    assert "https://vergader.invalid/geheim" in page
    assert browser.get(ics).status_code == 200
    text(browser.post(own, {"cancel": "1"}, follow=True))
    assert "Geheime Laan" not in text(browser.get(own))
    assert browser.get(ics).status_code == 404


def test_who_waits_reads_no_address_and_sees_the_place_in_line(make_user, as_user):
    meeting = make_meeting(capacity=1)
    own = f"/mijn/agenda/{meeting.slug}/"
    browsers = [as_user(make_user(Role.AMBTSDRAGER)) for _ in range(3)]
    pages = [text(browser.post(own, {"sign_up": "1"}, follow=True)) for browser in browsers]
    assert "U bent ingeschreven." in pages[0]
    assert "op plaats 1" in pages[1]
    assert "op plaats 2" in pages[2]
    assert "Geheime Laan" not in pages[1]
    text(browsers[0].post(own, {"cancel": "1"}, follow=True))
    assert "Er is een plek voor u" in text(browsers[1].get(own))
    assert "U bent ingeschreven" in text(browsers[1].post(own, {"accept": "1"}, follow=True))
    assert "niet meer voor u vastgehouden" in text(browsers[2].post(own, {"accept": "1"}, follow=True))


@pytest.mark.parametrize(
    ("begin", "utc"),
    [
        ("2026-10-25T00:30+00:00", "20261025T003000Z"),  # 02.30, summer time
        ("2026-10-25T01:30+00:00", "20261025T013000Z"),  # 02.30 again, winter time
        ("2027-03-28T01:30+00:00", "20270328T013000Z"),  # 03.30: 02.30 is not there
    ],
)
def test_the_calendar_file_says_when_and_nothing_else(member, begin, utc):
    user, browser = member
    begins_at = datetime.fromisoformat(begin)
    meeting = make_meeting(begins_at=begins_at)
    meeting.signups.create(user=user, status="placed")
    answer = browser.get(f"/mijn/agenda/{meeting.slug}/afspraak.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    raw = text(answer)
    assert f"DTSTART:{utc}" in raw
    [event] = Calendar.from_ical(raw).walk("VEVENT")
    assert str(event["summary"]) == "Afspraak"
    assert str(event["class"]) == "PRIVATE"
    assert event.start == begins_at
    assert {"LOCATION", "DESCRIPTION", "URL", "ATTENDEE", "ORGANIZER"} & set(event) == set()
    for word in ("Netwerkdag", meeting.slug, "Geheime", "Utrecht", user.email, "weerbaar"):
        assert word.lower() not in raw.lower()


def test_the_hour_that_comes_twice_says_which():
    first, second = (datetime.fromisoformat(f"2026-10-25T0{hour}:30+00:00") for hour in (0, 1))
    assert moment(first) == "zondag 25 oktober 2026, 02.30 (zomertijd) uur"
    assert moment(second) == "zondag 25 oktober 2026, 02.30 (wintertijd) uur"
    assert period(first, second) == "zondag 25 oktober 2026, 02.30 (zomertijd) tot 02.30 (wintertijd) uur"
    gap = datetime(2027, 3, 28, 1, 30, tzinfo=AMSTERDAM), datetime(2027, 3, 28, 3, 30, tzinfo=AMSTERDAM)
    assert period(*gap) == "zondag 28 maart 2027, 01.30 tot 03.30 uur"


@pytest.mark.parametrize(
    ("day", "is_good"), [("2026-10-25", False), ("2027-03-28", False), ("2026-10-26", True)]
)
def test_the_desk_takes_no_moment_that_is_twice_or_never(make_user, as_user, day, is_good):
    browser = as_user(make_user(Role.NETWERKBEHEER))
    sent = {
        "title": "Nacht", "slug": "nacht", "kind": "network", "access": "public", "summary": "S", "town": "U",
        "begins_at_0": day, "begins_at_1": "02:30", "ends_at_0": day, "ends_at_1": "05:00", "capacity": "3",
        "sign_up_until_0": day, "sign_up_until_1": "01:00",
    }  # fmt: skip
    for prefix in ("agenda", "documents", "decisions"):
        sent |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    answer = browser.post("/beheer/netwerk/meeting/add/", sent)
    assert (answer.status_code == 302) == is_good, answer.content.decode()[-3000:]
    assert Meeting.objects.exists() == is_good


def test_decisions_show_after_the_meeting_once_they_are_read_through(client):
    past = make_meeting(access="public", begins_at=timezone.now() - timedelta(days=3))
    Decision.objects.create(meeting=past, text="Wij maken een lijst.", owner="het bureau")
    path = f"/agenda/{past.slug}/"
    assert "Wij maken een lijst." not in text(client.get(path))
    Meeting.objects.update(decisions_are_published=True)
    assert "Wij maken een lijst." in text(client.get(path))
    now = timezone.now()
    Meeting.objects.update(begins_at=now, ends_at=now + timedelta(hours=1), sign_up_until=now)
    assert "Wij maken een lijst." not in text(client.get(path))


def test_papers_of_a_meeting_show_to_who_may_see_them(member):
    meeting = make_meeting()
    now = timezone.now()
    for slug, access in (("open", "public"), ("team", "team")):
        item = Item.objects.create(
            slug=slug, title=f"Stuk {slug}", summary="S", kind="guide", record_access=access,
            file_access=access, status="published", published_at=now,
        )  # fmt: skip
        MeetingDocument.objects.create(meeting=meeting, item=item)
    page = text(member[1].get(f"/mijn/agenda/{meeting.slug}/"))
    assert "Stuk open" in page
    assert "Stuk team" not in page


def test_a_meeting_ends_after_it_begins():
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_meeting(begins_at=now, ends_at=now)


@pytest.fixture
def desk(make_user, as_user):
    return as_user(make_user(Role.NETWERKBEHEER))


def form_of(desk, path) -> dict:
    """What the page of the desk would send, were nothing changed."""
    admin_form = desk.get(path).context["adminform"].form
    formsets = [one.formset for one in desk.get(path).context["inline_admin_formsets"]]
    sent = {}
    for form in [admin_form, *(f for each in formsets for f in [each.management_form, *each.forms])]:
        for bound in form:
            value = bound.value()
            if hasattr(bound.field.widget, "decompress"):
                for n, part in enumerate(bound.field.widget.decompress(value)):
                    sent[f"{bound.html_name}_{n}"] = "" if part is None else str(part)[: 10 if n == 0 else 5]
            elif value is not None and value is not False:
                sent[bound.html_name] = value
    return sent


def test_the_desk_publishes_moves_and_cancels_a_meeting_and_tells_who_comes(desk, make_user):
    meeting = make_meeting(
        status="draft", begins_at=timezone.now().replace(second=0, microsecond=0) + timedelta(9)
    )
    path = f"/beheer/netwerk/meeting/{meeting.pk}/change/"
    answer = desk.post(path, form_of(desk, path) | {"move_to": "published"})
    assert answer.status_code == 302, [answer.context["errors"], form_of(desk, path)]
    meeting.refresh_from_db()
    assert meeting.status == "published"
    meeting.signups.create(user=make_user(Role.AMBTSDRAGER), status="placed")
    told = Job.objects.filter(name="netwerk.signup.tell_of_change")

    assert desk.post(path, form_of(desk, path) | {"title": "Anders"}).status_code == 302
    assert told.count() == 0
    assert desk.post(path, form_of(desk, path) | {"town": "Ede"}).status_code == 302
    assert told.count() == 1
    page = desk.post(path, form_of(desk, path) | {"capacity": "0"})
    assert "Er zijn al 1 plaatsen vergeven" in text(page)
    assert desk.post(path, form_of(desk, path) | {"move_to": "cancelled"}).status_code == 302
    assert told.count() == 2
    meeting.refresh_from_db()
    assert (meeting.status, meeting.town, meeting.title) == ("cancelled", "Ede", "Anders")


def test_who_signed_up_is_shown_by_name_and_function_to_the_office_alone(desk, make_user, as_user):
    user = make_user(Role.AMBTSDRAGER, name="Mila de Boer")
    make_meeting().signups.create(user=user, status="placed")
    page = text(desk.get("/beheer/netwerk/signup/"))
    assert "Mila de Boer" in page
    assert user.email not in page
    for role in (Role.EERSTE_LIJN, Role.COORDINATOR, Role.AUDITOR, Role.TECHNISCH_BEHEER):
        assert as_user(make_user(role)).get("/beheer/netwerk/signup/").status_code == 403


PAGES = {
    "/agenda/": 2,
    "/trainingen/": 4,
    "/themas/": 1,
    "/mijn/agenda/": 7,
    "/mijn/trainingen/": 6,
}


def test_every_list_costs_the_same_at_three_and_at_thirty_rows(member):
    user, browser = member

    def grow(number: int) -> None:
        for n in range(number):
            meeting = make_meeting(access="public")
            AgendaItem.objects.create(meeting=meeting, title="Opening")
            meeting.signups.create(user=user, status="placed")
            make_meeting(access="public", begins_at=timezone.now() - timedelta(days=n + 1))
            make_edition()
            make_edition(sessions=2).signups.create(user=user, status="placed")
            past = make_edition(begins_at=timezone.now() - timedelta(days=n + 3))
            past.signups.create(user=user, status="placed")

    def costs() -> dict[str, int]:
        found = {}
        for path in PAGES:
            browser.get(path)
            with CaptureQueriesContext(connection) as queries:
                text(browser.get(path))
            found[path] = len(queries)
        return found

    grow(3)
    few = costs()
    grow(27)
    assert costs() == few == PAGES


def test_the_demo_can_be_loaded_again_and_again_and_gets_new_dates(make_user):
    for role in ("ambtsdrager", "organisatiecontact", "partner"):
        make_user(role, email=f"{role}@demo.invalid")
    partners.load()
    today = timezone.localdate()
    demo.load(today)
    counts = [model.objects.count() for model in (Meeting, Training, Theme)]
    assert all(count >= 6 for count in counts)
    demo.load(today)
    assert [model.objects.count() for model in (Meeting, Training, Theme)] == counts
    assert Meeting.objects.past().filter(decisions_are_published=True).exists()
    for model in (Meeting, Training, Theme):
        for row in model.objects.all():
            row.full_clean()


def test_what_nobody_saw_is_not_called_off_in_public(client):
    meeting = make_meeting(access="public", status="draft")
    with pytest.raises(ValidationError):
        actions.move_gathering(meeting, GatheringStatus.CANCELLED)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(meeting).objects.filter(pk=meeting.pk).update(status=GatheringStatus.CANCELLED)
    assert meeting.title not in text(client.get("/agenda/"))
