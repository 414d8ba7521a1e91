"""Break-glass (noodtoegang) at the desk: take it, read one case with it, and review what others took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from ondersteuning import actions
from ondersteuning.models import BreakGlass
from weerbaar.audit.admin import ReadOnlyAdmin
from weerbaar.audit.api import AccessLog, Purpose, Result
from weerbaar.audit.site import Tile, beheer

from .desk import Desk
from .forms import DeskForm
from .verb import Answers, Group, Verb

if TYPE_CHECKING:
    from .case import CaseAdmin


class ReasonForm(DeskForm):
    reason = django_forms.CharField(
        label=gettext_lazy("Waarom moet u deze zaak nu lezen?"),
        help_text=gettext_lazy(
            "Schrijf geen namen op en niets uit de melding. Wie uw noodtoegang beoordeelt, leest dit."
        ),
        widget=django_forms.Textarea(attrs={"rows": 3}),
        min_length=10,
        max_length=500,
        error_messages={
            "required": gettext_lazy("Schrijf op waarom u deze zaak nu moet lezen."),
            "min_length": gettext_lazy("Schrijf in een paar woorden waarom u deze zaak nu moet lezen."),
            "max_length": gettext_lazy("Uw tekst is te lang. Er passen 500 tekens."),
        },
    )


def _break(desk: Desk, answers: Answers) -> object:
    return actions.break_glass(desk.case, reason=answers["reason"], by=desk.user)


VERBS = [
    Verb(
        "noodtoegang",
        gettext_lazy("Noodtoegang nemen"),
        fits=lambda desk: desk.may_break_glass,
        do=_break,
        done=gettext_lazy("U kunt deze zaak nu 30 minuten lezen."),
        group=Group.CASE,
        form=ReasonForm,
        explain=gettext_lazy(
            "Alleen als het niet kan wachten op wie de zaak behandelt. U leest deze ene zaak 30 minuten en "
            "kunt niets wijzigen. De auditor en de coördinatoren krijgen meteen een mail. Iemand anders "
            "beoordeelt of het nodig was. De melder ziet in het portaal dat u keek."
        ),
        reads_content=False,
        right="ondersteuning.break_glass",
        needs_proof=True,
        back_to="noodtoegang",
    )
]


def urls(admin: CaseAdmin) -> list[Any]:
    """The page to read a case on, for CaseAdmin.get_urls."""
    read = admin.admin_site.admin_view(require_GET(Reading(admin).read))
    return [path("<uuid:pk>/noodtoegang/lezen/", read, name="ondersteuning_case_glass")]


class Reading:
    """One case, read only, until the half hour is over."""

    def __init__(self, admin: CaseAdmin) -> None:
        self.admin = admin

    def read(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        from . import page  # noqa: PLC0415 - the page knows every verb, ours too

        desk = self.admin.desk(request, pk, "noodtoegang")
        url = reverse("admin:ondersteuning_case_change", args=[desk.case.pk])
        if desk.glass is None:
            if not BreakGlass.objects.filter(case=desk.case, user=desk.user).exists():
                raise self.admin.refused(request, "noodtoegang", desk.case)
            messages.warning(request, _("Uw noodtoegang tot deze zaak is voorbij."))
            return HttpResponseRedirect(url)
        context = self.admin.context(request, desk) | {"primary": None, "verbs": [], "groups": []}
        with desk.open(detail="noodtoegang") as content:
            context |= page.opened(desk, content) | {"read_only": True}
            response = render(request, "admin/ondersteuning/case/page.html", context)
        seconds = int((desk.glass.ends_at - timezone.now()).total_seconds()) + 1
        response["Refresh"] = f"{max(seconds, 1)}; url={url}"  # nothing stays on a screen that nobody watches
        return response


class ReviewForm(django_forms.Form):
    was_right = django_forms.TypedChoiceField(
        label=gettext_lazy("Was deze noodtoegang nodig?"),
        choices=[("yes", gettext_lazy("Ja, dit was nodig")), ("no", gettext_lazy("Nee, dit was niet nodig"))],
        coerce=lambda value: value == "yes",
        widget=django_forms.RadioSelect,
        error_messages={"required": gettext_lazy("Kies of deze noodtoegang nodig was.")},
    )


@admin.register(BreakGlass, site=beheer)
class BreakGlassAdmin(ReadOnlyAdmin):
    """Every break-glass: by whom, why, and what the second person found."""

    list_display = ["at", "reference", "user", "reason", "reviewed"]
    list_select_related = ["case", "user", "reviewed_by"]
    ordering = ["-at"]
    actions = None
    purpose = Purpose.CHECK

    def get_urls(self) -> list[Any]:
        review = self.admin_site.admin_view(require_http_methods(["GET", "POST"])(self.review))
        return [
            path(
                "",
                self.admin_site.admin_view(self.changelist_view),
                name="ondersteuning_breakglass_changelist",
            ),
            path("<uuid:pk>/change/", review, name="ondersteuning_breakglass_change"),
        ]

    def has_view_permission(self, request: HttpRequest, obj: BreakGlass | None = None) -> bool:
        return any(
            request.user.has_perm(f"ondersteuning.{name}") for name in ("break_glass", "review_break_glass")
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description=gettext_lazy("zaak"))
    def reference(self, glass: BreakGlass) -> str:
        return glass.case.reference

    @admin.display(description=gettext_lazy("beoordeling"))
    def reviewed(self, glass: BreakGlass) -> str:
        if glass.was_right is None:
            return _("Nog niet beoordeeld")
        said = _("Nodig") if glass.was_right else _("Niet nodig")
        return f"{said} ({glass.reviewed_by})"

    def review(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        glass = self.found(request, pk)
        form = ReviewForm(request.POST if request.method == "POST" else None, label_suffix="")
        if form.is_valid():
            try:
                actions.review_break_glass(glass, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]  # staff
            except PermissionDenied:
                self.trail(request, glass, Result.REFUSED, "beoordeling")
                raise Http404 from None
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.trail(request, glass, Result.DONE, "beoordeling")
                messages.success(request, _("Uw beoordeling is vastgelegd."))
                return HttpResponseRedirect(reverse("admin:ondersteuning_breakglass_changelist"))
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Noodtoegang"),
            "glass": glass,
            "looks": looks(glass),
            "form": form,
            "may_review": glass.reviewed_at is None and glass.user_id != request.user.pk,
        }
        status = 422 if form.is_bound else 200
        return render(request, "admin/ondersteuning/noodtoegang.html", context, status=status)

    def found(self, request: HttpRequest, pk: UUID) -> BreakGlass:
        """The one that was asked for; 404 for who may not know of it."""
        rows: Any = self.get_queryset(request)
        glass: BreakGlass | None = rows.select_related("case", "user", "reviewed_by").filter(pk=pk).first()
        if glass is None or not self.has_view_permission(request, glass):
            self.trail(request, None, Result.REFUSED, "bekeken")
            raise Http404
        self.trail(request, glass, Result.DONE, "bekeken")
        return glass


def looks(glass: BreakGlass) -> int:
    """How often the case was really opened under it."""
    opened = AccessLog.objects.filter(
        dossier=glass.case_id, purpose=Purpose.BREAK_GLASS, result=Result.OPENED, actor_id=glass.user_id
    )
    return opened.filter(at__gte=glass.at, at__lte=glass.ends_at).count()


@beheer.on_start_page
def tiles(request: HttpRequest) -> list[Tile]:
    """Those that this person has still to review."""
    user: Any = request.user
    if not user.has_perm("ondersteuning.review_break_glass"):
        return []
    waiting = BreakGlass.objects.to_review().exclude(user=user).count()
    url = reverse("admin:ondersteuning_breakglass_changelist")
    return [Tile(_("Noodtoegang te beoordelen"), waiting, url, urgent=bool(waiting))] if waiting else []
