from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from ondersteuning.models import CountedReport
from ondersteuning.vocabulary import Kind
from weerbaar.audit.admin import ReadOnlyAdmin
from weerbaar.audit.api import Result
from weerbaar.audit.site import beheer

SMALLEST = 10  # a smaller number could point at a person


@admin.register(CountedReport, site=beheer)
class CountedReportAdmin(ReadOnlyAdmin):
    """Totals only: one report of its own is never shown."""

    def get_urls(self) -> list[Any]:
        totals = self.admin_site.admin_view(self.totals)
        return [path("", totals, name="ondersteuning_countedreport_changelist")]

    def totals(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            self.trail(request, None, Result.REFUSED, "totalen")
            raise Http404
        self.trail(request, None, Result.DONE, "totalen")
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": self.opts.verbose_name_plural,
        }
        return render(request, "admin/ondersteuning/counted.html", context | {"years": totals_by_year()})


def totals_by_year() -> dict[int, list[tuple[str, int | None]]]:
    """For each year the number of reports by kind, most frequent first; None where it is under 10.

    There is no sum to subtract from: one report may be of several kinds.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(year FROM month)::int, kind, count(*)"
            " FROM ondersteuning_countedreport, unnest(kinds) kind GROUP BY 1, 2 ORDER BY 1 DESC, 3 DESC, 2"
        )
        rows = cursor.fetchall()
    years: dict[int, list[tuple[str, int | None]]] = {}
    for year, kind, count in rows:
        years.setdefault(year, []).append((str(Kind(kind).label), count if count >= SMALLEST else None))
    return {
        year: sorted(kinds, key=lambda row: (row[1] is None, -(row[1] or 0), row[0]))
        for year, kinds in years.items()
    }
