from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.models import Purpose
from weerbaar.audit.site import beheer

from .actions import switch_account
from .models import User
from .roles import Role


@admin.register(User, site=beheer)
class UserAdmin(AuditedAdmin):
    """Technisch beheer turns accounts on and off. Nobody gives rights, passwords or codes here."""

    purpose = Purpose.CHECK
    list_display = ["name", "email", "role_names", "is_active"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["name", "email"]
    ordering = ["name", "pk"]
    fields = ["name", "email", "role_names", "is_active", "last_login"]
    readonly_fields = ["name", "email", "role_names", "last_login"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("role_grants")

    @admin.display(description=_("rollen"))
    def role_names(self, user: User) -> str:
        held = sorted(str(Role(grant.role_id).label) for grant in user.role_grants.all())
        return ", ".join(held) or "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # by invitation

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what somebody did keeps a name; erasing is retention's work

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        switch_account(obj, on=obj.is_active)
