"""Whether the team may bring in another organisation: the reporter decides, and may change their mind."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from ondersteuning import actions
from ondersteuning.forms.follow import ReferralForm
from ondersteuning.lifecycle import ReferralStatus
from ondersteuning.models import Case, Referral
from ondersteuning.words import day_in_words
from weerbaar.audit.api import Purpose
from weerbaar.vault import api as vault

from .follow import see, show
from .visits import following


@require_http_methods(["GET", "HEAD", "POST"])
@following
def referral(request: HttpRequest, case: Case, visit: str, pk: str) -> HttpResponse:
    """One organisation: what it offers, what the team tells it, and the reporter's yes or no."""
    asked = get_object_or_404(Referral.objects.select_related("partner", "case"), pk=pk, case=case)
    form = ReferralForm(request.POST if request.method == "POST" and "withdraw" not in request.POST else None)
    try:
        if "withdraw" in request.POST:
            actions.withdraw_consent(asked, visit=visit)
            return see("hulp-gestopt", "hulp")
        if form.is_bound and form.is_valid():
            agrees = form.cleaned_data["agrees"] == "yes"
            actions.answer_referral(asked, agrees=agrees, visit=visit)
            return see("hulp-ja" if agrees else "hulp-nee", "hulp")
    except ValidationError as error:  # answered in another tab, or the team took the question back
        return show(request, case, visit, error=error.messages[0])
    with vault.open(case, visit=visit, purpose=Purpose.FOLLOW) as content:
        context = {
            "form": form,
            "case": case,
            "referral": asked,
            "shares": content.of(asked).shares,
            "checked": day_in_words(asked.partner.checked_on),
            "is_asked": asked.status == ReferralStatus.ASKED,
            "may_withdraw": asked.status in (ReferralStatus.AGREED, ReferralStatus.RUNNING),
        }
        return render(request, "ondersteuning/volgen_hulp.html", context, status=422 if form.errors else 200)
