"""The map of the twelve provinces, drawn as the charts are (see `charts.py`). A table stands beside it.

The paths are those of the npm package @svg-maps/netherlands (CC-BY-4.0; the footer names it).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple
from xml.etree import ElementTree

from django.conf import settings
from django.utils.translation import gettext_lazy as _

SOURCE = settings.BASE_DIR / "node_modules" / "@svg-maps" / "netherlands" / "netherlands.svg"
# From none to most. Dark words keep a contrast of 4.5 on each; the number itself stands on the province.
SHADES = ["#ffffff", "#d9ecee", "#a9d3d7", "#74b6bd", "#4a9aa3"]


class Place(NamedTuple):
    """What a province is called in the drawing, and where its number stands."""

    id: str
    name: str
    x: int
    y: int


PROVINCES: dict[str, Place] = {  # by code (TOOI), in the order of the lists: by name
    "PV22": Place("dr", "Drenthe", 505, 190),
    "PV24": Place("fl", "Flevoland", 352, 303),
    "PV21": Place("fr", "Fryslân", 375, 125),
    "PV25": Place("ge", "Gelderland", 425, 385),
    "PV20": Place("gr", "Groningen", 505, 80),
    "PV31": Place("li", "Limburg", 425, 570),
    "PV30": Place("nb", "Noord-Brabant", 310, 495),
    "PV27": Place("nh", "Noord-Holland", 245, 230),
    "PV23": Place("ov", "Overijssel", 490, 285),
    "PV26": Place("ut", "Utrecht", 305, 365),
    "PV29": Place("ze", "Zeeland", 66, 555),
    "PV28": Place("zh", "Zuid-Holland", 190, 400),
}


@dataclass(frozen=True)
class Area:
    """One province: its outline, its shade, and its number in words."""

    code: str
    name: str
    path: str
    fill: str
    x: int
    y: int
    shown: str


@dataclass(frozen=True)
class Step:
    """A line of the legend: what a shade stands for."""

    fill: str
    words: str


@dataclass(frozen=True)
class ProvinceMap:
    """`title` and `description` are what a screen reader hears; `areas` are the rows of the table as well."""

    title: str
    description: str
    areas: list[Area]
    steps: list[Step]


def province_map(
    title: str, description: str, values: Mapping[str, int], *, words: Mapping[str, str] | None = None
) -> ProvinceMap:
    """A map of a whole number by province code ("PV27"); a province without one has 0.

    `words` says a number otherwise ("minder dan 10"). Raises KeyError for a code that is no province.
    """
    for code in values:
        PROVINCES[code]
    paths, highest = outlines(), max([*values.values(), 0])
    darkest = len(SHADES) - 1
    areas = []
    for code, place in PROVINCES.items():
        value = values.get(code, 0)
        shade = SHADES[math.ceil(darkest * value / highest)] if highest else SHADES[0]
        shown = (words or {}).get(code, _in_dutch(value))
        areas.append(Area(code, place.name, paths[place.id], shade, place.x, place.y, shown))
    return ProvinceMap(title, description, areas, _legend(highest, darkest))


def _legend(highest: int, darkest: int) -> list[Step]:
    """Which numbers a shade stands for; a shade that no whole number can have is left out."""
    steps = [Step(SHADES[0], "0")]
    for place in range(1, darkest + 1):
        low, high = highest * (place - 1) // darkest + 1, highest * place // darkest
        if low == high:
            steps.append(Step(SHADES[place], _in_dutch(low)))
        elif low < high:
            steps.append(
                Step(
                    SHADES[place],
                    _("%(low)s t/m %(high)s") % {"low": _in_dutch(low), "high": _in_dutch(high)},
                )
            )
    return steps


def _in_dutch(number: int) -> str:
    return f"{number:,}".replace(",", ".")


@cache
def outlines() -> dict[str, str]:
    """The path of each province by its id, read once."""
    root = ElementTree.parse(SOURCE).getroot()  # noqa: S314 - from a package of ours, pinned by its hash
    return {path.attrib["id"]: path.attrib["d"] for path in root.iter("{http://www.w3.org/2000/svg}path")}
