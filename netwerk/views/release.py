"""A partner's own desk: its officer writes releases, sends files, publishes and withdraws them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from netwerk import actions
from netwerk.forms.item import OwnReleaseForm, PublishForm, ReleaseForm, WithdrawForm
from netwerk.models import DownloadCount, Item, Partner, PartnerMember
from netwerk.uploads import takes_release
from weerbaar.accounts.requests import SignedInRequest
from weerbaar.pages.charts import Chart, bars

TEN = 10  # a smaller number could point at somebody
MONTHS_SHOWN = 12

asked_or_sent = require_http_methods(["GET", "POST"])


def own_partners(request: SignedInRequest) -> QuerySet[Partner]:
    """The partners this account speaks for now; who speaks for none finds nothing here."""
    of = PartnerMember.objects.current().filter(user=request.user)
    found = Partner.objects.filter(pk__in=of.values("partner"))
    if not found:
        raise Http404
    return found


def own_item(request: SignedInRequest, slug: str, *, lock: bool = False) -> Item:
    own = Item.objects.filter(partner__in=own_partners(request)).select_related("partner")
    return get_object_or_404(own.select_for_update(of=("self",)) if lock else own, slug=slug)


@require_safe
def releases(request: SignedInRequest) -> HttpResponse:
    """All releases of the own partners. No total of downloads: it would give a small number of one away."""
    partners = own_partners(request)
    items = Item.objects.filter(partner__in=partners).select_related("partner")
    return render(request, "netwerk/uitgaven/lijst.html", {"partners": partners, "items": items})


@asked_or_sent
def new_release(request: SignedInRequest) -> HttpResponse:
    form = OwnReleaseForm(request.POST if request.method == "POST" else None, partners=own_partners(request))
    if request.method == "POST" and form.is_valid():
        item = form.save()
        messages.success(request, _("Bewaard als concept. Voeg nu het bestand toe."))
        return redirect("netwerk:release", item.slug)
    context = {"form": form, "title": _("Nieuwe uitgave"), "button": _("Bewaren als concept")}
    return render(request, "netwerk/uitgaven/vraag.html", context, status=422 if form.is_bound else 200)


@require_safe
def release(request: SignedInRequest, slug: str) -> HttpResponse:
    """One release: where it stands, its files, what can be done, and its downloads by month."""
    item = own_item(request, slug)
    rows, chart = by_month(Item.objects.filter(pk=item.pk))
    context = {
        "item": item,
        "versions": item.versions.all(),
        "uploads": item.uploads.all(),
        "months": rows,
        "chart": chart,
    }
    return render(request, "netwerk/uitgaven/uitgave.html", context)


@asked_or_sent
@transaction.atomic
def edit_release(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who may find it changes only when that was answered: editors may have narrowed it meanwhile."""
    item = own_item(request, slug, lock=request.method == "POST")
    form = OwnReleaseForm(
        request.POST if request.method == "POST" else None, instance=item, partners=own_partners(request)
    )
    if request.method == "POST" and form.is_valid():
        changed = set(form.changed_data) & {field.name for field in Item._meta.fields}
        if "access" in form.changed_data:
            changed |= {"record_access", "file_access"}
        item.save(update_fields=changed)
        messages.success(request, _("Bewaard."))
        return redirect("netwerk:release", slug)
    context = {"form": form, "item": item, "title": _("Uitgave wijzigen"), "button": _("Bewaren")}
    return render(request, "netwerk/uitgaven/vraag.html", context, status=422 if form.is_bound else 200)


@takes_release
@asked_or_sent
def send_release(request: SignedInRequest, slug: str) -> HttpResponse:
    def do(item: Item, answers: dict[str, Any]) -> str:
        actions.send_release(item, answers["file"], note=answers["note"], by=request.user)
        return _("Het bestand is ontvangen. Het wordt gecontroleerd en verschijnt dan als versie.")

    return asked(request, slug, ReleaseForm, do, _("Bestand toevoegen"), _("Versturen"))


@asked_or_sent
def publish_release(request: SignedInRequest, slug: str) -> HttpResponse:
    def do(item: Item, answers: dict[str, Any]) -> str:
        published = actions.publish_item(item, at=answers["at"], by=request.user)
        if not published.is_under_embargo:
            return _("De uitgave is gepubliceerd.")
        moment = date_format(published.published_at or timezone.now(), "j F Y, H.i")
        return _("De uitgave is te zien vanaf %(moment)s uur.") % {"moment": moment}

    return asked(request, slug, PublishForm, do, _("Publiceren"), _("Publiceren"))


@asked_or_sent
def take_back_release(request: SignedInRequest, slug: str) -> HttpResponse:
    def do(item: Item, answers: dict[str, Any]) -> str:
        actions.take_back(item, by=request.user)
        return _("De uitgave is weer een concept.")

    return asked(request, slug, forms.Form, do, _("Weer een concept maken"), _("Maak er een concept van"))


@asked_or_sent
def withdraw_release(request: SignedInRequest, slug: str) -> HttpResponse:
    def do(item: Item, answers: dict[str, Any]) -> str:
        actions.withdraw_item(item, because=answers["because"], by=request.user)
        return _("De uitgave is ingetrokken. Wie het adres opent, leest waarom.")

    return asked(request, slug, WithdrawForm, do, _("Uitgave intrekken"), _("Intrekken"))


def asked(
    request: SignedInRequest,
    slug: str,
    make_form: type[forms.Form],
    do: Callable[[Item, dict[str, Any]], str],
    title: str,
    button: str,
) -> HttpResponse:
    """A page with one form and one button about an own release, and what happens then."""
    item = own_item(request, slug)
    form = make_form(request.POST, request.FILES) if request.method == "POST" else make_form()
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, do(item, form.cleaned_data))
            return redirect("netwerk:release", slug)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "item": item, "title": title, "button": button}
    return render(request, "netwerk/uitgaven/vraag.html", context, status=422 if form.is_bound else 200)


def by_month(items: QuerySet[Item]) -> tuple[list[tuple[str, str]], Chart | None]:
    """Downloads a month, latest first, as (month, number in words); fewer than ten say so, nowhere more."""
    months = list(DownloadCount.objects.by_month(items).items())[-MONTHS_SHOWN:]
    rows = [
        (date_format(month, "F Y"), total, str(total) if total >= TEN else _("minder dan 10"))
        for month, total in months
    ]
    drawn = [(name, total if total >= TEN else 0, shown) for name, total, shown in rows]
    about = _("Staafdiagram. Dezelfde aantallen staan in de tabel.")
    chart = (
        bars(_("Downloads per maand"), about, drawn) if any(total for _name, total, _shown in drawn) else None
    )
    return [(name, shown) for name, _total, shown in reversed(rows)], chart
