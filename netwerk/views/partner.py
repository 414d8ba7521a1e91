from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from netwerk.models import Partner


@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """Everybody of the network by kind; `?soort=` shows one kind. An unknown kind shows all."""
    found = list(Partner.objects.shown())
    there = {partner.kind for partner in found}
    chosen = request.GET.get("soort") if request.GET.get("soort") in there else ""
    kinds = [kind for kind in Partner.Kind if kind in there]
    place = {kind.value: number for number, kind in enumerate(Partner.Kind)}
    shown = [partner for partner in found if chosen in ("", partner.kind)]
    shown.sort(key=lambda partner: (place[partner.kind], partner.sort_key))
    context = {
        "kinds": kinds,
        "chosen": Partner.Kind(chosen) if chosen else None,
        "parts": [
            (Partner.Kind(kind), list(them)) for kind, them in groupby(shown, lambda partner: partner.kind)
        ],
        "number": len(found),
    }
    return render(request, "netwerk/partners.html", context)


@require_safe
def partner(request: HttpRequest, slug: str) -> HttpResponse:
    """What one partner offers, for whom, and when somebody last looked whether that is right."""
    return render(
        request, "netwerk/partner.html", {"partner": get_object_or_404(Partner.objects.shown(), slug=slug)}
    )
