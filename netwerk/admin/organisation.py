from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from netwerk.forms import OrganisationChoiceField
from netwerk.models import Organisation
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.site import beheer
from weerbaar.sheets.admin import SheetAdmin


class ByOrganisationAdmin(AuditedAdmin):
    """A list that is searched by the name of the organisation it is about, misspelled or not."""

    search_fields = ["organisation__name"]
    search_help_text = _("Zoek op de naam van de organisatie.")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        if search_term:
            found = Organisation.objects.search(search_term).values_list("pk", flat=True)
            queryset = queryset.filter(organisation__in=list(found[:100]))
        return queryset, False


class OrganisationForm(forms.ModelForm):
    successor = OrganisationChoiceField(label=_("Opvolger"), required=False)


@admin.register(Organisation, site=beheer)
class OrganisationAdmin(SheetAdmin):
    table = "netwerk.tables.OrganisationTable"
    form = OrganisationForm
    fields = [
        "code", "name", "aliases", "layer", "province_code", "valid_from", "valid_until", "successor",
    ]  # fmt: skip
    list_display = ["name", "layer", "code", "province_code", "valid_until", "successor"]
    list_filter = ["layer"]
    list_select_related = ["successor"]
    search_fields = ["name"]
    search_help_text = _("Zoek op naam. Een tikfout geeft niet.")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Searched as the forms do it; best match first."""
        return (queryset.search(search_term) if search_term else queryset), False
