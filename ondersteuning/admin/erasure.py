"""Requests to erase: a coordinator decides, without reading what was told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ondersteuning import actions
from ondersteuning.models import ErasureRequest
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.site import Tile, beheer
from weerbaar.pages.errors import asks_again

from .start import capped


class DecisionForm(forms.Form):
    grant = forms.ChoiceField(
        label=gettext_lazy("Wat is uw besluit?"),
        choices=[
            ("yes", gettext_lazy("Wissen: de inhoud is meteen voor niemand meer leesbaar")),
            ("no", gettext_lazy("Niet wissen")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Kies een besluit.")},
    )
    why_not = forms.CharField(
        label=gettext_lazy("Waarom niet?"),
        help_text=gettext_lazy(
            "De melder leest dit. Bijvoorbeeld: de aangifte loopt nog, en het bewijs is daarvoor nodig."
        ),
        widget=forms.Textarea,
        max_length=2000,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if answers.get("grant") == "no" and not answers.get("why_not"):
            self.add_error("why_not", _("Schrijf waarom niet. De melder leest dit."))
        return answers


@admin.register(ErasureRequest, site=beheer)
class ErasureRequestAdmin(AuditedAdmin):
    """Who asked when, and by when we must answer. The oldest unanswered one first."""

    list_display = ["case", "asked_at", "answer_due_on", "answered_at", "is_granted"]
    list_select_related = ["case"]
    list_filter = ["is_granted"]
    ordering = ["answered_at", "answer_due_on"]
    actions = None

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        decide = require_http_methods(["GET", "POST"])(self.decide)
        return [
            path("", view(self.changelist_view), name="ondersteuning_erasurerequest_changelist"),
            path("<uuid:pk>/change/", view(decide), name="ondersteuning_erasurerequest_change"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("ondersteuning.decide_erasure")

    def has_view_permission(self, request: HttpRequest, obj: ErasureRequest | None = None) -> bool:
        return request.user.has_perm("ondersteuning.decide_erasure")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ErasureRequest | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ErasureRequest | None = None) -> bool:
        return False

    @asks_again("why_not")
    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The request, and the decision about it while there is none."""
        asked = self.get_queryset(request).select_related("case__handler").filter(pk=pk).first()
        return self.logged(
            request,
            asked,
            pk,
            "bekeken" if request.method == "GET" else "wijziging",
            lambda: self._decide(request, asked),
        )

    def _decide(self, request: HttpRequest, asked: Any) -> HttpResponse:
        form = DecisionForm(request.POST if request.method == "POST" else None, label_suffix="")
        if request.method == "POST" and form.is_valid():
            answers = form.cleaned_data
            try:
                actions.answer_erasure(
                    asked,
                    grant=answers["grant"] == "yes",
                    why_not=answers["why_not"],
                    by=request.user,  # type: ignore[arg-type]  # staff
                )
                messages.success(request, _("Uw besluit is vastgelegd."))
                return HttpResponseRedirect(reverse("admin:ondersteuning_erasurerequest_changelist"))
            except ValidationError as error:  # a colleague was first
                form.add_error(None, error)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Verzoek om te wissen"),
            "asked": asked,
            "case": asked.case,
            "form": form,
            "is_late": asked.answered_at is None and asked.answer_due_on < timezone.localdate(),
        }
        status = 422 if form.errors else 200
        return render(request, "admin/ondersteuning/wissen.html", context, status=status)


@beheer.on_start_page
def tile(request: HttpRequest) -> list[Tile]:
    """How many requests wait; urgent once one is due within a week."""
    if not request.user.has_perm("ondersteuning.decide_erasure"):
        return []
    waiting = ErasureRequest.objects.waiting()
    soon = timezone.localdate() + timedelta(days=7)
    url = reverse("admin:ondersteuning_erasurerequest_changelist")
    is_urgent = waiting.filter(answer_due_on__lte=soon).exists()
    return [Tile(_("Verzoeken om te wissen"), capped(waiting), url, urgent=is_urgent)]
