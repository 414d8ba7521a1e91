"""Online hate and doxing: what has to be done, in order. The page /hulp/online/ and the team's checklist."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .vocabulary import Domain, Kind, MeasureKind, Owner, Priority

KINDS = frozenset({Kind.DOXING, Kind.ONLINE_HATE})


class Step(NamedTuple):
    """One thing to do after online hate or doxing, as a measure of the team."""

    name: str
    text: Promise  # the reporter reads it too
    kind: MeasureKind
    owner: Owner
    days: int  # from today
    domain: Domain = Domain.INFORMATION
    priority: Priority = Priority.NOW


REMOVAL = [
    Step(
        "keep",
        _("Bewijs vastleggen: schermafdrukken met webadres, afzender, datum en tijd."),
        MeasureKind.DIGITAL,
        Owner.TEAM,
        1,
    ),
    Step(
        "platform",
        _("Het platform vragen om de berichten te verwijderen, en bewaren wat het antwoordt."),
        MeasureKind.DIGITAL,
        Owner.TEAM,
        2,
    ),
    Step(
        "helpwanted",
        _("Helpwanted vragen om te helpen als het platform niets doet."),
        MeasureKind.DIGITAL,
        Owner.TEAM,
        5,
    ),
    Step(
        "search",
        _("Zoekmachines vragen om de resultaten niet meer te tonen."),
        MeasureKind.DIGITAL,
        Owner.TEAM,
        7,
    ),
    Step(
        "aangifte",
        _("Aangifte bespreken. Bij doxing kan de officier van justitie het platform laten verwijderen."),
        MeasureKind.ORGANISATIONAL,
        Owner.TEAM,
        3,
    ),
    Step(
        "registers",
        _("Woonadres laten afschermen: gemeente (BRP), Kadaster en Kamer van Koophandel."),
        MeasureKind.REGISTERS,
        Owner.REPORTER,
        14,
        priority=Priority.HIGH,
    ),
    Step(
        "accounts",
        _("Accounts van het gezin nakijken: wachtwoorden, tweede stap, wie wat kan zien."),
        MeasureKind.BEHAVIOUR,
        Owner.REPORTER,
        14,
        priority=Priority.HIGH,
    ),
    Step(
        "read_along",
        _("Iemand anders laten meelezen met de berichten, zodat u dat niet zelf hoeft te doen."),
        MeasureKind.ORGANISATIONAL,
        Owner.EMPLOYER,
        7,
        priority=Priority.HIGH,
    ),
]
