from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from netwerk.actions import choose_people, move_intervention, open_intervention
from netwerk.forms import OrganisationChoiceField
from netwerk.lifecycle import INTERVENTION_NEXT, InterventionStatus
from netwerk.models import Intervention, InterventionStep
from weerbaar.accounts.backends import ByEmail
from weerbaar.accounts.models import User
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.site import beheer

from .page import PartInline


def who_can_join() -> models.QuerySet[User]:
    """Active accounts whose role lets them take part in a track, by name."""
    may: models.QuerySet[User] = ByEmail().with_perm("netwerk.join_intervention", include_superusers=False)
    return may.order_by("name", "pk")


class InterventionForm(forms.ModelForm):
    organisation = OrganisationChoiceField(label=_("Organisatie"))
    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Wie mag dit zien en bijwerken"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Niemand anders weet dat deze interventie er is. Wie het leidt, hoort er altijd bij."),
    )
    move_to = forms.ChoiceField(label=_("Volgende stap"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "lead" in self.fields:
            self.fields["lead"].queryset = who_can_join()  # type: ignore[attr-defined]  # a ModelChoiceField
        if "people" in self.fields:
            self.fields["people"].queryset = who_can_join()  # type: ignore[attr-defined]
            if self.instance.pk:
                rows = self.instance.interventionuserobjectpermission_set
                self.fields["people"].initial = list(rows.values_list("user", flat=True))
        if "move_to" in self.fields:
            possible = (
                INTERVENTION_NEXT[InterventionStatus(self.instance.status)] if self.instance.pk else set()
            )
            steps = [(to.value, to.label) for to in InterventionStatus if to in possible]
            self.fields["move_to"].choices = [("", _("Blijft zo")), *steps]  # type: ignore[attr-defined]


class StepInline(PartInline):
    model = InterventionStep
    fields = ["day", "text", "is_done"]


@admin.register(Intervention, site=beheer)
class InterventionAdmin(AuditedAdmin):
    """Shows who was let in their tracks, by reference. No search: the text is about an organisation."""

    form = InterventionForm
    fields = [
        "reference", "organisation", "reason", "status", "move_to", "lead", "people", "started_on",
        "ended_on", "background", "outcome",
    ]  # fmt: skip
    inlines = [StepInline]
    list_display = ["reference", "status"]
    list_filter = ["status"]
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Whose track it is does not change: another organisation is another track."""
        return ["reference", "status", "ended_on", *(["organisation"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Intervention, form: Any, change: bool) -> None:
        if not change:
            open_intervention(obj, by=request.user)  # type: ignore[arg-type]  # staff
            return
        if edited := set(form.changed_data) - {"people", "move_to"}:
            obj.save(update_fields=edited)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        people = [*form.cleaned_data.get("people", []), *([] if change else [request.user])]
        try:
            with transaction.atomic():
                if to := form.cleaned_data.get("move_to"):
                    move_intervention(form.instance, InterventionStatus(to), by=request.user)  # type: ignore[arg-type]
                choose_people(form.instance, people, by=request.user)  # type: ignore[arg-type]
        except ValidationError as error:  # a colleague was first, or somebody lost the role
            self.message_user(request, " ".join(error.messages), messages.ERROR)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("netwerk.join_intervention")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
