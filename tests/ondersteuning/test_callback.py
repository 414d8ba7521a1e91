"""/bel-mij/: three pages, no story, no account."""

from __future__ import annotations

import pytest

from ondersteuning.models import Case
from ondersteuning.urgency import Urgency
from weerbaar.audit.api import Purpose
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault

ANSWER = {"phone": "06 1234 5678", "moment": "office_hours", "voicemail": "no", "name": "Sam"}


def ask(client, **changes):
    client.post("/bel-mij/nummer/", ANSWER | changes)
    assert client.post("/bel-mij/controleren/")["Location"] == "/bel-mij/verstuurd/"
    return client.get("/bel-mij/verstuurd/")


def test_it_takes_three_pages(client):
    first = client.get("/bel-mij/", follow=True)
    assert first.redirect_chain == [("/bel-mij/nummer/", 302)]
    second = client.post("/bel-mij/nummer/", ANSWER)
    assert second["Location"] == "/bel-mij/controleren/"
    assert "06 12 34 56 78" in client.get("/bel-mij/controleren/").content.decode()
    third = client.post("/bel-mij/controleren/")
    assert third["Location"] == "/bel-mij/verstuurd/"
    assert client.get("/bel-mij/verstuurd/").status_code == 200


def test_the_team_knows_how_to_call_safely_and_the_code_follows_it(client):
    page = ask(client)
    case = Case.objects.get()
    code = vault.AccessCode.parse(page.context["result"]["code"])
    with vault.open(case, code=code, purpose=Purpose.FOLLOW) as content:
        assert content.contact == {
            "name": "Sam",
            "phone": "+31612345678",
            "email": "",
            "moment": "office_hours",
            "voicemail": False,
            "remark": "",
        }
    assert (case.source, case.urgency) == ("callback", Urgency.MEDIUM)
    assert case.reference in page.content.decode()
    assert client.post("/volgen/", {"code": str(code)})["Location"] == "/volgen/melding/"
    assert client.get("/volgen/melding/").status_code == 200


def test_who_may_be_called_at_any_hour_is_called_as_if_it_were_urgent(client):
    page = ask(client, moment="any")
    assert Case.objects.get().urgency == Urgency.HIGH
    assert "wie dienst heeft" in page.content.decode()
    assert Job.objects.filter(name__endswith="alert_for_case").count() == 3


def test_a_replayed_post_asks_once(client):
    first = ask(client).context["result"]
    for _ in range(3):
        client.post("/bel-mij/controleren/")
    assert client.get("/bel-mij/verstuurd/").context["result"] == first
    assert Case.objects.count() == 1


def test_a_report_and_a_callback_in_one_browser_do_not_disturb_each_other(client):
    client.post("/melden/gevaar/", {"danger": "no"})
    ask(client)
    assert client.get("/melden/wens/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"phone": ""}, "Vul een telefoonnummer in."),
        ({"phone": "112"}, "Dit nummer klopt niet"),
        ({"moment": ""}, "Kies wanneer u veilig kunt praten."),
        ({"voicemail": ""}, "Kies of wij een bericht mogen inspreken."),
    ],
)
def test_an_error_says_what_to_do_and_keeps_the_rest(client, changes, error):
    response = client.post("/bel-mij/nummer/", ANSWER | changes)
    assert response.status_code == 422
    assert error in response.content.decode()
    assert 'value="Sam"' in response.content.decode()


def test_another_request_can_follow(client):
    ask(client)
    assert client.get("/bel-mij/nummer/")["Location"] == "/bel-mij/verstuurd/"
    assert client.post("/bel-mij/")["Location"] == "/bel-mij/nummer/"
    ask(client, phone="717 1234")
    assert Case.objects.count() == 2
