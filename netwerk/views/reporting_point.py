"""A contact keeps up where the own organisation wants people to report."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from netwerk import actions
from netwerk.forms import OwnPointForm
from netwerk.models import Contact, ReportingPoint
from weerbaar.accounts.requests import SignedInRequest


@require_GET
def own_points(request: SignedInRequest) -> HttpResponse:
    _for_contacts(request)
    points = ReportingPoint.objects.visible_to(request.user).select_related("organisation")
    return render(request, "netwerk/own_points.html", {"points": points})


@require_http_methods(["GET", "POST"])
def own_point(request: SignedInRequest, point_id: int | None = None) -> HttpResponse:
    """Add one (without a number), or change one."""
    _for_contacts(request)
    own = ReportingPoint.objects.visible_to(request.user)
    point = get_object_or_404(own, pk=point_id) if point_id else None
    form = OwnPointForm(request.POST or None, instance=point, by=request.user)
    if request.method == "POST" and form.is_valid():
        actions.save_point(form.instance, by=request.user)
        messages.success(request, _("Het meldpunt is opgeslagen. Iedereen kan het nu vinden."))
        return redirect("netwerk:own_points")
    status = 422 if request.method == "POST" else 200
    return render(request, "netwerk/own_point.html", {"form": form, "point": point}, status=status)


@require_POST
def decide_point(request: SignedInRequest, point_id: int) -> HttpResponse:
    """Still right, or there no more."""
    _for_contacts(request)
    point = get_object_or_404(
        ReportingPoint.objects.visible_to(request.user).select_related("organisation"), pk=point_id
    )
    if "remove" in request.POST:
        actions.remove_point(point, by=request.user)
        messages.success(request, _("Het meldpunt is weggehaald."))
    else:
        actions.check_point(point, by=request.user)
        messages.success(request, _("Dank u. Vandaag is de datum van controle."))
    return redirect("netwerk:own_points")


def _for_contacts(request: SignedInRequest) -> None:
    if not Contact.objects.current().filter(user=request.user).exists():
        raise Http404
