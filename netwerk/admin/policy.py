from __future__ import annotations

from django import forms
from django.contrib import admin

from netwerk.models import PolicyDossier, PolicyEvent, PolicyLink
from netwerk.views.policy import show_policy
from weerbaar.audit.site import beheer

from .page import STATE, PageAdmin, PageForm, PartInline


class PolicyForm(PageForm):
    class Meta:
        widgets = {"partners": forms.CheckboxSelectMultiple}


class PolicyEventInline(PartInline):
    model = PolicyEvent
    fields = ["day", "precision", "text", "source"]


class PolicyLinkInline(PartInline):
    model = PolicyLink
    fields = ["title", "number", "address"]


@admin.register(PolicyDossier, site=beheer)
class PolicyDossierAdmin(PageAdmin):
    show = staticmethod(show_policy)
    fields = ["title", "slug", "spoor", "summary", "body", "unknown", "partners", *STATE, "move_to"]
    form = PolicyForm
    inlines = [PolicyEventInline, PolicyLinkInline]
    list_display = ["title", "spoor", "status", "published_at", "published_by"]
    list_filter = ["status", "spoor"]
