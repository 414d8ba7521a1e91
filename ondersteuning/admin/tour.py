"""The tour: planning the visits, their yield, and how far it came."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from netwerk.forms import OrganisationChoiceField
from netwerk.models import Organisation
from ondersteuning.actions.tour import missing, move_visit
from ondersteuning.lifecycle import TOUR_NEXT, TourStatus
from ondersteuning.matching import colleagues
from ondersteuning.models import TourVisit
from ondersteuning.reach import reach
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.api import Result
from weerbaar.audit.site import beheer

BAR = 300  # width of a full bar
ROW = 28  # height of a line of the drawing


class TourVisitForm(forms.ModelForm):
    organisation = OrganisationChoiceField(label=gettext_lazy("Organisatie"))
    move_to = forms.ChoiceField(
        label=gettext_lazy("Volgende stap"),
        required=False,
        help_text=gettext_lazy("Kies alleen iets als deze stap nu is gezet."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = TOUR_NEXT[TourStatus(self.instance.status)] if self.instance.pk else set()
        choices = [(status.value, status.label) for status in TourStatus if status in possible]
        if "move_to" in self.fields:
            self.fields["move_to"].choices = [("", _("Blijft zo")), *choices]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        has_session = self.instance.status in (TourStatus.PLANNED, TourStatus.HELD, TourStatus.DONE)
        if has_session and "session_at" in answers and not answers["session_at"]:
            self.add_error("session_at", _("Deze bijeenkomst heeft een moment nodig."))
        if answers.get("move_to"):
            as_typed = TourVisit(
                **{name: answers.get(name) for name in ("talk_at", "session_at", "leader", "outcome")}
            )
            for name, words in missing(as_typed, TourStatus(answers["move_to"])).items():
                self.add_error(name, words)
        return answers


@admin.register(TourVisit, site=beheer)
class TourVisitAdmin(AuditedAdmin):
    form = TourVisitForm
    fields = [
        "organisation", "status", "move_to", "invited_on", "leader", "talk_at", "session_at",
        "has_protocol", "has_code", "attendance", "outcome", "extra_training",
    ]  # fmt: skip
    readonly_fields = ["status"]
    list_display = ["organisation", "status", "invited_on", "talk_at", "session_at", "leader"]
    list_filter = ["status"]
    list_select_related = ["organisation", "leader"]
    search_fields = ["organisation__name"]
    search_help_text = gettext_lazy("Zoek op de naam van de organisatie.")
    actions = None
    change_list_template = "admin/ondersteuning/tourvisit/change_list.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_safe(self.reach))
        return [path("bereik/", view, name="ondersteuning_tourvisit_reach"), *super().get_urls()]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By organisation, misspelled or not."""
        if search_term:
            found = Organisation.objects.search(search_term).values_list("pk", flat=True)
            queryset = queryset.filter(organisation__in=list(found[:100]))
        return queryset, False

    def reach(self, request: HttpRequest) -> HttpResponse:
        """By province as a drawing, with the same numbers in a table."""
        if not self.has_view_permission(request):
            self.trail(request, None, Result.REFUSED, "bereik")
            raise PermissionDenied
        self.trail(request, None, Result.DONE, "bereik")
        lines = reach()
        bars = [
            {
                "line": line,
                "y": place * ROW,
                "middle": place * ROW + 17,
                "visited": round(BAR * line.visited / (line.organisations or 1)),
            }
            for place, line in enumerate(lines[:-1])
        ]
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Bereik van de tour"),
            "lines": lines,
            "bars": bars,
            "height": ROW * len(bars),
        }
        return render(request, "admin/ondersteuning/tourvisit/reach.html", context)

    def save_model(self, request: HttpRequest, obj: TourVisit, form: Any, change: bool) -> None:
        """What was typed, and then the step: by the action, which knows what may follow."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        edited = set(form.changed_data) - {"move_to"}
        try:
            with transaction.atomic():
                if edited:
                    obj.save(update_fields=edited)
                if to := form.cleaned_data.get("move_to"):
                    move_visit(obj, TourStatus(to), by=request.user)  # type: ignore[arg-type]  # staff
        except ValidationError as error:  # a colleague was first
            self.message_user(request, " ".join(error.messages), messages.ERROR)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "leader":
            kwargs["queryset"] = colleagues("ondersteuning.be_on_duty")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: TourVisit | None = None) -> bool:
        return self._plans(request) or request.user.has_perm("ondersteuning.view_tourvisit")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._plans(request)

    def has_change_permission(self, request: HttpRequest, obj: TourVisit | None = None) -> bool:
        return self._plans(request)

    def has_delete_permission(self, request: HttpRequest, obj: TourVisit | None = None) -> bool:
        return False

    @staticmethod
    def _plans(request: HttpRequest) -> bool:
        return request.user.has_perm("ondersteuning.plan_tour")
