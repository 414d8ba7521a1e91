"""The agressieprotocol of an organisation: filled in, checked, kept by version, and printed."""

from __future__ import annotations

import io
import subprocess
from datetime import timedelta

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from netwerk.actions import make_protocol
from netwerk.functions import Layer
from netwerk.models import AggressionProtocol, Contact, Membership, Organisation
from weerbaar.accounts.roles import Role
from weerbaar.documents import tasks
from weerbaar.documents.render import PangoMissing
from weerbaar.jobs import run_due

ANSWERS = {
    "report_to": "de griffier",
    "report_phone": "036 1234567",
    "evening_phone": "",
    "register": "het register van de griffie",
    "lead": "de burgemeester",
    "speaks_out": "de burgemeester & de <griffier>",
    "decides_aangifte": "de burgemeester",
    "aftercare_by": "de griffier",
    "aftercare_within": 24,
}


@pytest.fixture
def almere():
    return Organisation.objects.create(code="GM0034", name="Almere", layer=Layer.GEMEENTE)


@pytest.fixture
def griffier(almere, make_user):
    user = make_user(Role.ORGANISATIECONTACT)
    Contact.objects.create(organisation=almere, user=user, function="griffier", label="de griffier")
    return user


@pytest.fixture
def raadslid(almere, make_user):
    user = make_user(Role.AMBTSDRAGER)
    Membership.objects.create(
        user=user, organisation=almere, function="raadslid", confirmed_at=timezone.now()
    )
    return user


@pytest.fixture
def run_pdfs(settings):
    """What the worker for PDFs does; it serves no zone."""

    def run():
        zones, settings.ZONES = settings.ZONES, frozenset()
        run_due(timezone.now() + timedelta(hours=1), queue="pdf")
        settings.ZONES = zones

    return run


def form(organisation):
    return f"/mijn/organisatie/agressieprotocol/{organisation.pk}/"


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_from_the_form_to_the_pdf(client, sign_in, almere, griffier, run_pdfs):
    sign_in(client, griffier)
    assert "nog geen protocol" in client.get("/mijn/organisatie/agressieprotocol/").content.decode()
    wrong = client.post(form(almere), ANSWERS | {"lead": "", "report_phone": "bel maar"})
    assert wrong.status_code == 422
    assert "Vul in wie het regie-overleg" in wrong.content.decode()
    assert 'value="bel maar"' in wrong.content.decode()
    check = client.post(form(almere), ANSWERS).content.decode()
    assert "Controleer het protocol" in check
    assert "binnen 24 uur" in check
    assert not AggressionProtocol.objects.exists()
    back = client.post(form(almere), ANSWERS | {"change": "1"})
    assert back.status_code == 200
    assert 'value="036 1234567"' in back.content.decode()
    made = client.post(form(almere), ANSWERS | {"sure": "1"})
    protocol = AggressionProtocol.objects.get()
    assert made.url == f"/mijn/organisatie/agressieprotocol/versie/{protocol.pk}/"
    assert "De PDF wordt gemaakt" in client.get(made.url).content.decode()
    assert client.get(f"{made.url}pdf/").status_code == 404
    run_pdfs()
    assert "De PDF is klaar" in client.get(made.url).content.decode()
    answer = client.get(f"{made.url}pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert 'filename="agressieprotocol-' in answer["Content-Disposition"]
    text = text_of(answer.content)
    for words in ("036 1234567", "Emotie mag, agressie niet", "de burgemeester & de <griffier>", "Bel 112",
                  "domicilie", "Na 6 tot 8 weken", "versie 1 van"):  # fmt: skip
        assert words in text, words
    assert "Buiten kantoortijd" not in text
    with pikepdf.open(io.BytesIO(answer.content)) as pdf, pdf.open_metadata() as meta:
        assert (meta["pdfuaid:part"], str(pdf.Root.Lang)) == ("1", "nl")
        assert meta["dc:title"] == "Agressieprotocol Almere, versie 1"


def test_when_the_press_fails_the_page_says_why_and_asks_again(
    client, sign_in, almere, griffier, monkeypatch, run_pdfs
):
    def no_press(html):
        raise PangoMissing

    monkeypatch.setattr(tasks, "render_pdf", no_press)
    sign_in(client, griffier)
    page = client.post(form(almere), ANSWERS | {"sure": "1"}).url
    run_pdfs()
    shown = client.get(page).content.decode()
    assert "ontbreekt pango" in shown
    assert "Opnieuw proberen" in shown
    monkeypatch.setattr(tasks, "render_pdf", lambda html: b"%PDF-")
    assert client.post(page).status_code == 302
    run_pdfs()
    assert "De PDF is klaar" in client.get(page).content.decode()


def test_a_change_is_a_new_version_and_the_old_one_stays(almere, griffier):
    first = make_protocol(almere, ANSWERS, by=griffier)
    assert make_protocol(almere, ANSWERS, by=griffier) == first  # pressed twice
    second = make_protocol(almere, ANSWERS | {"lead": "de secretaris"}, by=griffier)
    assert (first.version, second.version) == (1, 2)
    first.refresh_from_db()
    assert first.lead == "de burgemeester"
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        AggressionProtocol.objects.filter(pk=first.pk).update(lead="een ander")
    with pytest.raises(IntegrityError), transaction.atomic():
        AggressionProtocol.objects.create(organisation=almere, version=2, **ANSWERS)


def test_the_form_begins_with_the_version_before(client, sign_in, almere, griffier):
    make_protocol(almere, ANSWERS | {"lead": "de secretaris"}, by=griffier)
    sign_in(client, griffier)
    page = client.get(form(almere)).content.decode()
    assert 'value="de secretaris"' in page
    assert "Agressieprotocol aanpassen" in page


def test_it_is_for_who_belongs_to_the_organisation_and_made_by_its_contacts(
    client, sign_in, almere, griffier, raadslid, make_user, run_pdfs
):
    protocol = make_protocol(almere, ANSWERS, by=griffier)
    page = f"/mijn/organisatie/agressieprotocol/versie/{protocol.pk}/"
    sign_in(client, raadslid)
    assert client.get(page).status_code == 200
    assert "Nieuwe versie maken" not in client.get(page).content.decode()
    assert "Aanpassen" not in client.get("/mijn/organisatie/agressieprotocol/").content.decode()
    assert client.get(form(almere)).status_code == 404
    with pytest.raises(PermissionDenied):
        make_protocol(almere, ANSWERS, by=raadslid)
    client.post(page)
    run_pdfs()
    assert client.get(f"{page}pdf/").status_code == 200
    sign_in(client, make_user(Role.AMBTSDRAGER))
    for address in (page, f"{page}pdf/", "/mijn/organisatie/agressieprotocol/"):
        assert client.get(address).status_code == 404
    assert client.post(page).status_code == 404


def test_on_the_islands_it_names_911(client, sign_in, make_user, run_pdfs):
    saba = Organisation.objects.create(code="COL02", name="Saba", layer=Layer.OPENBAAR_LICHAAM)
    user = make_user(Role.ORGANISATIECONTACT)
    Contact.objects.create(organisation=saba, user=user, function="griffier", label="de griffier")
    sign_in(client, user)
    page = client.post(form(saba), ANSWERS | {"sure": "1"}).url
    run_pdfs()
    text = text_of(client.get(f"{page}pdf/").content)
    assert "Bel 911" in text
    assert "112" not in text


def test_the_list_costs_the_same_at_three_versions_and_at_thirty(client, sign_in, almere, griffier):
    def cost():
        with CaptureQueriesContext(connection) as found:
            page = client.get("/mijn/organisatie/agressieprotocol/").content.decode()
        return len(found), page.count("Versie ")

    def versions(first, last):
        for number in range(first, last):
            make_protocol(almere, ANSWERS | {"lead": f"de wethouder {number}"}, by=griffier)

    sign_in(client, griffier)
    versions(0, 3)
    cost()
    few = cost()
    versions(3, 30)
    assert cost()[0] == few[0] == 4
