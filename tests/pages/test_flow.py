"""The step engine: answers live in an encrypted draft, and a report is sent once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.pages import flows
from weerbaar.pages.models import Draft

STORY = "Iemand stond voor mijn deur te schreeuwen."
WHAT = {"kinds": ["threat"], "story": STORY, "day_dag": "2", "day_maand": "maart", "day_jaar": "2026"}


@pytest.fixture(autouse=True)
def _proof(monkeypatch):
    monkeypatch.setattr("weerbaar.zones.Zone.urlconf", property(lambda self: "tests.pages.flows"))
    flows.SENT.clear()


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=False)


def fill_in(client: Client, who: str = "self") -> None:
    client.post("/proef/wie/", {"who": who})
    if who == "other":
        client.post("/proef/namens/", {"name": "Noor"})
    client.post("/proef/wat/", WHAT)


def test_a_report_goes_from_the_first_page_to_the_confirmation(client):
    assert b"Beginnen" in client.get("/proef/").content
    first = client.post("/proef/wie/", {"who": "self"})
    assert (first.status_code, first["Location"]) == (303, "/proef/wat/")
    last = client.post("/proef/wat/", WHAT)
    assert last["Location"] == "/proef/controleren/"
    page = client.get("/proef/controleren/").content.decode()
    assert STORY in page
    assert "Voor mijzelf" in page
    assert "2 maart 2026" in page
    sent = client.post("/proef/controleren/")
    assert sent["Location"] == "/proef/verstuurd/"
    assert client.get("/proef/verstuurd/").status_code == 200
    assert flows.SENT == [
        {"wie": {"who": "self"}, "wat": {"kinds": ["threat"], "story": STORY, "day": "2026-03-02"}}
    ]


def test_a_replayed_post_makes_one_report_and_shows_the_same_confirmation(client):
    fill_in(client)
    for _ in range(3):
        assert client.post("/proef/controleren/")["Location"] == "/proef/verstuurd/"
    assert len(flows.SENT) == 1
    assert client.post("/proef/wat/", WHAT)["Location"] == "/proef/verstuurd/"
    assert client.get("/proef/wie/")["Location"] == "/proef/verstuurd/"


def test_a_step_is_asked_only_when_its_condition_holds(client):
    client.post("/proef/wie/", {"who": "self"})
    assert client.get("/proef/namens/")["Location"] == "/proef/wat/"
    assert client.post("/proef/wie/", {"who": "other"})["Location"] == "/proef/namens/"
    assert client.get("/proef/wat/")["Location"] == "/proef/namens/"


def test_answers_of_steps_that_are_no_longer_reached_are_not_sent(client):
    fill_in(client, who="other")
    client.post("/proef/wie/?wijzig", {"who": "self"})
    assert b"Noor" not in client.get("/proef/controleren/").content
    client.post("/proef/controleren/")
    assert "namens" not in flows.SENT[0]


def test_a_change_comes_straight_back_to_the_check_page(client):
    fill_in(client)
    assert b"/proef/wie/?wijzig" in client.get("/proef/controleren/").content
    assert client.post("/proef/wie/?wijzig", {"who": "self"})["Location"] == "/proef/controleren/"


def test_a_change_that_opens_a_question_asks_it_first(client):
    fill_in(client)
    assert client.post("/proef/wie/?wijzig", {"who": "other"})["Location"] == "/proef/namens/?wijzig"
    assert client.post("/proef/namens/?wijzig", {"name": "Noor"})["Location"] == "/proef/controleren/"


def test_going_back_shows_what_was_filled_in(client):
    fill_in(client)
    page = client.get("/proef/wat/").content.decode()
    assert STORY in page
    assert 'value="maart"' not in page  # stored as a number
    assert 'id="id_kinds_0" value="threat" checked' in page


def test_a_mistake_keeps_every_typed_word_and_says_what_is_wrong(client):
    client.post("/proef/wie/", {"who": "self"})
    response = client.post(
        "/proef/wat/", {"story": STORY, "day_dag": "31", "day_maand": "2", "day_jaar": "2026"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Fout: Wat is er gebeurd?" in page
    assert STORY in page
    assert page.count("Deze datum bestaat niet") == 2  # in the summary and at the field
    assert 'href="#id_day_dag"' in page
    assert 'href="#id_kinds_0"' in page


def test_newlines_count_as_one_sign(client):
    client.post("/proef/wie/", {"who": "self"})
    assert client.post("/proef/wat/", {**WHAT, "story": "a\r\n" * 49 + "ab"}).status_code == 303
    assert client.post("/proef/wat/", {**WHAT, "story": "a\r\n" * 50 + "abc"}).status_code == 422


def test_a_refused_sending_says_why_and_can_be_tried_again(client):
    fill_in(client)
    client.post("/proef/wat/?wijzig", {**WHAT, "story": "weiger"})
    response = client.post("/proef/controleren/")
    assert response.status_code == 422
    assert "Dit kan niet verstuurd worden." in response.content.decode()
    client.post("/proef/wat/?wijzig", WHAT)
    assert client.post("/proef/controleren/")["Location"] == "/proef/verstuurd/"


def test_nothing_is_sent_before_every_question_is_answered(client):
    client.post("/proef/wie/", {"who": "self"})
    assert client.post("/proef/controleren/")["Location"] == "/proef/wat/"
    assert flows.SENT == []


def test_saving_for_later_keeps_half_an_answer_and_gives_a_code(client):
    client.post("/proef/wie/", {"who": "self"})
    kept = client.post("/proef/wat/", {"story": STORY, "bewaren": "1"})
    assert kept["Location"] == "/proef/bewaard/"
    code = str(Draft.find("proef", resume_code(client)).code)
    assert code in client.get("/proef/bewaard/").content.decode()

    elsewhere = Client()
    typed = code.lower().replace("-", " ")
    assert elsewhere.post("/proef/hervatten/", {"code": typed})["Location"] == "/proef/wat/"
    assert STORY in elsewhere.get("/proef/wat/").content.decode()


def test_an_unknown_code_and_a_mistyped_one_get_the_same_answer(client):
    unknown = client.post("/proef/hervatten/", {"code": "7K3M-9QXA-2D5T-V8RW-4HBN"})
    mistyped = client.post("/proef/hervatten/", {"code": "7K3M"})
    assert unknown.status_code == mistyped.status_code == 422
    assert "Met deze code vinden wij niets" in unknown.content.decode()
    assert "Met deze code vinden wij niets" in mistyped.content.decode()


def test_the_code_of_the_report_is_not_the_resume_code(client):
    fill_in(client)
    code = resume_code(client)
    client.post("/proef/controleren/")
    draft = Draft.find("proef", code)
    assert draft.result["code"] != str(code)
    assert draft.answers == {}


def test_an_expired_draft_loses_nothing_that_was_typed_just_now(client):
    client.post("/proef/wie/", {"who": "self"})
    Draft.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    response = client.post("/proef/wat/", WHAT)
    assert response.status_code == 409
    page = response.content.decode()
    assert STORY in page
    assert "Uw eerdere antwoorden zijn hier niet meer" in page
    assert client.post("/proef/wat/", WHAT)["Location"] == "/proef/wie/"  # kept; the rest is asked again
    assert client.post("/proef/wie/", {"who": "self"})["Location"] == "/proef/wat/"
    assert STORY in client.get("/proef/wat/").content.decode()


def test_a_lost_cookie_is_mended_with_the_code_in_the_same_post(client):
    client.post("/proef/wie/", {"who": "self"})
    code = resume_code(client)
    other = Client()
    other.post("/proef/wat/", WHAT)
    response = other.post("/proef/wat/", {**WHAT, "hervatcode": str(code)})
    assert response["Location"] == "/proef/controleren/"
    assert STORY in other.get("/proef/controleren/").content.decode()


def test_a_page_without_a_draft_leads_to_resuming(client):
    for page in ("wat", "controleren", "verstuurd", "bewaard"):
        assert client.get(f"/proef/{page}/")["Location"] == "/proef/hervatten/?kwijt"


def test_two_tabs_do_not_overwrite_each_other(client):
    client.post("/proef/wie/", {"who": "other"})
    tab = Client()
    tab.cookies = client.cookies
    tab.post("/proef/namens/", {"name": "Noor"})
    client.post("/proef/wat/", WHAT)
    draft = Draft.find("proef", resume_code(client))
    assert set(draft.answers) == {"wie", "namens", "wat"}


def test_nothing_typed_lies_in_clear_in_the_database(client):
    fill_in(client, who="other")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(d)::text, encode(sealed, 'escape') FROM pages_draft d")
        for text in (one for row in cursor.fetchall() for one in row):
            for secret in (STORY, "Noor", "threat", "proef", resume_code(client).digits):
                assert secret not in text


def test_a_draft_that_was_tampered_with_does_not_open(client):
    from weerbaar.vault.errors import Tampered

    client.post("/proef/wie/", {"who": "self"})
    other = Client()
    other.post("/proef/wie/", {"who": "other"})
    mine, theirs = Draft.objects.all()
    Draft.objects.filter(pk=mine.pk).update(sealed=theirs.sealed)  # moved to another row
    Draft.objects.filter(pk=theirs.pk).update(sealed=bytes(theirs.sealed)[:-1] + b"\x00")  # cut and changed
    for browser in (client, other):
        with pytest.raises(Tampered):
            Draft.find("proef", resume_code(browser))


def test_the_cookie_is_for_this_browser_session_and_no_script(client):
    cookie = client.post("/proef/wie/", {"who": "self"}).cookies["proef"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/"
    assert cookie["max-age"] == ""


def test_beginning_anew_forgets_the_draft_in_this_browser(client):
    client.post("/proef/wie/", {"who": "self"})
    assert b"Ga verder" in client.get("/proef/").content
    client.post("/proef/")
    assert b"Ga verder" not in client.get("/proef/").content


def test_leaving_drops_the_cookie_and_not_the_draft(client):
    client.post("/proef/wie/", {"who": "self"})
    code = resume_code(client)
    client.get("/verlaten/")
    assert not client.cookies["proef"].value
    assert Draft.find("proef", code) is not None


def test_a_step_costs_at_most_three_queries(client):
    client.post("/proef/wie/", {"who": "self"})
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.post("/proef/wat/", WHAT)
        client.get("/proef/wie/")
    own = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(own) <= 3, own


def test_a_form_without_a_valid_token_is_asked_again_with_every_word():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/proef/wat/", WHAT)
    assert response.status_code == 403
    assert STORY in response.content.decode()
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("said", [{"Sec-Fetch-Site": "cross-site"}, {}])  # an older browser says less
def test_words_that_another_site_sends_are_not_shown_as_the_readers_own(said):
    client = Client(enforce_csrf_checks=True)
    other = said | {"Origin": "https://elders.invalid"}
    response = client.post("/proef/wat/", WHAT, headers=other)
    assert response.status_code == 403
    assert STORY not in response.content.decode()


def test_when_the_database_is_gone_the_words_stay_on_the_page(client, monkeypatch):
    def gone(*args, **kwargs):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(Draft, "find", gone)
    monkeypatch.setattr(Draft, "store", gone)
    client.cookies["proef"] = "7K3M9QXA2D5TV8RW4HBN"
    response = client.post("/proef/wat/", WHAT)
    assert response.status_code == 503
    assert STORY in response.content.decode()
    assert "net niet bewaren" in response.content.decode()


def resume_code(client: Client):
    from weerbaar.vault.codes import AccessCode

    return AccessCode.parse(client.cookies["proef"].value)


def test_a_double_click_from_two_browsers_at_once_sends_one_report(own_database):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    first = Client()
    fill_in(first)
    code = first.cookies["proef"].value

    def click(_) -> tuple[int, str]:
        tab = Client()
        tab.cookies["proef"] = code
        try:
            answer = tab.post("/proef/controleren/")
            return answer.status_code, answer["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as clicks:
        answers = set(clicks.map(click, range(16)))
    assert answers == {(303, "/proef/verstuurd/")}
    assert len(flows.SENT) == 1


def test_two_tabs_at_once_keep_both_answers(own_database):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    first = Client()
    first.post("/proef/wie/", {"who": "other"})
    code = first.cookies["proef"].value

    def answer(step) -> int:
        tab = Client()
        tab.cookies["proef"] = code
        try:
            return tab.post(*step).status_code
        finally:
            connections.close_all()

    steps = [("/proef/namens/", {"name": "Noor"}), ("/proef/wat/", WHAT)] * 4
    with ThreadPoolExecutor(8) as tabs:
        assert set(tabs.map(answer, steps)) == {303}
    assert set(Draft.find("proef", resume_code(first)).answers) == {"wie", "namens", "wat"}
