"""Admin classes that leave a trail: every look, search and change, in neutral words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .log import Actor, log
from .models import AccessLog, Purpose, Result, Seal
from .site import beheer


class Day(forms.DateInput):
    """The browser's own calendar: Django's cannot be reached by keyboard, and breaks the strict CSP."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class Moment(AdminSplitDateTime):
    def __init__(self) -> None:
        time = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        day = Day()
        day.attrs["aria-label"], time.attrs["aria-label"] = _("Datum"), _("Tijd")
        forms.MultiWidget.__init__(self, [day, time])


class AuditedAdmin(admin.ModelAdmin):
    """The one base of every admin class of ours; the system check weerbaar.E001 holds it.

    Starts from `visible_to(user)` where the manager has it; what is not visible is 404 and logged.
    """

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a count for each choice of each filter is a query each
    list_per_page = 25
    formfield_overrides = {models.DateField: {"widget": Day}, models.DateTimeField: {"widget": Moment}}
    purpose = Purpose.HANDLE

    def dossier_of(self, obj: Any) -> UUID | None:
        """The dossier that a look at this object is logged under; None when it belongs to no dossier."""
        found = getattr(obj, "dossier_id", None)
        if found is None and hasattr(obj, "owner") and isinstance(obj.pk, UUID):
            found = obj.pk  # the dossier itself
        return found if isinstance(found, UUID) else None

    def neutral(self, obj: Any) -> str:
        """How Django's own admin log names the object: its reference, never a name or a title."""
        reference = getattr(obj, "reference", "")
        return f"{obj._meta.verbose_name} {reference}".strip()[:200]

    def trail(self, request: HttpRequest, obj: Any, result: Result, detail: str) -> None:
        dossier = self.dossier_of(obj) if obj is not None else None
        words = f"{detail} {self.opts.verbose_name}"
        log(Actor.of(request.user), dossier=dossier, purpose=self.purpose, result=result, detail=words)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        queryset = super().get_queryset(request)
        return queryset.visible_to(request.user) if hasattr(queryset, "visible_to") else queryset

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Only the filters on the page. Django lets an address filter on any column of the model: a password
        hash would be guessed letter by letter from the number of rows."""
        filters = [each[0] if isinstance(each, tuple) else each for each in self.get_list_filter(request)]
        shown = {each if isinstance(each, str) else getattr(each, "parameter_name", "") for each in filters}
        asked = any(lookup == name or lookup.startswith(f"{name}__") for name in shown if name)
        return asked and super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        searched = bool(request.GET.get("q"))
        log(
            Actor.of(request.user),
            dossier=None,
            purpose=Purpose.SEARCH if searched else self.purpose,
            result=Result.DONE,
            detail=f"{'gezocht' if searched else 'lijst'} {self.opts.verbose_name_plural}",
        )
        title = {"title": capfirst(self.opts.verbose_name_plural)}  # Django's own is an order: "Selecteer …"
        return super().changelist_view(request, title | (extra_context or {}))

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        obj = self.get_object(request, object_id) if object_id else None
        return self.logged(
            request,
            obj,
            object_id,
            ("bekeken" if request.method == "GET" else "wijziging") if object_id else "toevoegen",
            lambda: super(AuditedAdmin, self).changeform_view(request, object_id, form_url, extra_context),
        )

    def delete_view(self, request: HttpRequest, object_id: Any, extra_context: Any = None) -> Any:
        obj = self.get_object(request, object_id)
        return self.logged(
            request,
            obj,
            object_id,
            "verwijderen",
            lambda: super(AuditedAdmin, self).delete_view(request, object_id, extra_context),
        )

    def history_view(self, request: HttpRequest, object_id: Any, extra_context: Any = None) -> Any:
        obj = self.get_object(request, object_id)
        title = {"title": _("Geschiedenis"), "subtitle": str(obj)}
        return self.logged(
            request,
            obj,
            object_id,
            "geschiedenis",
            lambda: super(AuditedAdmin, self).history_view(request, object_id, title | (extra_context or {})),
        )

    def logged(self, request: HttpRequest, obj: Any, object_id: Any, detail: str, answer: Any) -> Any:
        """The answer, with its row committed first; a refused or absent object is logged as refused. Who may
        look at none of them is refused before it tells whether this one is there."""
        try:
            if not self.has_view_or_change_permission(request, obj):
                raise PermissionDenied
            if object_id and obj is None:
                self.trail(request, None, Result.REFUSED, detail)
                raise Http404
            self.trail(request, obj, Result.DONE, detail)
            return answer()
        except PermissionDenied:
            self.trail(request, obj, Result.REFUSED, detail)
            raise

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """The action "delete selected": a row for each object."""
        for obj in queryset:
            self.trail(request, obj, Result.DONE, "verwijderen")
        super().delete_queryset(request, queryset)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return self.entry(request, obj, ADDITION)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return self.entry(request, obj, CHANGE)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        return [self.entry(request, obj, DELETION) for obj in queryset]

    def entry(self, request: HttpRequest, obj: Any, flag: int) -> LogEntry:
        return LogEntry.objects.create(
            user_id=str(request.user.pk),
            content_type_id=get_content_type_for_model(obj).pk,
            object_id=str(obj.pk),
            object_repr=self.neutral(obj),
            action_flag=flag,
            change_message="",
        )


class CappedPaginator(Paginator):
    """Counts no further than 10,000 rows, so that a long log stays quick."""

    @cached_property
    def count(self) -> int:
        rows: models.QuerySet = self.object_list  # type: ignore[assignment]  # the admin gives querysets
        return rows[:10_000].count()


class ReadOnlyAdmin(AuditedAdmin):
    """For what is only looked at."""

    purpose = Purpose.CHECK

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AccessLog, site=beheer)
class AccessLogAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor_name", "role", "purpose", "result", "dossier"]
    list_filter = ["purpose", "result", "role"]
    search_fields = ["dossier"]  # shows the search box; see get_search_results
    search_help_text = _("Zoek op dossiernummer, accountnummer of het begin van een naam.")
    paginator = CappedPaginator

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """By number of the dossier or account, else by the beginning of a name."""
        try:
            number = UUID(search_term.strip())
        except ValueError:
            return queryset.filter(actor_name__istartswith=search_term.strip()), False
        return queryset.filter(models.Q(dossier=number) | models.Q(actor_id=number)), False


@admin.register(Seal, site=beheer)
class SealAdmin(ReadOnlyAdmin):
    list_display = ["at", "table", "number", "rows"]
    list_filter = ["table"]
