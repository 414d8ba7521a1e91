"""Reports taken by phone or on paper: one in a form, many from a file, with a dry run and all or none."""

from __future__ import annotations

import io
import re
import uuid
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from ondersteuning import actions
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case
from weerbaar.accounts.roles import Role
from weerbaar.audit.api import AccessLog, Purpose, Result
from weerbaar.vault import api as vault

PHONE = "/beheer/ondersteuning/case/aannemen/"
FILE = "/beheer/ondersteuning/case/inlezen/"
STORY = "Er lag een briefje onder de ruitenwisser."
ANSWERS = {
    "source": "phone",
    "received_on_dag": "1",
    "received_on_maand": "11",
    "received_on_jaar": "2026",
    "kinds": ["threat"],
    "severity": "serious",
    "narrative": STORY,
    "on_behalf": "self",
    "occurred_on_ruw": "on",
    "frequency": "once",
    "phone": "06 12 34 56 78",
    "function": "raadslid",
}
GOOD = {
    "Ontvangen op": "1-11-2026",
    "Soort": "Bedreiging; Doxing",
    "Hoe ernstig": "Ernstig",
    "Verhaal": STORY,
    "Datum voorval": "2026-10-30",
    "Hoe vaak": "Eén keer",
    "Organisatie": "Testdam",
    "Telefoon": "0612345678",
}


@pytest.fixture
def browser(sign_in):
    def make(user) -> Client:
        client = Client()
        sign_in(client, user)
        return client

    return make


def fill_in(client, **changes):
    secret = re.search(r'name="secret" value="([^"]+)"', client.get(PHONE).content.decode())[1]
    return client.post(PHONE, {**ANSWERS, "secret": secret, **changes})


def code_in(response) -> vault.AccessCode:
    assert response.status_code == 200, response.content.decode()[-3000:]
    found = re.search(r'class="eenmalig">([0-9A-Z-]{24})<', response.content.decode())
    return vault.AccessCode.parse(found[1])


def as_csv(rows, names=None) -> bytes:
    names = names or list(dict.fromkeys(name for row in rows for name in row))
    lines = [";".join(names), *(";".join(f'"{row.get(name, "")}"' for name in names) for row in rows)]
    return "\r\n".join(lines).encode()


def as_xlsx(rows) -> bytes:
    book = Workbook()
    names = list(dict.fromkeys(name for row in rows for name in row))
    for values in [names, *([row.get(name) for name in names] for row in rows)]:
        book.active.append(values)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(client, data: bytes, name="meldingen.csv"):
    return client.post(FILE, {"file": SimpleUploadedFile(name, data)})


def confirm(client, response):
    sealed = re.search(r'name="lines" value="([^"]+)"', response.content.decode())[1]
    return client.post(FILE, {"lines": sealed})


# --- one report -----------------------------------------------------------------------------------


def test_the_first_line_takes_a_report_by_phone_and_gives_the_code(browser, client, first_line, coordinator):
    code = code_in(fill_in(browser(first_line)))
    case = Case.objects.get()
    assert (case.source, case.status, case.wish, case.function) == ("phone", "received", "team", "raadslid")
    assert case.contacted_at
    assert case.status_changes.get().role == "eerste_lijn"
    with vault.open(case, code=code, purpose=Purpose.FOLLOW) as content:
        assert content.narrative == STORY
        assert content.contact["phone"] == "+31612345678"
    response = client.post("/volgen/", {"code": str(code)}, follow=True)
    assert case.reference in response.content.decode()


def test_who_took_it_may_handle_it_at_once(browser, first_line):
    code_in(fill_in(browser(first_line), handles="on"))
    case = Case.objects.get()
    assert (case.handler, case.status) == (first_line, Status.IN_TRIAGE)


def test_a_letter_counts_from_the_day_it_came_and_is_no_contact(browser, first_line):
    code_in(fill_in(browser(first_line), source="paper"))
    case = Case.objects.get()
    assert case.received_at.date().isoformat() == "2026-11-01"
    assert case.contacted_at is None


def test_sent_twice_is_one_case_with_one_code(browser, first_line):
    client = browser(first_line)
    secret = uuid.uuid4().hex
    codes = {str(code_in(fill_in(client, secret=secret))) for _ in range(2)}
    assert len(codes) == 1
    assert Case.objects.count() == 1
    assert secret not in str(Case.objects.values().get())


def test_what_is_missing_is_said_and_nothing_typed_is_lost(browser, first_line):
    response = fill_in(browser(first_line), kinds=[], on_behalf="other")
    page = response.content.decode()
    assert response.status_code == 422
    assert STORY in page
    assert "Kies of degene om wie het gaat het weet." in page
    assert not Case.objects.exists()


@pytest.mark.parametrize("role", [Role.TWEEDE_LIJN, Role.AUDITOR, Role.NETWERKBEHEER, Role.TECHNISCH_BEHEER])
def test_nobody_else_takes_reports(browser, make_user, role):
    client = browser(make_user(role))
    assert client.get(PHONE).status_code == 404
    assert client.post(PHONE, ANSWERS).status_code == 404
    assert upload(client, as_csv([GOOD])).status_code == 404
    assert not Case.objects.exists()


def test_the_first_line_reads_no_files(browser, first_line):
    assert upload(browser(first_line), as_csv([GOOD])).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.import_reports([], by=first_line)


# --- a file ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
def test_a_file_is_tried_first_and_then_read_as_a_whole(browser, coordinator, organisation, make):
    client = browser(coordinator)
    response = upload(client, make([GOOD, GOOD | {"Verhaal": "Een ander verhaal.", "Bron": "phone"}]))
    page = response.content.decode()
    assert response.status_code == 200, page[-2500:]
    assert "2 meldingen staan klaar" in page
    assert STORY not in page  # sealed, also on the way
    assert not Case.objects.exists()
    done = confirm(client, response)
    assert done.status_code == 200
    assert len(re.findall(r'class="eenmalig">[0-9A-Z-]{24}<', done.content.decode())) == 2
    first, second = Case.objects.order_by("source")
    assert (first.source, second.source) == ("paper", "phone")
    assert first.kinds == ["threat", "doxing"]
    assert first.organisation == organisation
    assert first.received_at.date().isoformat() == "2026-11-01"
    confirm(client, response)
    assert Case.objects.count() == 2  # pressed twice: nothing twice
    assert AccessLog.objects.filter(detail="meldingen ingelezen: 2", result=Result.DONE).exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"Soort": "Onzin"}, "Soort: dit woord kennen wij niet."),
        ({"Soort": ""}, "Soort: "),
        ({"Verhaal": ""}, "Verhaal: "),
        ({"Ontvangen op": "31-2-2026"}, "Ontvangen op: Deze datum bestaat niet."),
        ({"Ontvangen op": "1-1-2090"}, "Ontvangen op: Deze datum is nog niet geweest."),
        ({"Ontvangen op": "gisteren"}, "Ontvangen op: dit woord kennen wij niet."),
        ({"Telefoon": "12"}, "Telefoon: Dit nummer klopt niet."),
        ({"Voicemail": "misschien"}, "Voicemail: dit woord kennen wij niet."),
        ({"Organisatie": "Nergenshuizen"}, "Organisatie: "),
    ],
)
def test_an_error_is_told_by_line_and_nothing_is_read(browser, coordinator, organisation, change, said):
    row = {**GOOD, "Voicemail": ""} | change
    response = upload(browser(coordinator), as_csv([GOOD, row, GOOD], list(row)))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Regel 3" in page
    assert "Regel 2" not in page
    assert said in page
    assert 'name="lines"' not in page
    assert not Case.objects.exists()


def test_what_fails_halfway_leaves_nothing(browser, coordinator, organisation, monkeypatch):
    from ondersteuning.actions import intake

    client = browser(coordinator)
    response = upload(client, as_csv([GOOD, GOOD, GOOD]))
    plain, calls = intake.report_incident, []

    def breaks(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError
        return plain(*args, **kwargs)

    monkeypatch.setattr(intake, "report_incident", breaks)
    with pytest.raises(RuntimeError):
        confirm(client, response)
    assert len(calls) == 3
    assert not Case.objects.exists()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02",
        b"PK\x03\x04 geen werkboek",
        bomb(),
        as_csv([GOOD | {"Geheim": "x"}]),
        b"Soort;Soort\r\na;b",
        b"Soort;Verhaal\r\n",
        as_csv([GOOD] * 201),
        b"Soort\r\n" + b"x" * 1_100_000,
    ],
    ids=["bytes", "broken", "bomb", "column", "twice", "empty", "many", "large"],
)
def test_what_is_no_list_of_reports_is_refused(browser, coordinator, data):
    response = upload(browser(coordinator), data)
    assert response.status_code == 422
    assert response.content.decode().count("foutmelding-kop") >= 1
    assert not Case.objects.exists()


def test_the_sealed_lines_open_for_nobody_else(browser, coordinator, make_user, organisation):
    response = upload(browser(coordinator), as_csv([GOOD]))
    other = browser(make_user(Role.COORDINATOR))
    assert confirm(other, response).status_code == 404
    assert browser(coordinator).post(FILE, {"lines": "onzin"}).status_code == 404
    assert not Case.objects.exists()
