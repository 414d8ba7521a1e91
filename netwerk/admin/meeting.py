from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from netwerk.models import AgendaItem, Decision, Meeting, MeetingDocument
from weerbaar.audit.site import beheer

from .gathering import GatheringAdmin, PlainInline


class AgendaItemInline(PlainInline):
    model = AgendaItem
    fields = ["number", "title", "explanation"]


class DocumentInline(PlainInline):
    model = MeetingDocument
    fields = ["item"]


class DecisionInline(PlainInline):
    model = Decision
    fields = ["number", "text", "partner", "owner", "due_on"]


@admin.register(Meeting, site=beheer)
class MeetingAdmin(GatheringAdmin):
    """Meetings of the network, with their agenda, papers and decisions."""

    fieldsets = [
        (None, {"fields": ["title", "slug", "kind", "access", "summary", "status", "move_to"]}),
        (_("Wanneer en waar"), {"fields": ["begins_at", "ends_at", "town", "place", "online_link"]}),
        (_("Inschrijven"), {"fields": ["capacity", "sign_up_until"]}),
        (_("Na afloop"), {"fields": ["decisions_are_published"]}),
    ]
    readonly_fields = ["status"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [AgendaItemInline, DocumentInline, DecisionInline]
    list_display = ["title", "kind", "begins_at", "access", "status", "capacity"]
    list_filter = ["status", "kind", "access", "decisions_are_published"]
    search_fields = ["title"]
    search_help_text = _("Zoek op titel.")
    ELSEWHERE = {"begins_at", "ends_at", "town", "place", "online_link"}
