"""Noodtoegang: one case, half an hour, read only, with a reason and a second factor; others hear of it."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connections, transaction
from django.test import Client
from django.utils import timezone

from ondersteuning import actions, tasks
from ondersteuning.admin.verbs import VERBS
from ondersteuning.lifecycle import Status
from ondersteuning.models import BreakGlass, Case
from tests.jobs.conftest import apart
from weerbaar.accounts.models import User
from weerbaar.accounts.proof import FRESH
from weerbaar.accounts.roles import Role
from weerbaar.audit.api import AccessLog, Purpose, Result
from weerbaar.jobs import run_due
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault

LIST = "/beheer/ondersteuning/case/"
REVIEWS = "/beheer/ondersteuning/breakglass/"
STORY = "Er stond een man bij mijn hek."
WHY = "De behandelaar is ziek en de melder belt nu."


@pytest.fixture
def browser(sign_in):
    """browser(user, proved=seconds ago): signed in, with the second factor shown so long ago."""

    def make(user, proved=0) -> Client:
        client = Client()
        session = sign_in(client, user)
        session["account_authentication_methods"] = [
            {"method": method, "at": time.time() - proved} for method in ("password", "mfa")
        ]
        session.save()
        return client

    return make


@pytest.fixture
def auditor(make_user):
    return make_user(Role.AUDITOR, name="Anna Auditor")


@pytest.fixture
def handled(make_case, first_line):
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line)
    actions.add_note(case, text="Een notitie van het team.", by=first_line)
    return case


@pytest.fixture
def glass(handled, coordinator, auditor):
    return actions.break_glass(handled, reason=WHY, by=coordinator)


def take(client, case, reason=WHY):
    version = Case.objects.get(pk=case.pk).version
    return client.post(f"{LIST}{case.pk}/noodtoegang/", {"version": version, "reason": reason})


def reading(case) -> str:
    return f"{LIST}{case.pk}/noodtoegang/lezen/"


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_coordinator_reads_one_case_after_saying_why(browser, coordinator, handled, make_case, auditor):
    client = browser(coordinator)
    assert STORY not in text(client.get(f"{LIST}{handled.pk}/change/"))
    assert client.get(reading(handled)).status_code == 404
    response = take(client, handled)
    assert (response.status_code, response["Location"]) == (302, f"{LIST}{handled.pk}/change/#noodtoegang")
    assert "Zaak lezen" in text(client.get(f"{LIST}{handled.pk}/change/"))
    assert STORY not in text(client.get(f"{LIST}{handled.pk}/change/"))  # only on the page that says so
    page = text(client.get(reading(handled)))
    assert STORY in page
    assert "Een notitie van het team." in page
    other = make_case(access_code=vault.new_access_code())
    assert client.get(reading(other)).status_code == 404


def test_every_look_is_in_the_log_before_anything_is_shown(browser, coordinator, glass, handled):
    text(browser(coordinator).get(reading(handled)))
    row = AccessLog.objects.get(dossier=handled.pk, purpose=Purpose.BREAK_GLASS, result=Result.OPENED)
    assert (row.actor_id, row.role) == (coordinator.pk, "coordinator")
    taken = AccessLog.objects.get(dossier=handled.pk, detail="noodtoegang genomen")
    assert taken.pk < row.pk


def test_no_log_row_no_break_glass(browser, coordinator, glass, handled, monkeypatch):
    from weerbaar.audit.api import AuditUnavailable

    def broken(*args, **kwargs):
        raise AuditUnavailable

    monkeypatch.setattr("weerbaar.vault.dossiers.log", broken)
    client = browser(coordinator)
    client.raise_request_exception = False
    response = client.get(reading(handled))
    assert response.status_code >= 500
    assert STORY not in response.content.decode()


@pytest.mark.parametrize(
    "role",
    [Role.EERSTE_LIJN, Role.TWEEDE_LIJN, Role.AUDITOR, Role.NETWERKBEHEER, Role.TECHNISCH_BEHEER],
)
def test_nobody_but_a_coordinator_breaks_the_glass(browser, make_user, handled, role):
    user = make_user(role)
    with pytest.raises(PermissionDenied):
        actions.break_glass(handled, reason=WHY, by=user)
    client = browser(user)
    assert take(client, handled).status_code == 404
    assert client.get(reading(handled)).status_code == 404
    assert not BreakGlass.objects.exists()


def test_who_handles_the_case_needs_none(handled, first_line, monkeypatch):
    monkeypatch.setattr(first_line, "has_perm", lambda name: True)
    with pytest.raises(ValidationError):
        actions.break_glass(handled, reason=WHY, by=first_line)


def test_what_is_not_for_the_team_cannot_be_broken_open(make_case, griffier, coordinator):
    case = make_case(wish="organisation", contacts=[griffier])
    with pytest.raises(PermissionDenied):
        actions.break_glass(case, reason=WHY, by=coordinator)


def test_the_second_factor_is_shown_again_first(browser, coordinator, handled):
    stale = FRESH.total_seconds() + 5
    client = browser(coordinator, proved=stale)
    response = client.get(f"{LIST}{handled.pk}/noodtoegang/")
    assert response.status_code == 302
    assert response["Location"].startswith("/beheer/account/2fa/reauthenticate/?next=%2Fbeheer%2F")
    late = take(client, handled)
    assert late.status_code == 422
    assert WHY in late.content.decode()  # what was typed is not lost
    assert "/beheer/account/2fa/reauthenticate/" in late.content.decode()
    assert not BreakGlass.objects.exists()
    assert take(browser(coordinator, proved=stale - 60), handled).status_code == 302
    assert BreakGlass.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "   ", "kort", "x" * 501])
def test_a_reason_is_needed(browser, coordinator, handled, reason):
    response = take(browser(coordinator), handled, reason)
    assert response.status_code == 422
    assert not BreakGlass.objects.exists()


def test_after_half_an_hour_it_is_over(browser, coordinator, handled):
    at = timezone.now() - timedelta(minutes=30, seconds=1)
    BreakGlass.objects.create(
        case=handled, user=coordinator, reason=WHY, at=at, ends_at=at + timedelta(minutes=30)
    )
    client = browser(coordinator)
    response = client.get(reading(handled), follow=True)
    assert "Uw noodtoegang tot deze zaak is voorbij." in text(response)
    assert STORY not in text(response)
    assert not AccessLog.objects.filter(dossier=handled.pk, result=Result.OPENED, role="coordinator").exists()


def test_the_page_leaves_the_screen_when_the_time_is_over(browser, coordinator, glass, handled):
    seconds, url = browser(coordinator).get(reading(handled))["Refresh"].split("; url=")
    assert 1790 <= int(seconds) <= 1801
    assert url == f"{LIST}{handled.pk}/change/"


def test_a_colleague_reads_nothing_with_anothers_break_glass(browser, make_user, glass, handled):
    assert browser(make_user(Role.COORDINATOR)).get(reading(handled)).status_code == 404


def test_it_is_read_only(browser, coordinator, glass, handled):
    client = browser(coordinator)
    page = text(client.get(reading(handled)))
    forms = re.findall(r"<form[^>]*>", page)
    assert len(forms) == 1, forms  # to sign out
    assert "logout" in forms[0]
    links = set(re.findall(rf'href="({LIST}{handled.pk}/[^"#]+)"', page))
    assert links == {f"{LIST}{handled.pk}/change/"}
    assert client.post(reading(handled)).status_code == 405


@pytest.mark.parametrize("slug", sorted(verb.slug for verb in VERBS if verb.reads_content))
def test_it_gives_no_right_to_change_anything(browser, coordinator, glass, handled, slug):
    before = Case.objects.values().get(pk=handled.pk)
    data = {"version": before["version"], "text": "Iets", "submission": "x", "outcome": "advice"}
    client = browser(coordinator)
    assert client.post(f"{LIST}{handled.pk}/{slug}/", data).status_code == 404
    assert client.get(f"{LIST}{handled.pk}/{slug}/").status_code == 404
    assert Case.objects.values().get(pk=handled.pk) == before
    assert handled.notes.count() == 1


def test_reading_does_not_mark_the_reporters_messages_as_read(
    browser, coordinator, glass, handled, code, first_line
):
    token = vault.start_visit(handled, code)
    actions.message_from_reporter(handled, text="Bent u er?", submission="m", visit=token)
    assert "Bent u er?" in text(browser(coordinator).get(reading(handled)))
    assert handled.messages.get().read_at is None


def test_the_reporter_sees_that_somebody_looked(client, browser, coordinator, glass, handled, code):
    text(browser(coordinator).get(reading(handled)))
    client.post("/volgen/", {"code": str(code)})
    page = " ".join(text(client.get("/volgen/melding/")).split())
    assert re.search(r"coördinator van het ondersteuningsteam[^<]*(<[^>]*>|\s|,)*inzage bij nood", page)
    assert coordinator.name not in page


# --- who hears of it ------------------------------------------------------------------------------


@pytest.fixture
def mails(settings, tmp_path):
    import email
    from email import policy

    settings.MAIL_DIR, settings.ZONES = str(tmp_path), frozenset()

    def read() -> dict[str, str]:
        sent = [
            email.message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in sorted(tmp_path.glob("*.eml"))
        ]
        return {mail["To"]: mail["Subject"] + mail.get_content() for mail in sent}

    return read


def test_auditor_and_coordinators_hear_at_once_and_nothing_of_the_case(
    mails, make_case, coordinator, auditor, make_user, first_line
):
    other = make_user(Role.COORDINATOR)
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line, contact=actions.Contactable())
    run_due()
    before = set(mails())
    actions.break_glass(case, reason=WHY, by=coordinator)
    due = Job.objects.filter(name="ondersteuning.tell_break_glass", state="waiting")
    assert due.count() == 3
    assert all(row.due_at <= timezone.now() + timedelta(seconds=1) for row in due)  # at the next tick
    run_due()
    sent = mails()
    assert set(sent) - before == {auditor.email, coordinator.email, other.email}
    for words in (sent[auditor.email], sent[other.email]):
        for secret in (WHY, case.reference, coordinator.name, STORY, "Testdam"):
            assert secret not in words


def test_a_mail_is_not_sent_to_who_lost_the_role_in_between(mails, glass, auditor):
    auditor.role_grants.all().delete()
    run_due()
    assert auditor.email not in mails()


def test_a_break_glass_that_nobody_reviewed_is_asked_for_each_day(mails, glass, auditor, coordinator):
    run_due()
    now = timezone.now()
    tasks.remind_of_reviews(now)
    assert not Job.objects.filter(name="ondersteuning.ask_for_review").exists()
    for _ in range(3):
        tasks.remind_of_reviews(now + timedelta(days=1, hours=2))
    assert Job.objects.filter(name="ondersteuning.ask_for_review").count() == 2
    tasks.remind_of_reviews(now + timedelta(days=2, hours=2))
    assert Job.objects.filter(name="ondersteuning.ask_for_review").count() == 4
    run_due()
    assert "wacht op uw beoordeling" in mails()[auditor.email]
    assert "wacht op uw beoordeling" not in mails()[coordinator.email]  # not of one's own


# --- the second person ----------------------------------------------------------------------------


def test_a_second_person_reviews_it_once(browser, auditor, coordinator, glass):
    client = browser(auditor)
    assert "Noodtoegang te beoordelen" in text(client.get("/beheer/"))
    listed = text(client.get(REVIEWS))
    assert "Nog niet beoordeeld" in listed
    page = text(client.get(f"{REVIEWS}{glass.pk}/change/"))
    assert WHY in page
    assert STORY not in page
    assert client.post(f"{REVIEWS}{glass.pk}/change/", {}).status_code == 422
    assert client.post(f"{REVIEWS}{glass.pk}/change/", {"was_right": "no"}).status_code == 302
    glass.refresh_from_db()
    assert (glass.was_right, glass.reviewed_by) == (False, auditor)
    assert "Niet nodig (Anna Auditor)" in text(client.get(REVIEWS))
    again = client.post(f"{REVIEWS}{glass.pk}/change/", {"was_right": "yes"})
    assert again.status_code == 422
    glass.refresh_from_db()
    assert glass.was_right is False
    assert "Noodtoegang te beoordelen" not in text(client.get("/beheer/"))


def test_nobody_reviews_their_own(browser, coordinator, glass):
    client = browser(coordinator)
    assert "Noodtoegang te beoordelen" not in text(client.get("/beheer/"))
    page = text(client.get(f"{REVIEWS}{glass.pk}/change/"))
    assert "Beoordeling vastleggen" not in page
    assert client.post(f"{REVIEWS}{glass.pk}/change/", {"was_right": "yes"}).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.review_break_glass(glass, was_right=True, by=coordinator)
    with pytest.raises(IntegrityError, match="break_glass_reviewed_by_another"), transaction.atomic():
        BreakGlass.objects.filter(pk=glass.pk).update(
            reviewed_by=coordinator, reviewed_at=timezone.now(), was_right=True
        )


@pytest.mark.parametrize("role", [Role.EERSTE_LIJN, Role.TWEEDE_LIJN, Role.TECHNISCH_BEHEER])
def test_others_do_not_know_of_it(browser, make_user, glass, role):
    client = browser(make_user(role))
    assert client.get(REVIEWS).status_code in (403, 404)
    assert client.get(f"{REVIEWS}{glass.pk}/change/").status_code == 404
    assert client.post(f"{REVIEWS}{glass.pk}/change/", {"was_right": "yes"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_takes_the_same_queries_for_one_and_for_twenty(
    browser, auditor, coordinator, make_case, rows, django_assert_num_queries
):
    for _ in range(rows):
        case = make_case(access_code=vault.new_access_code())
        actions.break_glass(case, reason=WHY, by=coordinator)
    client = browser(auditor)
    with django_assert_num_queries(LIST_QUERIES):
        text(client.get(REVIEWS))


LIST_QUERIES = 7


# --- what the database holds ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [{"reason": "anders"}, {"ends_at": timezone.now() + timedelta(hours=2)}, {"at": timezone.now()}],
)
def test_what_was_asked_stands(glass, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        BreakGlass.objects.filter(pk=glass.pk).update(**change)


def test_a_review_stands_too(glass, auditor):
    actions.review_break_glass(glass, was_right=False, by=auditor)
    with pytest.raises(DatabaseError), transaction.atomic():
        BreakGlass.objects.filter(pk=glass.pk).update(was_right=True)


def test_longer_than_half_an_hour_is_no_break_glass(handled, coordinator):
    at = timezone.now()
    with pytest.raises(IntegrityError, match="break_glass_is_short"), transaction.atomic():
        BreakGlass.objects.create(
            case=handled, user=coordinator, reason=WHY, at=at, ends_at=at + timedelta(minutes=31)
        )


def test_pressed_twice_is_one_break_glass(browser, coordinator, handled, auditor):
    client = browser(coordinator)
    take(client, handled)
    take(client, handled)
    assert BreakGlass.objects.count() == 1
    assert actions.break_glass(handled, reason=WHY, by=coordinator) == BreakGlass.objects.get()
    assert Job.objects.filter(name="ondersteuning.tell_break_glass").count() == 2


def test_of_four_at_once_one_is_taken(own_database, make_user, make_case):
    coordinator, case = make_user(Role.COORDINATOR), make_case()

    def press() -> None:
        log = connections["audit"]
        log.settings_dict = log.settings_dict | {"OPTIONS": {}}  # outside the pool, as `apart` does
        try:
            actions.break_glass(case, reason=WHY, by=User.objects.get(pk=coordinator.pk))
        finally:
            log.close()

    threads = [apart(press) for _ in range(4)]
    for thread in threads:
        thread.join()
    assert BreakGlass.objects.count() == 1
