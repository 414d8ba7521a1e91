"""The map of the provinces: whole, readable without colour, and the same numbers in its table."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string

from weerbaar.pages.provinces import PROVINCES, SHADES, outlines, province_map


def draw(values, **more):
    drawn = province_map("Projecten per provincie", "Kaart. De aantallen staan in de tabel.", values, **more)
    return drawn, render_to_string("charts/provinces.html", {"map": drawn, "id": "kaart"})


def test_every_province_of_the_register_has_its_outline():
    assert set(PROVINCES) == {f"PV{number}" for number in range(20, 32)}
    assert {place.id for place in PROVINCES.values()} == set(outlines())


def test_the_drawing_and_the_table_say_the_same():
    _drawn, html = draw({"PV27": 1240, "PV20": 3})
    in_drawing = re.findall(r"<text [^>]*>([^<]*)</text>", html)
    in_table = re.findall(r"<td>([^<]*)</td>", html)
    assert in_drawing == in_table
    assert in_table.count("0") == 10
    assert "1.240" in in_table


def test_nothing_in_it_needs_a_style_or_a_class_to_be_seen():
    _drawn, html = draw({"PV27": 4})
    assert "style" not in html
    assert html.count("<path d=") == html.count('stroke="#1b2b2d"') - html.count("<rect ")


@pytest.mark.parametrize("highest", [0, 1, 2, 3, 4, 5, 7, 40, 1001])
def test_the_legend_names_every_number_once_with_the_shade_it_has(highest):
    drawn, _html = draw({"PV20": highest})
    named = {}
    for step in drawn.steps:
        low, _, high = str(step.words).replace(".", "").partition(" t/m ")
        for number in range(int(low), int(high or low) + 1):
            assert named.setdefault(number, step.fill) == step.fill
    assert set(named) == set(range(highest + 1))
    for value in range(min(highest, 50) + 1):
        drawn, _html = draw({"PV20": highest, "PV21": value})
        assert named[value] == next(area.fill for area in drawn.areas if area.code == "PV21")
    assert named[highest] == SHADES[-1 if highest else 0]


def test_a_number_may_be_said_otherwise_and_a_code_that_is_no_province_is_refused():
    drawn, _html = draw({"PV20": 0}, words={"PV20": "<10"})
    assert next(area.shown for area in drawn.areas if area.code == "PV20") == "<10"
    with pytest.raises(KeyError):
        draw({"GM0014": 1})
