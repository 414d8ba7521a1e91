"""The queue: which cases, in which order, how many. Envelopes only, and cheap at a million rows."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from netwerk.functions import Layer
from netwerk.models import Organisation
from ondersteuning.lifecycle import ENDED, OPEN, Status
from ondersteuning.matching import colleagues
from ondersteuning.models import Handover
from ondersteuning.urgency import Urgency
from ondersteuning.vocabulary import Kind, Line, Source

CAP = 1_000
SEE = ("see_queue", "see_all_cases", "handle_case", "accept_handover")
OLDEST_LAST = ("-received_at", "pk")
QUEUE = ("urgency", "contact_due_at", "pk")


def may_see_cases(user: Any) -> bool:
    """Whether cases exist for this account at all; which ones is up to `visible_to`."""
    return any(user.has_perm(f"ondersteuning.{name}") for name in SEE)


class CappedPaginator(Paginator):
    """Counts no further than 1,000: who wants to see more, filters. Keeps deep pages and counts cheap."""

    @cached_property
    def found(self) -> int:
        cases: Any = self.object_list
        # In the order of the list: its index stops at the thousandth, where a count in any order reads all.
        return int(cases.values("pk")[: CAP + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self.found, CAP)

    @property
    def is_capped(self) -> bool:
        return self.found > CAP


class Choice(SimpleListFilter):
    """A filter with fixed choices; a choice that is not there filters nothing."""

    choices_of: Any = ()
    when_empty: Any = _("Alle")

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return self.choices_of

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        known = {str(key) for key, _label in self.lookup_choices}
        return self.narrow(request, queryset, value) if value in known else self.otherwise(queryset)

    @property
    def chosen(self) -> str:
        """The words of the choice, empty when there is none."""
        return next((str(label) for key, label in self.lookup_choices if str(key) == self.value()), "")

    def narrow(self, request: HttpRequest, queryset: Any, value: Any) -> Any:
        return queryset.filter(**{str(self.parameter_name): value})

    def otherwise(self, queryset: Any) -> Any:
        return queryset


class StatusFilter(Choice):
    """Open cases unless asked otherwise."""

    title = _("status")
    parameter_name = "status"
    choices_of = [*Status.choices, ("ended", _("Niet meer open")), ("all", _("Alle"))]
    when_empty = _("Open")

    def narrow(self, request: HttpRequest, queryset: Any, value: Any) -> Any:
        if value == "all":
            return queryset
        return queryset.filter(status__in=ENDED if value == "ended" else [value])

    def otherwise(self, queryset: Any) -> Any:
        return queryset.filter(status__in=OPEN)


class UrgencyFilter(Choice):
    title = _("urgentie")
    parameter_name = "urgency"
    choices_of = Urgency.choices


class LineFilter(Choice):
    title = _("lijn")
    parameter_name = "line"
    choices_of = Line.choices


class KindFilter(Choice):
    title = _("soort")
    parameter_name = "kind"
    choices_of = Kind.choices

    def narrow(self, request: HttpRequest, queryset: Any, value: Any) -> Any:
        return queryset.filter(kinds__contains=[value])


PROVINCES = [
    ("PV22", "Drenthe"),
    ("PV24", "Flevoland"),
    ("PV21", "Fryslân"),
    ("PV25", "Gelderland"),
    ("PV20", "Groningen"),
    ("PV31", "Limburg"),
    ("PV30", "Noord-Brabant"),
    ("PV27", "Noord-Holland"),
    ("PV23", "Overijssel"),
    ("PV26", "Utrecht"),
    ("PV29", "Zeeland"),
    ("PV28", "Zuid-Holland"),
]


class ProvinceFilter(Choice):
    """Where the organisation is; of Caribbean Netherlands the three together."""

    title = _("provincie")
    parameter_name = "province"
    choices_of = [*PROVINCES, ("caribbean", _("Caribisch Nederland"))]

    def narrow(self, request: HttpRequest, queryset: Any, value: Any) -> Any:
        there = Q(layer=Layer.OPENBAAR_LICHAAM) if value == "caribbean" else Q(province_code=value)
        # by id: joined, the database reads every case of the list in search of a small province
        places = list(Organisation.objects.filter(there).values_list("pk", flat=True))
        return queryset.filter(organisation__in=places)


class SourceFilter(Choice):
    title = _("binnengekomen als")
    parameter_name = "source"
    choices_of = Source.choices


class TermFilter(Choice):
    title = _("termijn")
    parameter_name = "term"
    choices_of = [("overdue", _("Te laat")), ("waiting", _("Wacht op melder"))]

    def narrow(self, request: HttpRequest, queryset: Any, value: Any) -> Any:
        return queryset.overdue() if value == "overdue" else queryset.waiting_for_reporter()


class HandlerFilter(Choice):
    """Mine, nobody's, offered to me; who sees all cases may choose a colleague by name."""

    title = _("behandelaar")
    parameter_name = "handler"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        own = [("me", _("Ik")), ("nobody", _("Niemand")), ("offered", _("Aangeboden aan mij"))]
        if not request.user.has_perm("ondersteuning.see_all_cases"):
            return own
        team = colleagues("ondersteuning.handle_case").values_list("pk", "name")
        return own + [(str(pk), name) for pk, name in team]

    def narrow(self, request: HttpRequest, queryset: Any, value: Any) -> Any:
        if value == "me":
            return queryset.handled_by(request.user)
        if value == "nobody":
            return queryset.unclaimed()
        if value == "offered":
            offered = Handover.objects.offered().for_user(request.user)  # type: ignore[arg-type]  # staff
            return queryset.filter(pk__in=offered.values("case"))
        return queryset.filter(handler=value)


FILTERS: Any = [
    StatusFilter,
    UrgencyFilter,
    LineFilter,
    HandlerFilter,
    TermFilter,
    ProvinceFilter,
    KindFilter,
    SourceFilter,
]


def ordering(request: HttpRequest) -> tuple[str, ...]:
    """Most urgent first among the open ones; newest first when the past is in view. Each has its index."""
    return OLDEST_LAST if request.GET.get("status") in ("all", "ended", *ENDED) else QUEUE


def search(queryset: Any, text: str) -> Any:
    """By (the beginning of) a reference, or by the name of an organisation. Never in what was told."""
    typed = text.strip()
    if not typed:
        return queryset
    reference = typed.upper().replace(" ", "-")
    organisations = [organisation.pk for organisation in Organisation.objects.search(typed)[:25]]
    return queryset.filter(Q(reference__startswith=reference) | Q(organisation__in=organisations))
