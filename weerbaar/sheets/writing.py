"""CSV files and workbooks in which no cell is one that a spreadsheet runs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from io import BytesIO

CHUNK = 2_000  # rows fetched at a time
RUNS = tuple("=+-@\t\r\n|%＝＋－＠")  # how a cell begins that a spreadsheet may run; the wide forms too
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(text: str) -> str:
    """The same words, that no spreadsheet takes for a formula; without signs that cannot be seen."""
    plain = text if text.isprintable() else UNSEEN.sub("", text)
    return f"'{plain}" if plain.lstrip(" \xa0").startswith(RUNS) else plain


def as_typed(text: str) -> str:
    """What `harmless` was given, so that an export can be imported again."""
    plain = UNSEEN.sub("", text.replace("\r\n", "\n")).strip()
    return plain[1:] if plain.startswith("'") and harmless(plain[1:]) == plain else plain


class Echo:
    """What csv writes to: hands back the line."""

    def write(self, line: str) -> str:
        return line


def csv_of(lines: Iterable[list[str]]) -> Iterator[str]:
    """CSV for a Dutch spreadsheet, in blocks: semicolons, and the mark that says it is UTF-8. What people
    typed must have been made harmless."""
    writer = csv.writer(Echo(), delimiter=";", quoting=csv.QUOTE_ALL)
    yield "\ufeff"
    block: list[str] = []
    for line in lines:
        block.append(writer.writerow(line))
        if len(block) == CHUNK:
            yield "".join(block)
            block.clear()
    yield "".join(block)


def xlsx_of(lines: Iterable[list[str]], *, sheet: str) -> bytes:
    """A workbook of one sheet; every cell is text, so nothing in it is ever a formula."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import; few ever ask for it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    for line in lines:
        cells = []
        for value in line:
            cell = WriteOnlyCell(page, value)
            cell.data_type = "s"  # openpyxl makes a formula of what begins with =
            cells.append(cell)
        page.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
