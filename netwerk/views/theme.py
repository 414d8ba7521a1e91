from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from netwerk import actions
from netwerk.forms import ProposalForm
from netwerk.models import Partner, Theme, ThemeRound, ThemeVote
from netwerk.moments import moment
from weerbaar.accounts.requests import SignedInRequest


@require_GET
def theme_list(request: HttpRequest) -> HttpResponse:
    """The themes of each year, the last year first."""
    themes = Theme.objects.on_the_site().select_related("round")
    return render(request, "netwerk/theme_list.html", {"themes": themes})


@require_GET
def theme_page(request: HttpRequest, slug: str) -> HttpResponse:
    themes = Theme.objects.on_the_site().select_related("round", "proposed_by")
    return render(request, "netwerk/theme_page.html", {"theme": get_object_or_404(themes, slug=slug)})


@require_GET
def my_themes(request: SignedInRequest) -> HttpResponse:
    """What the partners propose and vote about, for who speaks for one of them."""
    partners = _partners(request)
    rounds = list(ThemeRound.objects.order_by("-year")[:3])
    themes = list(
        Theme.objects.standing().filter(round__in=rounds).select_related("proposed_by").with_votes()
    )
    given = set(
        ThemeVote.objects.filter(theme__in=themes, partner__in=partners).values_list("partner", "theme")
    )
    parts = [
        _part(each, [one for one in themes if one.round_id == each.pk], partners, given) for each in rounds
    ]
    return render(request, "netwerk/my_themes.html", {"parts": parts, "partners": partners})


@require_http_methods(["GET", "POST"])
def propose_theme(request: SignedInRequest, partner_slug: str, year: int) -> HttpResponse:
    """Propose a theme in the name of a partner."""
    partner = _partner(request, partner_slug)
    round_ = get_object_or_404(ThemeRound.objects.running(), year=year)
    if not round_.takes_proposals():
        raise Http404
    form = ProposalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_theme(round_, partner=partner, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("title", error)
        else:
            messages.success(request, _("Het voorstel is ingediend."))
            return redirect("netwerk:my_themes")
    context = {"form": form, "partner": partner, "round": round_, "until": moment(round_.proposals_until)}
    return render(request, "netwerk/propose_theme.html", context, status=422 if form.is_bound else 200)


@require_POST
def decide_theme(request: SignedInRequest, partner_slug: str, slug: str) -> HttpResponse:
    """Vote for it, take the vote back, or withdraw the own proposal."""
    partner = _partner(request, partner_slug)
    theme = get_object_or_404(Theme.objects.standing().select_related("round"), slug=slug)
    try:
        if "vote" in request.POST:
            actions.vote_for(theme, partner=partner, by=request.user)
        elif "take_back" in request.POST:
            actions.take_back_vote(theme, partner=partner, by=request.user)
        elif "withdraw" in request.POST and theme.proposed_by_id == partner.pk:
            actions.withdraw_theme(theme, partner=partner, by=request.user)
    except ValidationError as error:
        messages.error(request, error.message)
    return redirect(reverse("netwerk:my_themes") + f"#thema-{theme.pk}")


def _partners(request: SignedInRequest) -> list[Partner]:
    """The partners that somebody speaks for; who speaks for none finds nothing here."""
    found = list(Partner.objects.spoken_for_by(request.user))
    if not found:
        raise Http404
    return found


def _partner(request: SignedInRequest, slug: str) -> Partner:
    return get_object_or_404(Partner.objects.spoken_for_by(request.user), slug=slug)


def _part(
    each: ThemeRound, themes: list[Any], partners: list[Partner], given: set[tuple[int, int]]
) -> dict[str, Any]:
    """A round with its themes; the numbers of votes only once voting is over, and then most first."""
    shown = themes if each.is_over() else sorted(themes, key=lambda theme: theme.pk)
    return {
        "round": each,
        "proposals_until": moment(each.proposals_until),
        "votes_until": moment(each.votes_until),
        "left": [
            (partner, each.votes_each - sum((partner.pk, one.pk) in given for one in themes))
            for partner in partners
        ],
        "themes": [
            (theme, [(partner, (partner.pk, theme.pk) in given) for partner in partners]) for theme in shown
        ],
    }
