"""Exports at the desk: ask for one, agree to one, take it."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms as django_forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from ondersteuning import actions
from ondersteuning.models import Case, Export
from weerbaar.accounts.models import User
from weerbaar.audit.admin import ReadOnlyAdmin
from weerbaar.audit.api import Purpose, Result
from weerbaar.audit.site import Tile, beheer

from .listing import FILTERS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def chosen(query: str, user: User) -> tuple[Any, str, list[tuple[str, str]]]:
    """The cases that a list's address shows to this person, the part of it that is kept, and it in words.

    Filters only: a search word may be somebody's name, and an address is kept in clear.
    """
    request = HttpRequest()
    request.GET, request.user = QueryDict(query), user
    cases, kept, words = Case.objects.visible_to(user), QueryDict(mutable=True), []
    for make in FILTERS:
        one = make(request, dict(request.GET.lists()), Case, None)
        cases = one.queryset(request, cases)
        if one.chosen:
            kept[one.parameter_name] = one.value()
            words.append((str(one.title).capitalize(), one.chosen))
    return cases, kept.urlencode(), words


class AskForm(django_forms.Form):
    format = django_forms.ChoiceField(
        label=gettext_lazy("Welk bestand wilt u?"),
        choices=[("csv", "CSV"), ("xlsx", "Excel")],
        initial="csv",
        widget=django_forms.RadioSelect,
    )
    reason = django_forms.CharField(
        label=gettext_lazy("Waarvoor is de export?"),
        help_text=gettext_lazy("Schrijf geen namen op. Wie controleert, leest dit."),
        widget=django_forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        min_length=10,
        max_length=500,
        error_messages={
            "required": gettext_lazy("Schrijf op waarvoor de export is."),
            "min_length": gettext_lazy("Schrijf in een paar woorden waarvoor de export is."),
            "max_length": gettext_lazy("Uw tekst is te lang. Er passen 500 tekens."),
        },
    )


@admin.register(Export, site=beheer)
class ExportAdmin(ReadOnlyAdmin):
    """Every export that was asked for: by whom, why, how many rows, and who agreed."""

    list_display = ["asked_at", "by", "rows", "format", "reason", "state"]
    list_select_related = ["by", "agreed_by"]
    ordering = ["-asked_at"]
    actions = None
    purpose = Purpose.EXPORT

    def get_urls(self) -> list[Any]:
        view, both = self.admin_site.admin_view, require_http_methods(["GET", "POST"])
        name = "ondersteuning_export_"
        return [
            path("", view(self.changelist_view), name=f"{name}changelist"),
            path("add/", view(both(self.ask)), name=f"{name}add"),
            path("<uuid:pk>/change/", view(both(self.one)), name=f"{name}change"),
            path("<uuid:pk>/ophalen/", view(require_POST(self.take)), name=f"{name}take"),
        ]

    def has_view_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return any(
            request.user.has_perm(f"ondersteuning.{right}") for right in ("export_case", "agree_export")
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description=gettext_lazy("stand"))
    def state(self, export: Export) -> str:
        if export.refused_at:
            return _("Geweigerd")
        if export.taken_at:
            return _("Opgehaald")
        if actions.may_be_taken(export):
            return _("Staat klaar")
        waits = export.rows > Export.FREE_ROWS and not export.agreed_at
        return _("Wacht op een tweede persoon") if waits else _("Verlopen")

    def ask(self, request: HttpRequest) -> HttpResponse:
        user = cast(User, request.user)
        if not user.has_perm("ondersteuning.export_case"):
            raise self.refused(request, None)
        cases, query, words = chosen(request.META["QUERY_STRING"], user)
        form = AskForm(request.POST if request.method == "POST" else None, label_suffix="")
        if form.is_valid():
            try:
                export = actions.ask_export(cases, query=query, by=user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return HttpResponseRedirect(reverse("admin:ondersteuning_export_change", args=[export.pk]))
        rows = cases.values("pk")[: Export.MOST_ROWS + 1].count()
        context = self.context(request, _("Zaken exporteren")) | {
            "form": form,
            "words": words,
            "rows": rows,
            "too_many": rows > Export.MOST_ROWS,
            "needs_another": rows > Export.FREE_ROWS,
            "searched": bool(request.GET.get("q")),
            "query": query,
        }
        status = 422 if form.is_bound else 200
        return render(request, "admin/ondersteuning/export_vragen.html", context, status=status)

    def one(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        export, user = self.found(request, pk), cast(User, request.user)
        if request.method == "POST":
            try:
                actions.decide_export(export, agrees=request.POST.get("decision") == "agree", by=user)
                messages.success(request, _("Uw beslissing is vastgelegd."))
            except PermissionDenied:
                raise self.refused(request, export) from None
            except ValidationError as error:
                messages.error(request, error.messages[0])
            return HttpResponseRedirect(request.path)
        mine = export.by_id == user.pk
        may_decide = user.has_perm("ondersteuning.agree_export") and not mine
        context = self.context(request, _("Export")) | {
            "export": export,
            "words": chosen(export.query, user)[2],
            "state": self.state(export),
            "may_take": mine and actions.may_be_taken(export),
            "may_decide": may_decide and Export.objects.to_decide().filter(pk=export.pk).exists(),
        }
        return render(request, "admin/ondersteuning/export.html", context)

    def take(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        export, user = self.found(request, pk), cast(User, request.user)
        try:
            cases = actions.take_export(export, chosen(export.query, user)[0], by=user)
        except PermissionDenied:
            raise self.refused(request, export) from None
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return HttpResponseRedirect(reverse("admin:ondersteuning_export_change", args=[export.pk]))
        return attachment(export, cases)

    def found(self, request: HttpRequest, pk: UUID) -> Export:
        """The one that was asked for; 404 for who may not know of it."""
        rows: Any = self.get_queryset(request)
        export: Export | None = rows.select_related("by", "agreed_by").filter(pk=pk).first()
        if export is None or not self.has_view_permission(request, export):
            raise self.refused(request, None)
        self.trail(request, export, Result.DONE, "bekeken")
        return export

    def refused(self, request: HttpRequest, export: Export | None) -> Http404:
        self.trail(request, export, Result.REFUSED, "export")
        return Http404()

    def context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {"opts": self.opts, "title": title}


def attachment(export: Export, cases: Any) -> HttpResponseBase:
    """The file itself: CSV streams from the database; a workbook is made whole, at most 10,000 rows."""
    from ondersteuning import exporting  # noqa: PLC0415 - import_export is slow to import, and seldom needed

    response: HttpResponseBase
    if export.format == "csv":
        response = StreamingHttpResponse(
            exporting.as_csv(cases, most=export.rows), content_type="text/csv; charset=utf-8"
        )
    else:
        response = HttpResponse(exporting.as_xlsx(cases, most=export.rows), content_type=XLSX)
    name = f"zaken-{timezone.localdate():%Y%m%d}.{export.format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@beheer.on_start_page
def tiles(request: HttpRequest) -> list[Tile]:
    """Exports that wait for this person's word."""
    user: Any = request.user
    if not user.has_perm("ondersteuning.agree_export"):
        return []
    waiting = Export.objects.to_decide().exclude(by=user).count()
    url = reverse("admin:ondersteuning_export_changelist")
    return [Tile(_("Export wacht op akkoord"), waiting, url)] if waiting else []
