"""B18: an export of 10,000 cases, against the same rows streamed raw from the database to the same format."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from ondersteuning.admin.export import attachment
from ondersteuning.exporting import CHUNK, as_csv, as_xlsx
from ondersteuning.models import Case, Export
from weerbaar.sheets.writing import Echo

from .desk import fill, team
from .frame import Line, figure, measure, scale

RAW = (
    "reference",
    "received_at",
    "source",
    "status",
    "urgency",
    "line",
    "handler__name",
    "contact_due_at",
    "contacted_at",
    "closed_at",
    "outcome",
    "kinds",
    "channels",
    "targets",
    "motive",
    "occurred_on",
    "frequency",
    "severity",
    "on_behalf",
    "in_danger",
    "function",
    "organisation__layer",
    "organisation__province_code",
)


def raw(cases: Any) -> Iterator[tuple[Any, ...]]:
    return cases.order_by("-received_at", "pk").values_list(*RAW).iterator(chunk_size=CHUNK)


def raw_csv(cases: Any) -> int:
    """The least that could be called an export: no words, no escaping."""
    writer: Any = csv.writer(Echo(), delimiter=";", quoting=csv.QUOTE_ALL)
    return sum(len(writer.writerow(row)) for row in raw(cases))


def raw_xlsx(cases: Any) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in raw(cases):
        sheet.append([value if isinstance(value, int) else str(value or "") for value in row])
    out = BytesIO()
    book.save(out)
    return len(out.getvalue())


@figure(
    "B18",
    what="export of 10,000 rows",
    goal="≤ 2 × streamed values_list, constant number of queries",
    peer="import-export as it comes 38.8 s, 39,441 queries",
)
def export() -> Iterator[Line]:
    coordinator, handlers = team()
    rows = scale("ROWS", 10_000)
    fill(0, rows, handlers)
    cases = Case.objects.visible_to(coordinator)
    few = measure(lambda: sum(map(len, as_csv(cases, most=100))), runs=5).queries
    ours = measure(lambda: sum(map(len, as_csv(cases, most=rows))), runs=15)
    floor = measure(lambda: raw_csv(cases), runs=15)
    ok = ours.wall <= 2 * floor.wall and ours.queries == few
    yield Line("CSV", ours.wall, floor.wall, "ms", ok=ok, note=f"{ours}; {few} queries for 100 rows")

    few = measure(lambda: len(as_xlsx(cases, most=100)), runs=3).queries
    ours = measure(lambda: len(as_xlsx(cases, most=rows)), runs=5, warm=1)
    floor = measure(lambda: raw_xlsx(cases), runs=5, warm=1)
    ok = ours.wall <= 2 * floor.wall and ours.queries == few
    yield Line("Excel", ours.wall, floor.wall, "ms", ok=ok, note=f"{ours}; {few} queries for 100 rows")

    asked = Export(by=coordinator, format="csv", rows=rows)

    def first_byte() -> None:
        stream: Any = attachment(asked, cases)
        next(iter(stream))  # the mark
        next(iter(stream))

    yield Line("first block of the CSV", measure(first_byte, runs=10).wall, None, "ms")
