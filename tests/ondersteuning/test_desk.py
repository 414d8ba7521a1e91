"""The desk of an organisation's contact at /mijn/organisatie/."""

from __future__ import annotations

import pytest
from django.test import Client

from ondersteuning import actions
from tests.ondersteuning.test_writing import unsafe_now
from weerbaar.audit.api import AccessLog
from weerbaar.vault import api as vault


@pytest.fixture
def shared(make_case, griffier):
    return make_case(
        wish="both", contacts=[griffier], narrative="Er hing een briefje aan mijn deur."
    ).organisation_report


@pytest.fixture
def desk(client, griffier, sign_in):
    sign_in(client, griffier.user)
    return client


def url(report) -> str:
    return f"/mijn/organisatie/{report.pk}/"


def test_a_contact_reads_what_was_shared_and_the_reporter_can_see_that(desk, shared):
    page = desk.get(url(shared))
    assert "briefje aan mijn deur" in page.content.decode()
    assert shared.shares.get().opened_at
    row = AccessLog.objects.get(dossier=shared.case_id)
    assert (row.role, row.purpose, row.result) == ("organisatiecontact", "shared", "opened")


def test_a_contact_sees_how_to_reach_the_reporter_safely_and_about_whom_it_is(desk, make_case, griffier):
    asked = actions.Contactable(phone="+31612345678", voicemail=False, moment="evening")
    case = make_case(wish="both", contacts=[griffier], contact=asked, on_behalf="other")
    page = " ".join(desk.get(url(case.organisation_report)).content.decode().split())
    assert "06 12 34 56 78" in page
    assert "<dt>Voicemail inspreken</dt><dd>Nee</dd>" in page
    assert "tussen 17.00 en 21.00 uur" in page
    assert "<dt>Voor wie</dt><dd>Voor iemand anders</dd>" in page


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ({"phone": "+31612345678", "moment": unsafe_now()}, "Bel nu niet"),
        ({"phone": "+31612345678", "moment": "any"}, "U kunt nu veilig bellen."),
        ({"phone": "+31612345678"}, "Vraag eerst of het gelegen komt."),
        ({"email": "mila@voorbeeld.invalid"}, "De melder gaf geen telefoonnummer."),
    ],
    ids=["another moment", "any moment", "no moment", "no number"],
)
def test_a_contact_is_told_whether_to_call_now(desk, make_case, griffier, contact, said):
    case = make_case(wish="both", contacts=[griffier], contact=actions.Contactable(**contact))
    assert said in desk.get(url(case.organisation_report)).content.decode()


def test_the_list_holds_terms_and_no_text(desk, shared):
    page = desk.get("/mijn/organisatie/").content.decode()
    assert shared.case.reference in page
    assert "briefje" not in page


@pytest.mark.parametrize("count", [1, 10])
def test_the_list_takes_the_same_queries_for_one_and_for_ten(
    desk, make_case, griffier, django_assert_num_queries, count
):
    from weerbaar.vault.api import new_access_code

    for _ in range(count):
        make_case(wish="organisation", contacts=[griffier], access_code=new_access_code())
    with django_assert_num_queries(3):
        desk.get("/mijn/organisatie/")


@pytest.mark.parametrize("who", ["outsider", "first_line"])
def test_a_stranger_learns_nothing(client, sign_in, make_user, first_line, shared, who):
    if who == "outsider":
        sign_in(client, make_user("organisatiecontact"))
        assert client.get(url(shared)).status_code == 404
        assert client.post(url(shared), {"text": "x", "submission": "y"}).status_code == 404
    else:
        sign_in(client, first_line)
        assert client.get(url(shared)).status_code == 302
    assert not AccessLog.objects.filter(dossier=shared.case_id, result="opened").exists()


def test_without_sign_in_there_is_only_the_way_in(shared):
    answer = Client().get(url(shared))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/mijn/account/login/")


def test_a_double_click_is_one_answer(desk, shared):
    for _ in range(2):
        answer = desk.post(url(shared), {"text": "Dank voor uw melding.", "submission": "same"})
        assert answer.status_code == 302
    assert shared.messages.count() == 1
    shared.refresh_from_db()
    assert shared.reacted_at
    assert not shared.feedback_at


def test_feedback_and_decision_are_kept(desk, shared):
    desk.post(url(shared), {"text": "Er is aangifte gedaan.", "submission": "f", "is_feedback": "on"})
    desk.post(url(shared), {"decision": "employer", "decide": "1"})
    shared.refresh_from_db()
    assert shared.feedback_at
    assert shared.aangifte == "employer"


def test_an_empty_answer_says_what_to_do(desk, shared):
    answer = desk.post(url(shared), {"text": "", "submission": "e"})
    assert answer.status_code == 422
    assert "Schrijf een bericht aan de melder." in answer.content.decode()
    assert "<title>Fout:" in answer.content.decode()


def test_too_long_a_text_comes_back_whole(desk, shared):
    text = "woord " * 1000
    answer = desk.post(url(shared), {"text": text, "submission": "l"})
    assert answer.status_code == 422
    assert text.strip() in answer.content.decode()


def test_no_decision_is_asked_for_again(desk, shared):
    answer = desk.post(url(shared), {"decide": "1"})
    assert answer.status_code == 422
    assert "Kies wat de organisatie doet." in answer.content.decode()


def test_after_the_reporter_left_a_contact_out_the_page_is_gone(desk, shared, code):
    actions.withdraw_share(shared.shares.get(), visit=vault.start_visit(shared.case, code))
    assert desk.get(url(shared)).status_code == 404
