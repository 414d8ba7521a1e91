from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from netwerk.models import KeyFigure
from weerbaar.audit.site import beheer
from weerbaar.sheets.admin import SheetAdmin


@admin.register(KeyFigure, site=beheer)
class KeyFigureAdmin(SheetAdmin):
    table = "netwerk.tables.KeyFigureTable"
    fields = [
        "slug", "topic", "question", "group", "value", "unit", "words", "year", "source", "source_url",
        "note", "is_active",
    ]  # fmt: skip
    list_display = ["question", "group", "figure", "year", "source", "is_active"]
    list_filter = ["topic", "is_active"]
    search_fields = ["question", "group", "source"]
    search_help_text = _("Zoek op vraag, groep of bron")

    @admin.display(description=_("cijfer"), ordering="value")
    def figure(self, key_figure: KeyFigure) -> str:
        return key_figure.shown
