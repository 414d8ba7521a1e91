"""How fast a person must act. The norms for midden and laag are those of WetenschapVeilig and NOvA."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _

from .clock import WORKING_DAY, add_working_time, working_time_between
from .vocabulary import Frequency, Kind, Severity, Target


class Urgency(IntegerChoices):
    """Ordered, so that a list sorts the most urgent first."""

    HIGH = 1, _("Hoog")
    MEDIUM = 2, _("Midden")
    LOW = 3, _("Laag")


# A person acknowledges a "hoog" within 10 minutes; else the next one in line is alerted.
ACKNOWLEDGE_WITHIN = timedelta(minutes=10)
CONTACT_WITHIN = {
    Urgency.HIGH: timedelta(hours=4),  # on the wall clock, day and night
    Urgency.MEDIUM: WORKING_DAY,
    Urgency.LOW: 2 * WORKING_DAY,
}

DANGEROUS = {Kind.THREAT, Kind.VIOLENCE, Kind.STALKING, Kind.HOME_VISIT, Kind.BLACKMAIL}
SERIOUS = DANGEROUS | {Kind.DOXING, Kind.SEXUAL, Kind.INTIMIDATION, Kind.VANDALISM}


def provisional_urgency(
    *,
    kinds: Collection[str],
    targets: Collection[str] = (),
    frequency: str = "",
    severity: str = "",
    in_danger: bool = False,
) -> Urgency:
    """What the answers say at once; a person looks again at the triage."""
    if in_danger:
        return Urgency.HIGH
    dangerous = not DANGEROUS.isdisjoint(kinds)
    if severity == Severity.VERY_SERIOUS and (dangerous or frequency == Frequency.ONGOING):
        return Urgency.HIGH
    if dangerous and (Target.FAMILY in targets or Kind.HOME_VISIT in kinds or Kind.VIOLENCE in kinds):
        return Urgency.HIGH
    if severity in (Severity.SERIOUS, Severity.VERY_SERIOUS) or not SERIOUS.isdisjoint(kinds):
        return Urgency.MEDIUM
    return Urgency.LOW


def contact_due(urgency: Urgency, since: datetime) -> datetime:
    """When somebody of the team must have been in touch with the reporter."""
    if urgency == Urgency.HIGH:
        return since + CONTACT_WITHIN[urgency]
    return add_working_time(since, CONTACT_WITHIN[urgency])


def after_pause(urgency: Urgency, due: datetime, *, since: datetime, until: datetime) -> datetime:
    """The due moment when the clock stood still from since until then; a term already missed stays missed."""
    if due <= since:
        return due
    if urgency == Urgency.HIGH:
        return until + (due - since)
    return add_working_time(until, working_time_between(since, due))
