"""What other systems read: sitemaps with DiWoo metadata, an Atom feed, and JSON with a schema.

All of it starts from what nobody in particular may see: public, published, past its embargo. Who asks again
with the ETag of last time, gets 304 while nothing has changed.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from netwerk.functions import Function
from netwerk.models import Item, KeyFigure, Version
from netwerk.models.following import with_edition
from netwerk.vocabulary import Access, Category, ItemKind, Phase, Spoor, Topic

SCHEMAS = Path(__file__).parent.parent / "data"
IN_FEED = 50
IN_JSON = 500  # items on one page of the JSON
IN_SITEMAP = 10_000  # the standard allows 50,000
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

TOOI = "https://identifier.overheid.nl/tooi/def/thes/kern/"
FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
# The categories of the Woo (art. 3.3) that our kinds fall under; the rest is published under art. 3.1.
WOO = {
    ItemKind.RESEARCH: ("c_fdaee95e", "onderzoeksrapporten"),
    ItemKind.PARLIAMENT: ("c_c76862ab", "vergaderstukken Staten-Generaal"),
    ItemKind.REGULATION: ("c_139c6280", "wetten en algemeen verbindende voorschriften"),
}
OTHER_WOO = ("c_816e508d", "inspanningsverplichting art 3.1 Woo")
ESTABLISHED = ("c_641ecd76", "vaststelling")
FORMATS = {"pdf": "PDF", "docx": "DOCX", "xlsx": "XLSX", "pptx": "PPTX", "odt": "ODT", "ods": "ODS"}
FORMATS |= {"odp": "ODP", "csv": "CSV", "zip": "ZIP", "txt": "TXT", "jpg": "JPEG", "png": "PNG"}


def public_items() -> QuerySet[Any]:
    nobody = AnonymousUser()
    return with_edition(Item.objects.visible_to(nobody), Item.objects.downloadable_by(nobody))


def absolute(name: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(f"netwerk:{name}", args=args)


def plain(text: str) -> str:
    """Without the signs that XML does not know."""
    return NO_XML.sub("", text)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed = ["/mijn/", "/beheer/", "/volgen/", "/verlaten/"]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        "",
        f"Sitemap: {absolute('sitemap')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@conditional_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index: the pages, and the public documents in as many parts as they need."""
    documents = -(-documents_of_public().count() // IN_SITEMAP)
    pages = -(-public_items().order_by().count() // IN_SITEMAP)
    parts = [f"{absolute('page_sitemap')}?deel={part + 1}" for part in range(max(pages, 1))]
    parts += [f"{absolute('diwoo_sitemap')}?deel={part + 1}" for part in range(max(documents, 1))]
    return xml(request, "netwerk/sitemap_index.xml", {"parts": parts})


@require_safe
@conditional_page
def page_sitemap(request: HttpRequest) -> HttpResponse:
    items = public_items().order_by("pk").values_list("slug", "new_at")[part_of(request)]
    urls = [(absolute("toolkit"), None)] + [(absolute("item", slug), at) for slug, at in items]
    return xml(request, "netwerk/sitemap.xml", {"urls": urls})


@require_safe
@conditional_page
def diwoo_sitemap(request: HttpRequest) -> HttpResponse:
    """The newest version of each public document, with the metadata of DiWoo 0.9.8 for the Woo-index."""
    versions = documents_of_public()[part_of(request)]
    uri, name = settings.PUBLISHER
    context = {
        "documents": [_document(version) for version in versions],
        "publisher": {"uri": uri, "name": name},
        "tooi": TOOI,
        "established": ESTABLISHED,
    }
    return xml(request, "netwerk/diwoo_sitemap.xml", context)


def documents_of_public() -> Any:
    """Newest versions of items whose file too is for everybody."""
    items = public_items().filter(file_access=Access.PUBLIC).order_by().values("pk")
    newest = Version.objects.filter(item__in=items).order_by("item_id", "-number").distinct("item_id")
    return newest.select_related("item")


def _document(version: Version) -> dict[str, Any]:
    item, suffix = version.item, Path(version.name).suffix.lower().lstrip(".")
    published = item.published_at
    assert published is not None  # a constraint of the database
    category = WOO.get(ItemKind(item.kind), OTHER_WOO)
    return {
        "loc": absolute("download", item.slug),
        "changed": max(published, version.added_at),
        "identifier": f"{item.slug}-{version.number}",
        "title": plain(item.title),
        "summary": plain(item.summary),
        "category": {"uri": TOOI + category[0], "name": category[1]},
        "topics": [Topic(topic).label for topic in item.topics],
        "format": {"uri": FILE_TYPE + FORMATS[suffix], "name": suffix} if suffix in FORMATS else None,
        "made": version.added_at,
        "published": published,
    }


def part_of(request: HttpRequest) -> slice:
    asked = request.GET.get("deel", "1")
    if not asked.isdecimal() or not 1 <= int(asked[:6]) <= 100_000:
        raise Http404
    first = (int(asked[:6]) - 1) * IN_SITEMAP
    return slice(first, first + IN_SITEMAP)


def xml(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, content_type="application/xml; charset=utf-8")


@require_safe
@conditional_page
def atom(request: HttpRequest) -> HttpResponse:
    """What came out last, newest first."""
    items = list(public_items().select_related("partner").order_by("-new_at", "-pk")[:IN_FEED])
    feed = Atom1Feed(
        title=_("Toolkit van Weerbaar Bestuur"),
        description="",  # Atom calls it the subtitle
        subtitle=_("Nieuwe hulpmiddelen en nieuwe versies."),
        link=absolute("toolkit"),
        feed_url=absolute("atom"),
        feed_guid=absolute("atom"),
        language="nl",
        author_name=_("Netwerk Weerbaar Bestuur"),
    )
    for item in items:
        new_at: datetime = item.new_at  # see with_edition
        feed.add_item(
            title=plain(item.title),
            link=absolute("item", item.slug),
            unique_id=absolute("item", item.slug),
            description=plain(item.summary),
            pubdate=item.published_at,
            updateddate=new_at,
            author_name=plain(item.partner.name) if item.partner else None,
            categories=[str(ItemKind(item.kind).label), *(str(Topic(topic).label) for topic in item.topics)],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@require_safe
@conditional_page
def data(request: HttpRequest) -> HttpResponse:
    """Everything that is public, in pages of 500: `next` leads on, and is null on the last."""
    after = request.GET.get("na", "0")
    if not after.isdecimal() or len(after) > 18:
        raise Http404
    versions = Prefetch("versions", Version.objects.order_by("-number"), to_attr="editions")
    found = public_items().filter(pk__gt=int(after)).order_by("pk").select_related("partner")
    items = list(found.prefetch_related(versions)[: IN_JSON + 1])
    more = len(items) > IN_JSON
    items = items[:IN_JSON]
    answer = {
        "$schema": absolute("schema"),
        "title": _("Toolkit van Weerbaar Bestuur"),
        "items": [_item(item) for item in items],
        "next": f"{absolute('data')}?na={items[-1].pk}" if more else None,
    }
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def _item(item: Item) -> dict[str, Any]:
    def coded(choices: Any, values: list[str]) -> list[dict[str, str]]:
        return [{"code": value, "label": str(choices(value).label)} for value in values if value]

    files = item.editions if item.file_access == Access.PUBLIC else []  # type: ignore[attr-defined]  # the prefetch
    assert item.published_at is not None  # a constraint of the database
    return {
        "id": item.slug,
        "url": absolute("item", item.slug),
        "title": item.title,
        "summary": item.summary,
        "kind": coded(ItemKind, [item.kind])[0],
        "category": next(iter(coded(Category, [item.category])), None),
        "phases": coded(Phase, item.phases),
        "functions": coded(Function, item.functions),
        "topics": coded(Topic, item.topics),
        "spoor": coded(Spoor, [item.spoor])[0],
        "year": item.year,
        "source": item.source or None,
        "source_url": item.source_url or None,
        "partner": item.partner.name if item.partner else None,
        "published_at": item.published_at.isoformat(),
        "versions": [
            {
                "number": version.number,
                "url": absolute("download_version", item.slug, version.number),
                "name": version.name,
                "size": version.size,
                "content_type": version.content_type,
                "sha256": version.sha256,
                "added_at": version.added_at.isoformat(),
            }
            for version in files
        ],
    }


@require_safe
@conditional_page
def figures(request: HttpRequest) -> HttpResponse:
    """Every key figure that `/cijfers/` shows, in its order; `value` counts in `unit`."""
    answer = {
        "$schema": absolute("figures_schema"),
        "title": _("Kerncijfers van Weerbaar Bestuur"),
        "figures": [_figure(figure) for figure in KeyFigure.objects.shown()],
    }
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def _figure(figure: KeyFigure) -> dict[str, Any]:
    is_whole = figure.value == figure.value.to_integral_value()
    return {
        "id": figure.slug,
        "topic": {"code": figure.topic, "label": figure.get_topic_display()},
        "question": figure.question,
        "group": figure.group,
        "value": int(figure.value) if is_whole else float(figure.value),
        "unit": {"code": figure.unit, "label": figure.get_unit_display()},
        "shown": figure.shown,
        "year": figure.year,
        "source": figure.source,
        "source_url": figure.source_url or None,
        "note": figure.note or None,
    }


@require_safe
@conditional_page
def schema(request: HttpRequest, of: str) -> HttpResponse:
    """How the JSON is made up (JSON Schema 2020-12); `of` names the file in `netwerk/data/`."""
    found = json.loads((SCHEMAS / f"{of}.schema.json").read_text(encoding="utf-8"))
    here = settings.SITE_URL + request.path
    answer = JsonResponse({**found, "$id": here}, json_dumps_params={"ensure_ascii": False})
    answer.headers["Content-Type"] = "application/schema+json"
    return answer
