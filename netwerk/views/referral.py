"""Who are you, and where do you go: the team, the own organisation, or a place for somebody else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from netwerk.forms import FindPointForm
from netwerk.models import Organisation, Partner, ReportingPoint
from weerbaar.pages.context import is_served


@dataclass(frozen=True)
class Group:
    """Who somebody is, what to know first, and which pages of ours are for them."""

    title: Any
    text: Any
    links: list[tuple[str, Any]] = field(default_factory=list)


TO_REPORT = ("/melden/", _("Doe een melding bij het ondersteuningsteam"))
CALL_ME = ("/bel-mij/", _("Laat u terugbellen"))
ONLINE = ("/hulp/online/", _("Hulp bij online haat en doxing"))
OWN_POINT = ("/hulp/meldpunten/", _("Zoek het meldpunt van uw eigen organisatie"))
ASSOCIATIONS = ("/partners/?soort=association", _("Kijk bij uw beroepsvereniging"))

GROUPS: dict[Partner.Audience, Group] = {
    Partner.Audience.OFFICE_HOLDER: Group(
        _("Politieke ambtsdrager"),
        _("Het ondersteuningsteam denkt met u mee, en brengt u in contact met een ambtgenoot of deskundige."),
        [TO_REPORT, CALL_ME, OWN_POINT, ONLINE, ASSOCIATIONS],
    ),
    Partner.Audience.FAMILY: Group(
        _("Gezin of naaste van een ambtsdrager"),
        _("Het ondersteuningsteam is er ook voor u. U kunt zelf melden; dat hoeft niet samen."),
        [TO_REPORT, CALL_ME, ONLINE],
    ),
    Partner.Audience.CIVIL_SERVANT: Group(
        _("Ambtenaar"),
        _("Meld het eerst bij uw eigen organisatie: die moet u steunen. Hieronder staat wie nog meer helpt."),
        [OWN_POINT, ONLINE],
    ),
    Partner.Audience.JOURNALIST: Group(
        _("Journalist"),
        _("Voor journalisten is er een eigen meldpunt."),
    ),
    Partner.Audience.SCIENTIST: Group(
        _("Wetenschapper"),
        _("Voor wetenschappers is er een eigen meldpunt."),
    ),
    Partner.Audience.AID_WORKER: Group(
        _("Hulpverlener"),
        _(
            "Meld het bij uw werkgever, en doe aangifte. Politie en Openbaar Ministerie hebben afspraken "
            "voor mensen met een publieke taak."
        ),
    ),
    Partner.Audience.LAWYER: Group(
        _("Advocaat"),
        _("Voor advocaten is er een eigen noodtelefoon."),
    ),
}


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """For each group where to go: our own pages that are there, and the partners that an editor put by it."""
    partners = list(Partner.objects.shown().exclude(audiences=[]))
    parts = []
    for audience, group in GROUPS.items():
        links = [(path, words) for path, words in group.links if is_served(path.partition("?")[0])]
        them = [partner for partner in partners if audience in partner.audiences]
        if links or them:
            parts.append((audience, group, links, them))
    return render(request, "netwerk/help.html", {"parts": parts, "points": OWN_POINT})


@require_safe
def reporting_points(request: HttpRequest) -> HttpResponse:
    """Where an organisation wants its own people to report; found by the name of the organisation."""
    form = FindPointForm(request.GET if "organisation" in request.GET else None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        organisation = Organisation.objects.get(code=form.cleaned_data["organisation"])
        points = ReportingPoint.objects.filter(organisation=organisation)
        context |= {"organisation": organisation, "points": points}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "netwerk/reporting_points.html", context, status=status)
