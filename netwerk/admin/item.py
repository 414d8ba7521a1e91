"""The library's desk: describing items, sending files, publishing, withdrawing, and who may read what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from netwerk import actions
from netwerk.forms import OrganisationChoiceField
from netwerk.forms.item import PublishForm, ReleaseForm, WithdrawForm
from netwerk.functions import Function
from netwerk.lifecycle import ItemStatus
from netwerk.models import DownloadCount, Item, ItemUserObjectPermission, Partner
from netwerk.uploads import takes_release
from netwerk.vocabulary import Category, Phase, Topic
from weerbaar.accounts.models import User
from weerbaar.audit.models import Result
from weerbaar.audit.site import beheer
from weerbaar.pages.charts import bars
from weerbaar.sheets.admin import SheetAdmin

from .people import AccountField

MONTHS_SHOWN = 24


class ToReviewFilter(admin.SimpleListFilter):
    title = gettext_lazy("opnieuw bekijken")
    parameter_name = "bekijken"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("nodig", gettext_lazy("De datum is er"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.to_review(timezone.localdate()) if self.value() == "nodig" else queryset


class ItemForm(forms.ModelForm):
    category = forms.ChoiceField(
        label=gettext_lazy("Rubriek"),
        choices=[("", gettext_lazy("Geen")), *Category.choices],
        required=False,
    )
    functions = forms.MultipleChoiceField(
        label=gettext_lazy("Voor wie"),
        choices=Function.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    phases = forms.MultipleChoiceField(
        label=gettext_lazy("Fase"), choices=Phase.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Onderwerp"),
        choices=Topic.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class GrantForm(forms.Form):
    """Who else may read an item that is for some organisations or persons: one at a time."""

    organisation = OrganisationChoiceField(label=gettext_lazy("Organisatie"), required=False)
    partner = forms.ModelChoiceField(
        Partner.objects.all(), label=gettext_lazy("Partner"), required=False, empty_label="-"
    )
    user = AccountField(label=gettext_lazy("E-mailadres van het account"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = [one for one in cleaned.values() if one]
        if not self.errors and len(chosen) != 1:
            raise ValidationError(_("Kies een organisatie, een partner of een account: een van de drie."))
        cleaned["to"] = chosen[0] if chosen else None
        return cleaned


@admin.register(Item, site=beheer)
class ItemAdmin(SheetAdmin):
    table = "netwerk.item_table.ItemTable"
    form = ItemForm
    fieldsets = [
        (
            None,
            {"fields": ["status", "published_at", "withdrawn_because", "title", "slug", "summary", "body"]},
        ),
        (
            gettext_lazy("Wat het is en voor wie"),
            {"fields": ["kind", "category", "spoor", "functions", "phases", "topics"]},
        ),
        (gettext_lazy("Waar het vandaan komt"), {"fields": ["partner", "year", "source", "source_url"]}),
        (
            gettext_lazy("Wie het vindt en downloadt"),
            {"fields": ["record_access", "file_access", "review_on"]},
        ),
    ]
    readonly_fields = ["status", "published_at", "withdrawn_because"]  # by the buttons on top
    list_display = ["title", "kind", "status", "record_access", "file_access", "published_at", "review_on"]
    list_filter = ["status", "kind", "record_access", ToReviewFilter]
    search_fields = ["title", "slug"]
    search_help_text = gettext_lazy("Zoek op titel of adres")
    change_form_template = "admin/netwerk/item/change_form.html"
    actions = ["publish_now"]

    def get_readonly_fields(self, request: HttpRequest, obj: Item | None = None) -> list[str]:
        """The address stays once others may have kept it."""
        is_known = obj is not None and obj.status != ItemStatus.DRAFT
        return [*self.readonly_fields, *(["slug"] if is_known else [])]

    def get_urls(self) -> list[Any]:
        view, asked = self.admin_site.admin_view, require_http_methods(["GET", "POST"])
        pages: list[tuple[str, str, Callable[..., HttpResponse]]] = [
            ("publiceren", "publish", asked(self.publish)),
            ("terug", "take_back", asked(self.take_back)),
            ("intrekken", "withdraw", asked(self.withdraw)),
            ("toegang", "access", asked(self.access)),
            ("downloads", "downloads", require_GET(self.downloads)),
        ]
        return [
            path(
                "<int:pk>/versie/",
                takes_release(view(asked(self.release))),
                name="netwerk_item_release",
            ),
            *(
                path(f"<int:pk>/{slug}/", view(page), name=f"netwerk_item_{name}")
                for slug, name, page in pages
            ),
            *super().get_urls(),
        ]

    # --- the buttons --------------------------------------------------------------------------------
    def release(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a file; a worker makes a version of it."""

        def do(item: Item, form: Any) -> str:
            actions.send_release(
                item,
                form.cleaned_data["file"],
                note=form.cleaned_data["note"],
                by=request.user,  # type: ignore[arg-type]
            )
            return _("Het bestand is ontvangen. Het wordt gecontroleerd en verschijnt dan als versie.")

        return self._asked(request, pk, _("Nieuwe versie"), ReleaseForm, do, _("Versturen"))

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        def do(item: Item, form: Any) -> str:
            actions.publish_item(item, at=form.cleaned_data["at"], by=request.user)  # type: ignore[arg-type]
            return _("Gepubliceerd.")

        return self._asked(request, pk, _("Publiceren"), PublishForm, do, _("Publiceren"))

    def take_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        def do(item: Item, form: Any) -> str:
            actions.take_back(item, by=request.user)  # type: ignore[arg-type]
            return _("Het is weer een concept.")

        return self._asked(
            request, pk, _("Weer een concept maken"), forms.Form, do, _("Maak er een concept van")
        )

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        def do(item: Item, form: Any) -> str:
            actions.withdraw_item(item, because=form.cleaned_data["because"], by=request.user)  # type: ignore[arg-type]
            return _("Ingetrokken. Wie het adres opent, leest waarom.")

        return self._asked(request, pk, _("Intrekken"), WithdrawForm, do, _("Intrekken"))

    def access(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Organisations, partners and persons that were let in; one more, or one less."""
        item = self._item(request, pk, "toegang")
        form = GrantForm(request.POST if request.method == "POST" and "add" in request.POST else None)
        by: Any = request.user
        if request.method == "POST" and "end" in request.POST:
            self._end_grant(item, request.POST["end"], by)
            return self._done(request, item, _("De toegang is weggehaald."), "access")
        if form.is_bound and form.is_valid():
            actions.grant_item(item, to=form.cleaned_data["to"], by=by)
            return self._done(request, item, _("De toegang is gegeven."), "access")
        persons = ItemUserObjectPermission.objects.filter(content_object=item).select_related("user")
        context = self._context(item, _("Wie mag dit lezen")) | {
            "form": form,
            "groups": item.granted_to.select_related("organisation", "partner"),
            "persons": persons,
        }
        status = 422 if form.is_bound else 200
        return render(request, "admin/netwerk/item/access.html", context, status=status)

    def _end_grant(self, item: Item, which: str, by: Any) -> None:
        kind, _sign, number = which.partition(":")
        if not number.isdecimal():
            raise Http404
        if kind == "person":
            person = get_object_or_404(ItemUserObjectPermission, content_object=item, pk=number)
            actions.end_grant(item, to=person.user, by=by)
            return
        grant = get_object_or_404(item.granted_to.select_related("organisation", "partner"), pk=number)
        actions.end_grant(item, to=grant.organisation or grant.partner, by=by)  # type: ignore[arg-type]  # one

    def downloads(self, request: HttpRequest, pk: int) -> HttpResponse:
        """By month as a drawing, with the same numbers in a table; and by version."""
        item = self._item(request, pk, "downloads")
        counts = DownloadCount.objects.by_month(Item.objects.filter(pk=item.pk))
        months = list(counts.items())[-MONTHS_SHOWN:]
        by_version = (
            DownloadCount.objects.filter(version__item=item)
            .values("version__number", "zone")
            .annotate(total=models.Sum("count"))
            .order_by("-version__number", "zone")
        )
        lines = [(month_name(month), total, str(total)) for month, total in months]
        chart = bars(_("Downloads per maand"), _("Een balk per maand; de getallen staan in de tabel."), lines)
        context = self._context(item, _("Downloads")) | {
            "chart": chart if lines else None,
            "lines": lines,
            "by_version": by_version,
        }
        return render(request, "admin/netwerk/item/downloads.html", context)

    @admin.action(description=gettext_lazy("Nu publiceren"), permissions=["change"])
    def publish_now(self, request: HttpRequest, queryset: models.QuerySet[Item]) -> None:
        for item in queryset:
            try:
                actions.publish_item(item, by=request.user)  # type: ignore[arg-type]
                self.log_change(request, item, "")
            except ValidationError as error:
                self.message_user(request, f"{item}: {error.message}", messages.ERROR)

    # --- what they share ----------------------------------------------------------------------------
    def _item(self, request: HttpRequest, pk: int, detail: str) -> Item:
        if not self.has_change_permission(request):
            self.trail(request, None, Result.REFUSED, detail)
            raise PermissionDenied
        item = get_object_or_404(self.get_queryset(request), pk=pk)
        self.trail(request, item, Result.DONE, detail)
        return item

    def _asked(
        self,
        request: HttpRequest,
        pk: int,
        title: str,
        make_form: type[forms.Form],
        do: Callable[[Item, Any], str],
        button: str,
    ) -> HttpResponse:
        """A page with one form and one button, and what happens then."""
        item = self._item(request, pk, title.lower())
        form = make_form(request.POST, request.FILES) if request.method == "POST" else make_form()
        if form.is_bound and form.is_valid():
            try:
                return self._done(request, item, do(item, form))
            except ValidationError as error:
                form.add_error(None, error)
        context = self._context(item, title) | {"form": form, "button": button}
        return render(request, "admin/netwerk/item/ask.html", context, status=422 if form.is_bound else 200)

    def _done(self, request: HttpRequest, item: Item, words: str, page: str = "change") -> HttpResponse:
        self.log_change(request, item, "")
        messages.success(request, words)
        return HttpResponseRedirect(reverse(f"admin:netwerk_item_{page}", args=[item.pk]))

    def _context(self, item: Item, title: str) -> dict[str, Any]:
        return {
            "opts": self.opts,
            "item": item,
            "title": title,
            "subtitle": item.title,
            "site_header": self.admin_site.site_header,
            "site_title": self.admin_site.site_title,
            "has_permission": True,
        }

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With what waits to be a version, and who published what."""
        item = Item.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        extra: dict[str, Any] = {}
        if item:
            extra = {
                "uploads": item.uploads.all(),
                "versions": item.versions.select_related("added_by"),
                "moves": moves(item),
            }
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Item, form: Any, change: bool) -> None:
        """What was typed and nothing else: the status is moved by the buttons."""
        if change:
            obj.save(update_fields=set(form.changed_data) & {field.name for field in obj._meta.fields})
        else:
            super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def moves(item: Item) -> list[dict[str, Any]]:
    """When the status changed, to what, and by whom: from the change history, newest first."""
    rows = item.events.order_by("pgh_id").values_list(  # type: ignore[attr-defined]  # @track gives it
        "pgh_created_at", "pgh_context", "status", "published_at"
    )
    changes: list[dict[str, Any]] = []
    before = None
    for at, context, status, visible_from in rows:
        if (status, visible_from) != before:
            before = status, visible_from
            actor = str((context or {}).get("actor") or "")
            changes.append(
                {"at": at, "status": ItemStatus(status).label, "from": visible_from, "actor": actor}
            )
    actors = {change["actor"] for change in changes} - {""}
    names = {str(pk): name for pk, name in User.objects.filter(pk__in=actors).values_list("pk", "name")}
    return [change | {"who": names.get(change["actor"], "")} for change in reversed(changes)]


def month_name(month: date) -> str:
    return date_format(month, "F Y")
