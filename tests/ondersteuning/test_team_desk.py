"""The team's own pages at /beheer/: who it is made of, the roster, assigning, withdrawing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ondersteuning.admin.verbs import VERBS
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, DutyShift, Recusal, TeamMember
from weerbaar.accounts.roles import Role

LIST = "/beheer/ondersteuning/case/"
TEAM = "/beheer/ondersteuning/teammember/"
ROSTER = "/beheer/ondersteuning/dutyshift/"


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


# --- withdrawing and assigning ------------------------------------------------------------------------


def test_a_colleague_withdraws_and_is_back_at_the_queue(as_user, make_case, first_line):
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line)
    browser = as_user(first_line)
    page = text(browser.get(f"{LIST}{case.pk}/terugtrekken/"))
    assert "U kunt dit niet terugdraaien." in page
    answer = browser.post(f"{LIST}{case.pk}/terugtrekken/", {"version": case.version, "text": ""})
    assert answer.status_code == 422
    answer = browser.post(
        f"{LIST}{case.pk}/terugtrekken/", {"version": case.version, "text": "Mijn buurman."}
    )
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert Recusal.objects.get().user == first_line
    for path in (f"{LIST}{case.pk}/change/", f"{LIST}{case.pk}/terugtrekken/"):
        assert browser.get(path).status_code == 404
    assert f"{case.pk}/change/" not in text(browser.get(f"{LIST}?status=all&q={case.reference}"))


def test_assigning_shows_who_suits_with_the_reasons(as_user, make_case, coordinator, colleague, first_line):
    TeamMember.objects.create(user=colleague, function="raadslid", province_code="PV29")
    case = make_case(function="raadslid")
    browser = as_user(coordinator)
    page = text(browser.get(f"{LIST}{case.pk}/toewijzen/"))
    assert "Karim Collega: ook raadslid, andere provincie (Zeeland), 0 van 5 zaken" in page
    assert "Femke Eerste: geen gegevens in het teamoverzicht" in page
    url, data = f"{LIST}{case.pk}/toewijzen/", {"version": case.version}
    assert browser.post(url, data | {"to": "other"}).status_code == 422
    assert browser.post(url, data | {"to": "iets"}).status_code == 422
    assert browser.post(url, data | {"to": "other", "other": first_line.pk}).status_code == 302
    case.refresh_from_db()
    assert case.handler == first_line
    data["version"] = case.version
    assert browser.post(url, data | {"to": colleague.pk}).status_code == 302
    case.refresh_from_db()
    assert case.handler == colleague


def test_without_any_suggestion_there_is_just_the_list(as_user, make_case, coordinator, first_line):
    case = make_case()
    page = text(as_user(coordinator).get(f"{LIST}{case.pk}/toewijzen/"))
    assert "Iemand anders" not in page
    assert "<select" in page


def test_handing_over_shows_what_everybody_knows(as_user, make_case, first_line, second_line):
    TeamMember.objects.create(user=second_line, expertises=["legal"])
    case = make_case(status=Status.IN_TRIAGE, handler=first_line)
    url = f"{LIST}{case.pk}/overdragen/"
    browser = as_user(first_line)
    assert "Tess Tweede: Rechtshulp, 0 van 5 zaken" in text(browser.get(url))
    data = {"version": case.version, "to": second_line.pk, "reason": "Advocaat.", "expertise": "family"}
    answer = browser.post(url, data)
    assert answer.status_code == 422
    assert "heeft de gevraagde kennis niet" in text(answer)
    assert browser.post(url, data | {"expertise": "legal"}).status_code == 302
    assert case.handovers.get().to_user == second_line


# --- the team -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.COORDINATOR, 200, 200),
        (Role.EERSTE_LIJN, 200, 403),
        (Role.TWEEDE_LIJN, 200, 403),
        (Role.AUDITOR, 403, 403),
        (Role.NETWERKBEHEER, 403, 403),
        (Role.TECHNISCH_BEHEER, 403, 403),
    ],
)
def test_who_keeps_up_the_team(as_user, make_user, role, reads, writes):
    browser = as_user(make_user(role))
    assert browser.get(TEAM).status_code == reads
    assert browser.get(f"{TEAM}add/").status_code == writes


def test_a_coordinator_adds_a_colleague(as_user, coordinator, first_line):
    browser = as_user(coordinator)
    answer = browser.post(
        f"{TEAM}add/",
        {
            "user": first_line.pk,
            "association": "raadsleden",
            "function": "raadslid",
            "province_code": "PV29",
            "expertises": ["online"],
            "capacity": 4,
        },
    )
    assert answer.status_code == 302
    member = TeamMember.objects.get()
    assert (member.province_code, member.expertises, member.capacity) == ("PV29", ["online"], 4)
    page = text(browser.get(TEAM))
    assert "Zeeland" in page
    assert "Online en digitaal" in page


@pytest.mark.parametrize("size", [1, 50])
def test_the_team_takes_the_same_queries_for_one_and_for_fifty(
    as_user, make_user, coordinator, django_assert_num_queries, size
):
    for _ in range(size):
        TeamMember.objects.create(user=make_user(Role.EERSTE_LIJN))
    browser = as_user(coordinator)
    with django_assert_num_queries(TEAM_QUERIES):
        browser.get(TEAM)


TEAM_QUERIES = 7


# --- the roster ---------------------------------------------------------------------------------------


def plan(first, backup, begins: int, ends: int) -> DutyShift:
    now = timezone.now().replace(second=0, microsecond=0)
    return DutyShift.objects.create(
        starts_at=now + timedelta(hours=begins),
        ends_at=now + timedelta(hours=ends),
        on_duty=first,
        backup=backup,
    )


def test_the_roster_and_the_start_page_show_when_nobody_has_duty(as_user, coordinator, first_line, colleague):
    plan(first_line, colleague, -1, 8)
    browser = as_user(coordinator)
    page = text(browser.get(ROSTER))
    assert page.count("Plan een dienst") == 1
    assert "Deze week heeft niet altijd iemand dienst" in text(browser.get("/beheer/"))
    plan(first_line, colleague, 8, 24 * 15)
    assert "Plan een dienst" not in text(browser.get(ROSTER))
    assert "Deze week heeft niet altijd" not in text(browser.get("/beheer/"))


def test_the_roster_says_who_will_not_be_called(as_user, coordinator, first_line, colleague):
    plan(first_line, colleague, -1, 8)
    TeamMember.objects.create(user=first_line, away_from=timezone.localdate())
    colleague.groups.clear()
    page = text(as_user(coordinator).get(ROSTER))
    assert "Femke Eerste is dan afwezig" in page
    assert "Karim Collega kan geen dienst meer doen" in page


def test_the_link_of_a_gap_fills_in_the_form(as_user, coordinator):
    page = as_user(coordinator).get(
        f"{ROSTER}add/?van=2026-12-01T21:00:00%2B00:00&tot=2026-12-02T06:00:00%2B00:00"
    )
    body = text(page)
    for value in ("2026-12-01", "22:00", "2026-12-02", "07:00"):
        assert f'value="{value}"' in body
    assert as_user(coordinator).get(f"{ROSTER}add/?van=gisteren&tot=2026-99-99T00:00").status_code == 200


def shift_of(first, backup, begins: str, ends: str) -> dict:
    return {
        "starts_at_0": begins[:10],
        "starts_at_1": begins[11:],
        "ends_at_0": ends[:10],
        "ends_at_1": ends[11:],
        "on_duty": first.pk,
        "backup": backup.pk,
    }


def test_planning_refuses_who_is_away_and_who_already_has_duty(as_user, coordinator, first_line, colleague):
    browser = as_user(coordinator)
    night = shift_of(first_line, colleague, "2027-01-04 22:00", "2027-01-05 07:00")
    TeamMember.objects.create(user=colleague, away_from="2027-01-05", away_until="2027-01-09")
    assert "Karim Collega is dan afwezig." in text(browser.post(f"{ROSTER}add/", night))
    TeamMember.objects.update(away_from="2027-01-06")
    assert browser.post(f"{ROSTER}add/", night).status_code == 302
    again = text(browser.post(f"{ROSTER}add/", night))
    assert "Dan heeft Femke Eerste al dienst, van 04-01-2027 22.00 tot 05-01-2027 07.00." in again
    assert "is violated" not in again
    assert DutyShift.objects.count() == 1


@pytest.mark.parametrize("size", [1, 50])
def test_the_roster_takes_the_same_queries_for_one_and_for_fifty(
    as_user, coordinator, first_line, colleague, django_assert_num_queries, size
):
    for number in range(size):
        plan(first_line, colleague, number * 2, number * 2 + 2)
    browser = as_user(coordinator)
    with django_assert_num_queries(ROSTER_QUERIES):
        browser.get(ROSTER)


ROSTER_QUERIES = 11


def test_a_queue_of_an_association_holds_no_other_case(as_user, make_case, first_line):
    case = make_case(function="raadslid")
    TeamMember.objects.create(user=first_line, association="ngb")
    assert case.reference not in text(as_user(first_line).get(LIST))
    assert as_user(first_line).get(f"{LIST}{case.pk}/change/").status_code == 404
    assert as_user(first_line).post(f"{LIST}{case.pk}/nemen/", {"version": 1}).status_code == 302
    assert Case.objects.get().handler is None


def test_no_button_stands_twice():
    slugs = [verb.slug for verb in VERBS]
    assert len(slugs) == len(set(slugs))
