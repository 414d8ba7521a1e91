"""What meetings and editions of trainings have in common at the desk: the next step, and who signed up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from netwerk.actions import cancel_signup, changed_gathering, move_gathering
from netwerk.lifecycle import GATHERING_NEXT, HOLDS_A_PLACE, GatheringStatus
from netwerk.models import Membership, Signup
from weerbaar.audit.admin import AuditedAdmin, Day, Moment
from weerbaar.audit.site import beheer

WIDGETS: dict[type[models.Field], dict[str, Any]] = {
    models.DateField: {"widget": Day},
    models.DateTimeField: {"widget": Moment},
}


class PlainInline(admin.StackedInline):
    """A label at every field, and no script: Django's breaks the strict CSP. Two empty ones wait instead."""

    extra = 2
    formfield_overrides = WIDGETS

    @property
    def media(self) -> forms.Media:
        return forms.Media()


class GatheringForm(forms.ModelForm):
    move_to = forms.ChoiceField(
        label=gettext_lazy("Volgende stap"),
        required=False,
        help_text=gettext_lazy("Gaat het niet door? Dan krijgt wie is ingeschreven een mail."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "move_to" in self.fields:
            possible = GATHERING_NEXT[GatheringStatus(self.instance.status)] if self.instance.pk else set()
            choices = [(status.value, status.label) for status in GatheringStatus if status in possible]
            self.fields["move_to"].choices = [("", _("Blijft zo")), *choices]  # type: ignore[attr-defined]

    def clean_capacity(self) -> int:
        """Who has a place keeps it. The database says so too, but not in words."""
        capacity: int = self.cleaned_data["capacity"]
        given = self.instance.signups.filter(status__in=HOLDS_A_PLACE).count() if self.instance.pk else 0
        if capacity < given:
            raise ValidationError(_("Er zijn al %(given)d plaatsen vergeven.") % {"given": given})
        return capacity


class GatheringAdmin(AuditedAdmin):
    """Saves what was typed, then takes the step, and then tells who must know."""

    form = GatheringForm
    actions = None
    ELSEWHERE: set[str] = set()  # what is told to who signed up, when it changes

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            return
        edited = set(form.changed_data) - {"move_to"}
        if edited:
            obj.save(update_fields=edited)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """After the sessions and the agenda are saved: only then can it be published."""
        super().save_related(request, form, formsets, change)
        elsewhere = set(form.changed_data) | {
            name for formset in formsets for one in formset.forms for name in one.changed_data
        }
        try:
            with transaction.atomic():
                changed_gathering(form.instance, is_elsewhere=change and bool(elsewhere & self.ELSEWHERE))
                if to := form.cleaned_data.get("move_to"):
                    move_gathering(form.instance, GatheringStatus(to))
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Signup, site=beheer)
class SignupAdmin(AuditedAdmin):
    """Who signed up, by name and function; no address. Only for who has the permission for these."""

    fields = ["thing", "who", "function", "status", "asked_at", "held_until"]
    readonly_fields = ["thing", "who", "function", "status", "asked_at", "held_until"]
    list_display = ["who", "function", "thing", "status", "asked_at", "held_until"]
    list_filter = ["status", "meeting", "edition__training"]
    list_select_related = ["user", "meeting", "edition__training"]
    actions = ["cancel"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        current = Membership.objects.current().select_related("organisation")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(models.Prefetch("user__memberships", current, to_attr="current"))
        )

    @admin.display(description=gettext_lazy("naam"))
    def who(self, obj: Signup) -> str:
        return obj.user.name

    @admin.display(description=gettext_lazy("functie"))
    def function(self, obj: Signup) -> str:
        return ", ".join(str(one) for one in obj.user.current)  # type: ignore[attr-defined]  # prefetched

    @admin.display(description=gettext_lazy("waarvoor"))
    def thing(self, obj: Signup) -> str:
        return str(obj.thing)

    @admin.action(description=gettext_lazy("Afmelden"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: models.QuerySet[Signup]) -> None:
        for signup in queryset:
            try:
                cancel_signup(signup)
                self.log_change(request, signup, "")
            except ValidationError as error:
                self.message_user(request, error.message, messages.ERROR)

    def save_model(self, request: HttpRequest, obj: Signup, form: Any, change: bool) -> None:
        """Nothing is typed here; what was read a while ago must not undo what happened since."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
