"""Saved views: the filters of the list of cases under a name, for oneself or for colleagues too."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ondersteuning import finding
from ondersteuning.models import SavedView
from weerbaar.accounts.models import User
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.site import beheer

from .listing import may_see_cases
from .together import filters_of


class SavedViewForm(forms.ModelForm):
    user: User  # set by the admin

    class Meta:
        model = SavedView
        fields = ["name", "is_shared", "alert", "query"]
        widgets = {"query": forms.HiddenInput}
        help_texts = {
            "is_shared": _("Collega's zien de weergave met hun eigen zaken."),
            "alert": _("U krijgt een mail als er een zaak bij komt. Daarin staat niet welke."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "query" in self.fields:  # not for who only looks at a colleague's
            self.fields["query"].required = False

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if SavedView.objects.filter(owner=self.user, name=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("U hebt al een weergave met deze naam."))
        return name

    def clean_query(self) -> str:
        return filters_of(self.cleaned_data["query"])


@admin.register(SavedView, site=beheer)
class SavedViewAdmin(AuditedAdmin):
    """One's own views, and those that colleagues share. Only the owner changes one."""

    form = SavedViewForm
    list_display = ["name", "owner", "is_shared", "alert"]
    list_select_related = ["owner"]
    actions = None
    list_max_show_all = 0

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def save_model(self, request: HttpRequest, obj: SavedView, form: Any, change: bool) -> None:
        if not change:
            obj.owner = request.user  # type: ignore[assignment]  # staff
        super().save_model(request, obj, form, change)
        finding.remember(obj, timezone.now())

    def response_add(
        self, request: HttpRequest, obj: SavedView, post_url_continue: Any = None
    ) -> HttpResponse:
        super().response_add(request, obj, post_url_continue)  # says that it was saved
        return HttpResponseRedirect(f"{reverse('admin:ondersteuning_case_changelist')}?{obj.query}")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_see_cases(request.user)

    def has_view_permission(self, request: HttpRequest, obj: SavedView | None = None) -> bool:
        return may_see_cases(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_see_cases(request.user)

    def has_change_permission(self, request: HttpRequest, obj: SavedView | None = None) -> bool:
        return may_see_cases(request.user) and (obj is None or obj.owner_id == request.user.pk)

    def has_delete_permission(self, request: HttpRequest, obj: SavedView | None = None) -> bool:
        return self.has_change_permission(request, obj)
