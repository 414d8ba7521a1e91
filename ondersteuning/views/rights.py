"""The reporter's rights at /volgen/melding/…: consent and handing over, inzage, account, erasure."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from ondersteuning import actions
from ondersteuning.forms.rights import ConsentForm, ErasureForm, HandOverForm
from ondersteuning.models import Case, ErasureRequest
from ondersteuning.own_data import own_data
from ondersteuning.vocabulary import OnBehalf
from ondersteuning.words import day_in_words, moment_in_words
from ondersteuning.zaakdossier import OWN, own_edition
from weerbaar.audit.api import Purpose
from weerbaar.documents import api as documents
from weerbaar.vault import api as vault
from weerbaar.vault.api import AccessCode
from weerbaar.zones import Zone, zone_url

from .follow import see
from .visits import COOKIE, following

ASK = ["GET", "HEAD", "POST"]


@require_http_methods(ASK)
@following
def on_behalf(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """Whether the person concerned agrees, as it is now and changed; and the way to hand over to them."""
    if case.on_behalf == OnBehalf.SELF:
        return see()
    form = ConsentForm(request.POST if request.method == "POST" else None, initial={"consent": case.consent})
    if request.method == "POST" and form.is_valid():
        actions.change_consent(case, form.cleaned_data["consent"], visit=visit)
        return see("toestemming")
    context = {"form": form, "case": case, "may_hand_over": actions.may_hand_over(case)}
    return page(request, "volgen_namens", context)


@require_http_methods(ASK)
@following
def hand_over(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """Show a new code; once the person concerned has it, the old one opens nothing any more.

    Each showing has another code, and it counts only after the button: a page that is lost costs nothing.
    """
    if not actions.may_hand_over(case):
        return see()
    with vault.open(case, visit=visit, purpose=Purpose.FOLLOW) as content:
        has_phone = bool((content.contact or {}).get("phone"))
    form = HandOverForm(request.POST if request.method == "POST" else None, has_phone=has_phone)
    if request.method == "POST" and form.is_valid():
        keep_phone = form.cleaned_data.get("keep_phone") == "yes"
        new = AccessCode.derive(form.shown_seed.encode())
        actions.hand_over_report(case, new=new, keep_phone=keep_phone, visit=visit)
        address = zone_url(Zone.PUBLIEK, "ondersteuning:volgen")
        response = HttpResponseRedirect(f"{address}?overgedragen", status=303)
        response.delete_cookie(COOKIE, samesite="Strict")
        return response
    if "seed" in form.errors:  # not a form of ours: begin anew, with a code of ours
        form = HandOverForm(has_phone=has_phone)
    code = str(AccessCode.derive(form.shown_seed.encode()))
    return page(request, "volgen_overdragen", {"form": form, "case": case, "code": code})


@require_http_methods(ASK)
@following
def own_account(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """Take the report out of the account that it is in."""
    if not case.owner:
        return see()
    if request.method == "POST":
        actions.leave_account(case, visit=visit)
        return see("losgemaakt")
    return page(request, "volgen_account", {"case": case})


@require_http_methods(ASK)
@following
def erase(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """Ask to have everything erased, see where that stands, and what the answer was."""
    asked = ErasureRequest.objects.filter(case=case).first()
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.ask_erasure(case, visit=visit)
        return see("wissen")
    context: dict[str, Any] = {"form": form, "case": case, "asked": asked}
    if asked is None:
        return page(request, "volgen_wissen", context)
    context |= {
        "asked_at": moment_in_words(asked.asked_at),
        "due": day_in_words(asked.answer_due_on),
        "waits": asked.answered_at is None,
    }
    with vault.open(case, visit=visit, purpose=Purpose.FOLLOW) as content:
        context["why_not"] = content.of(asked).why_not
        return page(request, "volgen_wissen", context)


@require_safe
@following
def data(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """All that is kept of this report, to take away: as a document and for a machine."""
    context = {
        "case": case,
        "document": documents.latest(case, OWN, audience=own_edition(case)),
        "is_shared": case.is_for_organisation,
    }
    return page(request, "volgen_gegevens", context)


@require_safe
@following
def data_json(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """The same as JSON, out of the open report; nothing of it is kept."""
    with vault.open(case, visit=visit, purpose=Purpose.EXPORT, detail="inzage") as content:
        found = own_data(case, content)
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="gegevens.json"'
    return response


def page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """One of the pages beside the report; a refused form keeps its words."""
    form = context.get("form")
    status = 422 if form is not None and form.errors else 200
    return render(request, f"ondersteuning/{name}.html", context, status=status)
