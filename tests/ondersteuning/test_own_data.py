"""Inzage: everything that a reporter told and was told, as PDF and as JSON."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta

import pytest
from django.utils import timezone

from ondersteuning import actions
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, LegalDate, OrganisationReport
from ondersteuning.zaakdossier import OWN, REPORTER, own_context
from tests.census.scene import help_from
from tests.ondersteuning.test_zaakdossier import text_of
from weerbaar.audit.api import AccessLog, Purpose
from weerbaar.documents import api as documents
from weerbaar.jobs import run_due
from weerbaar.vault import api as vault

PAGE = "/volgen/melding/"
DATA = f"{PAGE}gegevens/"
JSON = f"{DATA}json/"


@pytest.fixture
def case(make_case, first_line, griffier):
    case = make_case(
        status=Status.IN_GUIDANCE, handler=first_line, wish="both", contacts=[griffier], links="https://voorbeeld.invalid/x"
    )  # fmt: skip
    actions.send_message(case, text="Wij bellen u.", submission=secrets.token_urlsafe(32), by=first_line)
    actions.add_note(case, text="Lijkt op een eerdere zaak.", by=first_line)
    part = OrganisationReport.objects.get()
    actions.react_to_report(part, text="Wij staan achter u.", submission="y" * 40, by=griffier.user)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def visitor(client, case, code):
    client.post("/volgen/", {"code": str(code)})
    return client


def test_the_json_holds_all_that_the_reporter_told_and_was_told(visitor, case):
    answer = visitor.get(JSON)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="gegevens.json"'
    assert "no-store" in answer.headers["Cache-Control"]
    found = answer.json()
    assert found["melding"]["kenmerk"] == case.reference
    answers = {line["vraag"]: line["antwoord"] for line in found["antwoorden"]}
    assert answers["Vertel in uw eigen woorden wat er is gebeurd"] == "Er stond een man bij mijn hek."
    assert answers["E-mailadres"] == "mila@voorbeeld.invalid"
    assert [one["tekst"] for one in found["berichten"]] == ["Wij bellen u."]
    assert [one["wat"] for one in found["bewijs"]] == ["https://voorbeeld.invalid/x"]
    assert [one["tekst"] for one in found["organisatie"]["berichten"]] == ["Wij staan achter u."]
    assert found["organisatie"]["wie_mag_meelezen"][0]["wie"] == "De griffier"


@pytest.fixture
def helped(case, first_line):
    """Everything that the reporter reads elsewhere in the portal, and what is not theirs to read."""
    actions.ask_referral(case, partner=help_from(), shares="Een adres staat online.", by=first_line)
    told = {"number": "PL-2026-1", "contact": "Rechercheur K.", "remark": "Twijfelt."}
    aangifte = actions.open_aangifte(case, status="considered", by=first_line, **told)
    hearing = timezone.now() + timedelta(days=30)
    actions.set_date(aangifte, kind="hearing", at=hearing, remark="Zaal 3", by=first_line)
    over = actions.set_date(aangifte, kind="judgment", at=hearing, remark="Zaal 4", by=first_line)
    LegalDate.objects.filter(pk=over.pk).update(at=timezone.now() - timedelta(days=3))
    plan = {"kind": "electronic", "owner": "employer", "due_on": hearing.date(), "by": first_line}
    actions.plan_measure(case, what="Camera bij de deur", status="settled", **plan)
    actions.plan_measure(case, what="Hond aanschaffen", status="advised", **plan)
    actions.open_procedure(case, kind="liability", status="running", description="De brieven.", by=first_line)
    actions.plan_aftercare(case, by=first_line)
    for relation, name in (("partner", "Lotte"), ("witness", "De bode")):
        actions.add_care_person(case, relation=relation, name=name, contact="", by=first_line)
    return case


THEIRS = [
    *("Een adres staat online.", "PL-2026-1", "Rechercheur K.", "Zaal 3", "Zaal 4"),
    *("Camera bij de deur", "De brieven.", "Lotte"),
]
NOT_THEIRS = ["Twijfelt.", "Hond aanschaffen", "bode", "Getuige"]


def test_the_copy_holds_what_is_read_elsewhere_in_the_portal_and_no_more(visitor, helped):
    words = visitor.get(JSON).content.decode()
    assert [one for one in THEIRS if one not in words] == []
    assert [one for one in NOT_THEIRS if one in words] == []
    found = json.loads(words)
    assert [one["stand"] for one in found["hulp_van_anderen"]] == ["Gevraagd aan de melder"]
    assert {one["voor"] for one in found["nazorg"]} == {"u", "Partner (Lotte)"}


def test_so_does_the_pdf(helped, code):
    rendering = documents.request(helped, OWN, audience=REPORTER, code=code)
    run_due(timezone.now(), queue="pdf")
    rendering.refresh_from_db()
    with vault.open(helped, code=code, purpose=Purpose.PDF) as content:
        pdf = documents.read(rendering, content)
    words = text_of(pdf)
    assert [one for one in THEIRS if one not in words] == []
    assert [one for one in NOT_THEIRS if one in words] == []


def test_what_the_team_keeps_for_itself_is_named_and_not_given(visitor, first_line):
    words = visitor.get(JSON).content.decode()
    assert "eerdere zaak" not in words
    assert first_line.name not in words
    assert "Aantekeningen die het team voor zichzelf maakt" in words


def test_every_copy_that_is_taken_leaves_a_row(visitor, case):
    visitor.get(JSON)
    row = AccessLog.objects.filter(dossier=case.pk, purpose=Purpose.EXPORT).get()
    assert (row.role, row.result, row.detail) == ("melder", "opened", "inzage")


def test_with_a_renewed_code_the_copy_holds_no_messages_of_the_organisation(client, case, first_line):
    temporary = actions.give_temporary_code(case, checked="Gebeld.", by=first_line, version=case.version)
    new = vault.new_access_code()
    actions.renew_code(case, temporary, new=new)
    client.post("/volgen/", {"code": str(new)})
    found = client.get(JSON).json()
    assert "berichten" not in found["organisatie"]


def test_the_page_offers_both_and_the_pdf_comes_back_to_it(visitor):
    page = visitor.get(DATA).content.decode()
    assert "Download alles als JSON" in page
    assert "Maak een PDF" in page
    answer = visitor.post(f"{PAGE}document/", {"naar": "gegevens"})
    assert answer["Location"] == f"{DATA}#document"
    assert "Uw PDF wordt gemaakt." in visitor.get(DATA).content.decode()


def test_the_pdf_names_the_evidence_and_what_came_after_closing(case, code, first_line):
    actions.close_case(case, outcome="supported", by=first_line)
    visit = vault.start_visit(case, code)
    actions.rate_help(case, helped="yes", remark="Dank.", visit=visit)
    case = Case.objects.get(pk=case.pk)
    with vault.open(case, code=code, purpose=Purpose.PDF) as content:
        found = own_context(case, content, REPORTER)
        assert [piece.name for piece in found["pieces"]] == ["https://voorbeeld.invalid/x"]
        assert found["feedback"] == ("Ja", "Dank.")
