"""Reads the lines of a CSV file or a workbook, as text, without trusting it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_UNPACKED = 20_000_000  # bytes; a small workbook may unpack to more than the memory holds

Row = tuple[int, dict[str, str]]


def read_lines(data: bytes, *, known: Mapping[str, str], most: int) -> list[Row]:
    """The lines below the names of the columns, each with its number as a spreadsheet counts.

    `known`: what the file may call a column, to the name it gets here. Raises ValidationError for what is no
    CSV or workbook, a column that is not known, and more than `most` lines.
    """
    table = list(_workbook(data, most) if data.startswith(b"PK") else _csv(data))
    if not table:
        raise ValidationError(_("Dit bestand is leeg."))
    typed = [name.strip() for name in table[0]]
    while typed and not typed[-1]:
        typed.pop()
    if strange := [name for name in typed if name not in known]:
        raise ValidationError(_("Deze kolom kennen wij niet: %(name)s.") % {"name": strange[0][:40] or "–"})
    names = [known[name] for name in typed]
    if len(set(names)) != len(names):
        raise ValidationError(_("Een kolom staat er twee keer in."))
    rows = [
        (number, dict(zip(names, values, strict=False)))
        for number, values in enumerate(table[1:], 2)
        if any(value.strip() for value in values)
    ]
    if not rows:
        raise ValidationError(_("Er staan geen regels in dit bestand, alleen de namen van de kolommen."))
    if len(rows) > most:
        raise ValidationError(_("Er staan meer dan %d regels in dit bestand. Deel het op.") % most)
    return rows


def _csv(data: bytes) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")  # how a Dutch spreadsheet saves it
    if "\0" in text:
        raise ValidationError(_("Dit is geen CSV- of Excelbestand."))
    first = text.partition("\n")[0]
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    except csv.Error:
        raise ValidationError(_("Dit CSV-bestand kunnen wij niet lezen.")) from None


def _workbook(data: bytes, most: int) -> Iterator[list[str]]:
    """The first sheet. Formulas come as the value that was saved with them; nothing is computed."""
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import; few ever need it

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
                raise ValidationError(_("Dit Excelbestand is te groot."))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=60)):
            if number > most + 50:
                break
            yield ["" if value is None else str(value) for value in values]
    except ValidationError:
        raise
    except Exception:
        raise ValidationError(_("Dit Excelbestand kunnen wij niet lezen.")) from None
