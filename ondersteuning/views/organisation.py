"""The desk of an organisation's contact: what reporters chose to share, and the answers to it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from ondersteuning import actions
from ondersteuning.evidence import pieces
from ondersteuning.forms.organisation import AangifteForm, AnswerForm
from ondersteuning.models import Evidence, OrganisationReport
from ondersteuning.safe_contact import whether_to_call
from ondersteuning.zaakdossier import contact_facts
from weerbaar.accounts.models import User
from weerbaar.accounts.requests import SignedInRequest
from weerbaar.pages.errors import asks_again
from weerbaar.vault import api as vault
from weerbaar.vault.api import Compartment, Purpose


@require_GET
def desk(request: SignedInRequest) -> HttpResponse:
    """All reports that were shared with this contact: dates and terms, no text."""
    reports = (
        OrganisationReport.objects.visible_to(request.user)
        .select_related("case", "organisation")
        .order_by("feedback_at", "-received_at", "pk")[:200]
    )
    return render(request, "ondersteuning/organisatie/desk.html", {"reports": reports})


@asks_again("text")
@require_http_methods(["GET", "POST"])
def shared_report(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """One report with its conversation; a POST answers it or decides about aangifte."""
    report = _find(request.user, report_id)
    answer, aangifte = AnswerForm(), AangifteForm(initial={"decision": report.aangifte})
    if request.method == "POST":
        if "decision" in request.POST or "decide" in request.POST:
            aangifte = AangifteForm(request.POST)
            if _decide(report, aangifte, request.user):
                return redirect(request.path)
        else:
            answer = AnswerForm(request.POST)
            if _answer(report, answer, request.user):
                return redirect(request.path)
    return _show(request, report, answer, aangifte)


def _find(user: User, report_id: UUID) -> OrganisationReport:
    reports = OrganisationReport.objects.visible_to(user).select_related("case", "organisation")
    return get_object_or_404(reports, pk=report_id)


def _shared_evidence(report: OrganisationReport) -> QuerySet[Evidence]:
    return Evidence.objects.with_file().filter(case=report.case_id, facts_for_organisation__isnull=False)


def _answer(report: OrganisationReport, form: AnswerForm, by: User) -> bool:
    if not form.is_valid():
        return False
    act = actions.give_feedback if form.cleaned_data["is_feedback"] else actions.react_to_report
    try:
        act(report, text=form.cleaned_data["text"], submission=form.cleaned_data["submission"], by=by)
    except ValidationError as error:  # the reporter cannot read it any more
        form.add_error("text", error)
        return False
    return True


def _decide(report: OrganisationReport, form: AangifteForm, by: User) -> bool:
    if not form.is_valid():
        return False
    actions.decide_aangifte(report, decision=form.cleaned_data["decision"], by=by)
    return True


def _show(
    request: SignedInRequest, report: OrganisationReport, answer: forms.Form, aangifte: forms.Form
) -> HttpResponse:
    wrong = next((form for form in (answer, aangifte) if form.errors), None)
    with vault.open(report.case, by=request.user, purpose=Purpose.SHARED) as content:
        actions.open_report(report, by=request.user)
        messages = report.messages.select_related("contact")
        opened = content.of(report)
        context = {
            "report": report,
            "is_heard": vault.has_code(report.case, Compartment.ORGANISATION),
            "narrative": opened.narrative,
            "contact": contact_facts(opened.contact),
            "whether_to_call": whether_to_call(opened.contact, timezone.now()),
            "messages_opened": content.rows(messages),
            "pieces": pieces(_shared_evidence(report), content, "facts_for_organisation"),
            "answer": answer,
            "aangifte": aangifte,
            "form": wrong or answer,  # the error summary and the title look at this one
        }
        return render(request, "ondersteuning/organisatie/report.html", context, status=422 if wrong else 200)
