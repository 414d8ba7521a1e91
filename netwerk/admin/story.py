from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from netwerk.actions import end_consent
from netwerk.models import Story
from netwerk.views.story import show_story
from weerbaar.audit.site import beheer

from .page import STATE, PageAdmin, PageForm


class StoryForm(PageForm):
    ends_consent = forms.BooleanField(
        label=_("De verteller trekt de toestemming in"),
        required=False,
        help_text=_(
            "Het verhaal is meteen van de site en wordt gewist. Dat kan niet ongedaan worden gemaakt."
        ),
    )


@admin.register(Story, site=beheer)
class StoryAdmin(PageAdmin):
    """Shows no name of a teller; of a story that was taken back only its address is left."""

    form = StoryForm
    show = staticmethod(show_story)
    fields = [
        "title", "slug", "kind", "summary", "body", "function", "shown_as", "is_composed",
        "consent_from", "consent_on", "consent_until", "consent_ended_on", *STATE, "move_to", "ends_consent",
    ]  # fmt: skip
    readonly_fields = ["consent_ended_on", *STATE]
    list_display = ["slug", "kind", "is_composed", "consent_until", "status", "published_at", "published_by"]
    list_filter = ["status", "kind", "is_composed"]
    search_fields = ["slug"]
    search_help_text = _("Zoek op het adres")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was taken back stays as it is: gone."""
        return super().has_change_permission(request, obj) and not (obj and obj.consent_ended_on)

    def take_steps(self, request: HttpRequest, form: Any) -> None:
        if form.cleaned_data.get("ends_consent"):
            end_consent(form.instance, by=request.user)  # type: ignore[arg-type]  # staff
            self.message_user(request, _("Het verhaal is gewist en van de site."), messages.SUCCESS)
        else:
            super().take_steps(request, form)
