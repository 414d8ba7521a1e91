"""Code kwijt: after a check by phone a temporary code, exchanged at /volgen/ for a new one, once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from ondersteuning import actions
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case
from ondersteuning.views import visits
from tests.ondersteuning.test_writing import unsafe_now
from weerbaar.audit.api import AccessLog, Purpose, Result
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault
from weerbaar.vault.api import Compartment
from weerbaar.vault.models import Lockbox

PAGE = "/volgen/melding/"
CHECK = "Teruggebeld op het nummer in de zaak; noemde het kenteken."
STORY = "Er stond een man bij mijn hek."


@pytest.fixture
def case(make_case, first_line):
    return make_case(status=Status.IN_GUIDANCE, handler=first_line)


def given(case, by) -> vault.TemporaryCode:
    return actions.give_temporary_code(
        case, checked=CHECK, by=by, version=Case.objects.get(pk=case.pk).version
    )


@pytest.fixture
def temporary(case, first_line):
    return given(case, first_line)


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the page with the new code."""
    form = page.split("volgen/nieuwe-code/")[1]
    return dict(re.findall(r'type="hidden" name="(code|seed|text|to)" value="([^"]*)"', form))


def shown(client, temporary, **words) -> tuple[str, dict[str, str]]:
    """The new code that /volgen/ shows for a temporary one, and what its form sends."""
    answer = client.post("/volgen/", {"code": str(temporary), **words})
    assert answer.status_code == 200, answer.status_code
    page = answer.content.decode()
    return re.search(r'class="code">([^<]+)<', page)[1], fields(page)


def opens(code) -> bool:
    return Client().post("/volgen/", {"code": str(code)}).headers.get("Location") == PAGE


def test_who_lost_the_code_gets_a_new_one_and_the_lost_one_dies(client, case, code, temporary):
    assert opens(code)  # until it is exchanged, so that whoever is impersonated can see it
    new, form = shown(client, temporary)
    assert not opens(new)  # not before it was written down
    assert client.post("/volgen/nieuwe-code/", form)["Location"] == f"{PAGE}?gedaan=code"
    page = client.get(f"{PAGE}?gedaan=code").content.decode()
    assert STORY in page
    assert "Uw nieuwe toegangscode werkt." in page
    assert opens(new)
    assert not opens(code)


def test_every_visit_with_the_lost_code_ends_at_the_exchange(client, case, code, temporary):
    finder = Client()
    finder.post("/volgen/", {"code": str(code)})
    assert finder.get(PAGE).status_code == 200
    client.post("/volgen/nieuwe-code/", shown(client, temporary)[1])
    assert finder.get(PAGE).status_code == 303


def test_a_temporary_code_works_once(client, case, temporary):
    client.post("/volgen/nieuwe-code/", shown(client, temporary)[1])
    answer = Client().post("/volgen/", {"code": str(temporary)})
    assert answer.status_code == 422
    assert "Die werkt één keer" in answer.content.decode()


def test_of_two_that_saw_a_new_code_the_second_holds_nothing(client, case, temporary):
    eavesdropper = Client()
    theirs, form = shown(eavesdropper, temporary)
    mine, own = shown(client, temporary)
    assert mine != theirs
    client.post("/volgen/nieuwe-code/", own)
    answer = eavesdropper.post("/volgen/nieuwe-code/", form)
    assert answer.status_code == 422
    assert "al gebruikt" in answer.content.decode()
    assert opens(mine)
    assert not opens(theirs)


def test_an_exchange_that_is_sent_twice_is_done_once(client, case, temporary):
    new, form = shown(client, temporary)
    for _ in range(2):
        assert client.post("/volgen/nieuwe-code/", form).status_code == 303
    assert opens(new)
    assert case.timeline_events.filter(what="code_renewed").count() == 1


def test_after_a_day_a_temporary_code_opens_nothing(client, case, code, temporary):
    _new, form = shown(client, temporary)
    ends = Lockbox.objects.filter(reader=temporary.reader).values_list("expires_at", flat=True).first()
    assert timedelta(hours=23, minutes=59) < ends - timezone.now() <= timedelta(hours=24)
    Lockbox.objects.filter(reader=temporary.reader).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.post("/volgen/", {"code": str(temporary)}).status_code == 422
    assert client.post("/volgen/nieuwe-code/", form).status_code == 422
    assert opens(code)  # nothing changed


def test_a_second_temporary_code_replaces_the_first(client, case, first_line, temporary):
    second = given(case, first_line)
    assert client.post("/volgen/", {"code": str(temporary)}).status_code == 422
    shown(client, second)


def test_wrong_temporary_codes_are_counted_as_any_wrong_code(client, case, temporary, monkeypatch):
    monkeypatch.setattr(visits, "WRONG_A_MINUTE", 2)
    wrong = {"code": str(vault.new_access_code()), "seed": "a" * 43}
    statuses = [client.post("/volgen/nieuwe-code/", wrong).status_code for _ in range(4)]
    assert statuses == [422, 422, 429, 429]
    client.post("/volgen/nieuwe-code/", shown(client, temporary)[1])  # the right one goes on working
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize("seed", ["", "kort", "é" * 43])
def test_only_a_seed_of_ours_makes_a_code(client, case, temporary, seed):
    answer = client.post("/volgen/nieuwe-code/", {"code": str(temporary), "seed": seed})
    assert answer["Location"] == "/volgen/"
    shown(client, temporary)


def test_a_temporary_code_reads_nothing_by_itself(case, temporary, client):
    page = client.post("/volgen/", {"code": str(temporary)}).content.decode()
    assert STORY not in page
    assert case.reference not in page
    assert visits.COOKIE not in client.cookies


def test_what_was_typed_when_the_visit_was_over_survives_the_exchange(client, case, temporary):
    _new, form = shown(client, temporary, text="Hij was er weer.", to="team")
    answer = client.post("/volgen/nieuwe-code/", form)
    assert "Hij was er weer.</textarea>" in answer.content.decode()
    assert not case.messages.exists()


def test_giving_and_exchanging_leave_rows_in_the_log_and_lines_in_the_timeline(
    client, case, first_line, temporary
):
    client.post("/volgen/nieuwe-code/", shown(client, temporary)[1])
    rows = AccessLog.objects.filter(dossier=case.pk, result=Result.DONE).order_by("id")
    assert [(row.role, row.actor_id, row.purpose, row.detail) for row in rows] == [
        ("eerste_lijn", first_line.pk, Purpose.HANDLE, "tijdelijke code"),
        ("melder", None, Purpose.FOLLOW, "nieuwe toegangscode"),
    ]
    assert [event.what for event in case.timeline_events.all()] == ["code_given", "code_renewed"]
    page = client.get(PAGE).content.decode()
    assert "Was u dat niet? Bel ons meteen." in page
    assert "U kreeg een nieuwe toegangscode." in page
    assert first_line.name not in page
    told = [job.name.rpartition(".")[2] for job in Job.objects.filter(key__contains="code:")]
    assert sorted(told) == ["tell_handler", "tell_reporter", "tell_reporter"]


def test_how_the_caller_was_recognised_is_a_note_for_the_team_alone(client, case, first_line, temporary):
    with vault.open(case, by=first_line, purpose=Purpose.HANDLE) as content:
        (note,) = case.notes.all()
        assert CHECK in content.of(note).text
    client.post("/volgen/nieuwe-code/", shown(client, temporary)[1])
    assert "kenteken" not in client.get(PAGE).content.decode()


def test_only_who_handles_the_case_gives_a_code(case, colleague, first_line, coordinator):
    for stranger in (colleague, coordinator):
        with pytest.raises(PermissionDenied):
            given(case, stranger)
    assert not Lockbox.objects.filter(reader__startswith="temporary:").exists()
    assert not AccessLog.objects.filter(detail="tijdelijke code").exists()
    with pytest.raises(ValidationError):  # a double click gives one code
        actions.give_temporary_code(case, checked=CHECK, by=first_line, version=case.version - 1)


# --- at the desk ------------------------------------------------------------------------------------


@pytest.fixture
def desk(sign_in, first_line):
    browser = Client()
    sign_in(browser, first_line)
    return browser


def test_the_handler_sees_the_code_once(desk, client, case):
    verb = f"/beheer/ondersteuning/case/{case.pk}/tijdelijke-code/"
    assert "Bel zelf terug" in desk.get(verb).content.decode()
    version = Case.objects.get(pk=case.pk).version
    assert desk.post(verb, {"version": version, "text": ""}).status_code == 422
    answer = desk.post(verb, {"version": version, "text": CHECK})
    (code,) = re.findall(r'class="eenmalig">([^<]+)<', answer.content.decode())
    shown(client, code)
    page = desk.get(f"/beheer/ondersteuning/case/{case.pk}/change/").content.decode()
    assert code not in page
    assert "Tijdelijke code gegeven, na controle per telefoon" in page
    again = desk.post(verb, {"version": version, "text": CHECK})  # the page sent anew makes no second one
    assert again.status_code == 422
    shown(client, code)


def test_who_calls_back_for_a_code_sees_how_to_do_so_safely(desk, make_case, first_line):
    contact = actions.Contactable(phone="+31612345678", moment=unsafe_now(), remark="Mijn man leest mee.")
    other = vault.new_access_code()
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line, contact=contact, access_code=other)
    verb = f"/beheer/ondersteuning/case/{case.pk}/tijdelijke-code/"
    for answer in (desk.get(verb), desk.post(verb, {"version": case.version, "text": ""})):
        page = answer.content.decode()
        for words in ("06 12 34 56 78", "Bel nu niet", "Spreek geen voicemail in.", "Mijn man leest mee."):
            assert words in page


# --- shared with the own organisation ---------------------------------------------------------------


def test_the_team_gives_no_key_of_what_is_between_reporter_and_organisation(
    client, make_case, first_line, griffier, code, sign_in
):
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line, wish="both", contacts=[griffier])
    part = case.organisation_report
    actions.react_to_report(part, text="Wij doen aangifte.", submission="a", by=griffier.user)
    temporary = given(case, first_line)
    held = Lockbox.objects.filter(reader=temporary.reader).values_list("compartment", flat=True)
    assert set(held) == {Compartment.SHARED, Compartment.ADDRESS}
    client.post("/volgen/nieuwe-code/", shown(client, temporary)[1])
    page = client.get(PAGE).content.decode()
    assert STORY in page
    assert "Wij doen aangifte." not in page
    assert "Met uw nieuwe code kunt u deze berichten niet meer lezen of sturen." in page
    assert 'value="organisation"' not in page

    town_hall = Client()
    sign_in(town_hall, griffier.user)
    address = f"/mijn/organisatie/{part.pk}/"
    page = town_hall.get(address).content.decode()
    assert "De melder kan berichten hier niet meer lezen." in page
    assert 'name="send"' not in page
    sent = {"text": "Bent u er nog?", "submission": "b" * 32, "send": "1"}
    assert town_hall.post(address, sent).status_code == 422
    assert part.messages.count() == 1


def test_a_report_to_the_organisation_alone_is_out_of_reach_and_the_door_says_so(
    client, make_case, griffier, first_line
):
    case = make_case(wish="organisation", contacts=[griffier])
    with pytest.raises(PermissionDenied):
        given(case, first_line)
    assert "Stuurde u uw melding alleen naar uw organisatie?" in client.get("/volgen/").content.decode()
