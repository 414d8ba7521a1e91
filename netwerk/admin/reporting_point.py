from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.forms import OrganisationChoiceField
from netwerk.models import Organisation, ReportingPoint
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.site import beheer

from .partner import ToCheckFilter


class ReportingPointForm(forms.ModelForm):
    organisation = OrganisationChoiceField(label=_("Organisatie"))


@admin.register(ReportingPoint, site=beheer)
class ReportingPointAdmin(AuditedAdmin):
    form = ReportingPointForm
    fields = [
        "organisation", "kind", "name", "for_whom", "phone", "email", "website", "how", "checked_on",
    ]  # fmt: skip
    list_display = ["name", "organisation", "kind", "checked_on"]
    list_filter = ["kind", ToCheckFilter]
    list_select_related = ["organisation"]
    search_fields = ["organisation__name"]
    search_help_text = _("Zoek op de naam van de organisatie.")
    actions = ["checked"]

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """By organisation, misspelled or not."""
        if search_term:
            found = Organisation.objects.search(search_term).values_list("pk", flat=True)
            queryset = queryset.filter(organisation__in=list(found[:100]))
        return queryset, False

    @admin.action(description=_("Vandaag gecontroleerd"), permissions=["change"])
    def checked(self, request: HttpRequest, queryset: models.QuerySet[ReportingPoint]) -> None:
        for point in queryset:
            point.checked_on = timezone.localdate()
            point.save(update_fields=["checked_on"])
            self.log_change(request, point, "")
