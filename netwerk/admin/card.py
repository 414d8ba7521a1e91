from __future__ import annotations

from django.contrib import admin

from netwerk.models import SignalCard
from netwerk.views.card import show_card
from weerbaar.audit.site import beheer

from .page import STATE, PageAdmin


@admin.register(SignalCard, site=beheer)
class SignalCardAdmin(PageAdmin):
    show = staticmethod(show_card)
    fields = [
        "title", "slug", "topic", "summary", "sees", "means", "does", "calls", "source", *STATE, "move_to",
    ]  # fmt: skip
    list_display = ["title", "topic", "status", "published_at", "published_by"]
    list_filter = ["status", "topic"]
