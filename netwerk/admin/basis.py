"""The talks of the starter package, for who plans them; and what organisations signed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from netwerk.actions import move_talk
from netwerk.lifecycle import TALK_NEXT, TalkStatus
from netwerk.models import NormSignature, StarterTalk
from weerbaar.audit.admin import AuditedAdmin, ReadOnlyAdmin
from weerbaar.audit.site import beheer

from .organisation import ByOrganisationAdmin


class StarterTalkForm(forms.ModelForm):
    move_to = forms.ChoiceField(
        label=gettext_lazy("Volgende stap"),
        required=False,
        help_text=gettext_lazy("Bij ‘opgepakt’ neemt u zelf contact op, via het werkadres."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = TALK_NEXT[TalkStatus(self.instance.status)] - {TalkStatus.WITHDRAWN}
        choices = [(status.value, status.label) for status in TalkStatus if status in possible]
        if "move_to" in self.fields:
            self.fields["move_to"].choices = [("", _("Blijft zo")), *choices]  # type: ignore[attr-defined]  # a ChoiceField


@admin.register(StarterTalk, site=beheer)
class StarterTalkAdmin(AuditedAdmin):
    """Who took office and would like the talk. Whoever takes one up gets in touch."""

    form = StarterTalkForm
    fields = ["name", "email", "membership", "way", "moment", "asked_at", "status", "taken_by", "move_to"]
    readonly_fields = ["name", "email", "membership", "way", "moment", "asked_at", "status", "taken_by"]
    list_display = ["membership", "status", "way", "moment", "asked_at", "taken_by"]
    list_filter = ["status"]
    list_select_related = ["membership__organisation", "taken_by"]
    actions = None

    @admin.display(description=gettext_lazy("Naam"))
    def name(self, talk: StarterTalk) -> str:
        return talk.user.name

    @admin.display(description=gettext_lazy("Werkadres"))
    def email(self, talk: StarterTalk) -> str:
        return talk.user.email

    def save_model(self, request: HttpRequest, obj: StarterTalk, form: Any, change: bool) -> None:
        """Nothing is typed here: only the step, by the action that knows what may follow."""
        if to := form.cleaned_data.get("move_to"):
            try:
                move_talk(obj, TalkStatus(to), by=request.user)  # type: ignore[arg-type]  # staff
            except ValidationError as error:  # a colleague was first
                self.message_user(request, " ".join(error.messages), messages.ERROR)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("netwerk.plan_talk")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StandingFilter(admin.SimpleListFilter):
    title = gettext_lazy("geldigheid")
    parameter_name = "geldig"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("nu", _("Geldig")), ("niet", _("Verlopen, ingetrokken of vervangen"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "nu":
            return queryset.current(timezone.localdate())
        if self.value() == "niet":
            return queryset.exclude(pk__in=NormSignature.objects.current().values("pk"))
        return queryset


@admin.register(NormSignature, site=beheer)
class NormSignatureAdmin(ByOrganisationAdmin, ReadOnlyAdmin):
    """What organisations signed, the past too. They sign, renew and withdraw themselves."""

    fields = [
        "organisation", "kind", "signed_on", "valid_until", "signed_as", "is_public", "ended_at",
    ]  # fmt: skip
    list_display = ["organisation", "kind", "signed_on", "valid_until", "is_public", "ended_at"]
    list_filter = ["kind", StandingFilter]
    list_select_related = ["organisation"]
