"""/volgen/: with the access code a reporter sees where it stands, writes, answers and decides."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ondersteuning import actions
from ondersteuning.lifecycle import Status
from ondersteuning.models import Handover, Message
from ondersteuning.views import visits
from weerbaar.audit.api import AccessLog
from weerbaar.vault import api as vault
from weerbaar.vault.models import Lockbox

PAGE = "/volgen/melding/"


@pytest.fixture
def case(make_case, first_line):
    return make_case(status=Status.IN_TRIAGE, handler=first_line)


@pytest.fixture
def visitor(client, case, code):
    enter(client, code)
    return client


def enter(client, code):
    response = client.post("/volgen/", {"code": str(code)})
    assert (response.status_code, response["Location"]) == (303, PAGE)
    return response


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def submission(page: str, to: str = "team") -> str:
    """The hidden field that makes a replayed message one message."""
    form = page.split("<form")[1:]
    mine = next(
        part for part in form if f'name="to" id="id_to" value="{to}"' in part or f'value="{to}"' in part
    )
    return re.search(r'name="submission"[^>]* value="([^"]+)"', mine)[1]


def message(client, words="Kunt u mij bellen?", to="team"):
    key = submission(text(client.get(PAGE)), to)
    return client.post(f"{PAGE}bericht/", {"text": words, "to": to, "submission": key})


# --- the door ---------------------------------------------------------------------------------------


def test_the_code_opens_the_own_report(visitor, case):
    page = text(visitor.get(PAGE))
    assert case.reference in page
    assert "Iemand van het team heeft uw melding aangenomen" in page
    assert "Er stond een man bij mijn hek." in page


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_the_code_is_understood_however_it_is_typed(client, case, code, change):
    enter(client, change(str(code)))


def test_the_cookie_holds_a_token_and_not_the_code(client, case, code):
    cookie = enter(client, code).cookies[visits.COOKIE]
    assert code.digits not in cookie.value.upper()
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", 1800)


def test_a_wrong_code_is_refused_and_leaves_a_row_in_the_log(client, case):
    wrong = str(vault.new_access_code())
    response = client.post("/volgen/", {"code": wrong})
    assert response.status_code == 422
    assert "Deze code kennen wij niet" in response.content.decode()
    assert wrong in response.content.decode()  # what was typed stays
    assert visits.COOKIE not in response.cookies
    row = AccessLog.objects.get()
    assert (row.role, row.result, row.dossier) == ("melder", "refused", None)


def test_a_wrong_code_costs_one_question_to_the_vault_like_a_right_one(client, case, code):
    with CaptureQueriesContext(connection) as wrong:
        client.post("/volgen/", {"code": str(vault.new_access_code())})
    with CaptureQueriesContext(connection) as right:
        client.post("/volgen/", {"code": str(code)})
    asked = [
        [one["sql"] for one in queries if 'FROM "ondersteuning_case"' in one["sql"]]
        for queries in (wrong, right)
    ]
    assert len(asked[0]) == len(asked[1]) == 1


def test_a_flood_of_wrong_codes_never_locks_out_the_reporter(client, case, code, monkeypatch):
    monkeypatch.setattr(visits, "WRONG_A_MINUTE", 2)
    statuses = [client.post("/volgen/", {"code": str(vault.new_access_code())}).status_code for _ in range(4)]
    assert statuses == [422, 422, 429, 429]
    assert AccessLog.objects.count() == 2  # a flood does not fill the log
    enter(client, code)


def test_the_code_of_another_opens_only_their_own(client, case, make_case, code):
    other_code = vault.new_access_code()
    other = make_case(access_code=other_code)
    enter(client, other_code)
    page = text(client.get(PAGE))
    assert other.reference in page
    assert case.reference not in page


def test_without_a_code_every_page_asks_for_it(client, case):
    for path in (PAGE, f"{PAGE}intrekken/", f"{PAGE}document/pdf/"):
        assert client.get(path)["Location"] == "/volgen/"


def test_after_half_an_hour_the_code_is_asked_again(visitor):
    Lockbox.objects.filter(reader__startswith="visit:").update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    response = visitor.get(PAGE)
    assert response["Location"] == "/volgen/?voorbij"
    assert "na 30 minuten gestopt" in text(visitor.get("/volgen/?voorbij"))


def test_a_message_typed_when_the_visit_was_over_is_kept(visitor, code):
    key = submission(text(visitor.get(PAGE)))
    Lockbox.objects.filter(reader__startswith="visit:").update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    asked = visitor.post(f"{PAGE}bericht/", {"text": "Hij was er weer.", "to": "team", "submission": key})
    assert asked.status_code == 422
    assert "nog niet verstuurd" in asked.content.decode()
    assert "Hij was er weer." in asked.content.decode()
    page = visitor.post("/volgen/", {"code": str(code), "text": "Hij was er weer.", "to": "team"})
    assert "Hij was er weer.</textarea>" in text(page)
    assert Message.objects.count() == 0


def test_a_message_is_kept_when_the_database_is_away(visitor, monkeypatch):
    from ondersteuning.views import follow

    def away(*args, **kwargs):
        raise OperationalError

    key = submission(text(visitor.get(PAGE)))
    monkeypatch.setattr(follow.actions, "message_from_reporter", away)
    answer = visitor.post(f"{PAGE}bericht/", {"text": "Hij was er weer.", "to": "team", "submission": key})
    assert answer.status_code == 503
    assert 'value="Hij was er weer."' in answer.content.decode()


def test_whoever_is_still_following_need_not_type_the_code_again(visitor):
    assert "U bent nog aan het volgen" in text(visitor.get("/volgen/"))
    assert "U bent nog aan het volgen" not in text(Client().get("/volgen/"))


@pytest.mark.parametrize("headers", [{}, {"X-Requested-With": "fetch"}])
def test_whoever_is_still_there_may_stay(visitor, headers):
    before = visitor.cookies[visits.COOKIE].value
    Lockbox.objects.filter(reader__startswith="visit:").update(
        expires_at=timezone.now() + timedelta(minutes=1)
    )
    response = visitor.post("/volgen/langer/", headers=headers)
    assert response.status_code == (204 if headers else 303)
    token = visitor.cookies[visits.COOKIE].value
    assert token != before
    assert vault.visit_ends_at(token) > timezone.now() + timedelta(minutes=29)
    assert vault.visit_ends_at(before) is None
    assert visitor.get(PAGE).status_code == 200


def test_nobody_may_stay_whose_visit_is_over(visitor):
    Lockbox.objects.filter(reader__startswith="visit:").update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert visitor.post("/volgen/langer/")["Location"] == "/volgen/?voorbij"
    assert visitor.get(PAGE).status_code == 303


@pytest.mark.parametrize("way_out", ["/volgen/stoppen/", "/verlaten/"])
def test_whoever_leaves_ends_the_visit_at_once(visitor, way_out):
    token = visitor.cookies[visits.COOKIE].value
    visitor.post(way_out) if way_out.startswith("/volgen") else visitor.get(way_out)
    assert not Lockbox.objects.filter(reader__startswith="visit:").exists()
    thief = Client()
    thief.cookies[visits.COOKIE] = token
    assert thief.get(PAGE).status_code == 303


def test_without_an_access_log_nothing_opens(visitor, monkeypatch):
    from weerbaar.audit import log

    def broken(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(log.AccessLog.objects, "using", broken)
    assert visitor.get(PAGE).status_code == 503


def test_nothing_may_be_kept_by_the_browser_and_the_exit_is_there(visitor, case):
    for path in ("/volgen/", PAGE, f"{PAGE}intrekken/"):
        response = visitor.get(path)
        assert response["Cache-Control"] == "no-store"
        assert 'href="/verlaten/"' in text(response)


def test_every_post_asks_for_a_token(case, code):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/volgen/", {"code": str(code)}).status_code == 403
    assert strict.post(f"{PAGE}bericht/", {"text": "x"}).status_code == 403


def test_a_message_whose_token_was_too_old_stands_there_to_be_sent_again(visitor, case):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visitor.cookies
    typed = {"text": "Hij <was> er weer.", "to": "team", "submission": "s" * 43}
    refused = strict.post(f"{PAGE}bericht/", typed)
    assert refused.status_code == 403
    page = refused.content.decode()
    assert "Hij &lt;was&gt; er weer." in page
    assert not case.messages.exists()
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)[1]
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert again | {"text": typed["text"]} == typed | {"csrfmiddlewaretoken": token}
    assert strict.post(f"{PAGE}bericht/", again | {"text": typed["text"]}).status_code == 303
    assert case.messages.count() == 1


def test_words_that_another_site_sends_are_not_shown_as_the_reporters_own(visitor):
    strict = Client(enforce_csrf_checks=True)
    other = {"Origin": "https://elders.invalid", "Sec-Fetch-Site": "cross-site"}
    refused = strict.post(f"{PAGE}bericht/", {"text": "van een ander"}, headers=other)
    assert refused.status_code == 403
    assert "van een ander" not in refused.content.decode()


# --- what the reporter sees -------------------------------------------------------------------------


def test_a_promise_is_a_moment_in_words(visitor, case):
    page = text(visitor.get(PAGE))
    assert "Het team neemt contact met u op vóór" in page
    assert "(Nederlandse tijd)" in page


def test_a_missed_promise_is_said_as_it_is(visitor, case):
    type(case).objects.filter(pk=case.pk).update(contact_due_at=timezone.now() - timedelta(hours=1))
    assert "Dat is niet gelukt" in text(visitor.get(PAGE))


def test_what_the_team_keeps_for_itself_is_not_shown(visitor, case, first_line):
    actions.add_note(case, text="geheime-notitie", by=first_line)
    page = text(visitor.get(PAGE))
    assert "geheime-notitie" not in page
    assert first_line.name not in page


def test_the_reporter_sees_which_role_looked_and_how_often(visitor, case, first_line):
    for _ in range(3):
        with vault.open(case, by=first_line, purpose=vault.Purpose.HANDLE):
            pass
    page = text(visitor.get(PAGE))
    looked = page[page.index('id="gekeken"') :]
    assert "ondersteuningsteam, eerste lijn" in looked
    assert "behandelen van de melding" in looked
    assert "<td>3</td>" in looked
    assert first_line.name not in page


@pytest.mark.parametrize("status", [one for one in Status if one != Status.RECEIVED])
def test_every_status_has_plain_words(client, make_case, code, status):
    make_case(status=status)
    enter(client, code)
    assert Status(status).label not in ("",)
    assert "<h1" in text(client.get(PAGE))


@pytest.mark.parametrize("count", [1, 12])
def test_the_page_takes_the_same_queries_for_one_message_and_for_twelve(visitor, case, first_line, count):
    for number in range(count):
        actions.send_message(case, text="Hoe gaat het?", submission=f"{number}", by=first_line)
    visitor.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        visitor.get(PAGE)
    assert len(queries) == 22, [one["sql"][:90] for one in queries]


# --- messages ---------------------------------------------------------------------------------------


def test_a_message_reaches_the_team_and_starts_the_clock_again(visitor, case, first_line):
    actions.wait_for_reporter(case, until=timezone.localdate() + timedelta(days=3), by=first_line)
    assert message(visitor)["Location"] == f"{PAGE}?gedaan=bericht#berichten"
    case.refresh_from_db()
    assert case.waiting_since is None
    with vault.open(case, by=first_line, purpose=vault.Purpose.HANDLE) as content:
        assert content.of(Message.objects.get()).text == "Kunt u mij bellen?"


def test_a_replayed_message_is_one_message(visitor):
    key = submission(text(visitor.get(PAGE)))
    for _ in range(3):
        visitor.post(f"{PAGE}bericht/", {"text": "Eén keer", "to": "team", "submission": key})
    assert Message.objects.count() == 1


def test_two_messages_in_a_row_are_two(visitor):
    message(visitor, "Een")
    message(visitor, "Twee")
    assert Message.objects.count() == 2


def test_an_empty_message_is_refused_in_words(visitor):
    key = submission(text(visitor.get(PAGE)))
    response = visitor.post(f"{PAGE}bericht/", {"text": " ", "to": "team", "submission": key})
    assert response.status_code == 422
    assert "<title>Fout:" in response.content.decode()
    assert "Schrijf eerst uw bericht." in response.content.decode()


def test_a_message_of_the_team_is_new_once(visitor, case, first_line):
    actions.send_message(case, text="Hoe gaat het?", submission="a", by=first_line)
    assert "<strong>nieuw</strong>" in text(visitor.get(PAGE))
    assert Message.objects.get().read_at
    assert "<strong>nieuw</strong>" not in text(visitor.get(PAGE))


# --- a question, taking back, a document --------------------------------------------------------------


@pytest.mark.parametrize(("answer", "status"), [("yes", "offered"), ("no", "refused")])
def test_the_reporter_decides_about_a_handover(visitor, case, first_line, second_line, answer, status):
    asked = actions.ask_handover(
        case, to=second_line, expertise="legal", reason="Een advocaat kan helpen.", by=first_line
    )
    page = text(visitor.get(PAGE))
    assert "Rechtshulp" in page
    assert "Een advocaat kan helpen." in page
    assert second_line.name not in page
    visitor.post(f"{PAGE}overdracht/{asked.pk}/", {"agrees": answer})
    assert Handover.objects.get().status == status


def test_an_answer_given_in_another_tab_is_said(visitor, case, first_line, second_line):
    asked = actions.ask_handover(case, to=second_line, expertise="legal", reason="x", by=first_line)
    actions.answer_for_reporter(asked, agrees=False, by=first_line)
    response = visitor.post(f"{PAGE}overdracht/{asked.pk}/", {"agrees": "yes"})
    assert response.status_code == 422
    assert Handover.objects.get().status == "refused"


def test_a_handover_of_another_case_is_not_there(visitor, make_case, first_line, second_line):
    other = make_case(status=Status.IN_TRIAGE, handler=first_line, access_code=vault.new_access_code())
    asked = actions.ask_handover(other, to=second_line, expertise="legal", reason="x", by=first_line)
    assert visitor.post(f"{PAGE}overdracht/{asked.pk}/", {"agrees": "yes"}).status_code == 404
    assert Handover.objects.get().status == "asked"


def test_taking_a_report_back_is_asked_twice(visitor, case):
    assert visitor.post(f"{PAGE}intrekken/", {}).status_code == 422
    assert visitor.post(f"{PAGE}intrekken/", {"sure": "on"}).status_code == 303
    case.refresh_from_db()
    assert case.status == Status.WITHDRAWN
    page = text(visitor.get(PAGE))
    assert "U hebt uw melding ingetrokken" in page
    assert 'name="text"' not in page


def test_a_withdrawn_report_takes_no_messages(visitor, case):
    key = submission(text(visitor.get(PAGE)))
    visitor.post(f"{PAGE}intrekken/", {"sure": "on"})
    answer = visitor.post(f"{PAGE}bericht/", {"text": "x", "to": "team", "submission": key})
    assert answer.status_code == 404


def test_a_closed_case_cannot_be_taken_back(client, make_case, code):
    make_case(status=Status.CLOSED)
    enter(client, code)
    assert client.get(f"{PAGE}intrekken/")["Location"] == PAGE


def test_the_own_part_becomes_a_document(visitor, case, monkeypatch):
    assert "Maak een PDF" in text(visitor.get(PAGE))
    assert visitor.post(f"{PAGE}document/")["Location"] == f"{PAGE}?gedaan=document#document"
    assert "Uw PDF wordt gemaakt" in text(visitor.get(PAGE))
    assert visitor.get(f"{PAGE}document/pdf/").status_code == 404  # not ready


# --- the own organisation ---------------------------------------------------------------------------


@pytest.fixture
def shared(client, make_case, griffier, code):
    case = make_case(wish="organisation", contacts=[griffier])
    enter(client, code)
    return case.organisation_report


def test_what_goes_to_the_organisation_has_messages_of_its_own(client, shared, griffier):
    actions.react_to_report(shared, text="Wij doen aangifte.", submission="a", by=griffier.user)
    message(client, "Dank u wel.", to="organisation")
    page = text(client.get(PAGE))
    assert "Wij doen aangifte." in page
    assert "Dank u wel." in page
    assert "Berichten met het team" not in page
    assert "Maak een PDF" in page


def test_the_terms_and_decisions_of_the_organisation_are_shown(client, shared, griffier):
    assert "Nog niet. Wij vragen dit vóór" in text(client.get(PAGE))
    actions.decide_aangifte(shared, decision="employer", by=griffier.user)
    assert "De organisatie doet aangifte" in text(client.get(PAGE))


def test_the_reporter_sees_when_a_contact_first_opened_it(client, shared, griffier):
    assert "opende uw melding nog niet" in text(client.get(PAGE))
    actions.open_report(shared, by=griffier.user)
    assert "opende uw melding nog niet" not in text(client.get(PAGE))


def test_a_contact_can_be_left_out_afterwards(client, shared, griffier):
    share = shared.shares.get()
    path = f"{PAGE}meelezer/{share.pk}/"
    assert "De griffier" in text(client.get(path))
    assert client.post(path)["Location"].startswith(PAGE)
    assert not type(shared).objects.visible_to(griffier.user).exists()
    assert client.post(path).status_code == 404
    assert "leest niet meer mee" in text(client.get(PAGE))


def test_a_contact_of_another_report_is_not_there(client, shared, make_case, griffier):
    other = make_case(wish="organisation", contacts=[griffier], access_code=vault.new_access_code())
    share = other.organisation_report.shares.get()
    assert client.post(f"{PAGE}meelezer/{share.pk}/").status_code == 404
    share.refresh_from_db()
    assert share.withdrawn_at is None


def test_a_withdrawn_report_closes_for_the_organisation(client, shared, griffier):
    client.post(f"{PAGE}intrekken/", {"sure": "on"})
    assert not type(shared).objects.visible_to(griffier.user).exists()
    assert "kan uw melding niet meer openen" in text(client.get(PAGE))


def test_the_team_gets_no_message_from_who_did_not_choose_it(client, shared):
    answer = client.post(f"{PAGE}bericht/", {"text": "x", "to": "team", "submission": "a" * 40})
    assert answer.status_code == 404
