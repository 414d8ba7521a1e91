"""Editors read lists from a file and write them to one: a dry run, each fault by its line, all or none."""

from __future__ import annotations

import csv
import io
import re
import time
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from netwerk import figures, partners, register
from netwerk.models import KeyFigure, Organisation, Partner
from weerbaar.accounts.roles import Role
from weerbaar.audit.models import AccessLog, Purpose, Result
from weerbaar.sheets import admin as sheets

ORGANISATIONS = "/beheer/netwerk/organisation/"
PARTNERS = "/beheer/netwerk/partner/"
FIGURES = "/beheer/netwerk/keyfigure/"


@pytest.fixture
def editor(make_user):
    return make_user(Role.NETWERKBEHEER)


@pytest.fixture
def desk(editor, sign_in):
    client = Client()
    sign_in(client, editor)
    return client


def send(desk, content: str | bytes, where=ORGANISATIONS, name="lijst.csv"):
    data = content.encode() if isinstance(content, str) else content
    return desk.post(f"{where}inlezen/", {"file": SimpleUploadedFile(name, data)})


def faults(response) -> list[str]:
    """ "Regel 3: wat er mis is", as the page says it."""
    assert response.status_code == 422
    html = response.content.decode()
    found = []
    for line, errors in re.findall(r"<li>(Regel \d+|Het hele bestand)<ul>(.*?)</ul>", html, re.DOTALL):
        found += [f"{line}: {error}" for error in re.findall(r"<li>(.*?)</li>", errors)]
    return found


def confirm(desk, response, where=ORGANISATIONS):
    assert response.status_code == 200, faults(response)
    sealed = re.search(r'name="lines" value="([^"]+)"', response.content.decode())[1]
    return desk.post(f"{where}inlezen/", {"lines": sealed})


def export(desk, where, query="", format="csv") -> list[dict[str, str]]:
    response = desk.post(f"{where}exporteren/?{query}", {"format": format})
    assert response.status_code == 200
    data = response.getvalue()
    if format == "csv":
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    names, *rows = load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
    return [dict(zip(names, ["" if cell is None else cell for cell in row], strict=True)) for row in rows]


def many(number: int) -> list[str]:
    """Lines of so many gemeenten that do not exist."""
    return [
        f"GM{place:04};Gemeente {place};gemeente;PV{20 + place % 12};2020-01-01;;" for place in range(number)
    ]


HEADER = "code;naam;bestuurslaag;provincie;bestaat vanaf;bestaat tot;opvolger"


def test_ten_thousand_lines_with_three_faults_name_the_three_and_nothing_is_written(desk):
    lines = many(10_000)
    lines[9] = "GM12;Te kort;gemeente;PV27;;;"
    lines[4_999] = "GM4999;Gemeente 4999;gemeente;PV99;;;"
    lines[9_999] = "GM9999;Gemeente 9999;gemeente;PV27;31-02-2020;;"
    assert faults(send(desk, "\n".join([HEADER, *lines]))) == [
        "Regel 11: GM12 is geen code van een organisatie.",
        "Regel 5001: provincie PV99 bestaat niet.",
        "Regel 10001: Bestaat vanaf: ‘31-02-2020’ is geen datum zoals 2027-01-31.",
    ]
    assert not Organisation.objects.exists()


def test_ten_thousand_good_lines_are_written_in_few_queries(desk):
    response = send(desk, "\n".join([HEADER, *many(10_000)]))
    assert "10000 nieuw, 0 gewijzigd, 0 ongewijzigd." in response.content.decode()
    assert not Organisation.objects.exists()
    with CaptureQueriesContext(connection) as captured:
        began = time.monotonic()
        assert confirm(desk, response).status_code == 302
        assert time.monotonic() - began < 60
    assert len(captured) < 100
    assert Organisation.objects.count() == 10_000
    one = Organisation.objects.get(code="GM4321")
    assert (one.name, one.sort_key, one.valid_from) == ("Gemeente 4321", "gemeente 4321", date(2020, 1, 1))
    assert Organisation.objects.search("gemeente 4321")[0] == one
    again = send(desk, "\n".join([HEADER, *many(10_000)]))
    assert "0 nieuw, 0 gewijzigd, 10000 ongewijzigd." in again.content.decode()


def test_every_fault_of_a_line_is_said(desk):
    register.load(register.SHIPPED.read_bytes(), is_json=False)
    before = list(Organisation.objects.order_by("pk").values())
    assert faults(
        send(
            desk,
            f"{HEADER}\n"
            "GM9999;Goed;gemeente;PV27;2020-01-01;;\n"
            "GM0034;;gemeente;PV24;;;\n"
            "GM0035;Laag;provincie;PV24;;;\n"
            "GM0038;Tijd;gemeente;PV20;2020-01-01;2020-01-01;\n"
            "GM0039;Opvolger;gemeente;PV20;;;GM4444\n"
            "gm9999;Dubbel;gemeente;PV20;;;\n"
            "GM0041;Laag;land;PV20;gisteren;;\n"
            ";Zonder code;gemeente;;;;\n",
        )
    ) == [
        "Regel 3: Naam: Dit veld kan niet leeg zijn",
        "Regel 4: bestuurslaag provincie past niet bij code GM0035.",
        "Regel 5: de einddatum ligt niet na de begindatum.",
        "Regel 6: opvolger GM4444 bestaat niet.",
        "Regel 7: GM9999 staat ook op regel 2.",
        "Regel 8: Bestuurslaag: ‘land’ kan niet. "
        "Kies uit: gemeente, provincie, waterschap, openbaar lichaam.",
        "Regel 8: Bestaat vanaf: ‘gisteren’ is geen datum zoals 2027-01-31.",
        "Regel 9: Code: Dit veld kan niet leeg zijn",
    ]
    assert list(Organisation.objects.order_by("pk").values()) == before


def test_a_merger_can_be_read_from_a_file_successor_below_or_gone_again(desk):
    csv_ = f"{HEADER}\nGM0001;Oud;;PV20;;2027-01-01;GM0002\nGM0002;Nieuw;;PV20;2027-01-01;;\n"
    confirm(desk, send(desk, csv_))
    old = Organisation.objects.get(code="GM0001")
    assert (old.successor.name, old.layer) == ("Nieuw", "gemeente")
    confirm(desk, send(desk, "code;opvolger\nGM0001;\n"))
    old.refresh_from_db()
    assert old.successor is None
    assert old.valid_until == date(2027, 1, 1)  # a column that is not there stays


def test_the_shipped_register_can_be_read_at_the_desk_too(desk):
    assert confirm(desk, send(desk, register.SHIPPED.read_bytes())).status_code == 302
    assert Organisation.objects.get(code="GM1696").successor.code == "GM0402"
    assert Organisation.objects.count() == 378


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_what_was_exported_is_imported_again_without_a_change(desk, format):
    register.load(register.SHIPPED.read_bytes(), is_json=False)
    partners.load()
    figures.load()
    Partner.objects.filter(slug="politie").update(phone="+31343578844", offers="=1+1\nen meer; en nog meer")
    for where, model in ((ORGANISATIONS, Organisation), (PARTNERS, Partner), (FIGURES, KeyFigure)):
        response = desk.post(f"{where}exporteren/", {"format": format})
        again = send(desk, response.getvalue(), where, f"lijst.{format}")
        assert f"0 nieuw, 0 gewijzigd, {model.objects.count()} ongewijzigd." in again.content.decode()


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "words", ["=1+1", "+31", "@SUM(A1)", "-2", "\t=1", " =1", "＝1", "=cmd|' /C calc'!A0"]
)
def test_no_cell_is_a_formula(desk, words, format):
    Partner.objects.create(slug="a", name="A", kind="security", offers=words, for_whom="x")
    (row,) = export(desk, PARTNERS, format=format)
    assert row["Wat zij bieden"].startswith("'")


def test_an_export_is_of_the_list_as_it_was_filtered_and_leaves_a_row(desk, editor):
    partners.load()
    rows = export(desk, PARTNERS, "kind__exact=other_group")
    assert {row["Soort"] for row in rows} == {"Meldpunt voor een andere doelgroep"}
    log = AccessLog.objects.filter(actor_id=editor.pk, purpose=Purpose.EXPORT, result=Result.DONE).get()
    assert log.detail == f"partners, export: {len(rows)} regels, csv"
    assert "Exporteren" in desk.get(f"{PARTNERS}?kind__exact=other_group").content.decode()


def test_an_address_with_a_filter_that_is_none_shows_the_whole_list(desk):
    response = desk.get(f"{PARTNERS}exporteren/?takes_referrals__exact=misschien")
    assert (response.status_code, response["Location"]) == (302, f"{PARTNERS}exporteren/")


def test_an_import_leaves_rows_and_says_who(desk, editor):
    confirm(desk, send(desk, "code,naam\nGM0034,Almere\n"))
    details = AccessLog.objects.filter(actor_id=editor.pk).values_list("detail", flat=True)
    assert "organisaties, proef met inlezen: 1 regels" in details
    assert "organisaties, ingelezen: 1 nieuw, 0 gewijzigd, 0 gelijk" in details
    event = Organisation.objects.get().events.get()
    assert event.pgh_context["actor"] == str(editor.pk)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.EERSTE_LIJN, Role.AUDITOR, Role.TECHNISCH_BEHEER])
@pytest.mark.parametrize("where", [ORGANISATIONS, PARTNERS, FIGURES])
def test_nobody_else_reads_in_or_exports(make_user, sign_in, role, where):
    client, user = Client(), make_user(role)
    sign_in(client, user)
    for page in ("inlezen", "exporteren"):
        assert client.get(f"{where}{page}/").status_code == 403
        assert client.post(f"{where}{page}/", {"format": "csv"}).status_code == 403
    assert AccessLog.objects.filter(actor_id=user.pk, result=Result.REFUSED).count() == 4
    answer = client.get(where)
    if answer.status_code == 200:
        assert "inlezen/" not in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Dit bestand is leeg."),
        (b"code;kleur\nGM0034;rood\n", "Deze kolom kennen wij niet: kleur."),
        (b"code;Code\nGM0034;x\n", "Een kolom staat er twee keer in."),
        (b"code;naam\n", "Er staan geen regels in dit bestand"),
        (b"PK\x03\x04 no workbook", "Dit Excelbestand kunnen wij niet lezen."),
        (b"code;naam\n\0", "Dit is geen CSV- of Excelbestand."),
        (b"naam\nAlmere\n", "De kolom Code ontbreekt."),
    ],
)
def test_a_file_of_another_kind_is_refused_in_words(desk, content, words):
    response = send(desk, content)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_file_that_is_too_large_is_refused(desk):
    response = send(desk, b"code;naam\n" + b"x" * sheets.MOST_BYTES)
    assert response.status_code in (413, 422)
    assert not Organisation.objects.exists()


def test_a_workbook_with_real_dates_and_numbers_is_read(desk):
    book = Workbook()
    sheet = book.active
    sheet.append(["Code", "Naam", "Bestaat tot"])
    sheet.append(["GM0034", "Almere", date(2030, 1, 1)])
    out = io.BytesIO()
    book.save(out)
    confirm(desk, send(desk, out.getvalue(), name="lijst.xlsx"))
    assert Organisation.objects.get().valid_until == date(2030, 1, 1)


def test_what_was_checked_is_for_this_person_this_list_and_this_hour(desk, make_user, sign_in, monkeypatch):
    response = send(desk, "code;naam\nGM0034;Almere\n")
    sealed = re.search(r'name="lines" value="([^"]+)"', response.content.decode())[1]
    assert "Almere" not in sealed
    other = Client()
    sign_in(other, make_user(Role.NETWERKBEHEER))
    other.post(f"{ORGANISATIONS}inlezen/", {"lines": sealed})
    desk.post(f"{PARTNERS}inlezen/", {"lines": sealed})
    desk.post(f"{ORGANISATIONS}inlezen/", {"lines": sealed[:-8] + "AAAAAAA="})
    later = time.time() + sheets.KEPT + 1
    with monkeypatch.context() as patch:
        patch.setattr(sheets.time, "time", lambda: later)
        answer = desk.post(f"{ORGANISATIONS}inlezen/", {"lines": sealed}, follow=True)
    assert "te lang geleden" in answer.content.decode()
    assert not Organisation.objects.exists()
    assert confirm(desk, response).status_code == 302
    assert Organisation.objects.exists()


def test_what_was_right_at_the_dry_run_is_checked_again(desk):
    response = send(desk, "code;naam;opvolger\nGM0034;Almere;GM0035\nGM0036;Goed;\nGM0035;Wel;\n")
    Organisation.objects.create(code="GM0034", name="Almere", layer="gemeente", valid_from=date(2030, 1, 1))
    assert confirm(desk, response).status_code == 302
    figure = (
        "code;onderwerp;vraag;over wie of wat;waarde;eenheid;bron\n%s;Geld;Hoeveel?;het netwerk;%s;%s;S2\n"
    )
    assert faults(send(desk, figure % ("a", "101", "procent"), FIGURES)) == [
        "Regel 2: Een cijfer is 0 of meer, en een percentage hoogstens 100."
    ]
    assert faults(send(desk, figure % ("a", "veel", "euro"), FIGURES)) == [
        "Regel 2: Waarde: ‘veel’ is geen getal."
    ]
    answer = confirm(desk, send(desk, figure % ("a", "12,5", "procent"), FIGURES), FIGURES)
    assert answer.status_code == 302, answer.content.decode()
    assert KeyFigure.objects.get().shown == "12,5%"


def test_signs_that_cannot_be_seen_do_not_come_in(desk):
    confirm(desk, send(desk, "code;naam\nGM0034;Al\u202emere\u200b\n"))
    assert Organisation.objects.get().name == "Almere"


@pytest.mark.parametrize("rows", [3, 30])
@pytest.mark.parametrize("where", [ORGANISATIONS, PARTNERS])
def test_an_export_takes_the_same_queries_for_few_and_for_many(desk, where, rows, django_assert_num_queries):
    last = None
    for place in range(rows):
        Partner.objects.create(slug=f"p{place}", name=f"P{place}", kind="security")
        last = Organisation.objects.create(code=f"GM{place:04}", name="O", layer="gemeente", successor=last)
    with django_assert_num_queries(EXPORT_QUERIES):
        assert len(export(desk, where)) == rows


EXPORT_QUERIES = 8
