"""Writing to the reporter: begin with a template, see exactly what is sent, and only then send it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ondersteuning import actions
from ondersteuning.models import MessageTemplate
from ondersteuning.safe_contact import mail_may_leave_at
from ondersteuning.sensitive import sensitive
from ondersteuning.words import moment_in_words
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.site import beheer
from weerbaar.jobs import mail
from weerbaar.pages.errors import asks_again

from . import page
from .desk import Desk
from .forms import MessageForm
from .verb import handles

if TYPE_CHECKING:
    from .case import CaseAdmin


def urls(case_admin: CaseAdmin) -> list[Any]:
    """The pages of a message, for CaseAdmin.get_urls. They stand before its page for any verb."""
    view = case_admin.admin_site.admin_view
    write = require_http_methods(["GET", "POST"])(Pages(case_admin).write)
    return [path("<uuid:pk>/bericht/", view(write), name="ondersteuning_case_message")]


class Pages:
    """What who handles an open case does to write; others get 404 and a log line."""

    def __init__(self, case_admin: CaseAdmin) -> None:
        self.admin = case_admin

    @asks_again("text")
    def write(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        desk = self.admin.desk(request, pk, "bericht")
        if not desk.may_open:
            raise self.admin.refused(request, "bericht", desk.case)
        if not handles(desk):
            return self._back(desk)
        if request.method == "GET":
            return self._ask(request, desk, MessageForm(desk))
        form, step = MessageForm(desk, request.POST), request.POST.get("step")
        is_valid = form.is_valid()
        if step in ("fill", "change"):
            return self._ask(request, desk, form.filled_in())
        if not is_valid:
            return self._ask(request, desk, form, status=422)
        text = form.cleaned_data["text"]
        if step == "send" and constant_time_compare(request.POST.get("seen", ""), seal_of(desk, text)):
            return self._send(request, desk, form)
        return self._show(request, desk, form)

    def _ask(self, request: HttpRequest, desk: Desk, form: MessageForm, status: int = 200) -> HttpResponse:
        context = self._context(request, desk, _("Bericht schrijven")) | {"message_form": form, "form": form}
        with desk.open(detail="bericht schrijven") as content:
            context |= page.safe_contact(content)
            return render(request, "admin/ondersteuning/case/bericht.html", context, status=status)

    def _show(self, request: HttpRequest, desk: Desk, form: MessageForm) -> HttpResponse:
        """Exactly what is sent: the message as the reporter reads it, and the mail that says it waits."""
        text = form.cleaned_data["text"]
        now = timezone.now()
        context = self._context(request, desk, _("Bericht controleren")) | {
            "text": text,
            "sensitive": sensitive(text),
            "submission": form.cleaned_data["submission"],
            "seen": seal_of(desk, text),
        }
        with desk.open(detail="bericht controleren") as content:
            context |= page.safe_contact(content)
            if context["contact"].get("email"):
                at = mail_may_leave_at(context["contact"], now)
                context["mail"] = mail.words("melder_er_is_iets")
                context["mail_at"] = moment_in_words(at) if at > now else ""
            return render(request, "admin/ondersteuning/case/bericht_controleren.html", context)

    def _send(self, request: HttpRequest, desk: Desk, form: MessageForm) -> HttpResponse:
        answers = form.cleaned_data
        try:
            actions.send_message(
                desk.case, text=answers["text"], submission=answers["submission"], by=desk.user
            )
        except PermissionDenied:
            raise self.admin.refused(request, "bericht", desk.case) from None
        messages.success(request, _("Uw bericht staat klaar voor de melder."))
        return self._back(desk)

    def _back(self, desk: Desk) -> HttpResponse:
        url = reverse("admin:ondersteuning_case_change", args=[desk.case.pk])
        return HttpResponseRedirect(f"{url}#berichten")

    def _context(self, request: HttpRequest, desk: Desk, title: Any) -> dict[str, Any]:
        return self.admin.context(request, desk) | {"title": title, "verb": {"label": title}}


def seal_of(desk: Desk, text: str) -> str:
    """Proof that this colleague saw this text, for this case, as it would be sent."""
    seen = f"{desk.case.pk}\n{desk.user.pk}\n{text}"
    return salted_hmac("ondersteuning.message", seen, algorithm="sha256").hexdigest()


@admin.register(MessageTemplate, site=beheer)
class MessageTemplateAdmin(AuditedAdmin):
    """Texts for situations that come back. Coordinators write them, the team begins with them."""

    list_display = ["title", "is_active"]
    search_fields = ["title"]
    fields = ["title", "text", "is_active"]
    actions = None
    list_max_show_all = 0

    def has_delete_permission(self, request: HttpRequest, obj: MessageTemplate | None = None) -> bool:
        return False  # one that is out of use is no longer offered, and stays for who looks back
