"""The list of the toolkit: one view in three zones, each of which sees what its reader may see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from netwerk.finding import FACETS, MOST_PAGES, PAGE, RANKED, Facet, Order, Search
from netwerk.models import Follow
from weerbaar.accounts.requests import ZonedRequest
from weerbaar.zones import Zone

from .item import reader


def search_of(request: ZonedRequest) -> Search:
    """What the address asks for. What it does not know, it leaves out: an old link still works."""
    chosen = {}
    for facet in FACETS:
        asked = request.GET.getlist(facet.name)
        if known := [value for value in facet.choices.values if value in asked]:
            chosen[facet.name] = known
    order = request.GET.get("volgorde", "")
    return Search(
        user=reader(request),
        text=request.GET.get("q", ""),
        chosen=chosen,
        order=order if order in Order.values else Order.RELEVANCE,
        only_public=request.zone == Zone.PUBLIEK,
    )


@require_safe
def toolkit(request: ZonedRequest) -> HttpResponse:
    """Two queries, whatever is asked: the rows, and all counts; one more when nothing is found."""
    search = search_of(request)
    counts = search.counts()
    total = counts[""][""]
    reach = min(total, PAGE * MOST_PAGES)
    if search.typed and search.order == Order.RELEVANCE:
        reach = min(reach, RANKED)
    pages = max(1, -(-reach // PAGE))
    page = _number(request, pages)
    items: Any = search.items().select_related("partner").defer("body") if total else []
    context = {
        "search": search,
        "facets": [_choices(facet, search, counts[facet.name]) for facet in FACETS],
        "chosen": sum(map(len, search.chosen.values())),
        "orders": Order.choices,
        "total": total,
        "items": items[(page - 1) * PAGE : min(page * PAGE, reach)] if total else [],
        "page": page,
        "pages": pages,
        "is_cut": reach < total and page == pages,
        "suggestion": "" if total or search.chosen else search.suggestion(),
        "topic": _topic(request, search),
        "is_public": request.zone == Zone.PUBLIEK,
    }
    return render(request, "netwerk/toolkit.html", context)


def _number(request: HttpRequest, pages: int) -> int:
    asked = request.GET.get("pagina", "")
    return min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 9 else 1


def _choices(facet: Facet, search: Search, counts: dict[str, int]) -> dict[str, Any]:
    """The choices of a facet that lead to something, and those that were made."""
    chosen = search.chosen.get(facet.name, [])
    return {
        "name": facet.name,
        "label": facet.label,
        "chosen": len(chosen),
        "choices": [
            (value, label, counts.get(value, 0), value in chosen)
            for value, label in facet.choices.choices
            if counts.get(value) or value in chosen
        ],
    }


def _topic(request: ZonedRequest, search: Search) -> dict[str, Any] | None:
    """In mijn, when one topic was chosen: that topic, and whether the reader follows it."""
    topics = search.chosen.get("onderwerp", [])
    if request.zone != Zone.MIJN or len(topics) != 1:
        return None
    follows = Follow.objects.filter(user=request.user.pk, topic=topics[0])
    facet = next(each for each in FACETS if each.name == "onderwerp")
    return {"value": topics[0], "label": facet.choices(topics[0]).label, "is_followed": follows.exists()}
