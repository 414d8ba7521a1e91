"""Aangifte, dates and measures in the hands of the reporter; and what to do after online hate."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from ondersteuning import aangiftedossier, online
from ondersteuning.law import for_reporter
from ondersteuning.models import Case
from weerbaar.documents import api as documents
from weerbaar.vault import api as vault
from weerbaar.vault.api import Purpose
from weerbaar.zones import Zone, zone_url

from .visits import following


@require_safe
@following
def law(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """How the aangifte stands, which dates come, what was agreed."""
    with vault.open(case, visit=visit, purpose=Purpose.FOLLOW) as content:
        context = for_reporter(case, content) | {
            "case": case,
            "is_online": bool(online.KINDS & set(case.kinds)),
            "document": documents.latest(case, aangiftedossier.KIND, audience=aangiftedossier.AUDIENCE),
        }
        return render(request, "ondersteuning/volgen_aangifte.html", context)


@require_POST
@following
def ask_file(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """Have the aangifte file made, once there is an aangifte to go with it."""
    if not case.aangiften.exists():
        raise Http404
    documents.request(case, aangiftedossier.KIND, audience=aangiftedossier.AUDIENCE, visit=visit)
    address = zone_url(Zone.PUBLIEK, "ondersteuning:volgen_aangifte")
    return HttpResponseRedirect(f"{address}#dossier", status=303)


@require_safe
@following
def download_file(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    rendering = documents.latest(case, aangiftedossier.KIND, audience=aangiftedossier.AUDIENCE)
    if rendering is None or not rendering.is_ready:
        raise Http404
    with vault.open(case, visit=visit, purpose=Purpose.PDF) as content:
        return documents.download(rendering, content)


@require_safe
@following
def download_manifest(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    if not case.aangiften.exists():
        raise Http404
    with vault.open(case, visit=visit, purpose=Purpose.PDF) as content:
        return manifest_response(aangiftedossier.manifest(case, content))


def manifest_response(text: str) -> HttpResponse:
    """The manifest as a download, to lie beside the originals."""
    headers = {"Content-Disposition": 'attachment; filename="manifest.sha256"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@require_safe
def online_help(request: HttpRequest) -> HttpResponse:
    """What to keep, where to have it removed, what the law says: open to everybody."""
    return render(request, "ondersteuning/hulp_online.html")
