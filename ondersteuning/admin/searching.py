"""Search for a person, or for words in one's own cases. By POST: what is searched for is in no address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ondersteuning import finding
from ondersteuning.models import Case
from weerbaar.audit import api as audit
from weerbaar.audit.api import Actor, Purpose, Result

if TYPE_CHECKING:
    from .case import CaseAdmin

SHOWN = 50
SHORTEST = 3  # letters of a word


class SearchForm(forms.Form):
    PERSON, TEXT = "person", "text"

    words = forms.CharField(
        label=_("Waar zoekt u naar?"),
        max_length=200,
        error_messages={"required": _("Vul in waar u naar zoekt.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    where = forms.ChoiceField(
        label=_("Waarin?"),
        widget=forms.RadioSelect,
        choices=[
            (PERSON, _("Achternaam of e-mailadres van de melder")),
            (TEXT, _("De tekst van de zaken die ik behandel")),
        ],
        error_messages={"required": _("Kies waarin u wilt zoeken.")},
    )

    def __init__(self, *args: Any, may_read: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_read:
            self.fields["where"].choices = self.fields["where"].choices[:1]  # type: ignore[attr-defined]
        self.initial.setdefault("where", self.PERSON)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        words = cleaned.get("words", "").split()
        if cleaned.get("where") == self.TEXT and any(len(word) < SHORTEST for word in words):
            self.add_error("words", ValidationError(_("Gebruik woorden van drie letters of meer.")))
        return cleaned


def may_search(user: Any) -> bool:
    """Who helps reporters finds them; who only watches over the work does not."""
    return any(user.has_perm(f"ondersteuning.{name}") for name in ("handle_case", "assign_case"))


def urls(admin: CaseAdmin) -> list[Any]:
    """The page of the search, for CaseAdmin.get_urls."""
    view = admin.admin_site.admin_view
    page = require_http_methods(["GET", "POST"])(Page(admin).search)
    return [path("zoeken/", view(page), name="ondersteuning_case_search")]


class Page:
    def __init__(self, admin: CaseAdmin) -> None:
        self.admin = admin

    def search(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if not may_search(user):
            raise self.admin.refused(request, "zoeken")
        may_read = user.has_perm("ondersteuning.handle_case")
        form = SearchForm(
            request.POST if request.method == "POST" else None, may_read=may_read, label_suffix=""
        )
        context = self.admin.admin_site.each_context(request) | {
            "opts": self.admin.opts,
            "title": _("Zoeken"),
            "form": form,
        }
        if form.is_valid():
            context |= self._found(request, form.cleaned_data["where"], form.cleaned_data["words"])
        status = 422 if form.is_bound and not form.is_valid() else 200
        return render(request, "admin/ondersteuning/case/zoeken.html", context, status=status)

    def _found(self, request: HttpRequest, where: str, words: str) -> dict[str, Any]:
        """What was found. That somebody searched is logged, and in which cases; the words are not."""
        user: Any = request.user
        detail = "gezocht op persoon" if where == SearchForm.PERSON else "gezocht in tekst van zaken"
        self._log(request, [None], detail)
        if where == SearchForm.TEXT:
            return {"looked": finding.by_words(user, words)}
        cases = Case.objects.visible_to(user).select_related("handler", "organisation")
        found = list(finding.by_person(cases, words).order_by("-received_at", "pk")[:SHOWN])
        self._log(request, [case.pk for case in found], "gevonden op persoon")
        return {"cases": found}

    def _log(self, request: HttpRequest, cases: list[Any], detail: str) -> None:
        if cases:
            audit.log_many(
                Actor.of(request.user), cases, purpose=Purpose.SEARCH, result=Result.DONE, detail=detail
            )
