"""The duty roster as people read it: who has duty when, when nobody has, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from .clock import AMSTERDAM
from .matching import colleagues
from .models import DutyShift, TeamMember


@dataclass
class Line:
    """A shift, or a time in which nobody has duty."""

    starts_at: datetime
    ends_at: datetime
    shift: DutyShift | None = None
    is_now: bool = False
    problems: list[str] = field(default_factory=list)


def roster(start: datetime, end: datetime, *, now: datetime) -> list[Line]:
    """Shifts and gaps between two moments, in order. Four queries, however many there are."""
    shifts = DutyShift.objects.filter(ends_at__gt=start, starts_at__lt=end)
    lines = [
        Line(shift.starts_at, shift.ends_at, shift)
        for shift in shifts.order_by("starts_at").select_related("on_duty", "backup")
    ]
    lines += [Line(begins, ends) for begins, ends in DutyShift.objects.gaps(start, end)]
    may = set(colleagues("ondersteuning.be_on_duty").values_list("pk", flat=True))
    away = list(TeamMember.objects.filter(away_from__isnull=False))
    for line in lines:
        line.is_now = line.starts_at <= now < line.ends_at
        line.problems = problems(line.shift, may, away) if line.shift else []
    return sorted(lines, key=lambda line: line.starts_at)


def problems(shift: DutyShift, may: set[UUID], away: list[TeamMember]) -> list[str]:
    """Why who is on the roster will not be called: the next in line is, at once."""
    first, last = (moment.astimezone(AMSTERDAM).date() for moment in (shift.starts_at, shift.ends_at))
    gone = {
        member.user_id
        for member in away
        if member.away_from and member.away_from <= last and (member.away_until or first) >= first
    }
    found = []
    for person in (shift.on_duty, shift.backup):
        if person.pk not in may:
            found.append(_("%(name)s kan geen dienst meer doen") % {"name": person.name})
        elif person.pk in gone:
            found.append(_("%(name)s is dan afwezig") % {"name": person.name})
    return found
