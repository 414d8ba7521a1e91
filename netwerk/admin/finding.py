from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from netwerk.actions import read_anew
from netwerk.models import Synonym
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.site import beheer


@admin.register(Synonym, site=beheer)
class SynonymAdmin(AuditedAdmin):
    """The words of the field: what they mean counts in every search, some minutes after it is saved."""

    fields = ["word", "meaning"]
    list_display = ["word", "meaning"]
    search_fields = ["word", "meaning"]
    search_help_text = _("Zoek op een woord of wat het betekent.")

    def save_model(self, request: HttpRequest, obj: Synonym, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self._read_anew(request)

    def delete_model(self, request: HttpRequest, obj: Synonym) -> None:
        super().delete_model(request, obj)
        self._read_anew(request)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        super().delete_queryset(request, queryset)
        self._read_anew(request)

    def _read_anew(self, request: HttpRequest) -> None:
        read_anew()
        self.message_user(request, _("Over enkele minuten zoekt de toolkit met dit woord."), messages.SUCCESS)
