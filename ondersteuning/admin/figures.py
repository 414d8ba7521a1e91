"""Figures for the team at /beheer/cijfers/: a year of reports, by month, kind, channel, function and term."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ondersteuning import figures
from ondersteuning.clock import AMSTERDAM
from ondersteuning.figures import KEYS, LABELS, TEN, Part
from ondersteuning.views.figures import PARTS, in_words
from weerbaar.audit.api import Actor, Purpose, Result, log
from weerbaar.audit.site import Part as StartPart
from weerbaar.audit.site import beheer
from weerbaar.pages.charts import bars

YEARS_BACK = 5


def may_see_figures(user: Any) -> bool:
    """The first line, coordinators and auditors: who knows the envelopes anyway."""
    return bool(user.has_perm("ondersteuning.see_queue") or user.has_perm("ondersteuning.see_all_cases"))


@require_safe
def team_figures(request: HttpRequest) -> HttpResponse:
    """Exact for who sees every envelope; in tens for the first line, who sees the queue."""
    user: Any = request.user
    allowed = may_see_figures(user)
    log(
        Actor.of(user),
        dossier=None,
        purpose=Purpose.CHECK,
        result=Result.DONE if allowed else Result.REFUSED,
        detail="cijfers",
    )
    if not allowed:
        raise Http404
    now = timezone.now()
    this_year = now.astimezone(AMSTERDAM).year
    years = list(range(this_year, this_year - YEARS_BACK, -1))
    asked = request.GET.get("jaar", "")
    year = int(asked) if asked in map(str, years) else this_year
    table = Table(year, is_exact=user.has_perm("ondersteuning.see_all_cases"))
    exact = figures.counts(year)
    parts = [table.part(Part.ALL, _("Per maand"), _month_lines(year))]
    for part, title in PARTS.items():
        lines = [(str(LABELS[part][key]), exact[part][key]) for key in KEYS[part]]
        parts.append(table.part(part, str(title), sorted(lines, key=lambda line: -line[1])))
    fed = sorted(figures.themes(year), key=lambda line: -line[1])
    parts.append(table.part("themes", _("Signalen: welk thema zij voeden"), fed))
    promises = [
        (name, [table.said(kept), table.said(broken), table.said(runs)], table.share(kept, broken))
        for name, kept, broken, runs in figures.terms(year, now)
    ]
    context = beheer.each_context(request) | {
        "title": _("Cijfers %(year)s") % {"year": year},
        "year": year,
        "years": years,
        "is_exact": table.is_exact,
        "total": table.said(exact[Part.ALL][""]),
        "parts": parts,
        "promises": promises,
        "promise_chart": table.promise_chart(promises),
    }
    return render(request, "admin/ondersteuning/figures.html", context)


def _month_lines(year: int) -> list[tuple[str, int]]:
    return [(str(MONTHS[number]), count) for number, count in enumerate(figures.months(year), 1)]


class Table:
    """How numbers are said to this reader."""

    def __init__(self, year: int, *, is_exact: bool) -> None:
        self.year, self.is_exact = year, is_exact

    def said(self, number: int) -> str:
        return str(number) if self.is_exact else in_words(number // TEN * TEN)

    def drawn(self, number: int) -> int:
        return number if self.is_exact else number // TEN * TEN

    def part(self, part: str, title: str, lines: list[tuple[str, int]]) -> dict[str, Any]:
        shown = [(name, self.drawn(number), self.said(number)) for name, number in lines]
        in_chart = shown if part == Part.ALL else [line for line in shown if line[1]]
        return {
            "id": str(part),
            "title": title,
            "rows": [(name, said) for name, _number, said in shown],
            "chart": self.chart(title, in_chart),
        }

    def chart(self, title: str, lines: list[tuple[str, int, str]], highest: int | None = None) -> Any:
        if not any(number for _name, number, _said in lines):
            return None
        description = _("Staafdiagram. Dezelfde aantallen staan in de tabel.")
        return bars(f"{title}, {self.year}", description, lines, highest=highest)

    def share(self, kept: int, broken: int) -> int | None:
        """The percentage kept of what is over; None when there is nothing, or too little to tell."""
        over = kept + broken
        if not over or (not self.is_exact and min(kept, broken) < TEN):
            return None
        return round(100 * kept / over)

    def promise_chart(self, promises: list[tuple[str, list[str], int | None]]) -> Any:
        lines = [(name, share, f"{share}%") for name, _numbers, share in promises if share is not None]
        return self.chart(_("Hoe vaak de termijn is gehaald"), lines, highest=100)


@beheer.part_of_start_page
def link(request: HttpRequest) -> StartPart | None:
    """The way to the figures, under the lists of the start page."""
    return StartPart("admin/ondersteuning/figures_link.html", None) if may_see_figures(request.user) else None
