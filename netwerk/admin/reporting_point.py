from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.forms import OrganisationChoiceField
from netwerk.models import ReportingPoint
from weerbaar.audit.site import beheer

from .organisation import ByOrganisationAdmin
from .partner import ToCheckFilter


class ReportingPointForm(forms.ModelForm):
    organisation = OrganisationChoiceField(label=_("Organisatie"))


@admin.register(ReportingPoint, site=beheer)
class ReportingPointAdmin(ByOrganisationAdmin):
    form = ReportingPointForm
    fields = [
        "organisation", "kind", "name", "for_whom", "phone", "email", "website", "how", "checked_on",
    ]  # fmt: skip
    list_display = ["name", "organisation", "kind", "checked_on"]
    list_filter = ["kind", ToCheckFilter]
    list_select_related = ["organisation"]
    actions = ["checked"]

    @admin.action(description=_("Vandaag gecontroleerd"), permissions=["change"])
    def checked(self, request: HttpRequest, queryset: models.QuerySet[ReportingPoint]) -> None:
        for point in queryset:
            point.checked_on = timezone.localdate()
            point.save(update_fields=["checked_on"])
            self.log_change(request, point, "")
