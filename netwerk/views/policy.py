"""The policy dossiers of the three sporen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from netwerk.models import PolicyDossier

from .page import find, gone, here, with_pages


@require_safe
def policy_list(request: HttpRequest) -> HttpResponse:
    """Dossiers by spoor; `spoor` in the address shows one of them."""
    spoor = PolicyDossier.Spoor
    chosen = next((one for one in spoor if str(one.value) == request.GET.get("spoor")), None)
    dossiers = list(PolicyDossier.objects.published())
    shown = [
        (one, [each for each in dossiers if each.spoor == one]) for one in spoor if chosen in (None, one)
    ]
    context = {"sporen": list(spoor), "chosen": chosen, "groups": [group for group in shown if group[1]]}
    return render(request, "netwerk/dossiers.html", context)


@require_safe
def policy_detail(request: HttpRequest, slug: str) -> HttpResponse:
    dossier = find(PolicyDossier.objects.all(), slug)
    return show_policy(request, dossier) if dossier.is_published else gone(request, "/dossiers/")


def show_policy(request: HttpRequest, dossier: PolicyDossier, *, is_preview: bool = False) -> HttpResponse:
    """A dossier as a visitor sees it; an editor sees it so before it is published."""
    context = {
        "dossier": dossier,
        "is_preview": is_preview,
        "events": dossier.events_told.all(),
        "links": [(link, here(link.href)) for link in dossier.links.all()],
        "partners": with_pages(dossier.partners.all()),
    }
    return render(request, "netwerk/dossier.html", context)
