from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from netwerk.actions import move_project
from netwerk.lifecycle import PROJECT_NEXT, ProjectStage
from netwerk.models import Budget, Grant, Organisation, Project
from netwerk.views.project import euros, show_project
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.site import Tile, beheer
from weerbaar.pages.provinces import PROVINCES

from .page import STATE, PageAdmin, PageForm, PartInline


class OrganisationsField(forms.CharField):
    """Organisations by name or code, a line each: Django's own search box breaks the strict CSP."""

    widget = forms.Textarea(attrs={"rows": 4})
    default_error_messages = {"unknown": _("Geen organisatie met precies deze naam of code: %(line)s.")}

    def __init__(self, **kwargs: Any) -> None:
        help_text = _("Eén naam of code op elke regel. Bijvoorbeeld: Utrecht (gemeente), of GM0344.")
        super().__init__(**{"help_text": help_text, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(str(one) for one in value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), (data or "").replace("\r\n", "\n"))

    def clean(self, value: Any) -> list[Organisation]:
        found = []
        for line in filter(None, map(str.strip, super().clean(value).splitlines())):
            by_name = list(Organisation.objects.filter(code=line) or Organisation.objects.named(line))
            if len(by_name) != 1:
                raise ValidationError(self.error_messages["unknown"], code="unknown", params={"line": line})
            found += by_name
        return found


class ProjectForm(PageForm):
    class Meta:
        widgets = {"partners": forms.CheckboxSelectMultiple}

    province_codes = forms.MultipleChoiceField(
        label=_("Provincies"),
        required=False,
        choices=[(code, place.name) for code, place in PROVINCES.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Alleen nodig als de bron de provincie noemt, maar geen organisatie."),
    )
    organisations = OrganisationsField(label=_("Organisaties"), required=False)
    stage_to = forms.ChoiceField(label=_("Hoe ver het nu is"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "stage_to" in self.fields:
            possible = PROJECT_NEXT[ProjectStage(self.instance.stage)] if self.instance.pk else set()
            steps = [(to.value, to.label) for to in ProjectStage if to in possible]
            self.fields["stage_to"].choices = [("", _("Blijft zo")), *steps]  # type: ignore[attr-defined]  # a ChoiceField


class GrantInline(PartInline):
    model = Grant
    fields = ["year", "amount", "source"]


@admin.register(Project, site=beheer)
class ProjectAdmin(PageAdmin):
    form = ProjectForm
    show = staticmethod(show_project)
    fields = [
        "title", "slug", "kind", "summary", "body", "yields", "period", "first_year", "last_year", "stage",
        "stage_to", "organisations", "province_codes", "partners", "source", "source_url", *STATE, "move_to",
    ]  # fmt: skip
    readonly_fields = ["stage", *STATE]
    inlines = [GrantInline]
    list_display = ["title", "kind", "stage", "period", "status", "published_at", "published_by"]
    list_filter = ["status", "kind", "stage"]

    def take_steps(self, request: HttpRequest, form: Any) -> None:
        if to := form.cleaned_data.get("stage_to"):
            self.try_step(request, lambda: move_project(form.instance, ProjectStage(to), by=request.user))  # type: ignore[arg-type]  # staff
        super().take_steps(request, form)
        warn_of_exceeded(self, request)


@admin.register(Budget, site=beheer)
class BudgetAdmin(AuditedAdmin):
    fields = ["year", "amount", "is_structural", "source"]
    list_display = ["year", "amount", "is_structural", "source"]
    list_filter = ["is_structural"]

    def save_model(self, request: HttpRequest, obj: Budget, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        warn_of_exceeded(self, request)


def warn_of_exceeded(desk: AuditedAdmin, request: HttpRequest) -> None:
    """Say which years are over their budget: a source may be wrong, or a figure; so it is no block."""
    for line in Budget.objects.exceeded():
        words = {"year": line.year, "granted": euros(line.granted), "budget": euros(line.budget or 0)}
        desk.message_user(
            request,
            _("In %(year)s gaat er meer naar projecten (%(granted)s) dan het budget is (%(budget)s).")
            % words,
            messages.WARNING,
        )


@beheer.on_start_page
def years_over_budget(request: HttpRequest) -> list[Tile]:
    """Stays on the start page until the figures fit."""
    if not request.user.has_perm("netwerk.change_budget"):
        return []
    exceeded = Budget.objects.exceeded()
    address = reverse("admin:netwerk_budget_changelist")
    return [Tile(str(_("Jaren boven het budget")), len(exceeded), address, urgent=True)] if exceeded else []
