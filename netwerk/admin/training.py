from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from netwerk.actions import note_attendance
from netwerk.evaluations import figures
from netwerk.functions import Function
from netwerk.models import Membership, Signup, Training, TrainingEdition, TrainingSession
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.site import beheer

from .gathering import GatheringAdmin, PlainInline


class TrainingForm(forms.ModelForm):
    functions = forms.MultipleChoiceField(
        label=_("Voor welke functies"),
        choices=Function.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Niets gekozen: voor iedereen in het openbaar bestuur."),
    )


@admin.register(Training, site=beheer)
class TrainingAdmin(AuditedAdmin):
    """What can be learned. When it is given, is in its own list."""

    form = TrainingForm
    fields = [
        "title", "slug", "kind", "topic", "summary", "learns", "functions", "duration", "provider",
        "source", "is_published",
    ]  # fmt: skip
    prepopulated_fields = {"slug": ["title"]}
    list_display = ["title", "kind", "topic", "provider", "is_published"]
    list_select_related = ["provider"]
    list_filter = ["kind", "topic", "is_published"]
    search_fields = ["title"]
    search_help_text = _("Zoek op titel.")
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SessionInline(PlainInline):
    model = TrainingSession
    fields = ["title", "begins_at", "ends_at", "town", "place", "online_link"]


@admin.register(TrainingEdition, site=beheer)
class TrainingEditionAdmin(GatheringAdmin):
    """When a training is given: its sessions, its places, and afterwards what people thought of it."""

    fields = [
        "training", "name", "status", "move_to", "capacity", "sign_up_until", "price_note",
        "sessions_needed", "places", "evaluation",
    ]  # fmt: skip
    readonly_fields = ["status", "places", "evaluation"]
    inlines = [SessionInline]
    list_display = ["training", "name", "begins_at", "status", "places"]
    list_select_related = ["training"]
    list_filter = ["status", "training"]
    ELSEWHERE = {"begins_at", "ends_at", "town", "place", "online_link"}

    def get_queryset(self, request: HttpRequest) -> Any:
        queryset: Any = super().get_queryset(request)
        return queryset.with_period().with_counts()

    @admin.display(description=_("begint"), ordering="begins_at")
    def begins_at(self, obj: Any) -> Any:
        return obj.begins_at

    @admin.display(description=_("plaatsen"))
    def places(self, obj: Any) -> str:
        """Given or held, of how many; and who waits."""
        if obj.pk is None:
            return "–"
        words = {"taken": obj.taken, "all": obj.capacity, "waiting": obj.waiting}
        return str(_("%(taken)d van %(all)d bezet, %(waiting)d op de wachtlijst") % words)

    @admin.display(description=_("Oordeel van de deelnemers"))
    def evaluation(self, obj: TrainingEdition) -> str:
        return figures(obj) if obj.pk else "–"


class PresentField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        functions = ", ".join(one.get_function_display() for one in obj.user.current)
        return f"{obj.user.name} ({functions})" if functions else obj.user.name


class AttendanceForm(forms.ModelForm):
    present = PresentField(
        label=_("Wie was er?"),
        queryset=Signup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "present" not in self.fields:  # who only looks
            return
        current = Membership.objects.current()
        placed = Signup.objects.placed().filter(edition=self.instance.edition_id).select_related("user")
        self.fields["present"].queryset = placed.order_by("user__name", "pk").prefetch_related(  # type: ignore[attr-defined]
            models.Prefetch("user__memberships", current, to_attr="current")
        )
        self.initial["present"] = list(self.instance.attendances.values_list("signup", flat=True))


@admin.register(TrainingSession, site=beheer)
class TrainingSessionAdmin(AuditedAdmin):
    """Who was at a session. When and where it is, is changed at the edition."""

    form = AttendanceForm
    fields = ["edition", "title", "begins_at", "ends_at", "town", "present"]
    readonly_fields = ["edition", "title", "begins_at", "ends_at", "town"]
    list_display = ["begins_at", "edition", "title", "present_count"]
    list_select_related = ["edition__training"]
    list_filter = ["edition__training"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).annotate(were_there=models.Count("attendances"))

    @admin.display(description=_("aanwezig"))
    def present_count(self, obj: Any) -> int:
        return obj.were_there

    def save_model(self, request: HttpRequest, obj: TrainingSession, form: Any, change: bool) -> None:
        note_attendance(obj, form.cleaned_data["present"])

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
