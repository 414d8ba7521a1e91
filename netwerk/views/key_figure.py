from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from netwerk.models import KeyFigure
from weerbaar.pages.charts import bars
from weerbaar.pages.context import is_served

REPORTS = "/cijfers/meldingen/"


@require_safe
def key_figures(request: HttpRequest) -> HttpResponse:
    """Every key figure by topic and question, each with its source; one query."""
    parts = []
    for topic, them in groupby(KeyFigure.objects.shown(), lambda figure: figure.topic):
        questions: dict[str, list[KeyFigure]] = {}
        for figure in them:
            questions.setdefault(figure.question, []).append(figure)
        parts.append((KeyFigure.Topic(topic), [_question(*one) for one in questions.items()]))
    context = {"parts": parts, "reports": REPORTS if is_served(REPORTS) else ""}
    return render(request, "netwerk/key_figures.html", context)


def _question(words: str, figures: list[KeyFigure]) -> dict[str, Any]:
    """The table of a question, newest year first, and a chart where there is something to compare."""
    figures.sort(key=lambda figure: -(figure.year or 0))
    units = {figure.unit for figure in figures}
    is_percent = units == {KeyFigure.Unit.PERCENT}
    is_count = units == {KeyFigure.Unit.NUMBER} and not any(figure.words for figure in figures)
    chart = None
    if (is_percent or is_count) and len(figures) > 1:
        chart = bars(
            words,
            _("Staafdiagram. Dezelfde cijfers staan in de tabel."),
            [
                (f"{figure.group}, {figure.year_in_words}", round(figure.value), figure.shown)
                for figure in figures
            ],
            highest=100 if is_percent else None,
        )
    return {"id": f"cijfer-{figures[0].slug}", "words": words, "figures": figures, "chart": chart}
