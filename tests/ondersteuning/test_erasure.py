"""A reporter asks to be erased: a coordinator decides, and after that nobody can read anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from ondersteuning import actions, tasks
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, ErasureRequest, Signal
from ondersteuning.vocabulary import Wish
from weerbaar.accounts.roles import Role
from weerbaar.audit.api import AccessLog, Purpose
from weerbaar.jobs import run_due
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault
from weerbaar.vault.models import Lockbox

PAGE = "/volgen/melding/"
ERASE = f"{PAGE}wissen/"
STORY = "Er stond een man bij mijn hek."


@pytest.fixture
def case(make_case, first_line):
    return make_case(status=Status.IN_GUIDANCE, handler=first_line)


@pytest.fixture
def visitor(client, case, code):
    client.post("/volgen/", {"code": str(code)})
    return client


@pytest.fixture
def asked(visitor, case):
    visitor.post(ERASE, {"sure": "on"})
    return ErasureRequest.objects.get(case=case)


def text(response, status=200) -> str:
    assert response.status_code == status, response.status_code
    return response.content.decode()


def test_a_reporter_asks_once_and_reads_when_the_answer_comes(visitor, case):
    assert "Terugdraaien kan niet." in text(visitor.get(ERASE))
    text(visitor.post(ERASE, {}), 422)
    for _ in range(2):
        assert visitor.post(ERASE, {"sure": "on"})["Location"] == f"{PAGE}?gedaan=wissen"
    request = ErasureRequest.objects.get(case=case)
    assert request.answer_due_on == timezone.localdate() + timedelta(days=30)
    assert "U krijgt antwoord uiterlijk" in text(visitor.get(ERASE))
    assert case.timeline_events.filter(what="erasure_asked").count() == 1


def test_a_coordinator_grants_it_and_nobody_reads_anything_any_more(
    asked, case, visitor, code, coordinator, first_line, client
):
    actions.answer_erasure(asked, grant=True, by=coordinator)
    assert not Lockbox.objects.filter(dossier=case.pk).exists()
    case.refresh_from_db()
    with pytest.raises(vault.NoKey), vault.open(case, by=first_line, purpose=Purpose.HANDLE):
        pass
    assert not Case.objects.openable_by(first_line).filter(pk=case.pk).exists()
    assert visitor.get(PAGE).status_code == 303  # the visit that was going on is over


def test_the_signal_that_a_case_began_with_is_erased_with_it(first_line, coordinator, organisation, sign_in):
    shared = actions.Shared(kinds=["charm"], text="Steeds een etentje.", organisation=organisation)
    actions.share_signal(shared, submission="x")
    signal = Signal.objects.get()
    case = actions.make_case_of_signal(
        actions.read_signal(signal, by=first_line), kinds=["bribery"], urgency=2, by=first_line
    )
    request = ErasureRequest.objects.create(
        case=case, asked_at=timezone.now(), answer_due_on=timezone.localdate()
    )
    actions.answer_erasure(request, grant=True, by=coordinator)
    signal.refresh_from_db()
    assert signal.organisation is None
    assert not Lockbox.objects.filter(dossier=signal.pk).exists()
    desk = Client()
    sign_in(desk, first_line)
    page = text(desk.get(f"/beheer/ondersteuning/signal/{signal.pk}/change/"))
    assert "Gewist, op verzoek van wie het deelde." in page


def test_what_is_left_says_that_it_was_erased_and_not_whose_it_was(asked, case, coordinator, code, sign_in):
    actions.answer_erasure(asked, grant=True, by=coordinator)
    case.refresh_from_db()
    assert (case.status, case.handler, case.organisation, case.occurred_on, case.owner) == (
        Status.WITHDRAWN, None, None, "", "",
    )  # fmt: skip
    assert case.kinds == ["threat"]  # counted on
    page = text(Client().post("/volgen/", {"code": str(code)}), 410)
    assert "Uw melding is gewist" in page
    desk = Client()
    sign_in(desk, coordinator)
    assert "op verzoek van de melder" in text(desk.get(f"/beheer/ondersteuning/case/{case.pk}/change/"))


def test_the_code_of_another_does_not_learn_of_it(asked, coordinator):
    actions.answer_erasure(asked, grant=True, by=coordinator)
    assert "Deze code kennen wij niet" in text(
        Client().post("/volgen/", {"code": str(vault.new_access_code())}), 422
    )


def test_jobs_that_still_wait_find_nobody_to_tell_and_fail_at_nothing(asked, case, coordinator):
    actions.answer_erasure(asked, grant=True, by=coordinator)
    run_due()
    assert not Job.objects.exclude(last_error="").values_list("name", "last_error")


def test_a_refusal_says_why_to_the_reporter_who_may_ask_again(asked, case, visitor, coordinator):
    with pytest.raises(ValidationError):
        actions.answer_erasure(asked, grant=False, by=coordinator)
    actions.answer_erasure(asked, grant=False, why_not="De aangifte loopt nog.", by=coordinator)
    assert Job.objects.filter(name__endswith="tell_reporter", key__startswith="erasure:").count() == 2
    assert "De aangifte loopt nog." in text(visitor.get(ERASE))
    assert STORY in text(visitor.get(PAGE))
    visitor.post(ERASE, {"sure": "on"})
    asked.refresh_from_db()
    assert (asked.answered_at, asked.is_granted, asked.why_not) == (None, None, None)


def test_it_is_answered_once(asked, coordinator):
    actions.answer_erasure(asked, grant=True, by=coordinator)
    with pytest.raises(ValidationError):
        actions.answer_erasure(asked, grant=False, why_not="Toch niet.", by=coordinator)


@pytest.mark.parametrize("role", [Role.EERSTE_LIJN, Role.TWEEDE_LIJN, Role.AUDITOR, Role.NETWERKBEHEER])
def test_only_a_coordinator_decides(asked, make_user, role, client, sign_in):
    other = make_user(role)
    with pytest.raises(PermissionDenied):
        actions.answer_erasure(asked, grant=True, by=other)
    sign_in(client, other)
    assert client.get("/beheer/ondersteuning/erasurerequest/").status_code in (403, 404)
    assert client.get(f"/beheer/ondersteuning/erasurerequest/{asked.pk}/change/").status_code in (403, 404)


def test_the_coordinator_decides_at_the_desk_without_reading(asked, case, coordinator, sign_in):
    desk = Client()
    sign_in(desk, coordinator)
    assert "Verzoeken om te wissen" in text(desk.get("/beheer/"))
    assert case.reference in text(desk.get("/beheer/ondersteuning/erasurerequest/"))
    path = f"/beheer/ondersteuning/erasurerequest/{asked.pk}/change/"
    assert STORY not in text(desk.get(path))
    assert "Schrijf waarom niet." in text(desk.post(path, {"grant": "no", "why_not": ""}), 422)
    assert desk.post(path, {"grant": "yes", "why_not": ""}).status_code == 302
    case.refresh_from_db()
    assert case.erased_at
    assert "Gewist" in text(desk.get(path))
    assert not AccessLog.objects.filter(dossier=case.pk, result="opened", actor_id=coordinator.pk).exists()


def test_no_glass_is_broken_for_what_was_erased(asked, case, coordinator, sign_in):
    desk, page = Client(), f"/beheer/ondersteuning/case/{case.pk}/change/"
    sign_in(desk, coordinator)
    assert "Noodtoegang nemen" in text(desk.get(page))
    actions.answer_erasure(asked, grant=True, by=coordinator)
    assert "Noodtoegang nemen" not in text(desk.get(page))
    case.refresh_from_db()
    with pytest.raises(ValidationError):
        actions.break_glass(case, reason="spoed", by=coordinator)


def test_what_only_the_organisation_reads_is_erased_by_a_worker_at_once(client, make_case, griffier, code):
    case = make_case(wish="organisation", contacts=[griffier])
    client.post("/volgen/", {"code": str(code)})
    assert "Daarom wissen wij hem meteen." in text(client.get(ERASE))
    client.post(ERASE, {"sure": "on"})
    assert Lockbox.objects.filter(dossier=case.pk).exists()
    run_due()
    assert not Lockbox.objects.filter(dossier=case.pk).exists()
    case.refresh_from_db()
    assert (case.status, bool(case.erased_at)) == (Status.WITHDRAWN, True)
    assert "Uw melding is gewist" in text(Client().post("/volgen/", {"code": str(code)}), 410)


def test_the_worker_erases_no_report_of_the_team_by_itself(asked, case):
    ErasureRequest.objects.filter(pk=asked.pk).update(is_granted=True, answered_at=timezone.now())
    tasks.erase_unread(str(asked.pk))
    assert Lockbox.objects.filter(dossier=case.pk).exists()


def test_a_withdrawn_report_can_be_erased_too(visitor, case, coordinator):
    visitor.post(f"{PAGE}intrekken/", {"sure": "on"})
    visitor.post(ERASE, {"sure": "on"})
    actions.answer_erasure(ErasureRequest.objects.get(), grant=True, by=coordinator)
    assert not Lockbox.objects.filter(dossier=case.pk).exists()


def test_coordinators_hear_it_at_once_and_again_before_the_month_is_over(asked, coordinator, settings):
    settings.ZONES = frozenset()  # as the worker
    assert Job.objects.filter(name__endswith="tell_coordinators").count() == 1
    tasks.remind_of_erasures(timezone.now())
    assert not Job.objects.filter(name__endswith="tell_answer_due").exists()
    for _ in range(2):
        tasks.remind_of_erasures(timezone.now() + timedelta(days=24))
    assert Job.objects.filter(name__endswith="tell_answer_due").count() == 1


def test_a_shared_wish_is_decided_by_the_team(make_case, first_line, griffier, client, code):
    case = make_case(wish=Wish.BOTH, contacts=[griffier], handler=first_line, status=Status.IN_TRIAGE)
    client.post("/volgen/", {"code": str(code)})
    client.post(ERASE, {"sure": "on"})
    run_due()
    assert Lockbox.objects.filter(dossier=case.pk).exists()
    assert ErasureRequest.objects.get().answered_at is None
