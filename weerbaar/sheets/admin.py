"""A list of the admin that can be read from a file and written to one. The table says how: see `table.py`."""

from __future__ import annotations

import json
import time
import zlib
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from weerbaar.accounts.sealing import Unreadable, seal, unseal
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.log import Actor, log
from weerbaar.audit.models import Purpose, Result
from weerbaar.zones import Zone

from .reading import Row, read_lines
from .writing import XLSX, csv_of, xlsx_of

if TYPE_CHECKING:
    from .table import Report, Table

MOST_BYTES = 2_000_000
MOST_LINES = 20_000
MOST_SEALED = 2_300_000  # signs; below DATA_UPLOAD_MAX_MEMORY_SIZE
KEPT = 3600  # seconds between the dry run and the real one
MOST_FAULTS = 200  # lines of a report; who has more repairs those first


class FileForm(forms.Form):
    """The file itself; it is read in memory and kept nowhere."""

    file = forms.FileField(
        label=gettext_lazy("Bestand (CSV of Excel)"),
        help_text=gettext_lazy("Hoogstens 20.000 regels en 2 MB. Wij bewaren het bestand niet."),
        error_messages={
            "required": gettext_lazy("Kies een bestand van hoogstens 2 MB."),
            "empty": gettext_lazy("Dit bestand is leeg."),
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("Dit bestand is te groot. Het mag hoogstens 2 MB zijn."))
        return file


class FormatForm(forms.Form):
    format = forms.ChoiceField(
        label=gettext_lazy("Welk bestand wilt u?"),
        choices=[("csv", "CSV"), ("xlsx", "Excel")],
        initial="csv",
        widget=forms.RadioSelect,
    )


class SheetAdmin(AuditedAdmin):
    """`table` says what the columns are. Needs the permissions `import_<model>` and `export_<model>`."""

    table: str  # the path of the Table: what it stands on is slow to import, and seldom needed
    change_list_template = "admin/sheets/change_list.html"

    def make_table(self) -> Table:
        made: Table = import_string(self.table)()
        return made

    def get_urls(self) -> list[Any]:
        view, both = self.admin_site.admin_view, require_http_methods(["GET", "POST"])
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("inlezen/", view(both(self.read_view)), name=f"{name}_import"),
            path("exporteren/", view(both(self.write_view)), name=f"{name}_export"),
            *super().get_urls(),
        ]

    def may(self, request: HttpRequest, what: str) -> bool:
        """Whether this person may "import" or "export" here."""
        return request.user.has_perm(f"{self.opts.app_label}.{what}_{self.opts.model_name}")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        links = []
        if self.may(request, "import"):
            links.append((self._address("import"), _("Inlezen uit een bestand")))
        if self.may(request, "export"):
            query = request.GET.urlencode()
            links.append((self._address("export") + (f"?{query}" if query else ""), _("Exporteren")))
        return super().changelist_view(request, {"sheet_links": links} | (extra_context or {}))

    # --- in

    def read_view(self, request: HttpRequest) -> HttpResponse:
        """First a dry run, which writes nothing; then the same lines for real, all or none.

        Between the two the lines are in the page alone, sealed for this person and this list, for an hour.
        """
        self._allow(request, "import", "inlezen")
        if request.method == "POST" and "lines" in request.POST:
            return self._read(request)
        sent = request.method == "POST"
        form = FileForm(request.POST if sent else None, request.FILES if sent else None, label_suffix="")
        if form.is_valid():
            try:
                data = form.cleaned_data["file"].read()
                rows = read_lines(data, known=self.make_table().headers(), most=MOST_LINES)
                report = self.make_table().read(rows, dry_run=True)
                sealed = "" if report.faults else self._seal(request, rows)
            except ValidationError as error:
                form.add_error("file", error)
            else:
                self._log(request, Purpose.HANDLE, f"proef met inlezen: {len(rows)} regels")
                return self._read_page(request, form, report, sealed)
        return self._read_page(request, form)

    def _read(self, request: HttpRequest) -> HttpResponse:
        try:
            rows = self._unseal(request, request.POST["lines"])
        except ValidationError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(self._address("import"))
        report = self.make_table().read(rows, dry_run=False)
        if report.faults:  # what was right may have changed since
            return self._read_page(request, FileForm(label_suffix=""), report)
        words = f"ingelezen: {report.new} nieuw, {report.changed} gewijzigd, {report.same} gelijk"
        self._log(request, Purpose.HANDLE, words)
        messages.success(request, _("Ingelezen. %s") % self.counted(report))
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def _read_page(
        self, request: HttpRequest, form: FileForm, report: Report | None = None, sealed: str = ""
    ) -> HttpResponse:
        table = self.make_table()
        columns = [
            (one.column_name, one.widget.says, name == table.key) for name, one in table.fields.items()
        ]
        context = {
            "form": form,
            "report": report,
            "counted": self.counted(report) if report else "",
            "faults": report.faults[:MOST_FAULTS] if report else [],
            "sealed": sealed,
            "columns": columns,
        }
        wrong = form.errors or (report and report.faults)
        return self._page(request, _("Inlezen uit een bestand"), "inlezen.html", context, bool(wrong))

    @staticmethod
    def counted(report: Report) -> str:
        """ "2 nieuw, 1 gewijzigd, 375 ongewijzigd." """
        return _("%(new)d nieuw, %(changed)d gewijzigd, %(same)d ongewijzigd.") % vars(report)

    def _seal(self, request: HttpRequest, rows: list[Row]) -> str:
        plain = zlib.compress(json.dumps({"at": time.time(), "rows": rows}).encode())
        sealed = b64encode(seal(Zone.BEHEER, plain, about=self._about(request))).decode()
        if len(sealed) > MOST_SEALED:
            raise ValidationError(_("Dit bestand is te groot om in één keer in te lezen. Deel het op."))
        return sealed

    def _unseal(self, request: HttpRequest, sealed: str) -> list[Row]:
        """Raises ValidationError when it is not what this person was shown, or too long ago."""
        try:
            plain = unseal(Zone.BEHEER, b64decode(sealed), about=self._about(request))
        except (Unreadable, ValueError):
            log(
                Actor.of(request.user), dossier=None, purpose=Purpose.HANDLE, result=Result.REFUSED,
                detail=f"inlezen {self.opts.verbose_name_plural}",
            )  # fmt: skip
            raise ValidationError(_("Dit kunnen wij niet inlezen. Kies het bestand opnieuw.")) from None
        known = json.loads(zlib.decompress(plain))
        if time.time() - known["at"] > KEPT:
            raise ValidationError(_("De controle is te lang geleden. Kies het bestand opnieuw."))
        return [(number, row) for number, row in known["rows"]]

    def _about(self, request: HttpRequest) -> str:
        return f"import:{self.opts.label_lower}:{request.user.pk}"

    # --- out

    def write_view(self, request: HttpRequest) -> HttpResponseBase:
        """The rows of the list as it was filtered and searched, to this person."""
        self._allow(request, "export", "export")
        try:
            found = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:  # an address that nobody's list gave
            return HttpResponseRedirect(self._address("export"))
        form = FormatForm(request.POST if request.method == "POST" else None, label_suffix="")
        rows = found.values("pk").count()
        if not form.is_valid():
            context = {
                "form": form,
                "rows": ngettext("%d regel", "%d regels", rows) % rows,
                "is_part": bool(request.GET),
                "columns": [one.column_name for one in self.make_table().get_export_fields()],
            }
            return self._page(request, _("Exporteren"), "exporteren.html", context, form.is_bound)
        self._log(request, Purpose.EXPORT, f"export: {rows} regels, {form.cleaned_data['format']}")
        return self._attachment(found, form.cleaned_data["format"])

    def _attachment(self, found: Any, format: str) -> HttpResponseBase:
        names = [one.name for one in self.opts.concrete_fields if one.is_relation]
        table = self.make_table()
        lines = table.lines(found.select_related(*set(names) & set(table.fields)))
        title = str(self.opts.verbose_name_plural)
        response: HttpResponseBase
        if format == "csv":
            response = StreamingHttpResponse(csv_of(lines), content_type="text/csv; charset=utf-8")
        else:
            response = HttpResponse(xlsx_of(lines, sheet=title[:31]), content_type=XLSX)
        name = f"{slugify(title)}-{timezone.localdate():%Y-%m-%d}.{format}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    # --- both

    def _allow(self, request: HttpRequest, what: str, detail: str) -> None:
        if not (self.may(request, what) and self.has_view_permission(request)):
            self.trail(request, None, Result.REFUSED, detail)
            raise PermissionDenied

    def _log(self, request: HttpRequest, purpose: Purpose, detail: str) -> None:
        words = f"{self.opts.verbose_name_plural}, {detail}"
        log(Actor.of(request.user), dossier=None, purpose=purpose, result=Result.DONE, detail=words)

    def _address(self, what: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{what}")

    def _page(
        self, request: HttpRequest, title: str, template: str, context: dict[str, Any], is_wrong: bool
    ) -> HttpResponse:
        every = self.admin_site.each_context(request) | {"opts": self.opts, "title": title}
        words = {"what": self.opts.verbose_name_plural}
        return render(
            request, f"admin/sheets/{template}", every | words | context, status=422 if is_wrong else 200
        )
