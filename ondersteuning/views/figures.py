"""What the network tells the public about reports: a closed year, in whole tens, for the whole country."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ondersteuning.figures import KEYS, LABELS, TEN, Part
from ondersteuning.models import YearTotal
from weerbaar.pages.charts import bars

SHOWN_YEARS = 5
PARTS = {
    Part.KIND: gettext_lazy("Wat er gebeurde"),
    Part.CHANNEL: gettext_lazy("Hoe of waar het gebeurde"),
    Part.FUNCTION: gettext_lazy("Wie het trof"),
}


@require_safe
def year_figures(request: HttpRequest) -> HttpResponse:
    """One query; the public zone can read nothing but what was published."""
    totals: dict[int, dict[tuple[str, str], int]] = {}
    for year, part, key, tens in YearTotal.objects.values_list("year", "part", "key", "tens"):
        totals.setdefault(year, {})[part, key] = tens
    years = sorted(totals, reverse=True)[:SHOWN_YEARS]
    context: dict[str, Any] = {"years": years, "parts": [], "all": []}
    if years:
        context["all"] = [(year, in_words(totals[year].get((Part.ALL, ""), 0))) for year in years]
        context["parts"] = [_part(part, years, totals) for part in PARTS]
    return render(request, "ondersteuning/cijfers_meldingen.html", context)


def _part(part: Part, years: list[int], totals: dict[int, dict[tuple[str, str], int]]) -> dict[str, Any]:
    """A chart of the latest year, and a table of all years, in the same order: most first."""
    latest = totals[years[0]]
    keys = sorted(KEYS[part], key=lambda key: -latest.get((part, key), 0))
    rows = [
        (str(LABELS[part][key]), [in_words(totals[year].get((part, key), 0)) for year in years])
        for key in keys
    ]
    shown = [key for key in keys if latest.get((part, key), 0)]
    title = f"{PARTS[part]}, {years[0]}"
    chart = bars(
        title,
        _("Staafdiagram. Dezelfde aantallen staan in de tabel."),
        [(str(LABELS[part][key]), latest[part, key], in_words(latest[part, key])) for key in shown],
    )
    return {"part": part, "title": PARTS[part], "chart": chart if shown else None, "rows": rows}


def in_words(tens: int) -> str:
    """As wide as it is known: 120 stands for 120 to 129."""
    if not tens:
        return _("minder dan 10")
    first, last = (f"{number:,}".replace(",", ".") for number in (tens, tens + TEN - 1))
    return _("%(first)s t/m %(last)s") % {"first": first, "last": last}
