"""Evidence at the desk: look at the safe copy, take the original with a reason, add what came by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ondersteuning import actions
from ondersteuning.forms.evidence import AddByTeamForm, OriginalForm
from ondersteuning.models import Evidence
from ondersteuning.views.evidence import drawn, only, original
from weerbaar.files import api as files

from .desk import Desk

if TYPE_CHECKING:
    from .case import CaseAdmin

LOOKED = "bewijs bekeken"  # also under a break-glass; all else is for who handles the case


def urls(admin: CaseAdmin) -> list[Any]:
    """The pages of evidence, for CaseAdmin.get_urls. They stand before its page for any verb."""
    view = admin.admin_site.admin_view
    pages = Pages(admin)
    asked = require_http_methods(["GET", "POST"])
    return [
        path(
            "<uuid:pk>/bewijs/",
            files.takes_files(view(asked(pages.add))),
            name="ondersteuning_case_add_evidence",
        ),
        path(
            "<uuid:pk>/bewijs/<uuid:evidence>/",
            view(require_GET(pages.look)),
            name="ondersteuning_case_evidence",
        ),
        path(
            "<uuid:pk>/bewijs/<uuid:evidence>/origineel/",
            view(asked(pages.take)),
            name="ondersteuning_case_original",
        ),
    ]


class Pages:
    """What a colleague who may open the case does with its evidence; others get 404 and a log line."""

    def __init__(self, admin: CaseAdmin) -> None:
        self.admin = admin

    def look(self, request: HttpRequest, pk: UUID, evidence: UUID) -> HttpResponse:
        desk, row = self._find(request, pk, evidence, LOOKED)
        with desk.open(detail=LOOKED) as content:
            found = drawn(request, only(row, content))
            context = self._context(request, desk, _("Bewijs bekijken")) | found
            return render(request, "admin/ondersteuning/case/bewijs.html", context)

    def take(self, request: HttpRequest, pk: UUID, evidence: UUID) -> HttpResponseBase:
        desk, row = self._find(request, pk, evidence, "origineel van bewijs")
        form = OriginalForm(request.POST if request.method == "POST" else None, label_suffix="")
        if form.is_valid():
            detail = f"origineel van bewijs gedownload: {form.cleaned_data['reason']}"
            with desk.open(detail=detail) as content:
                return original(only(row, content))
        with desk.open(detail="origineel van bewijs gevraagd") as content:
            piece = only(row, content)
            if not piece.has_original:
                raise Http404
            context = self._context(request, desk, _("Origineel downloaden")) | {"piece": piece, "form": form}
            status = 422 if form.is_bound else 200
            return render(request, "admin/ondersteuning/case/bewijs_origineel.html", context, status=status)

    def add(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        desk = self.admin.desk(request, pk, "bewijs toevoegen")
        if not (desk.may_open and desk.case.is_open):
            raise self.admin.refused(request, "bewijs toevoegen", desk.case)
        form = AddByTeamForm(label_suffix="")
        if request.method == "POST":
            form = AddByTeamForm(request.POST, request.FILES, label_suffix="")
            if form.is_valid() and self._add(desk, form):
                messages.success(request, _("Toegevoegd. Het wordt nu gecontroleerd op virussen."))
                url = reverse("admin:ondersteuning_case_change", args=[desk.case.pk])
                return HttpResponseRedirect(f"{url}#bewijs")
        context = self._context(request, desk, _("Bewijs toevoegen")) | {"form": form}
        status = 422 if form.is_bound else 200
        return render(request, "admin/ondersteuning/case/bewijs_toevoegen.html", context, status=status)

    def _add(self, desk: Desk, form: AddByTeamForm) -> bool:
        try:
            actions.add_evidence_by_team(desk.case, file=form.cleaned_data["file"], by=desk.user)
        except ValidationError as error:
            form.add_error("file", error)
            return False
        return True

    def _find(self, request: HttpRequest, pk: UUID, evidence: UUID, detail: str) -> tuple[Desk, Evidence]:
        desk = self.admin.desk(request, pk, detail)
        if not (desk.may_read if detail == LOOKED else desk.may_open):
            raise self.admin.refused(request, detail, desk.case)
        return desk, get_object_or_404(Evidence.objects.with_file(), pk=evidence, case=desk.case)

    def _context(self, request: HttpRequest, desk: Desk, title: str) -> dict[str, Any]:
        return self.admin.context(request, desk) | {"title": title, "verb": {"label": title}}
