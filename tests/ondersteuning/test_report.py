"""/melden/, from the first question to the confirmation."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from netwerk.models import Contact, Organisation
from ondersteuning import flows
from ondersteuning.models import Case, CountedReport, OrganisationReport
from ondersteuning.urgency import Urgency
from weerbaar.audit.api import Purpose
from weerbaar.jobs.models import Job
from weerbaar.pages.models import Draft
from weerbaar.vault import api as vault
from weerbaar.vault.models import Lockbox

from .walk import ANSWERS, STORY, fill_in, send

pytestmark = pytest.mark.usefixtures("organisation")
BOTH = {"wish": "both"}


def day(day, month, year):
    return {"occurred_on_dag": day, "occurred_on_maand": month, "occurred_on_jaar": year}


def opened(result, name="narrative"):
    code = vault.AccessCode.parse(result["code"])
    with vault.open(Case.objects.get(), code=code, purpose=Purpose.FOLLOW) as content:
        return getattr(content, name)


def tables(queries):
    """Which tables were touched, in order; savepoints and settings of the session left out."""
    found = [re.search(r'(?:FROM|INTO|UPDATE) "(\w+)"', one["sql"]) for one in queries]
    return [match[1] for match in found if match]


def test_an_average_report_takes_twelve_pages(client):
    seen = [*fill_in(client), "verstuurd"]
    assert " ".join(seen) == (
        "start gevaar wens wie wat hoe wanneer verhaal bewijs contact controleren verstuurd"
    )


def test_the_longest_way_takes_fifteen_pages(client, griffier):
    seen = fill_in(
        client,
        gevaar={"danger": "yes"},
        wens=BOTH,
        wie=ANSWERS["wie"] | {"on_behalf": "other"},
        contacten={"contacts": [str(griffier.pk)]},
    )
    assert " ".join(seen) == (
        "start gevaar bel wens wie namens contacten wat hoe wanneer verhaal bewijs contact controleren"
    )


def test_the_team_receives_what_was_told_and_nobody_else(client):
    result = send(client)
    case = Case.objects.select_related("organisation").get()
    assert result["reference"] == case.reference
    assert (case.wish, case.function, case.organisation.code) == ("team", "raadslid", "GM9001")
    assert (case.kinds, case.channels) == (["threat", "home_visit"], ["town_hall"])
    assert (case.targets, case.motive, case.frequency) == (["person", "family"], "frustration", "once")
    assert case.occurred_on == "2026-11-03"
    assert opened(result) == STORY
    assert opened(result, "contact") == {
        "name": "Sam",
        "phone": "+31612345678",
        "moment": "evening",
        "voicemail": True,
        "email": "sam@voorbeeld.invalid",
        "remark": "Bel niet als de kinderen thuis zijn.",
    }
    readers = set(Lockbox.objects.values_list("reader", flat=True))
    assert {reader.split(":")[0] for reader in readers} == {"team", "code"}


@pytest.mark.parametrize(
    ("wish", "readers"),
    [("team", {"team", "code"}), ("both", {"team", "zone", "code"}), ("organisation", {"zone", "code"})],
)
def test_only_those_who_were_chosen_get_a_lockbox(client, griffier, wish, readers):
    send(client, wens={"wish": wish}, contacten={"contacts": [str(griffier.pk)]})
    found = {reader.split(":")[0] for reader in Lockbox.objects.values_list("reader", flat=True)}
    assert found == readers


def test_a_contact_who_was_not_ticked_sees_nothing(client, griffier, make_user, organisation):
    other = Contact.objects.create(
        organisation=organisation, user=make_user("organisatiecontact"), function="burgemeester", label="De b"
    )
    send(client, wens=BOTH, contacten={"contacts": [str(griffier.pk)]})
    assert OrganisationReport.objects.visible_to(griffier.user).count() == 1
    assert OrganisationReport.objects.visible_to(other.user).count() == 0


def test_contacts_are_never_ticked_beforehand(client, griffier):
    fill_in(client, until="contacten", wens=BOTH)
    page = client.get("/melden/contacten/").content.decode()
    assert griffier.label in page
    assert "checked" not in page


@pytest.mark.parametrize("wish", ["organisation", "both"])
def test_who_trusts_none_of_the_contacts_can_still_choose_the_team(client, griffier, wish):
    result = send(client, wens={"wish": wish}, contacten={"nobody": "on"})
    assert (Case.objects.get().wish, result["for_organisation"]) == ("team", False)
    assert not OrganisationReport.objects.exists()


def test_somebody_and_nobody_at_once_is_asked_again(client, griffier):
    fill_in(client, until="contacten", wens=BOTH)
    both = {"contacts": [str(griffier.pk)], "nobody": "on"}
    refused = client.post("/melden/contacten/", both)
    assert refused.status_code == 422
    assert "Haal één van de twee weg." in refused.content.decode()
    refused = client.post("/melden/contacten/", {})
    assert "Vink dan het laatste vakje aan." in refused.content.decode()


def test_an_organisation_without_contacts_offers_the_team(client):
    seen = fill_in(client, until="contacten", wens={"wish": "organisation"})
    assert "Testdam (gemeente)" in client.get("/melden/contacten/").content.decode()
    result = send(client, wens={"wish": "organisation"}, contacten={"instead": "team"})
    assert (Case.objects.get().wish, result["for_organisation"]) == ("team", False)
    assert seen[-1] == "contacten"


def test_an_organisation_without_contacts_may_be_only_counted(client):
    seen = fill_in(client, wens={"wish": "organisation"}, contacten={"instead": "count"})
    assert "verhaal" not in seen
    assert client.post("/melden/controleren/").status_code == 303
    assert (Case.objects.count(), CountedReport.objects.count()) == (0, 1)


def test_the_own_organisation_must_be_named_when_it_is_to_read(client):
    fill_in(client, until="wie", wens=BOTH)
    refused = client.post("/melden/wie/", ANSWERS["wie"] | {"organisation": ""})
    assert refused.status_code == 422
    assert "Vul de naam van de organisatie in." in refused.content.decode()


def test_another_organisation_later_asks_again_who_may_read(client, griffier):
    Organisation.objects.create(code="GM9002", name="Anderdam", layer="gemeente", province_code="PV26")
    fill_in(client, wens=BOTH, contacten={"contacts": [str(griffier.pk)]})
    client.post("/melden/wie/?wijzig", ANSWERS["wie"] | {"organisation": "Anderdam"})
    refused = client.post("/melden/controleren/")
    assert refused.status_code == 422
    assert "U wijzigde de organisatie" in refused.content.decode()
    assert Case.objects.count() == 0


def test_a_contact_who_left_meanwhile_gets_nothing_and_the_reporter_chooses_again(client, griffier):
    fill_in(client, wens=BOTH, contacten={"contacts": [str(griffier.pk)]})
    griffier.user.is_active = False
    griffier.user.save(update_fields=["is_active"])
    refused = client.post("/melden/controleren/")
    assert refused.status_code == 422
    assert Case.objects.count() == 0


def test_what_is_only_counted_keeps_no_story_no_contact_and_no_day(client):
    seen = fill_in(client, wens={"wish": "count"})
    assert " ".join(seen) == "start gevaar wens wie wat hoe controleren"
    client.post("/melden/controleren/")
    page = client.get("/melden/verstuurd/")
    assert "toegangscode" not in page.content.decode().lower()
    assert page.context["result"] == {"is_counted": True, "is_online": False}  # which help to point at
    counted = CountedReport.objects.get()
    assert (counted.kinds, counted.function, counted.layer) == (
        ["threat", "home_visit"],
        "raadslid",
        "gemeente",
    )
    assert counted.month.day == 1
    assert (Case.objects.count(), Lockbox.objects.count()) == (0, 0)


def test_a_story_told_before_choosing_to_be_only_counted_is_not_kept(client):
    fill_in(client)
    client.post("/melden/wens/?wijzig", {"wish": "count"})
    assert client.post("/melden/controleren/").status_code == 303
    code = vault.AccessCode.parse(client.cookies["melding"].value)
    assert Draft.find("melden", code).answers == {}
    assert (Case.objects.count(), CountedReport.objects.count()) == (0, 1)


def test_who_is_in_danger_sees_the_number_to_call_first_and_comes_first(client):
    seen = fill_in(client, gevaar={"danger": "yes"}, wat={"kinds": ["verbal"], "severity": "annoying"})
    assert seen[:4] == ["start", "gevaar", "bel", "wens"]
    result = client.post("/melden/controleren/") and client.get("/melden/verstuurd/").context["result"]
    assert (Case.objects.get().urgency, result["is_urgent"]) == (Urgency.HIGH, True)
    assert Job.objects.filter(name__endswith="alert_for_case").count() == 3


def test_who_is_in_danger_and_tells_only_the_organisation_hears_not_to_wait_for_it(client, griffier):
    only_them = {"wens": {"wish": "organisation"}, "contacten": {"contacts": [str(griffier.pk)]}}
    send(client, gevaar={"danger": "yes"}, **only_them)
    page = client.get("/melden/verstuurd/").content.decode()
    assert "Wacht daar niet op" in page
    assert "Wij waarschuwen nu wie dienst heeft" not in page
    assert Job.objects.filter(name__endswith="alert_for_case").count() == 0


def test_on_behalf_of_somebody_asks_for_their_consent(client):
    send(client, wie=ANSWERS["wie"] | {"on_behalf": "other"})
    case = Case.objects.get()
    assert (case.on_behalf, case.consent) == ("other", "given")


def test_the_questions_speak_of_the_other_when_it_is_about_another(client):
    fill_in(client, until="hoe", wie=ANSWERS["wie"] | {"on_behalf": "other"})
    page = client.get("/melden/wat/").content.decode()
    assert "Iemand kwam aan huis" in page
    assert "aan mijn huis" not in page
    assert "voor degene om wie het gaat" in page
    assert "De persoon zelf" in client.get("/melden/hoe/").content.decode()


@pytest.mark.parametrize("typed", ["testd", "Testdm"])
def test_an_organisation_is_found_by_typing_without_javascript(client, typed):
    Organisation.objects.create(code="GM9003", name="Testdorp", layer="gemeente", province_code="PV26")
    fill_in(client, until="wie")
    asked = client.post("/melden/wie/", ANSWERS["wie"] | {"organisation": typed})
    page = asked.content.decode()
    assert asked.status_code == 422
    assert 'value="GM9001"' in page
    assert f'value="{typed}"' in page  # what was typed stays
    chosen = client.post(
        "/melden/wie/", ANSWERS["wie"] | {"organisation": typed, "organisation-keuze": "GM9001"}
    )
    assert chosen["Location"] == "/melden/wat/"


def test_half_a_name_that_was_put_aside_is_still_there(client):
    fill_in(client, until="wie")
    half = ANSWERS["wie"] | {"organisation": "Onbekenddam", "bewaren": "1"}
    assert client.post("/melden/wie/", half)["Location"] == "/melden/bewaard/"
    assert 'value="Onbekenddam"' in client.get("/melden/wie/").content.decode()


def test_a_replayed_post_gives_the_same_confirmation_and_one_case(client):
    first = send(client)
    for _ in range(3):
        assert client.post("/melden/controleren/")["Location"] == "/melden/verstuurd/"
    assert client.get("/melden/verstuurd/").context["result"] == first
    assert Case.objects.count() == 1


def test_a_case_does_not_tell_which_draft_it_was(client):
    send(client)
    case = Case.objects.get()
    assert case.submission not in {str(draft.pk) for draft in Draft.objects.all()}
    assert case.submission not in {draft.pk.hex for draft in Draft.objects.all()}


@pytest.mark.parametrize(
    ("step", "answer", "error"),
    [
        ("gevaar", {}, "Kies ja of nee"),
        ("wens", {}, "Kies wie uw melding mag lezen"),
        ("wat", {"severity": "serious"}, "Kies minstens één antwoord"),
        ("wanneer", {"frequency": "once"}, "of vink aan dat u het niet precies weet"),
        (
            "wanneer",
            {"occurred_on_dag": "31", "occurred_on_maand": "2", "occurred_on_jaar": "2026"},
            "bestaat niet",
        ),
        ("verhaal", {"narrative": "  "}, "Eén zin is genoeg"),
        ("verhaal", {"narrative": "a" * 10_001}, "te lang"),
        ("contact", {"phone": "06 12"}, "Dit nummer klopt niet"),
        ("contact", {"email": "sam"}, "Dit e-mailadres klopt niet"),
        ("contact", {"moment": "evening"}, "Vul ook een telefoonnummer in"),
    ],
)
def test_an_error_says_what_to_do_and_keeps_what_was_typed(client, step, answer, error):
    fill_in(client, until=step)
    response = client.post(f"/melden/{step}/", answer)
    page = response.content.decode()
    assert response.status_code == 422
    assert error in page
    assert page.index("<title>Fout:") < page.index("data-foutmelding")
    for value in answer.values():
        assert value.strip() in page
    assert response["Cache-Control"] == "no-store"


def test_ten_thousand_signs_fit_whatever_the_browser_calls_a_new_line(client):
    fill_in(client, until="verhaal")
    assert client.post("/melden/verhaal/", {"narrative": "a\r\n" * 4_999 + "b"}).status_code == 303


def test_a_month_is_enough_when_the_day_is_not_known(client):
    when = {
        "occurred_on_maand": "maart",
        "occurred_on_jaar": "2026",
        "occurred_on_ruw": "1",
        "frequency": "repeated",
    }
    fill_in(client, wanneer=when)
    assert "maart 2026" in client.get("/melden/controleren/").content.decode()
    assert client.post("/melden/controleren/").status_code == 303
    assert Case.objects.get().occurred_text == "maart 2026"


def test_nothing_but_the_wish_the_kind_and_the_story_is_compulsory(client):
    empty = {"channels": [], "targets": [], "motive": ""}
    result = send(
        client,
        wie={"on_behalf": "self", "function": "", "organisation": ""},
        hoe=empty,
        wanneer={"occurred_on_ruw": "1", "frequency": "once"},
        contact={},
    )
    assert result["has_mail"] is False
    assert Case.objects.get().organisation is None


def test_the_confirmation_promises_moments_in_dutch_time(client, griffier):
    result = send(client, wens=BOTH, contacten={"contacts": [str(griffier.pk)]})
    page = client.get("/melden/verstuurd/").content.decode()
    assert result["code"] in page
    assert result["contact_due"] in page
    assert result["react_due"] in page
    assert "Nederlandse tijd" in page


def test_a_draft_that_expired_keeps_what_is_being_typed(client):
    fill_in(client, until="verhaal")
    Draft.objects.all().delete()
    page = client.post("/melden/verhaal/", {"narrative": STORY})
    assert page.status_code == 409
    assert STORY in page.content.decode()


def test_a_step_reads_and_writes_its_draft_and_nothing_else(client):
    fill_in(client, until="verhaal")
    with CaptureQueriesContext(connection) as queries:
        client.post("/melden/verhaal/", {"narrative": STORY})
    assert tables(queries) == ["pages_draft"] * 2  # read and written
    with CaptureQueriesContext(connection) as queries:
        client.get("/melden/contact/")
    assert len(queries) == 1


def test_the_step_with_an_organisation_looks_it_up_once(client):
    fill_in(client, until="wie")
    with CaptureQueriesContext(connection) as queries:
        client.post("/melden/wie/", ANSWERS["wie"])
    assert tables(queries) == ["pages_draft", "netwerk_organisation", "pages_draft"]


def test_every_step_of_the_flow_has_a_title_of_its_own():
    titles = [
        str(step.title or (step.form.base_fields and next(iter(step.form.base_fields.values())).label))
        for step in flows.REPORT.steps.values()
    ]
    assert len(set(titles)) == len(titles)
