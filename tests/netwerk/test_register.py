"""The register of organisations: what is shipped, what a file may change, and what stays as it was."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from netwerk import register
from netwerk.demo import fill_register
from netwerk.functions import FACTS, Function, Layer
from netwerk.models import Organisation

# domain.md 2.10
GEMEENTEN = {
    "PV20": 10, "PV21": 18, "PV22": 12, "PV23": 25, "PV24": 6, "PV25": 51,
    "PV26": 26, "PV27": 44, "PV28": 50, "PV29": 13, "PV30": 56, "PV31": 31,
}  # fmt: skip
LAYERS = {Layer.GEMEENTE: 342, Layer.PROVINCIE: 12, Layer.WATERSCHAP: 21, Layer.OPENBAAR_LICHAAM: 3}
ONT = "https://identifier.overheid.nl/tooi/def/ont/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


@pytest.fixture
def shipped(db):
    call_command("import_organisations", stdout=StringIO())


def run(tmp_path, content: str | bytes) -> str:
    file = tmp_path / "register"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    out = StringIO()
    call_command("import_organisations", str(file), stdout=out)
    return out.getvalue()


def refusal(tmp_path, content: str | bytes) -> list[str]:
    before = list(Organisation.objects.order_by("pk").values())
    with pytest.raises(CommandError) as error:
        run(tmp_path, content)
    assert list(Organisation.objects.order_by("pk").values()) == before
    lines = str(error.value).splitlines()
    assert lines.pop() == "Er is niets gewijzigd."
    return lines


def test_the_shipped_register_is_complete(shipped):
    current = Organisation.objects.current(date(2026, 12, 31))
    assert Counter(current.values_list("layer", flat=True)) == LAYERS
    gemeenten = current.filter(layer=Layer.GEMEENTE)
    assert Counter(gemeenten.values_list("province_code", flat=True)) == GEMEENTEN


def test_wijdemeren_ends_in_hilversum_at_new_year(shipped):
    wijdemeren = Organisation.objects.get(code="GM1696")
    assert wijdemeren.successor.name == "Hilversum"
    assert wijdemeren in Organisation.objects.current(date(2026, 12, 31))
    assert wijdemeren not in Organisation.objects.current(date(2027, 1, 1))
    assert Organisation.objects.current(date(2027, 1, 1)).filter(layer=Layer.GEMEENTE).count() == 341


def test_importing_twice_changes_nothing(shipped):
    out = StringIO()
    call_command("import_organisations", stdout=out)
    assert out.getvalue() == "0 nieuw, 0 gewijzigd, 378 ongewijzigd, 0 overgeslagen.\n"


def test_a_deployment_fills_an_empty_register_and_leaves_a_tended_one_alone(shipped):
    Organisation.objects.filter(code="GM0034").update(name="Anders genoemd")
    call_command("import_organisations", if_empty=True, stdout=StringIO())
    fill_register()
    assert Organisation.objects.get(code="GM0034").name == "Anders genoemd"
    Organisation.objects.update(successor=None)
    Organisation.objects.all().delete()
    fill_register()
    assert Organisation.objects.count() == 378


def test_the_shipped_file_keeps_to_its_own_rules():
    with register.SHIPPED.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["code"] for row in rows}) == len(rows) == 378
    assert all(row["name"] == row["name"].strip() for row in rows)


def test_lists_sort_as_a_reader_expects(shipped):
    for name, key in {
        "'s-Hertogenbosch": "hertogenbosch",
        "De Ronde Venen": "ronde venen",
        "Den Helder": "helder",
        "Het Hogeland": "hogeland",
        "Súdwest-Fryslân": "sudwest-fryslan",
    }.items():
        assert Organisation.objects.get(name=name).sort_key == key


def test_a_column_that_is_not_there_leaves_what_was(shipped, tmp_path):
    assert run(tmp_path, "gemeentecode,naam,provinciecode\nGM1696,Wijdemeren,PV27\n").startswith(
        "0 nieuw, 0 gew"
    )
    wijdemeren = Organisation.objects.get(code="GM1696")
    assert (wijdemeren.valid_until, wijdemeren.successor.code) == (date(2027, 1, 1), "GM0402")


def test_semicolons_and_a_byte_order_mark_are_welcome(tmp_path, db):
    assert run(tmp_path, "\ufeffcode;name\r\nGM0034;Almere\r\n").startswith("1 nieuw")
    assert Organisation.objects.get().layer == Layer.GEMEENTE


def test_every_fault_is_named_by_its_line_and_nothing_is_kept(shipped, tmp_path):
    assert refusal(
        tmp_path,
        "code,name,layer,province_code,valid_from,valid_until,successor\n"
        "GM9999,Goed,gemeente,PV27,2020-01-01,,\n"
        "GM12,Kort,gemeente,PV27,,,\n"
        "GM0034,,gemeente,PV24,,,\n"
        "GM0035,Laag,provincie,PV24,,,\n"
        "GM0036,Ver,gemeente,PV99,,,\n"
        "GM0037,Datum,gemeente,PV20,31-12-2020,,\n"
        "GM0038,Tijd,gemeente,PV20,2020-01-01,2020-01-01,\n"
        "GM0039,Opvolger,gemeente,PV20,,,GM4444\n"
        "GM9999,Dubbel,gemeente,PV20,,,\n"
        "GM0040,Te weinig\n",
    ) == [
        "regel 7: 31-12-2020 is geen datum (jjjj-mm-dd).",
        "regel 11: 2 kolommen in plaats van 7.",
        "regel 3: GM12 is geen code van een organisatie.",
        "regel 4: de naam ontbreekt.",
        "regel 5: bestuurslaag provincie past niet bij code GM0035.",
        "regel 6: provincie PV99 bestaat niet.",
        "regel 8: de einddatum ligt niet na de begindatum.",
        "regel 9: opvolger GM4444 bestaat niet.",
        "regel 10: code GM9999 staat ook op regel 2.",
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"code,name\nGM0034,Alm\xe8re\n", "Het bestand is geen UTF-8."),
        ("plaats,naam\nx,y\n", "In de eerste regel ontbreekt de kolom code."),
        ("", "In de eerste regel ontbreekt de kolom code, name."),
        ("[{]", "Het bestand is geen geldige JSON."),
        ("{}", "Het bestand is geen lijst van TOOI."),
        ('[{"naam": "x"}]', "nummer 1: geen organisatiecode."),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path, db, content, line):
    assert refusal(tmp_path, content) == [line]


def expanded(code: str, name: str, **dates: str) -> dict[str, object]:
    node = {
        "@id": f"https://identifier.overheid.nl/tooi/id/gemeente/{code}",
        "@type": [f"{ONT}Gemeente"],
        LABEL: [{"@value": f"gemeente {name}", "@language": "nl"}],
        f"{ONT}organisatiecode": [{"@value": code}],
        f"{ONT}officieleNaamExclSoort": [{"@value": name}],
    }
    return node | {f"{ONT}{key}": [{"@value": value}] for key, value in dates.items()}


def compacted(code: str, name: str, **dates: str) -> dict[str, object]:
    return {
        "@id": f"https://identifier.overheid.nl/tooi/id/gemeente/{code}",
        "rdfs:label": f"gemeente {name}",
        "tooiont:organisatiecode": code,
    } | {f"tooiont:{key}": {"@value": value} for key, value in dates.items()}


@pytest.mark.parametrize("node", [expanded, compacted])
@pytest.mark.parametrize("wrap", [lambda nodes: nodes, lambda nodes: {"@graph": nodes}])
def test_a_list_of_tooi_renames_and_ends_but_revives_nobody(shipped, tmp_path, node, wrap):
    nodes = [
        {
            "@id": "https://identifier.overheid.nl/tooi/set/rwc_gemeenten_compleet_5",
            "@type": ["ConceptScheme"],
        },
        node("gm0363", "Groot-Amsterdam"),
        node("gm0034", "Almere"),
        node("gm0047", "Veendam", einddatum="2028-01-01"),
        node("gm0003", "Appingedam"),  # gone since 2021, and the list does not say so
        node("gm0005", "Bedum", begindatum="1811-01-01", einddatum="2019-01-01"),
    ]
    out = run(tmp_path, json.dumps(wrap(nodes)))
    assert "GM0003 Appingedam: niet in het register" in out
    assert out.endswith("1 nieuw, 2 gewijzigd, 1 ongewijzigd, 1 overgeslagen.\n")
    assert Organisation.objects.get(code="GM0363").name == "Groot-Amsterdam"
    assert Organisation.objects.get(code="GM0047").valid_until == date(2028, 1, 1)
    assert not Organisation.objects.current().filter(code__in=["GM0003", "GM0005"]).exists()
    assert "0 nieuw, 0 gewijzigd, 4 ongewijzigd" in run(tmp_path, json.dumps(wrap(nodes)))


def test_a_waterschap_of_tooi_keeps_its_kind_in_its_name(shipped, tmp_path):
    node = {
        LABEL: [{"@value": "waterschap De Dommel"}],
        f"{ONT}organisatiecode": [{"@value": "ws0539"}],
        f"{ONT}officieleNaamInclSoort": [{"@value": "waterschap De Dommel"}],
        f"{ONT}officieleNaamExclSoort": [{"@value": "De Dommel"}],
    }
    assert "0 gewijzigd, 1 ongewijzigd" in run(tmp_path, json.dumps([node]))


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "GM12"},
        {"code": "PV27"},
        {"valid_from": date(2020, 1, 1), "valid_until": date(2020, 1, 1)},
    ],
)
def test_the_database_refuses_what_cannot_be(db, wrong):
    fields = {"code": "GM0034", "name": "Almere", "layer": Layer.GEMEENTE} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(**fields)


def test_only_the_islands_are_caribbean(shipped):
    assert {one.code for one in Organisation.objects.all() if one.is_caribbean} == {"COL01", "COL02", "COL03"}


def test_every_function_has_its_facts():
    assert set(FACTS) == set(Function)
    assert {one for one in Function if one.may_use_regeling} == {
        Function.CDK, Function.GEDEPUTEERDE, Function.BURGEMEESTER,
        Function.WETHOUDER, Function.DIJKGRAAF, Function.DB_LID,
    }  # fmt: skip
    assert Function.RAADSLID.may_home_scan
    assert not Function.RAADSLID.may_integrity_test
    assert Function.CANDIDATE_BESTUURDER.may_integrity_test
