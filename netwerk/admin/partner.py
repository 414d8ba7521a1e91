from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.models import Partner, PartnerMember
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.site import beheer
from weerbaar.sheets.admin import SheetAdmin

from .people import AccountField


class ToCheckFilter(admin.SimpleListFilter):
    title = _("controle")
    parameter_name = "controle"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("nodig", _("Een half jaar niet gecontroleerd"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.to_check(timezone.localdate()) if self.value() == "nodig" else queryset


@admin.register(Partner, site=beheer)
class PartnerAdmin(SheetAdmin):
    """Who the network and the team work with. After half a year without a check the editor gets a mail."""

    table = "netwerk.tables.PartnerTable"
    fields = [
        "name", "slug", "kind", "offers", "for_whom", "audiences", "phone", "email", "website", "hours",
        "takes_referrals", "checked_on", "is_active",
    ]  # fmt: skip
    list_display = ["name", "kind", "takes_referrals", "checked_on", "is_active"]
    list_filter = ["kind", "takes_referrals", ToCheckFilter]
    search_fields = ["name"]
    search_help_text = _("Zoek op naam")
    actions = ["checked"]

    @admin.action(description=_("Vandaag gecontroleerd"), permissions=["change"])
    def checked(self, request: HttpRequest, queryset: models.QuerySet[Partner]) -> None:
        for partner in queryset:
            partner.checked_on = timezone.localdate()
            partner.save(update_fields=["checked_on"])
            self.log_change(request, partner, "")


class PartnerMemberForm(forms.ModelForm):
    user = AccountField(label=_("E-mailadres van het account"))


@admin.register(PartnerMember, site=beheer)
class PartnerMemberAdmin(AuditedAdmin):
    """Who speaks for a partner. Whoever is named here publishes what that partner releases."""

    form = PartnerMemberForm
    fields = ["partner", "user", "valid_from", "valid_until"]
    list_display = ["partner", "user", "valid_from", "valid_until"]
    list_select_related = ["partner", "user"]
    list_filter = ["partner"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Another person is another row: the history of who published what stays true."""
        return ["partner", "user"] if obj else []
