from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey
from django.http import HttpRequest

from ondersteuning.matching import colleagues
from ondersteuning.models import DutyShift
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.site import beheer


@admin.register(DutyShift, site=beheer)
class DutyShiftAdmin(AuditedAdmin):
    """The roster: who is called for an urgent report. Coordinators plan it, the team reads it."""

    list_display = ["starts_at", "ends_at", "on_duty", "backup"]
    list_select_related = ["on_duty", "backup"]
    ordering = ["-starts_at"]
    fields = ["starts_at", "ends_at", "on_duty", "backup"]
    actions = None

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = colleagues("ondersteuning.be_on_duty")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: DutyShift | None = None) -> bool:
        return request.user.has_perm("ondersteuning.be_on_duty") or self._plans(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._plans(request)

    def has_change_permission(self, request: HttpRequest, obj: DutyShift | None = None) -> bool:
        return self._plans(request)

    def has_delete_permission(self, request: HttpRequest, obj: DutyShift | None = None) -> bool:
        return False

    @staticmethod
    def _plans(request: HttpRequest) -> bool:
        return request.user.has_perm("ondersteuning.plan_duty")
