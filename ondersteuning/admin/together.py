"""Several cases at once: choose them in the list, see which can join, change them, and take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ondersteuning.actions import Together, change_together, may_change_together, undo_together, why_not
from ondersteuning.matching import colleagues
from ondersteuning.models import BulkChange, Case
from ondersteuning.models.desk import UNDO_WITHIN
from ondersteuning.urgency import Urgency
from ondersteuning.vocabulary import Line
from weerbaar.accounts.models import User
from weerbaar.audit import api as audit
from weerbaar.audit.api import Actor, Purpose, Result

from .forms import CHOOSE
from .listing import FILTERS

if TYPE_CHECKING:
    from .case import CaseAdmin

MOST = 100  # cases in one go


class ValueForm(forms.Form):
    """What it becomes."""

    def __init__(self, what: Together, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["value"] = _field(what)

    @property
    def value(self) -> Any:
        return self.cleaned_data["value"]


def _field(what: Together) -> forms.Field:
    if what == Together.ASSIGN:
        people = colleagues("ondersteuning.handle_case", "ondersteuning.see_queue")
        return forms.ModelChoiceField(
            label=_("Wie behandelt deze zaken?"),
            queryset=people,
            empty_label=_("Kies een naam"),
            error_messages=CHOOSE,
        )
    if what == Together.LINE:
        return _radio(_("Welke lijn?"), Line.choices, _("Kies een lijn."))
    return _radio(_("Hoe dringend is het?"), Urgency.choices, _("Kies hoe dringend het is."))


def _radio(label: Any, choices: Any, required: Any) -> forms.Field:
    errors = {"required": required}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=errors)


def urls(admin: CaseAdmin) -> list[Any]:
    """The pages for several cases, for CaseAdmin.get_urls."""
    view = admin.admin_site.admin_view
    pages = Pages(admin)
    change = require_http_methods(["GET", "POST"])(pages.change)
    return [
        path("samen/", view(change), name="ondersteuning_case_together"),
        path("samen/<uuid:pk>/terug/", view(require_POST(pages.undo)), name="ondersteuning_case_undo"),
    ]


def on_list(user: User) -> dict[str, Any]:
    """What the list shows of this: the choices, and what this colleague can still take back. One query."""
    choices = may_change_together(user)
    since = timezone.now() - UNDO_WITHIN
    latest = BulkChange.objects.filter(by=user, at__gt=since, undone_at=None).first() if choices else None
    until = timezone.localtime(latest.at + UNDO_WITHIN) if latest else None
    return {"together": choices, "undoable": latest, "undo_until": until}


class Pages:
    def __init__(self, admin: CaseAdmin) -> None:
        self.admin = admin

    def change(self, request: HttpRequest) -> HttpResponse:
        """First which cases, then what it becomes; nothing changes before the second step."""
        user: Any = request.user
        what = request.POST.get("what", "")
        if not may_change_together(user):
            raise self.admin.refused(request, "samen wijzigen")
        if request.method == "GET" or what not in may_change_together(user):
            return self._to_list(request)
        chosen = self._chosen(request)
        if not chosen:
            messages.warning(request, _("Kies eerst een of meer zaken."))
            return self._to_list(request)
        change = Together(what)
        form = ValueForm(change, request.POST if "do" in request.POST else None)
        if form.is_bound and form.is_valid() and self._do(request, change, form, chosen):
            return self._to_list(request)
        return self._ask(request, change, form, chosen)

    def undo(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        change = get_object_or_404(BulkChange, pk=pk, by=request.user)
        try:
            kept = undo_together(change, by=request.user)  # type: ignore[arg-type]  # staff
        except ValidationError as error:
            messages.error(request, error.message)
            return self._to_list(request)
        self._log(request, [UUID(one["id"]) for one in change.before], "samen wijzigen teruggedraaid")
        messages.success(request, _("De wijziging is ongedaan gemaakt."))
        if kept:
            names = ", ".join(case.reference for case in kept)
            words = _("Wat een collega daarna wijzigde, bleef staan: %(names)s.") % {"names": names}
            messages.warning(request, words)
        return self._to_list(request)

    def _chosen(self, request: HttpRequest) -> dict[UUID, int | None]:
        """The ticked cases, or all of the page, with the version that was on screen in the second step."""
        all_of_page = "all" in request.POST
        found: dict[UUID, int | None] = {}
        for one in request.POST.getlist("on_page" if all_of_page else "case")[:MOST]:
            pk, _colon, version = one.partition(":")
            try:
                found[UUID(pk)] = int(version) if version else None
            except ValueError:
                raise Http404 from None
        return found

    def _do(
        self, request: HttpRequest, change: Together, form: ValueForm, chosen: dict[UUID, int | None]
    ) -> bool:
        versions = {pk: version if version is not None else -1 for pk, version in chosen.items()}
        self._log(request, versions, f"samen wijzigen: {change}")
        try:
            change_together(versions, what=change, value=form.value, by=request.user)  # type: ignore[arg-type]  # staff
        except PermissionDenied:
            raise self.admin.refused(request, "samen wijzigen") from None
        except ValidationError as error:
            form.add_error(None, error)
            return False
        words = ngettext("%(count)s zaak is gewijzigd.", "%(count)s zaken zijn gewijzigd.", len(versions))
        messages.success(request, words % {"count": len(versions)})
        return True

    def _ask(
        self, request: HttpRequest, change: Together, form: ValueForm, chosen: dict[UUID, int | None]
    ) -> HttpResponse:
        """The cases as they are now: those that join, and those that stay behind with the reason."""
        user: Any = request.user
        cases = Case.objects.visible_to(user).filter(pk__in=chosen).select_related("handler", "organisation")
        told = [(case, why_not(case, by=user)) for case in cases.queue_order()]
        context = self.admin.admin_site.each_context(request) | {
            "opts": self.admin.opts,
            "title": change.label,
            "what": change,
            "form": form,
            "joining": [case for case, why in told if not why],
            "behind": [(case, why) for case, why in told if why],
            "back": self._query(request),
        }
        status = 422 if form.is_bound else 200
        return render(request, "admin/ondersteuning/case/samen.html", context, status=status)

    def _log(self, request: HttpRequest, cases: Any, detail: str) -> None:
        audit.log_many(
            Actor.of(request.user), cases, purpose=Purpose.HANDLE, result=Result.DONE, detail=detail
        )

    def _query(self, request: HttpRequest) -> str:
        """The filters of the list that this came from; nothing else goes into the address."""
        return filters_of(request.POST.get("back", ""))

    def _to_list(self, request: HttpRequest) -> HttpResponse:
        url = reverse("admin:ondersteuning_case_changelist")
        query = self._query(request)
        return HttpResponseRedirect(f"{url}?{query}" if query else url)


def filters_of(query: str) -> str:
    """Of an address of the list its filters alone: no words that were searched for, no page."""
    asked = QueryDict(query)
    names = [kind.parameter_name for kind in FILTERS]
    return urlencode([(name, asked[name]) for name in names if asked.get(name)])[:500]
