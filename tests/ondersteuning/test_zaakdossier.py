"""The case as a PDF: what is in which edition, made once, read by who may."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.test import Client
from django.utils import timezone

from ondersteuning import actions
from ondersteuning.lifecycle import Status
from ondersteuning.zaakdossier import KIND, OWN, REPORTER, REPORTER_ALONE, TEAM
from tests.census import scene
from tests.documents.pdf import text_of
from weerbaar.audit.api import AccessLog, Purpose
from weerbaar.documents import api as documents
from weerbaar.jobs import run_due
from weerbaar.vault import api as vault
from weerbaar.vault.api import Compartment

LONG = "Het begon met een briefje op de mat. Daarna kwamen er berichten. " * 12


@pytest.fixture
def case(make_case, first_line):
    case = make_case(
        status=Status.IN_GUIDANCE,
        handler=first_line,
        narrative=LONG,
        people="Mijn dochter van 9.",
        channels=["home", "social_media"],
        targets=["family"],
    )
    for number in range(4):
        actions.send_message(
            case, text=f"Bericht {number}.\nIk bel u.", submission=f"{case.pk}{number}", by=first_line
        )
    actions.add_note(case, text="Geheime notitie.", by=first_line)
    case.refresh_from_db()
    actions.assess(case, text="Stille inschatting.", by=first_line, version=case.version)
    actions.plan_aftercare(case, by=first_line)
    actions.complete_aftercare(case.aftercare.first(), report="Vertrouwelijk verslag.", by=first_line)
    case.refresh_from_db()
    return case


def made(case, audience, kind=KIND, **who) -> bytes:
    rendering = documents.request(case, kind, audience=audience, **who)
    run_due(timezone.now(), queue="pdf")
    rendering.refresh_from_db()
    assert rendering.is_ready, rendering.error
    with vault.open(case, purpose=Purpose.PDF, **who) as content:
        return documents.read(rendering, content)


def tags(pdf: bytes) -> list[str]:
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        todo = [opened.Root.StructTreeRoot]
        while todo:
            element = todo.pop(0)
            if isinstance(element, pikepdf.Dictionary):
                if "/S" in element:
                    found.append(str(element.S))
                kids = element.get("/K", [])
                todo += list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return found


INTERNAL = ["Geheime notitie.", "Stille inschatting.", "Vertrouwelijk verslag.", "Femke Eerste"]


def test_the_teams_edition_holds_everything_and_is_accessible(case, first_line):
    pdf = made(case, TEAM, by=first_line)
    text = text_of(pdf)
    for words in [*INTERNAL, "briefje op de mat", "Mijn dochter", "Bericht 3.", "Mila", "Eerste opvang"]:
        assert words in text
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.Root.Lang == "nl"
        with opened.open_metadata() as meta:
            assert meta["dc:title"] == f"Zaakdossier {case.reference}"
            assert meta["pdfuaid:part"] == "1"
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD"} <= set(tags(pdf))


def test_the_teams_edition_names_the_evidence_the_help_from_outside_and_what_came_after(
    case, first_line, code
):
    visit = vault.start_visit(case, code)
    actions.add_evidence(case, file=None, links="https://voorbeeld.invalid/bericht", visit=visit)
    scene.add_photo(case, visit)
    actions.ask_referral(case, partner=scene.help_from(), shares="Een hek is stuk.", by=first_line)
    case.refresh_from_db()
    actions.close_case(case, outcome="supported", by=first_line, version=case.version)
    actions.rate_help(case, helped="partly", remark="Het duurde lang.", visit=visit)
    with vault.open(case, by=first_line, purpose=Purpose.HANDLE) as content:
        (sha256,) = (one.facts["sha256"] for _row, one in content.rows(case.evidence.files()))
    text = text_of(made(case, TEAM, by=first_line))
    told = ["voorbeeld.invalid/bericht", "foto.jpg", "Een hek is stuk.", "Het duurde lang."]
    assert [words for words in told if words not in text] == []
    assert sha256 in text.replace(" ", "")


def title_of(pdf: bytes) -> str:
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as meta:
        return str(meta["dc:title"])


def test_the_reporters_own_edition_holds_what_they_told_and_were_told(case, code):
    pdf = made(case, REPORTER, OWN, code=code)
    text = text_of(pdf)
    assert title_of(pdf) == f"Mijn melding {case.reference}"
    for words in ["briefje op de mat", "Bericht 3.", "Mila", "Eerste opvang", "Ondersteuningsteam"]:
        assert words in text
    assert "Wat is er gebeurd? Bedreiging" in text  # the question, as it was asked
    for words in [*INTERNAL, "Zaakdossier", "Urgentie"]:
        assert words not in text


def test_who_wrote_to_the_organisation_alone_gets_a_pdf_that_nobody_else_can_read(
    make_case, griffier, code, first_line, settings
):
    case = make_case(
        wish="organisation",
        contacts=[griffier],
        narrative=LONG,
        on_behalf="other",
        consent="given",
        people="Mijn dochter van 9.",
    )
    actions.react_to_report(
        case.organisation_report, text="Wij doen aangifte.", submission="a", by=griffier.user
    )
    everything = list(settings.VAULT_PRIVATE_KEYS)
    settings.VAULT_PRIVATE_KEYS = []  # publiek asks
    rendering = documents.request(case, OWN, audience=REPORTER_ALONE, code=code)
    assert rendering.compartment == Compartment.ORGANISATION
    settings.VAULT_PRIVATE_KEYS = everything  # the worker makes it
    run_due(timezone.now(), queue="pdf")
    rendering.refresh_from_db()
    assert rendering.is_ready, rendering.error
    settings.VAULT_PRIVATE_KEYS = [key for key in everything if key.startswith("team:")]
    with pytest.raises(vault.NoKey), vault.open(case, by=first_line, purpose=Purpose.PDF) as content:
        documents.read(rendering, content)
    settings.VAULT_PRIVATE_KEYS = []
    with vault.open(case, code=code, purpose=Purpose.PDF) as content:
        pdf = documents.read(rendering, content)
    text = text_of(pdf)
    assert title_of(pdf) == f"Mijn melding {case.reference}"
    for words in ["briefje op de mat", "Wij doen aangifte.", "Mila", "staat niet in dit document"]:
        assert words in text
    assert "Mijn dochter" not in text  # only the code opens that


def test_the_reporters_edition_is_sealed_for_the_reporter(case, first_line, code):
    assert documents.request(case, OWN, audience=REPORTER, code=code).compartment == Compartment.SHARED
    assert documents.request(case, KIND, audience=TEAM, by=first_line).compartment == Compartment.INTERNAL


def test_the_same_case_is_printed_once_and_another_time_after_a_change(case, first_line):
    first = documents.request(case, KIND, audience=TEAM, by=first_line)
    assert documents.request(case, KIND, audience=TEAM, by=first_line).pk == first.pk
    actions.add_note(case, text="Nog iets.", by=first_line)
    assert documents.request(case, KIND, audience=TEAM, by=first_line).pk != first.pk


@pytest.fixture
def browser(sign_in, first_line):
    client = Client()
    sign_in(client, first_line)
    return client


def test_the_handler_asks_waits_and_downloads(browser, case):
    page = f"/beheer/ondersteuning/case/{case.pk}/change/"
    pdf = f"/beheer/ondersteuning/case/{case.pk}/zaakdossier.pdf"
    assert browser.get(pdf).status_code == 404
    browser.post(f"/beheer/ondersteuning/case/{case.pk}/zaakdossier/", {"version": case.version})
    assert "Kijk of het klaar is" in browser.get(page).content.decode()
    run_due(timezone.now(), queue="pdf")
    assert "zaakdossier.pdf" in browser.get(page).content.decode()
    answer = browser.get(pdf)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert case.reference not in answer.headers["Content-Disposition"]
    row = AccessLog.objects.filter(dossier=case.pk).latest("id")
    assert (row.purpose, row.detail) == (Purpose.PDF, "download")


@pytest.mark.parametrize("who", ["colleague", "second_line", "coordinator"])
def test_nobody_else_makes_or_downloads_it(request, sign_in, case, first_line, who):
    made(case, TEAM, by=first_line)
    client = Client()
    sign_in(client, request.getfixturevalue(who))
    before = AccessLog.objects.filter(dossier=case.pk, result="opened").count()
    assert client.get(f"/beheer/ondersteuning/case/{case.pk}/zaakdossier.pdf").status_code == 404
    answer = client.post(f"/beheer/ondersteuning/case/{case.pk}/zaakdossier/", {"version": case.version})
    assert answer.status_code == 404
    assert AccessLog.objects.filter(dossier=case.pk, result="opened").count() == before
