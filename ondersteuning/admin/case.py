"""The staff's desk for cases: the queue, one case, and everything that is done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ondersteuning.models import Case, SavedView
from ondersteuning.zaakdossier import KIND, TEAM
from weerbaar.accounts.proof import is_fresh, url_to_show
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.api import Purpose, Result
from weerbaar.audit.site import beheer
from weerbaar.documents import api as documents
from weerbaar.pages.errors import asks_again
from weerbaar.vault import api as vault

from . import breakglass, evidence, intake, legal, page, searching, together, writing
from .desk import Desk, desk_of
from .forms import DeskForm
from .listing import FILTERS, CappedPaginator, may_see_cases, ordering, search
from .verbs import BY_SLUG, Verb, may_do

VIEWS = 20  # saved views above the list


@admin.register(Case, site=beheer)
class CaseAdmin(AuditedAdmin):
    """A list with envelopes only, and a page of our own for each case. Changes go through actions."""

    list_display = ["reference"]  # the template shows the columns
    list_filter = FILTERS
    search_fields = ["reference", "organisation__name"]
    search_help_text = _("Zoek op kenmerk of organisatie")
    paginator = CappedPaginator
    list_max_show_all = 0
    actions = None
    change_list_template = "admin/ondersteuning/case/list.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name="ondersteuning_case_changelist"),
            path("<uuid:pk>/change/", view(require_GET(self.page)), name="ondersteuning_case_change"),
            path(
                "<uuid:pk>/zaakdossier.pdf",
                view(require_GET(self.download)),
                name="ondersteuning_case_download",
            ),
            *together.urls(self),
            *searching.urls(self),
            *evidence.urls(self),
            *legal.urls(self),
            *writing.urls(self),
            *breakglass.urls(self),
            *intake.urls(self),
            path(
                "<uuid:pk>/<slug:slug>/",
                view(require_http_methods(["GET", "POST"])(self.verb)),
                name="ondersteuning_case_verb",
            ),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_see_cases(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return may_see_cases(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False

    # --- the list ---------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not may_see_cases(request.user):
            raise self.refused(request, "lijst")
        user: Any = request.user
        shown = together.on_list(user) | {
            "views": SavedView.objects.visible_to(user)[:VIEWS],
            "may_search": searching.may_search(user),
            "filters": together.filters_of(request.GET.urlencode()),
        }
        return super().changelist_view(request, shown | (extra_context or {}))

    def get_queryset(self, request: HttpRequest) -> Any:
        queryset: Any = super().get_queryset(request)
        return queryset.select_related("handler", "organisation")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ordering(request)

    def get_sortable_by(self, request: HttpRequest) -> tuple[str, ...]:
        return ()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return search(queryset, search_term), False

    # --- one case ---------------------------------------------------------------------------------

    def page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        desk = self.desk(request, pk, "bekeken")
        context = self.context(request, desk)
        if not desk.may_open:
            self.trail(request, desk.case, Result.DONE, "envelop bekeken van")
            return render(request, "admin/ondersteuning/case/page.html", context)
        with desk.open() as content:
            context |= page.opened(desk, content)
            return render(request, "admin/ondersteuning/case/page.html", context)

    @asks_again("text", "reason")
    def verb(self, request: HttpRequest, pk: UUID, slug: str) -> HttpResponse:
        verb, desk = BY_SLUG.get(slug), desk_of(request.user, pk)  # type: ignore[arg-type]  # staff
        if desk is None and slug == "nemen" and request.user.has_perm("ondersteuning.see_queue"):
            self.trail(request, None, Result.REFUSED, "wijziging")
            messages.warning(request, _("Deze zaak wacht niet meer. Waarschijnlijk was een collega u voor."))
            return HttpResponseRedirect(reverse("admin:ondersteuning_case_changelist"))
        if desk is None:
            raise self.refused(request, "wijziging")
        desk.chosen = request.GET.get("bij", "")
        if verb is None or not may_do(verb, desk):
            raise self.refused(request, "wijziging", desk.case)
        if verb.needs_proof and verb.fits(desk) and not is_fresh(request):  # type: ignore[arg-type]  # staff
            return self.ask_for_proof(request, desk, verb)
        if request.method == "GET":
            if verb.at_once or not verb.fits(desk):
                return HttpResponseRedirect(self.url_of(desk.case, verb))
            return self.ask(request, desk, verb, verb.form(desk))
        return self.do(request, desk, verb)

    def ask_for_proof(self, request: HttpRequest, desk: Desk, verb: Verb) -> HttpResponse:
        """Off to the page of the second factor; who was too late with a filled-in form keeps it."""
        url = url_to_show(request.path)
        if request.method == "GET":
            return HttpResponseRedirect(url)
        form = verb.form(desk, request.POST)
        form.add_error(None, _("Laat eerst opnieuw uw tweede stap zien. Uw tekst blijft staan."))
        return self.ask(request, desk, verb, form, status=422, proof_url=url)

    def do(self, request: HttpRequest, desk: Desk, verb: Verb) -> HttpResponse:
        """Try it. What does not fit, or no longer fits, is said with the typed words still there."""
        form = verb.form(desk, request.POST)
        try:
            if form.is_valid():
                result = verb.do(desk, form.cleaned_data)
                if verb.shown_once:
                    context = self.context(request, desk) | {
                        "verb": verb,
                        "result": result,
                        "title": verb.label,
                    }
                    return render(request, verb.shown_once, context)
                messages.success(request, verb.done)
                return HttpResponseRedirect(self.url_after(request, desk.case, verb))
        except PermissionDenied:
            raise self.refused(request, "wijziging", desk.case) from None
        except ValidationError as error:
            form.add_error(None, error)
        if verb.at_once:
            for words in form.errors.values():
                messages.error(request, " ".join(map(str, words)))
            return HttpResponseRedirect(self.url_after(request, desk.case, verb))
        now = self.desk(request, desk.case.pk, "wijziging")
        form.shown_again(now)
        return self.ask(request, now, verb, form, status=422)

    def ask(
        self,
        request: HttpRequest,
        desk: Desk,
        verb: Verb,
        form: DeskForm,
        status: int = 200,
        **context: Any,
    ) -> HttpResponse:
        """The page of one verb. The content opens only where it must stand beside it: a colleague's text,
        or how to call the reporter safely."""
        context |= self.context(request, desk) | {"verb": verb, "form": form, "title": verb.label}
        template = "admin/ondersteuning/case/verb.html"
        if verb.slug != "inschatting" and not verb.calls:
            return render(request, template, context, status=status)
        with desk.open() as content:
            return render(request, template, context | page.safe_contact(content), status=status)

    def download(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The PDF that was made last, out of the open case."""
        desk = self.desk(request, pk, "download")
        rendering = documents.latest(desk.case, KIND, audience=TEAM) if desk.may_open else None
        if rendering is None or not rendering.is_ready:
            raise self.refused(request, "download", desk.case)
        with vault.open(desk.case, by=request.user, purpose=Purpose.PDF, detail="download") as content:
            return documents.download(rendering, content)

    # --- what they share --------------------------------------------------------------------------

    def desk(self, request: HttpRequest, pk: UUID, detail: str) -> Desk:
        desk = desk_of(request.user, pk)  # type: ignore[arg-type]  # staff only, see the site
        if desk is None:
            raise self.refused(request, detail)
        return desk

    def refused(self, request: HttpRequest, detail: str, case: Case | None = None) -> Http404:
        """A stranger learns nothing; the log does."""
        self.trail(request, case, Result.REFUSED, detail)
        return Http404()

    def context(self, request: HttpRequest, desk: Desk) -> dict[str, Any]:
        title = _("Zaak %(reference)s") % {"reference": desk.case.reference}
        return (
            self.admin_site.each_context(request) | {"opts": self.opts, "title": title} | page.envelope(desk)
        )

    def url_of(self, case: Case, verb: Verb) -> str:
        url = reverse("admin:ondersteuning_case_change", args=[case.pk])
        return f"{url}#{verb.back_to}" if verb.back_to else url

    def url_after(self, request: HttpRequest, case: Case, verb: Verb) -> str:
        """Back to the case, or to the list when it is no longer this colleague's to see."""
        if request.POST.get("next") == "start":
            return reverse("admin:index")
        if Case.objects.visible_to(request.user).filter(pk=case.pk).exists():  # type: ignore[arg-type]  # staff
            return self.url_of(case, verb)
        return reverse("admin:ondersteuning_case_changelist")
