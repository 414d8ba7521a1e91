"""Charts as SVG with presentation attributes only: they work under the strict CSP and in a PDF.

A chart never stands alone: beside it stands a table with the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 320  # of the drawing; on the page it is as wide as there is room
ROW = 44
NAME_HEIGHT = 16
BAR_HEIGHT = 14
ROOM_FOR_NUMBER = 110


@dataclass(frozen=True)
class Bar:
    """One line of a chart, with where it stands in the drawing."""

    name: str
    shown: str  # the number in words: "120", "minder dan 10"
    width: int
    name_y: int
    bar_y: int
    number_x: int
    number_y: int


@dataclass(frozen=True)
class Chart:
    """Lying bars under each other. `title` and `description` are what a screen reader hears."""

    title: str
    description: str
    bars: list[Bar]

    width = WIDTH
    bar_height = BAR_HEIGHT

    @property
    def height(self) -> int:
        return ROW * len(self.bars)


def bars(
    title: str, description: str, lines: Iterable[tuple[str, int, str]], *, highest: int | None = None
) -> Chart:
    """A chart of (name, number, number in words); the longest bar is `highest`, or the highest number."""
    given = list(lines)
    highest = highest or max((number for _name, number, _shown in given), default=0) or 1
    room = WIDTH - ROOM_FOR_NUMBER
    drawn = []
    for place, (name, number, shown) in enumerate(given):
        width, top = round(room * number / highest), ROW * place
        drawn.append(
            Bar(
                str(name),
                shown,
                width,
                name_y=top + NAME_HEIGHT,
                bar_y=top + NAME_HEIGHT + 5,
                number_x=width + 6,
                number_y=top + NAME_HEIGHT + 5 + BAR_HEIGHT - 2,
            )
        )
    return Chart(title, description, drawn)
