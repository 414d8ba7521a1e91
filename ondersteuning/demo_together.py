"""Signals, one incident with many persons, and years of numbers. No real person, organisation or incident."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

from django.utils import timezone

from netwerk.functions import Function
from netwerk.models import Organisation
from weerbaar.accounts.models import User
from weerbaar.vault import api as vault

from . import actions, figures
from .actions import Contactable, Person, Shared
from .models import Case, CountedReport, Signal
from .vocabulary import Channel, Kind, OnBehalf, SafeMoment, SignalKind, SignalTheme, Target

Report = Callable[..., tuple[Case, vault.AccessCode]]
YEARS = 3  # of reports that are only counted; those that are over are published
A_YEAR = 600


def fill(report: Report, *, first_line: User, council: Organisation, town: Organisation) -> Case:
    """Everything; gives the case of the griffier who reported for a whole council."""
    _signals(first_line, town)
    _numbers()
    return _council(report, first_line, council)


def _signals(first_line: User, town: Organisation) -> None:
    told = [
        (
            [SignalKind.CHARM, SignalKind.MONEY],
            "Een projectontwikkelaar nodigt mij voor de derde keer uit op zijn boot, net voor de stemming.",
            Contactable(name="Lou", phone="+31600000011", moment=SafeMoment.EVENING),
        ),
        (
            [SignalKind.INFORMATION],
            "Iemand die zich journalist noemt, wil weten wie er over de vergunningen gaan en waar zij wonen.",
            Contactable(),
        ),
        (
            [SignalKind.CAMPAIGN],
            "Er gaat een vreemd verhaal rond over het azc. Het lijkt georganiseerd.",
            Contactable(),
        ),
    ]
    for number, (kinds, text, contact) in enumerate(told):
        actions.share_signal(
            Shared(kinds=[*kinds], text=text, function=Function.RAADSLID, organisation=town, contact=contact),
            submission=f"demo-signal-{number}",
        )
    read = Signal.objects.get(submission="demo-signal-2")
    actions.read_signal(read, by=first_line)
    actions.put_signal_in_theme(read, theme=SignalTheme.DISINFORMATION, by=first_line)


def _council(report: Report, first_line: User, council: Organisation) -> Case:
    case, _code = report(
        kinds=[Kind.WRITTEN, Kind.THREAT],
        channels=[Channel.POST],
        targets=[Target.GROUP],
        on_behalf=OnBehalf.SEVERAL,
        consent="asked",
        people="De raadsleden die voor het plan stemden.",
        function=Function.RAADSLID,
        organisation=council,
        narrative="Drie raadsleden kregen dezelfde brief thuis, met een foto van hun voordeur.",
    )
    actions.take_case(case, by=first_line)
    actions.make_cases_for(
        case,
        [Person(name, Contactable(name=name)) for name in ("Ans Voorbeeld", "Bo Voorbeeld", "Cor Voorbeeld")],
        narrative="U en andere raadsleden kregen dezelfde brief thuis. De griffier heeft dat bij ons gemeld.",
        function=Function.RAADSLID,
        mine=True,
        submission=f"demo-council-{case.pk}",
        by=first_line,
    )
    return case


def _numbers() -> None:
    """Reports that are only counted, the same at each filling; and the years that are over, published."""
    chance = random.Random(2026)  # noqa: S311 - numbers for a picture
    this_year = timezone.localdate().year
    rows = []
    for year in range(this_year - YEARS + 1, this_year + 1):
        for number in range(A_YEAR + 60 * (year - this_year)):
            rows.append(
                CountedReport(
                    submission=f"demo-{year}-{number}",
                    month=date(
                        year, chance.randint(1, 12 if year < this_year else timezone.localdate().month), 1
                    ),
                    kinds=_some(chance, [Kind.VERBAL, Kind.THREAT, Kind.ONLINE_HATE, Kind.WRITTEN, *Kind]),
                    channels=_some(chance, [Channel.SOCIAL_MEDIA, Channel.EMAIL, Channel.PUBLIC, *Channel]),
                    function=chance.choice([Function.RAADSLID] * 8 + [Function.WETHOUDER] * 5 + [*Function]),
                )
            )
    CountedReport.objects.bulk_create(rows)
    last = figures.last_closed_year(timezone.now())
    for year in range(this_year - YEARS + 1, last + 1):
        actions.publish_year(year)


def _some(chance: random.Random, values: list[str]) -> list[str]:
    return sorted({str(value) for value in chance.choices(values, k=chance.randint(1, 2))})
