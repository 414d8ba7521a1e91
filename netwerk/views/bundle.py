"""Bundles: several items in one ZIP, made by a worker, fetched by whoever asked for it, gone after a day."""

from __future__ import annotations

import textwrap
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from netwerk import actions, sending, store
from netwerk.models import Bundle, BundleState, DownloadCount, Item, Version
from netwerk.vocabulary import Category, Topic
from weerbaar.accounts.requests import SignedInRequest
from weerbaar.audit.log import Actor, log
from weerbaar.audit.models import Purpose, Result

from .item import LOGGED

SHOWN = 200


@require_http_methods(["GET", "POST"])
def choose_bundle(request: SignedInRequest) -> HttpResponse:
    """Tick what you want, or take all of a topic or category; without scripts."""
    topic, category = request.GET.get("onderwerp", ""), request.GET.get("rubriek", "")
    items = Item.objects.downloadable_by(request.user).published().filter(versions__isnull=False).distinct()
    if topic in Topic.values:
        items = items.filter(topics__contains=[topic])
    if category in Category.values:
        items = items.filter(category=category)
    error = ""
    if request.method == "POST":
        chosen = [int(number) for number in request.POST.getlist("item") if number.isdecimal()]
        if "all" in request.POST:
            chosen = list(items.values_list("pk", flat=True)[: actions.MOST_IN_BUNDLE + 1])
        try:
            return redirect("netwerk:bundle", actions.ask_bundle(chosen, by=request.user).pk)
        except ValidationError as refused:
            error = str(refused.message)
    shown = list(items.only("pk", "slug", "title", "kind", "sort_key")[: SHOWN + 1])
    context = {
        "items": shown[:SHOWN],
        "has_more": len(shown) > SHOWN,
        "topics": Topic.choices,
        "categories": Category.choices,
        "topic": topic,
        "category": category,
        "error": error,
        "own": Bundle.objects.visible_to(request.user),
    }
    return render(request, "netwerk/bundel_kiezen.html", context, status=422 if error else 200)


@require_safe
def bundle(request: SignedInRequest, bundle_id: UUID) -> HttpResponse:
    """How far it is; and the link once it is there."""
    found = get_object_or_404(Bundle.objects.visible_to(request.user), pk=bundle_id)
    ready = found.state == BundleState.READY and is_allowed(found, request)
    context = {
        "bundle": found,
        "ready": ready,
        "no_longer": found.state == BundleState.EMPTY or (found.state == BundleState.READY and not ready),
        "percent": percent(found),
        "count": len(found.versions) or len(found.items),
    }
    return render(request, "netwerk/bundel.html", context)


@require_safe
def fetch_bundle(request: SignedInRequest, bundle_id: UUID) -> HttpResponseBase:
    """The ZIP; 410 when something in it is no longer for this reader."""
    found = get_object_or_404(Bundle.objects.visible_to(request.user), pk=bundle_id, state=BundleState.READY)
    path = store.bundle(found.pk)
    if not path.exists():
        raise Http404
    if not is_allowed(found, request):
        context = {"bundle": found, "ready": False, "no_longer": True}
        return render(request, "netwerk/bundel.html", context, status=410)
    answer = sending.send(
        request,
        path,
        name=_("bundel-toolkit.zip"),
        content_type="application/zip",
        etag=found.pk.hex,
        size=found.size,
    )
    if sending.gives(request, answer):
        write_down(found, request)
    if sending.begins(request, answer):
        DownloadCount.objects.add(found.versions, request.zone)
    return answer


def write_down(found: Bundle, request: SignedInRequest) -> None:
    """In the access log: which of the files that are not for all members somebody took."""
    versions = Version.objects.filter(pk__in=found.versions, item__file_access__in=LOGGED)
    taken = [f"{slug}:{number}" for slug, number in versions.values_list("item__slug", "number")]
    for part in textwrap.wrap(" ".join(taken), 170, break_on_hyphens=False):
        detail = _("bundel met hulpmiddelen: %s") % part
        log(Actor.of(request.user), dossier=None, purpose=Purpose.EXPORT, result=Result.DONE, detail=detail)


def is_allowed(found: Bundle, request: SignedInRequest) -> bool:
    """Whether everything in it may still be had: rights are asked again when it is fetched."""
    items = set(Version.objects.filter(pk__in=found.versions).values_list("item", flat=True))
    allowed = Item.objects.downloadable_by(request.user).filter(pk__in=items)
    return allowed.count() == len(items)


def percent(found: Bundle) -> int:
    """How much of it is packed, by the size of the half file."""
    half = store.bundle_in_the_making(found.pk)
    size = half.stat().st_size if half.exists() else 0
    return min(99, 100 * size // max(found.total, 1))
