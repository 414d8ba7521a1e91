"""Numbers of reports: exact for the team, in whole tens for the public.

Why tens: a hidden number must not follow from the ones that are shown. A published number n says "n to
n + 9", 0 says "fewer than 10"; no sum of such numbers, over kinds, channels, functions or years, brings a
hidden one back: tests/ondersteuning/test_year_figures.py reckons it out. That rests on how many lines there
are too: with exactly ten groups of functions, nine at the top of their ten, the last could follow. A year is
published once, after it is over, so there are no two editions to subtract.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, F, Func, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from netwerk.functions import Function

from .clock import AMSTERDAM
from .forms.report import FOR_ANOTHER
from .lifecycle import OPEN, Status
from .models import Case, CountedReport, Signal, YearTotal
from .models.case import FOR_TEAM
from .urgency import ACKNOWLEDGE_WITHIN, Urgency
from .vocabulary import Channel, FunctionGroup, Kind, SignalTheme

Part = YearTotal.Part
Counts = dict[Part, Counter[str]]
TEN = 10
PUBLISH_FROM_MONTH = 2  # of the next year: in January last reports are still taken back
CANDIDATES = {Function.CANDIDATE_BESTUURDER, Function.CANDIDATE_REPRESENTATIVE}
CLERKS = {Function.GRIFFIER, Function.SECRETARIS}
OTHERS = {Function.FAMILY_MEMBER, Function.FORMER_OFFICE_HOLDER}
KEYS: dict[Part, list[str]] = {  # every line of a publication, in this order
    Part.ALL: [""],
    Part.KIND: list(Kind.values),
    Part.CHANNEL: list(Channel.values),
    Part.FUNCTION: list(FunctionGroup.values),
}
LABELS: dict[Part, dict[str, Any]] = {
    Part.ALL: {"": Part.ALL.label},
    Part.KIND: {kind.value: FOR_ANOTHER.get(kind, kind.label) for kind in Kind},
    Part.CHANNEL: dict(Channel.choices),
    Part.FUNCTION: dict(FunctionGroup.choices),
}


def group_of(function: str) -> FunctionGroup:
    """The group that a function counts in; UNKNOWN when none was given."""
    if not function:
        return FunctionGroup.UNKNOWN
    one = Function(function)
    if one.is_bestuurder:
        return FunctionGroup.EXECUTIVE
    if one in CLERKS:
        return FunctionGroup.CLERK
    if one in CANDIDATES:
        return FunctionGroup.CANDIDATE
    if one in OTHERS:
        return FunctionGroup.OTHER
    return FunctionGroup.CIVIL_SERVANT if one == Function.CIVIL_SERVANT else FunctionGroup.REPRESENTATIVE


def year_begins(year: int) -> datetime:
    """The first moment of a year, in Dutch time."""
    return datetime.combine(date(year, 1, 1), time.min, AMSTERDAM)


def reports_of(year: int) -> tuple[Any, Any]:
    """What counts in a year: cases for the team that were not taken back, and reports that are only counted.

    A case that was made out of another (one incident, many persons) counts for each person.
    """
    received = Q(received_at__gte=year_begins(year), received_at__lt=year_begins(year + 1))
    cases = Case.objects.filter(FOR_TEAM, received).exclude(status=Status.WITHDRAWN)
    return cases.order_by(), CountedReport.objects.filter(month__year=year)


def counts(year: int) -> Counts:
    """The exact numbers of a year, never to be shown to the public. Eight queries."""
    found: Counts = {part: Counter() for part in Part}
    for reports in reports_of(year):
        found[Part.ALL][""] += reports.count()
        for part, column in ((Part.KIND, "kinds"), (Part.CHANNEL, "channels")):
            each = reports.annotate(key=Func(F(column), function="unnest")).values("key")
            found[part].update(
                dict(each.annotate(number=Count("pk", distinct=True)).values_list("key", "number"))
            )
        for function, number in reports.values_list("function").annotate(Count("pk")):
            found[Part.FUNCTION][group_of(function)] += number
    return found


def in_tens(exact: Counts) -> dict[Part, dict[str, int]]:
    """What may be published: every line of every part, rounded down to tens. Nothing else of `exact`."""
    return {part: {key: exact[part][key] // TEN * TEN for key in KEYS[part]} for part in Part}


def last_closed_year(now: datetime) -> int:
    """The latest year that may be published."""
    local = now.astimezone(AMSTERDAM)
    return local.year - (1 if local.month >= PUBLISH_FROM_MONTH else 2)


def months(year: int) -> list[int]:
    """The number of reports in each month of a year. Two queries."""
    cases, counted = reports_of(year)
    by_month = cases.annotate(day=TruncMonth("received_at", tzinfo=AMSTERDAM)).values_list("day")
    found = Counter({day.month: number for day, number in by_month.annotate(Count("pk"))})
    found.update({day.month: number for day, number in counted.values_list("month").annotate(Count("pk"))})
    return [found[month] for month in range(1, 13)]


def themes(year: int) -> list[tuple[str, int]]:
    """How many signals of a year feed each theme of the network. One query."""
    received = Q(received_at__gte=year_begins(year), received_at__lt=year_begins(year + 1))
    signals = Signal.objects.filter(received).exclude(theme="").order_by()
    found = dict(signals.values_list("theme").annotate(Count("pk")))
    return [(str(theme.label), found.get(theme.value, 0)) for theme in SignalTheme]


def terms(year: int, now: datetime) -> list[tuple[str, int, int, int]]:
    """For each promise: its name, how often it was kept, broken, and still runs. One query.

    Contact within the term of each urgency, and an urgent case seen within ten minutes. Cases that wait for
    the reporter run on.
    """
    cases, _counted = reports_of(year)
    kept = Q(contacted_at__lte=F("contact_due_at"))
    runs = Q(contacted_at__isnull=True) & (Q(contact_due_at__gte=now) | Q(waiting_since__isnull=False))
    runs &= Q(status__in=sorted(OPEN))
    reached = Q(contacted_at__isnull=False) | Q(status__in=sorted(OPEN))  # closed without contact: no promise
    seen_until = F("received_at") + ACKNOWLEDGE_WITHIN
    urgent = Q(urgency=Urgency.HIGH)
    seen_runs = urgent & Q(acknowledged_at__isnull=True, received_at__gte=now - ACKNOWLEDGE_WITHIN)
    seen = urgent & Q(acknowledged_at__lte=seen_until)
    asked: dict[str, Q] = {"seen": seen, "seen_runs": seen_runs, "seen_all": urgent}
    for urgency in Urgency:
        one = Q(urgency=urgency) & reached
        asked |= {f"{urgency}": one & kept, f"{urgency}_runs": one & runs, f"{urgency}_all": one}
    found = cases.aggregate(**{f"n_{name}": Count("pk", filter=which) for name, which in asked.items()})
    names = {"seen": _("Spoed gezien binnen 10 minuten")}
    names |= {
        f"{one}": _("Contact op tijd, urgentie %(urgency)s") % {"urgency": str(one.label).lower()}
        for one in Urgency
    }
    return [
        (
            name,
            found[f"n_{key}"],
            found[f"n_{key}_all"] - found[f"n_{key}"] - found[f"n_{key}_runs"],
            found[f"n_{key}_runs"],
        )
        for key, name in names.items()
    ]
