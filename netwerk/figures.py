"""The key figures that come with the portal: a first filling, which an editor keeps up."""

from __future__ import annotations

from pathlib import Path

from netwerk.models import KeyFigure
from netwerk.tables import KeyFigureTable
from weerbaar.sheets.reading import read_lines

SHIPPED = Path(__file__).parent / "data" / "key_figures.csv"


def load() -> int:
    """Add the shipped figures that are not there yet; what an editor changed stays. How many were added."""
    table = KeyFigureTable()
    code = table.fields["slug"].column_name
    known = set(KeyFigure.objects.values_list("slug", flat=True))
    rows = read_lines(SHIPPED.read_bytes(), known=table.headers(), most=1_000)
    return table.read([row for row in rows if row[1][code] not in known], dry_run=False).new
