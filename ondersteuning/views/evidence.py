"""Evidence in the hands of who may see it: the reporter, and the contacts of the own organisation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ondersteuning import actions
from ondersteuning.evidence import Piece, page_number, pieces
from ondersteuning.forms.evidence import AddEvidenceForm
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, Evidence, OrganisationReport
from weerbaar.accounts.requests import SignedInRequest
from weerbaar.files import api as files
from weerbaar.pages.errors import asks_again
from weerbaar.vault import api as vault
from weerbaar.vault.api import Content, Purpose
from weerbaar.zones import Zone, zone_url

from .visits import following, needs_log


# --- the reporter ---------------------------------------------------------------------------------------
@asks_again("links")
@files.takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@following
def evidence(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """All evidence of a report, and a form for more."""
    form = AddEvidenceForm()
    if request.method == "POST":
        form = AddEvidenceForm(request.POST, request.FILES)
        if form.is_valid() and _add(case, form, visit):
            address = zone_url(Zone.PUBLIEK, "ondersteuning:volgen_bewijs")
            return HttpResponseRedirect(f"{address}?gedaan=ja", status=303)
    with vault.open(case, visit=visit, purpose=Purpose.FOLLOW) as content:
        context = {
            "case": case,
            "pieces": pieces(case.evidence.with_file(), content),
            "form": form,
            "may_add": case.status != Status.WITHDRAWN,
            "is_done": "gedaan" in request.GET and not form.errors,
        }
        status = 422 if form.errors else 200
        return render(request, "ondersteuning/volgen_bewijs.html", context, status=status)


def _add(case: Case, form: AddEvidenceForm, visit: str) -> bool:
    answers = form.cleaned_data
    try:
        actions.add_evidence(case, file=answers["file"], links=answers["links"], visit=visit)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@require_safe
@following
def evidence_copy(request: HttpRequest, case: Case, visit: str, pk: UUID) -> HttpResponse:
    """One piece of one's own evidence, drawn anew."""
    row = get_object_or_404(Evidence.objects.with_file(), pk=pk, case=case)
    with vault.open(case, visit=visit, purpose=Purpose.FOLLOW) as content:
        context = drawn(request, only(row, content))
    back = zone_url(Zone.PUBLIEK, "ondersteuning:volgen_bewijs")
    return render(request, "ondersteuning/bewijs.html", context | {"back": back, "of": _("Al uw bewijs")})


@require_safe
@following  # type: ignore[arg-type]  # a stream is a response too
def evidence_original(request: HttpRequest, case: Case, visit: str, pk: UUID) -> HttpResponseBase:
    """One's own file again, as it was sent."""
    row = get_object_or_404(Evidence.objects.with_file(), pk=pk, case=case)
    with vault.open(case, visit=visit, purpose=Purpose.FOLLOW, detail="origineel") as content:
        return original(only(row, content))


# --- the own organisation ---------------------------------------------------------------------------------
@require_safe
@needs_log
def shared_copy(request: SignedInRequest, report_id: UUID, pk: UUID) -> HttpResponse:
    """One piece that the reporter shared with this contact, drawn anew."""
    report, row = _shared(request, report_id, pk)
    with vault.open(report.case, by=request.user, purpose=Purpose.SHARED, detail="bewijs") as content:
        context = drawn(request, only(row, content, "facts_for_organisation"))
    back = zone_url(Zone.MIJN, "ondersteuning:shared_report", report.pk)
    return render(request, "ondersteuning/bewijs.html", context | {"back": back, "of": _("De melding")})


@require_safe
@needs_log  # type: ignore[arg-type]  # a stream is a response too
def shared_original(request: SignedInRequest, report_id: UUID, pk: UUID) -> HttpResponseBase:
    """The file itself, for a contact whom the reporter chose."""
    report, row = _shared(request, report_id, pk)
    with vault.open(report.case, by=request.user, purpose=Purpose.SHARED, detail="origineel") as content:
        return original(only(row, content, "facts_for_organisation"))


def _shared(request: SignedInRequest, report_id: UUID, pk: UUID) -> tuple[OrganisationReport, Evidence]:
    reports = OrganisationReport.objects.visible_to(request.user).select_related("case")
    report = get_object_or_404(reports, pk=report_id)
    rows = Evidence.objects.with_file().filter(facts_for_organisation__isnull=False)
    return report, get_object_or_404(rows, pk=pk, case=report.case)


# --- what all of them share ---------------------------------------------------------------------------------
def only(row: Evidence, content: Content, field: str = "facts") -> Piece:
    """This one piece; Http404 when this reader has no key to it."""
    found = pieces([row], content, field)
    if not found:
        raise Http404
    return found[0]


def drawn(request: HttpRequest, piece: Piece) -> dict[str, Any]:
    """A page of the safe copy, for the template. Http404 where there is none."""
    if not piece.has_copy or piece.facts is None or piece.file is None:
        raise Http404
    number = page_number(request.GET.get("bladzijde", ""))
    return {
        "piece": piece,
        "number": number,
        "picture": files.page(piece.file, piece.facts, number),
        "is_cut_off": piece.file.pages != piece.file.pages_in_all,
    }


def original(piece: Piece) -> HttpResponseBase:
    """The original as a download; Http404 for a link, and for what is not released."""
    if piece.facts is None or piece.file is None:
        raise Http404
    return files.original(piece.file, piece.facts)
