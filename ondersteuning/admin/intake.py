"""Reports that came by phone or on paper: one in a form, or many from a file with a dry run first."""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ondersteuning import actions
from ondersteuning.forms.intake import COLUMNS, FileForm, IntakeForm, check_lines
from weerbaar.accounts.models import User
from weerbaar.accounts.sealing import Unreadable, seal, unseal
from weerbaar.sheets.reading import Row, read_lines
from weerbaar.zones import Zone

if TYPE_CHECKING:
    from .case import CaseAdmin

HANDLES = "handles"
NAMES = {column.name: column.name for column in COLUMNS}
MOST_LINES = 200


def urls(admin: CaseAdmin) -> list[Any]:
    """The two pages, for CaseAdmin.get_urls."""
    view, both, pages = admin.admin_site.admin_view, require_http_methods(["GET", "POST"]), Pages(admin)
    return [
        path("aannemen/", view(both(pages.take)), name="ondersteuning_case_intake"),
        path("inlezen/", view(both(pages.read)), name="ondersteuning_case_import"),
    ]


class Pages:
    def __init__(self, admin: CaseAdmin) -> None:
        self.admin = admin

    def take(self, request: HttpRequest) -> HttpResponse:
        """The questions of the public form, on one page; the access code is shown once, after that."""
        user = self._allowed(request, "take_report")
        may_handle = user.has_perm("ondersteuning.handle_case") and user.has_perm("ondersteuning.see_queue")
        form = IntakeForm(request.POST if request.method == "POST" else None)
        context = {"form": form, "may_handle": may_handle}
        if form.is_valid():
            handles = may_handle and HANDLES in request.POST
            taken = actions.take_report(form.intake(handles=handles), by=user)
            return self._page(request, _("Melding aangenomen"), "aangenomen.html", {"taken": [taken]})
        status = 422 if form.is_bound else 200
        return self._page(request, _("Melding aannemen"), "aannemen.html", context, status)

    def read(self, request: HttpRequest) -> HttpResponse:
        """First a dry run, which writes nothing; then the same lines for real, all or none.

        Between the two the lines are in the page alone, sealed for this person.
        """
        user = self._allowed(request, "import_report")
        if request.method == "POST" and "lines" in request.POST:
            return self._import(request, user)
        sent = request.method == "POST"
        form = FileForm(request.POST if sent else None, request.FILES if sent else None, label_suffix="")
        context: dict[str, Any] = {"form": form, "columns": COLUMNS}
        if form.is_valid():
            try:
                rows = read_lines(form.cleaned_data["file"].read(), known=NAMES, most=MOST_LINES)
            except ValidationError as error:
                form.add_error("file", error)
            else:
                return self._dry_run(request, user, rows, context)
        status = 422 if form.is_bound else 200
        return self._page(request, _("Meldingen inlezen"), "inlezen.html", context, status)

    def _dry_run(
        self, request: HttpRequest, user: User, rows: list[Row], context: dict[str, Any]
    ) -> HttpResponse:
        secret = secrets.token_urlsafe(32)
        lines = check_lines(rows, secret=secret)
        wrong = [line for line in lines if line.errors]
        context |= {"lines": lines, "wrong": wrong}
        if not wrong:
            plain = json.dumps({"secret": secret, "rows": rows}).encode()
            context["sealed"] = b64encode(seal(Zone.BEHEER, plain, about=_about(user))).decode()
        status = 422 if wrong else 200
        return self._page(request, _("Meldingen inlezen"), "inlezen.html", context, status)

    def _import(self, request: HttpRequest, user: User) -> HttpResponse:
        try:
            plain = unseal(Zone.BEHEER, b64decode(request.POST["lines"]), about=_about(user))
        except (Unreadable, ValueError):
            raise self.admin.refused(request, "inlezen") from None
        known = json.loads(plain)
        rows = [(number, row) for number, row in known["rows"]]
        lines = check_lines(rows, secret=known["secret"])
        intakes = [line.intake for line in lines if line.intake]
        if len(intakes) < len(lines):  # what was right may have changed since: an organisation, the day
            context = {
                "form": FileForm(label_suffix=""),
                "columns": COLUMNS,
                "lines": lines,
                "wrong": [line for line in lines if line.errors],
            }
            return self._page(request, _("Meldingen inlezen"), "inlezen.html", context, 422)
        taken = actions.import_reports(intakes, by=user)
        return self._page(request, _("Meldingen ingelezen"), "aangenomen.html", {"taken": taken})

    def _allowed(self, request: HttpRequest, right: str) -> User:
        user = cast(User, request.user)
        if not user.has_perm(f"ondersteuning.{right}"):
            raise self.admin.refused(request, "aannemen")
        return user

    def _page(
        self, request: HttpRequest, title: str, template: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        every = self.admin.admin_site.each_context(request) | {"opts": self.admin.opts, "title": title}
        return render(request, f"admin/ondersteuning/{template}", every | context, status=status)


def _about(user: User) -> str:
    return f"import:{user.pk}"
