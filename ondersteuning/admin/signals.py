"""Signals at the desk: a list without words, a page to read one, and what becomes of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from ondersteuning import actions
from ondersteuning.forms.fields import readable_phone
from ondersteuning.lifecycle import SIGNAL_NEXT, SignalStatus
from ondersteuning.models import Signal
from ondersteuning.safe_contact import whether_to_call
from ondersteuning.urgency import Urgency
from ondersteuning.vocabulary import Kind, SafeMoment, SignalKind, SignalTheme
from weerbaar.audit.admin import AuditedAdmin, CappedPaginator
from weerbaar.audit.api import Purpose, Result
from weerbaar.audit.site import Tile, beheer
from weerbaar.vault import api as vault

from .listing import Choice


class StatusFilter(Choice):
    title = gettext_lazy("stand")
    parameter_name = "status"
    choices_of = SignalStatus.choices


class KindFilter(Choice):
    title = gettext_lazy("soort")
    parameter_name = "kind"
    choices_of = SignalKind.choices

    def narrow(self, request: HttpRequest, queryset: Any, value: Any) -> Any:
        return queryset.filter(kinds__contains=[value])


class ThemeFilter(Choice):
    title = gettext_lazy("thema")
    parameter_name = "theme"
    choices_of = SignalTheme.choices


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(
        label=gettext_lazy("In welk thema nemen we dit mee?"),
        choices=SignalTheme.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Kies een thema.")},
    )


class CaseForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Wat is er gebeurd?"),
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Kies ten minste één soort.")},
    )
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("Hoe dringend is het?"),
        choices=Urgency.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Kies hoe dringend het is.")},
    )


@admin.register(Signal, site=beheer)
class SignalAdmin(AuditedAdmin):
    """What was shared at /signaal/. Changes go through actions."""

    list_display = ["when", "status", "what", "function", "organisation", "theme"]
    list_display_links = ["when"]
    list_filter = [StatusFilter, KindFilter, ThemeFilter]
    list_select_related = ["organisation"]
    paginator = CappedPaginator
    ordering = ["-received_at", "pk"]
    actions = None
    purpose = Purpose.TRIAGE

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        name = "ondersteuning_signal"
        return [
            path("", view(self.changelist_view), name=f"{name}_changelist"),
            path("<uuid:pk>/change/", view(require_GET(self.page)), name=f"{name}_change"),
            path("<uuid:pk>/gelezen/", view(require_POST(self.read)), name=f"{name}_read"),
            path("<uuid:pk>/thema/", view(require_POST(self.to_theme)), name=f"{name}_theme"),
            path("<uuid:pk>/zaak/", view(require_POST(self.to_case)), name=f"{name}_case"),
        ]

    @admin.display(description=gettext_lazy("ontvangen"), ordering="received_at")
    def when(self, signal: Signal) -> str:
        return str(signal)

    @admin.display(description=gettext_lazy("soort"))
    def what(self, signal: Signal) -> str:
        return ", ".join(str(SignalKind(kind).label) for kind in signal.kinds)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Signal | None = None) -> bool:
        user = request.user
        return user.has_perm("ondersteuning.see_queue") or user.has_perm("ondersteuning.assign_case")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Signal | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Signal | None = None) -> bool:
        return False

    # --- one signal -------------------------------------------------------------------------------

    def page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return self.show(request, self.found(request, pk, "bekeken"))

    def show(
        self, request: HttpRequest, signal: Signal, *, status: int = 200, **bound: forms.Form
    ) -> HttpResponse:
        """The words open for the first line only; a form that was refused keeps what was chosen."""
        may_open = Signal.objects.openable_by(request.user).filter(pk=signal.pk).exists()  # type: ignore[arg-type]  # staff
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Signaal van %(day)s") % {"day": signal},
            "signal": signal,
            "kinds": [SignalKind(kind).label for kind in signal.kinds],
            "next": {to.value for to in SIGNAL_NEXT[SignalStatus(signal.status)]} if may_open else set(),
            "theme_form": bound.get("theme") or ThemeForm(label_suffix="", auto_id="thema_%s"),
            "case_form": bound.get("case") or CaseForm(label_suffix="", auto_id="zaak_%s"),
            "form": next(iter(bound.values()), None),
        }
        template = "admin/ondersteuning/signal.html"
        if not may_open:
            self.trail(request, signal, Result.DONE, "envelop bekeken van")
            return render(request, template, context)
        with vault.open(signal, by=request.user, purpose=Purpose.TRIAGE) as content:
            contact = content.contact or {}
            moment = contact.get("moment", "")
            context |= {
                "content": content,
                "contact": contact,
                "phone": readable_phone(contact.get("phone", "")),
                "moment": SafeMoment(moment).label if moment else "",
                "whether_to_call": whether_to_call(contact, timezone.now()),
            }
            return render(request, template, context, status=status)

    def read(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        signal = self.openable(request, pk)
        if signal is None:
            return self.too_late(request)
        return self.after(request, signal, lambda: actions.read_signal(signal, by=self.who(request)))

    def to_theme(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        signal = self.openable(request, pk)
        if signal is None:
            return self.too_late(request)
        form = ThemeForm(request.POST, label_suffix="", auto_id="thema_%s")
        if not form.is_valid():
            return self.show(request, signal, status=422, theme=form)
        theme = form.cleaned_data["theme"]
        return self.after(
            request, signal, lambda: actions.put_signal_in_theme(signal, theme=theme, by=self.who(request))
        )

    def to_case(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        signal = self.openable(request, pk)
        if signal is None:
            return self.too_late(request)
        form = CaseForm(request.POST, label_suffix="", auto_id="zaak_%s")
        if not form.is_valid():
            return self.show(request, signal, status=422, case=form)
        try:
            case = actions.make_case_of_signal(signal, by=self.who(request), **form.cleaned_data)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return HttpResponseRedirect(self.url_of(signal))
        messages.success(request, _("Dit signaal is nu een zaak. U behandelt haar."))
        return HttpResponseRedirect(reverse("admin:ondersteuning_case_change", args=[case.pk]))

    # --- what they share --------------------------------------------------------------------------

    def after(self, request: HttpRequest, signal: Signal, do: Any) -> HttpResponse:
        try:
            do()
            messages.success(request, _("Opgeslagen."))
        except ValidationError as error:
            messages.error(request, error.messages[0])
        return HttpResponseRedirect(self.url_of(signal))

    def found(self, request: HttpRequest, pk: UUID, detail: str) -> Signal:
        signal: Signal | None = (
            self.get_queryset(request).select_related("organisation", "case").filter(pk=pk).first()
        )
        if signal is None:
            self.trail(request, None, Result.REFUSED, detail)
            raise Http404
        return signal

    def openable(self, request: HttpRequest, pk: UUID) -> Signal | None:
        """None when a colleague made a case of it in the meantime."""
        signal = self.found(request, pk, "wijziging")
        if Signal.objects.openable_by(self.who(request)).filter(pk=pk).exists():
            return signal
        self.trail(request, signal, Result.REFUSED, "wijziging")
        if signal.case_id and request.user.has_perm("ondersteuning.see_queue"):
            return None
        raise Http404

    def too_late(self, request: HttpRequest) -> HttpResponse:
        messages.error(request, _("Een collega was u voor: dit signaal is nu een zaak."))
        return HttpResponseRedirect(reverse("admin:ondersteuning_signal_changelist"))

    def who(self, request: HttpRequest) -> Any:
        return request.user  # staff only, see the site

    def url_of(self, signal: Signal) -> str:
        return reverse("admin:ondersteuning_signal_change", args=[signal.pk])


@beheer.on_start_page
def tiles(request: HttpRequest) -> list[Tile]:
    """How many signals nobody read yet."""
    user: Any = request.user
    if not (user.has_perm("ondersteuning.see_queue") or user.has_perm("ondersteuning.assign_case")):
        return []
    url = reverse("admin:ondersteuning_signal_changelist")
    number = Signal.objects.visible_to(user).filter(status=SignalStatus.NEW)[:1000].count()
    return [Tile(_("Nieuwe signalen"), number, f"{url}?status=new")]
