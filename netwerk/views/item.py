"""An item of the toolkit: its page and its files. The same views in the three zones: who reads decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from netwerk import sending, store
from netwerk.functions import Function
from netwerk.models import DownloadCount, Follow, Item, Version
from netwerk.vocabulary import Access, Phase, Topic
from weerbaar.accounts.requests import ZonedRequest
from weerbaar.audit.log import Actor, log
from weerbaar.audit.models import Purpose, Result
from weerbaar.zones import Zone

if TYPE_CHECKING:
    from weerbaar.accounts.models import User

LOGGED = (Access.ORGANISATIONS, Access.TEAM)  # of these files it is written down who took them


def reader(request: HttpRequest) -> User | AnonymousUser:
    """Who reads: nobody in the public zone, which knows no accounts."""
    return AnonymousUser() if request.zone == Zone.PUBLIEK else request.user  # type: ignore[attr-defined]  # Zones has set it


@require_safe
def item_page(request: ZonedRequest, slug: str) -> HttpResponse:
    """What it is, for whom, from whom, and its files; or why it was withdrawn (410)."""
    who = reader(request)
    item = Item.objects.visible_to(who).filter(slug=slug).select_related("partner").first()
    if item is None:
        return gone(request, slug)
    may_download = Item.objects.downloadable_by(who).filter(pk=item.pk).exists()
    versions = list(item.versions.all()) if may_download else []
    context = {
        "item": item,
        "newest": versions[0] if versions else None,
        "versions": versions,
        "may_download": may_download,
        "is_followed": request.zone == Zone.MIJN and Follow.objects.filter(user=who, item=item).exists(),  # type: ignore[misc]  # nobody is signed in elsewhere
        "may_edit": request.zone == Zone.BEHEER and request.user.has_perm("netwerk.change_item"),
        "phases": [Phase(each).label for each in item.phases],
        "topics": [Topic(each).label for each in item.topics],
        "functions": [Function(each).label for each in item.functions],
    }
    return render(request, "netwerk/item.html", context)


@require_safe
def download(request: ZonedRequest, slug: str, number: int | None = None) -> HttpResponseBase:
    """A version's file; without a number the newest. Counted, never by whom; who broke off may go on."""
    who = reader(request)
    item = Item.objects.downloadable_by(who).filter(slug=slug).first()
    if item is None:
        return gone(request, slug)
    versions = Version.objects.filter(item=item)
    version = (versions.filter(number=number) if number is not None else versions).first()
    if version is None or not (path := store.path_of(version.sha256)).exists():
        raise Http404
    answer = sending.send(
        request,
        path,
        name=version.name,
        content_type=version.content_type,
        etag=version.sha256,
        size=version.size,
    )
    if item.file_access in LOGGED and sending.gives(request, answer):
        detail = f"hulpmiddel {item.slug} versie {version.number} gedownload"
        log(Actor.of(who), dossier=None, purpose=Purpose.EXPORT, result=Result.DONE, detail=detail)
    if sending.begins(request, answer):
        DownloadCount.objects.add([version.pk], request.zone)
    return answer


def gone(request: ZonedRequest, slug: str) -> HttpResponse:
    """410 with the reason for who could find it before it was withdrawn; others learn nothing (404)."""
    if request.zone == Zone.PUBLIEK:  # its role reads no withdrawn rows, only this of them
        with connection.cursor() as cursor:
            cursor.execute("SELECT title, because, at FROM netwerk_withdrawn(%s)", [slug])
            found = cursor.fetchone()
    else:
        rows = Item.objects.withdrawn_for(request.user).filter(slug=slug)
        found = rows.values_list("title", "withdrawn_because", "withdrawn_at").first()
    if found is None:
        raise Http404
    title, because, at = found
    context = {"title": title, "because": because, "at": at}
    return render(request, "netwerk/item_withdrawn.html", context, status=410)
