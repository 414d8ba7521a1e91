"""The desk for what editors write: a form, the next step, and a look at the page before it is public."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from netwerk.actions import move_page
from netwerk.lifecycle import PAGE_NEXT, PageStatus
from netwerk.models import Page
from weerbaar.audit.admin import AuditedAdmin, Day


class PageForm(forms.ModelForm):
    """The page's own fields, and what happens to it next."""

    move_to = forms.ChoiceField(
        label=_("Volgende stap"), required=False, help_text=_("Kijk eerst naar het voorbeeld.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "move_to" in self.fields:
            possible = PAGE_NEXT[PageStatus(self.instance.status)] if self.instance.pk else set()
            steps = [(to.value, STEPS[to]) for to in PageStatus if to in possible]
            self.fields["move_to"].choices = [("", _("Blijft zo")), *steps]  # type: ignore[attr-defined]  # a ChoiceField


STEPS = {
    PageStatus.PUBLISHED: _("Publiceren: iedereen kan de pagina lezen"),
    PageStatus.WITHDRAWN: _("Van de site halen: het adres zegt dat de pagina weg is"),
    PageStatus.DRAFT: _("Weer een concept maken"),
}
STATE = ["status", "published_at", "published_by", "preview"]


class PartInline(admin.StackedInline):
    """Rows that belong to a page. Stacked: in a table Django gives the boxes no labels."""

    extra = 1
    formfield_overrides = {models.DateField: {"widget": Day}}


class PageAdmin(AuditedAdmin):
    """What every kind of page needs at the desk; `show` draws it as a visitor sees it."""

    form = PageForm
    show: Callable[..., HttpResponse]
    readonly_fields = STATE
    list_display = ["title", "status", "published_at", "published_by"]
    list_filter = ["status"]
    list_select_related = ["published_by"]
    search_fields = ["title"]
    search_help_text = _("Zoek op titel")
    prepopulated_fields = {}
    actions = None

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_safe(self.preview_view))
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        return [path("<path:object_id>/voorbeeld/", view, name=name), *super().get_urls()]

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page as a visitor sees it, whatever its status. Seen by who may see it at the desk."""
        page = self.get_object(request, object_id)
        return self.logged(
            request, page, object_id, "voorbeeld", lambda: type(self).show(request, page, is_preview=True)
        )

    @admin.display(description=_("voorbeeld"))
    def preview(self, page: Page) -> SafeString | str:
        if page.pk is None:
            return str(_("Bewaar eerst. Daarna ziet u hier het voorbeeld."))
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_preview", args=[page.pk])
        return format_html('<a href="{}">{}</a>', address, _("Bekijk de pagina zoals een bezoeker die ziet"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """What was typed, and nothing else: a colleague may have published it meanwhile."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        stored = {field.name for field in obj._meta.concrete_fields}
        if edited := set(form.changed_data) & stored:
            obj.save(update_fields=edited)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The rows that belong to it, and then the step: what is published is whole."""
        super().save_related(request, form, formsets, change)
        self.take_steps(request, form)

    def take_steps(self, request: HttpRequest, form: Any) -> None:
        if to := form.cleaned_data.get("move_to"):
            self.try_step(request, lambda: move_page(form.instance, PageStatus(to), by=request.user))  # type: ignore[arg-type]  # staff

    def try_step(self, request: HttpRequest, step: Callable[[], object]) -> None:
        """A step that cannot be taken is told; what was typed is kept."""
        try:
            with transaction.atomic():
                step()
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
