"""After closing, at /volgen/melding/…: how it is now, whether we helped, and "het is weer begonnen"."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ondersteuning import actions
from ondersteuning.forms.rights import AgainForm, CheckInForm, RateForm
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, Feedback
from ondersteuning.vocabulary import Again
from weerbaar.pages.errors import asks_again

from .follow import see, show
from .rights import ASK, page
from .visits import following


@asks_again("text")
@require_http_methods(ASK)
@following
def check_in(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """The question of two and eight weeks after closing."""
    if not case.check_ins.due(timezone.localdate()).exists():
        return see()
    form = CheckInForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return page(request, "volgen_hoe_gaat_het", {"form": form, "case": case})
    try:
        actions.answer_check_in(case, **form.cleaned_data, visit=visit)
    except ValidationError as error:  # answered in another tab
        return show(request, case, visit, typed=form.cleaned_data["text"], error=error.messages[0])
    return see("weer" if form.cleaned_data["answer"] == Again.AGAIN else "antwoord")


@asks_again("text")
@require_http_methods(ASK)
@following
def again(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """It has begun again: the case opens, and who handled it is alerted."""
    if not has_ended(case):
        return see()
    form = AgainForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return page(request, "volgen_weer_begonnen", {"form": form, "case": case})
    try:
        actions.begin_again(case, **form.cleaned_data, visit=visit)
    except ValidationError as error:  # a colleague opened it just now: the words stay
        return show(request, case, visit, typed=form.cleaned_data["text"], error=error.messages[0])
    return see("weer")


@asks_again("text")
@require_http_methods(ASK)
@following
def rate(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """Whether our help helped; asked once."""
    if not has_ended(case) or Feedback.objects.filter(case=case).exists():
        return see()
    form = RateForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return page(request, "volgen_oordeel", {"form": form, "case": case})
    answers = form.cleaned_data
    actions.rate_help(case, helped=answers["helped"], remark=answers["text"], visit=visit)
    return see("oordeel")


def has_ended(case: Case) -> bool:
    """Whether the team helped with this, and is done."""
    return case.is_for_team and case.status in (Status.CLOSED, Status.REFERRED)
