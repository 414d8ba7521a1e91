"""How far the tour came: by province, how many of its organisations had a session."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from netwerk.functions import Layer
from netwerk.models import Organisation

from .lifecycle import TourStatus
from .matching import PROVINCES
from .models import TourVisit

HELD = (TourStatus.HELD, TourStatus.DONE)
COMING = (TourStatus.INVITED, TourStatus.TALK, TourStatus.PLANNED)


@dataclass(frozen=True)
class Reach:
    province: str
    organisations: int
    visited: int
    coming: int

    @property
    def percentage(self) -> int:
        return round(100 * self.visited / self.organisations) if self.organisations else 0


def reach() -> list[Reach]:
    """A line for each province (gemeenten and the provincie itself), then waterschappen and the islands.

    The last line is all together. One query.
    """
    visits = TourVisit.objects.filter(organisation=OuterRef("pk"))
    rows = (
        Organisation.objects.current()
        .annotate(was_held=Exists(visits.filter(status__in=HELD)))
        .annotate(will_come=Exists(visits.filter(status__in=COMING)))
        .values("layer", "province_code")
        .annotate(
            number=Count("pk"),
            visited=Count("pk", filter=Q(was_held=True)),
            coming=Count("pk", filter=Q(will_come=True, was_held=False)),
        )
        .order_by()
    )
    elsewhere: dict[str, str] = {
        Layer.WATERSCHAP: _("Waterschappen"),
        Layer.OPENBAAR_LICHAAM: _("Caribisch Nederland"),
    }
    totals: dict[str, list[int]] = {name: [0, 0, 0] for name in [*PROVINCES.values(), *elsewhere.values()]}
    for row in rows:
        name = elsewhere.get(row["layer"]) or PROVINCES.get(row["province_code"]) or _("Onbekend")
        line = totals.setdefault(name, [0, 0, 0])
        for place, number in enumerate((row["number"], row["visited"], row["coming"])):
            line[place] += number
    lines = [Reach(name, *line) for name, line in totals.items() if line[0]]
    together = (sum(line[place] for line in totals.values()) for place in range(3))
    return [*lines, Reach(_("Samen"), *together)]
