"""Reading the register of organisations from a file: our own CSV, or the official lists of TOOI.

CSV: a header with code and name, and if wanted aliases, layer, province_code, valid_from, valid_until and
successor. A column or an organisation that the file does not have stays as it is in the register.
TOOI: the JSON-LD value lists (rwc_gemeenten_compleet and its sisters), expanded or compacted.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from netwerk.functions import Layer
from netwerk.models import Organisation

SHIPPED = Path(__file__).parent / "data" / "organisations.csv"
LAYERS = {"GM": Layer.GEMEENTE, "PV": Layer.PROVINCIE, "WS": Layer.WATERSCHAP, "COL": Layer.OPENBAAR_LICHAAM}
CODE = re.compile(r"^(GM\d{4}|PV\d{2}|WS\d{4}|COL\d{2})$")
PROVINCES = {f"PV{number}" for number in range(20, 32)}
COLUMNS = ["name", "aliases", "layer", "province_code", "valid_from", "valid_until"]
OTHER_HEADERS = {"gemeentecode": "code", "naam": "name", "provinciecode": "province_code"}


class Refused(Exception):
    """The file cannot be used; `lines` says why, line by line. Nothing was changed."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass
class Row:
    """One organisation as a file describes it: only the columns that the file has."""

    place: str  # "regel 12", for the report
    code: str
    values: dict[str, Any]
    successor: str | None = None  # None: the file does not speak of it; "": there is none
    may_add: bool = True


@dataclass
class Outcome:
    added: int = 0
    changed: int = 0
    same: int = 0
    skipped: list[str] = field(default_factory=list)


def load(content: bytes, *, is_json: bool) -> Outcome:
    """Bring the register in line with a file, all of it or nothing; running it again changes nothing.

    Raises Refused with every fault in the file.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused([_("Het bestand is geen UTF-8.")]) from error
    faults: list[str] = []
    rows = list(_read_tooi(text, faults) if is_json else _read_csv(text, faults))
    return _store(rows, faults)


def _read_csv(text: str, faults: list[str]) -> Iterator[Row]:
    first = text.split("\n", 1)[0]
    lines = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    header = [OTHER_HEADERS.get(name.strip().lower(), name.strip().lower()) for name in next(lines, [])]
    if missing := [name for name in ("code", "name") if name not in header]:
        raise Refused([_("In de eerste regel ontbreekt de kolom %s.") % ", ".join(missing)])
    for cells in lines:
        if not any(cells):
            continue
        place = _("regel %d") % lines.line_num
        if len(cells) != len(header):
            faults.append(
                _("%(place)s: %(found)d kolommen in plaats van %(wanted)d.")
                % {"place": place, "found": len(cells), "wanted": len(header)}
            )
            continue
        cell = {name: value.strip() for name, value in zip(header, cells, strict=True)}
        values: dict[str, Any] = {name: cell[name] for name in COLUMNS if name in cell}
        for name in {"valid_from", "valid_until"} & set(values):
            values[name] = _date(values[name], place, faults)
        yield Row(place, cell["code"].upper(), values, cell.get("successor"))


def _date(text: str, place: str, faults: list[str]) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        faults.append(_("%(place)s: %(text)s is geen datum (jjjj-mm-dd).") % {"place": place, "text": text})
        return None


def _read_tooi(text: str, faults: list[str]) -> Iterator[Row]:
    """The lists hold former organisations too, often without an end date.

    So a list may rename and end what we have and add what has ended, but never adds a current organisation.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise Refused([_("Het bestand is geen geldige JSON.")]) from error
    nodes = data.get("@graph", []) if isinstance(data, dict) else data
    if not isinstance(nodes, list) or not nodes:
        raise Refused([_("Het bestand is geen lijst van TOOI.")])
    found: dict[str, Row] = {}
    for number, node in enumerate(nodes, start=1):
        place = _("nummer %d") % number
        facts = _facts(node) if isinstance(node, dict) else {}
        if not (code := facts.get("organisatiecode", "").upper()):
            if "ConceptScheme" in facts.get("@type", ""):  # the list describes itself too
                continue
            faults.append(_("%(place)s: geen organisatiecode.") % {"place": place})
            continue
        values: dict[str, Any] = {"name": _tooi_name(facts, code)}
        for key, name in (("begindatum", "valid_from"), ("einddatum", "valid_until")):
            if facts.get(key):
                values[name] = _date(facts[key], place, faults)
        row = Row(place, code, values, may_add="valid_until" in values)
        if code not in found or not row.may_add:  # the same code twice: the one without an end
            found[code] = row
    yield from found.values()


def _facts(node: dict[str, Any]) -> dict[str, str]:
    """Local names to first values, whether the JSON-LD is expanded or compacted."""
    facts = {}
    for key, value in node.items():
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, dict):
            first = first.get("@value", first.get("@id", ""))
        if isinstance(first, str):
            facts[re.split(r"[/#:]", key)[-1]] = first.strip()
    return facts


def _tooi_name(facts: dict[str, str], code: str) -> str:
    kind = "InclSoort" if code.startswith("WS") else "ExclSoort"
    name = facts.get(f"officieleNaam{kind}") or facts.get(f"voorkeursnaam{kind}")
    if not name:
        name = facts.get("label", "")
        if kind == "ExclSoort":
            name = re.sub(r"^(gemeente|provincie|openbaar lichaam) ", "", name, flags=re.IGNORECASE)
    return name if name.startswith("'") else name[:1].upper() + name[1:]


def faults_of(row: Row, known: set[str]) -> Iterator[str]:
    """What is wrong with one row, in words for who made the file."""
    prefix = row.code.rstrip("0123456789")
    if not CODE.match(row.code):
        yield _("%s is geen code van een organisatie.") % (row.code or "''")
    elif row.values.get("layer") not in (None, "", LAYERS[prefix]):
        yield _("bestuurslaag %(layer)s past niet bij code %(code)s.") % {
            "layer": row.values["layer"],
            "code": row.code,
        }
    if not row.values.get("name"):
        yield _("de naam ontbreekt.")
    for name in ("name", "aliases"):
        most = Organisation._meta.get_field(name).max_length  # type: ignore[union-attr]
        if len(row.values.get(name) or "") > (most or 0):
            yield _("meer dan %d tekens.") % most
    if row.values.get("province_code") not in (None, "", *PROVINCES):
        yield _("provincie %s bestaat niet.") % row.values["province_code"]
    begin, end = row.values.get("valid_from"), row.values.get("valid_until")
    if begin and end and end <= begin:
        yield _("de einddatum ligt niet na de begindatum.")
    if row.successor and (row.successor not in known or row.successor == row.code):
        yield _("opvolger %s bestaat niet.") % row.successor


def _check(rows: Iterable[Row], known: set[str], faults: list[str]) -> None:
    seen: dict[str, str] = {}
    for row in rows:
        faults += [f"{row.place}: {fault}" for fault in faults_of(row, known)]
        if first := seen.get(row.code):
            faults.append(
                _("%(place)s: code %(code)s staat ook op %(first)s.")
                % {"place": row.place, "code": row.code, "first": first}
            )
        seen.setdefault(row.code, row.place)


@transaction.atomic
def _store(rows: list[Row], faults: list[str]) -> Outcome:
    held = {one.code: one for one in Organisation.objects.select_for_update(of=("self",))}
    _check(rows, held.keys() | {row.code for row in rows}, faults)
    if faults:
        raise Refused(faults)
    outcome = Outcome()
    changed: list[Organisation] = []
    for row in rows:
        if (organisation := held.get(row.code)) is None:
            if not row.may_add:
                outcome.skipped.append(f"{row.code} {row.values['name']}")
                continue
            organisation = held[row.code] = Organisation(code=row.code)
            outcome.added += 1
        elif any(getattr(organisation, name) != value for name, value in _wanted(row).items()):
            changed.append(organisation)
        for name, value in _wanted(row).items():
            setattr(organisation, name, value)
        organisation.fill_keys()
    new = [one for one in held.values() if one.pk is None]
    Organisation.objects.bulk_create(new)
    Organisation.objects.bulk_update(changed, [*COLUMNS, "sort_key", "search_key"])
    moved = _link(rows, held)
    Organisation.objects.bulk_update(moved, ["successor"])
    outcome.changed = len({one.code for one in changed + moved} - {one.code for one in new})
    outcome.same = len(rows) - len(outcome.skipped) - outcome.added - outcome.changed
    return outcome


def _wanted(row: Row) -> dict[str, Any]:
    return {**row.values, "layer": LAYERS[row.code.rstrip("0123456789")]}


def _link(rows: list[Row], held: dict[str, Organisation]) -> list[Organisation]:
    """Set successors once every organisation has a key; gives back those that changed."""
    moved = []
    for row in rows:
        if row.successor is None or row.code not in held:
            continue
        successor = held[row.successor] if row.successor else None
        if held[row.code].successor_id != (successor.pk if successor else None):
            held[row.code].successor = successor
            moved.append(held[row.code])
    return moved
