from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from netwerk.actions import move_theme
from netwerk.actions.theme import missing
from netwerk.lifecycle import THEME_NEXT, ThemeStatus
from netwerk.models import Theme, ThemeRound
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.site import beheer


class ThemeForm(forms.ModelForm):
    move_to = forms.ChoiceField(
        label=gettext_lazy("Volgende stap"),
        required=False,
        help_text=gettext_lazy("Kies alleen iets als deze stap nu is gezet."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "move_to" in self.fields:
            possible = THEME_NEXT[ThemeStatus(self.instance.status)] if self.instance.pk else set()
            choices = [
                (status.value, status.label)
                for status in ThemeStatus
                if status in possible and status != ThemeStatus.WITHDRAWN  # by who proposed it
            ]
            self.fields["move_to"].choices = [("", _("Blijft zo")), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("move_to"):
            as_typed = Theme(
                **{name: answers.get(name) for name in ("round", "decided_because", "body", "results")}
            )
            for name, words in missing(as_typed, ThemeStatus(answers["move_to"])).items():
                self.add_error(name, words)
        return answers


@admin.register(Theme, site=beheer)
class ThemeAdmin(AuditedAdmin):
    """Proposals with their votes, most first; chosen with reasons, published, and closed with results."""

    form = ThemeForm
    fields = [
        "round", "title", "slug", "topic", "summary", "reasons", "proposed_by", "status", "move_to", "votes",
        "decided_because", "body", "results",
    ]  # fmt: skip
    readonly_fields = ["status", "votes"]
    prepopulated_fields = {"slug": ["title"]}
    list_display = ["title", "round", "votes", "status", "proposed_by"]
    list_select_related = ["round", "proposed_by"]
    list_filter = ["round", "status"]
    search_fields = ["title"]
    search_help_text = gettext_lazy("Zoek op titel.")
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        queryset: Any = super().get_queryset(request)
        return queryset.with_votes()

    def get_ordering(self, request: HttpRequest) -> Any:
        """Most votes first; not as `ordering`, whose check knows columns only."""
        return ["-round__year", F("votes").desc(), "pk"]

    @admin.display(description=gettext_lazy("stemmen"), ordering="votes")
    def votes(self, obj: Any) -> int | str:
        return obj.votes if obj.pk else "–"

    def save_model(self, request: HttpRequest, obj: Theme, form: Any, change: bool) -> None:
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
                    move_theme(obj, ThemeStatus(to))
        except ValidationError as error:  # a colleague was first
            self.message_user(request, " ".join(error.messages), messages.ERROR)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ThemeRound, site=beheer)
class ThemeRoundAdmin(AuditedAdmin):
    """Until when the partners propose and vote for a year."""

    fields = ["year", "proposals_until", "votes_until", "votes_each"]
    list_display = ["year", "proposals_until", "votes_until", "votes_each"]
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
