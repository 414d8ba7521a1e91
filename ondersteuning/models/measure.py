from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ondersteuning.lifecycle import MEASURE_FIRST, MEASURE_NEXT, MEASURE_OPEN, OPEN, MeasureStatus
from ondersteuning.vocabulary import Domain, MeasureKind, Owner, Payer, Priority
from weerbaar.audit.api import track
from weerbaar.vault.api import Compartment, SealedText

from .case import Case
from .legal import lifecycle

AGREED = frozenset(MeasureStatus) - {MeasureStatus.ADVISED, MeasureStatus.CANCELLED}


class MeasureQuerySet(models.QuerySet["Measure"]):
    def open(self) -> MeasureQuerySet:
        return self.filter(status__in=MEASURE_OPEN)

    def due(self, today: date) -> MeasureQuerySet:
        return self.open().filter(due_on__lte=today)

    def agreed(self) -> MeasureQuerySet:
        """What the reporter knows of: an advice that nobody decided on yet is the team's own."""
        return self.filter(status__in=AGREED)

    def to_remind(self, today: date) -> MeasureQuerySet:
        """Of open cases: to be done within three days, or too late."""
        return self.due(today + Measure.REMIND_AHEAD).filter(case__status__in=OPEN)


@track()
class Measure(models.Model):
    """Something that is done to make the reporter safer: who does it, before when, and who pays."""

    REMIND_AHEAD = timedelta(days=3)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="measures")
    kind = models.CharField(_("soort"), max_length=16, choices=MeasureKind)
    domain = models.CharField(_("domein"), max_length=12, choices=Domain, blank=True)
    priority = models.CharField(_("prioriteit"), max_length=8, choices=Priority, default=Priority.MEDIUM)
    status = models.CharField(_("stand"), max_length=10, choices=MeasureStatus, default=MeasureStatus.ADVISED)
    owner = models.CharField(_("wie regelt het"), max_length=10, choices=Owner)
    due_on = models.DateField(_("uiterlijk op"))
    done_on = models.DateField(_("klaar op"), null=True, blank=True)
    payer = models.CharField(_("wie betaalt"), max_length=10, choices=Payer, blank=True)
    cost_once = models.DecimalField(
        _("kosten eenmalig, in euro"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    cost_yearly = models.DecimalField(
        _("kosten per jaar, in euro"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    what = SealedText(_("wat er gebeurt"), compartment=Compartment.SHARED, max_length=2000)
    why_not = SealedText(_("waarom niet"), compartment=Compartment.SHARED, max_length=2000)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("maatregel")
        verbose_name_plural = _("maatregelen")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="measure_done_iff_dated",
                condition=Q(status=MeasureStatus.DONE, done_on__isnull=False)
                | ~Q(status=MeasureStatus.DONE) & Q(done_on__isnull=True),
            ),
            models.CheckConstraint(
                name="measure_not_done_has_a_reason",
                condition=~Q(status=MeasureStatus.NOT_DONE) | Q(why_not__isnull=False),
            ),
            models.CheckConstraint(
                name="measure_costs_are_not_negative",
                condition=(Q(cost_once__isnull=True) | Q(cost_once__gte=0))
                & (Q(cost_yearly__isnull=True) | Q(cost_yearly__gte=0)),
            ),
        ]
        triggers = lifecycle("measure", MEASURE_NEXT, MEASURE_FIRST)
        indexes = [
            models.Index(
                fields=["due_on"], name="measure_to_do", condition=Q(status__in=sorted(MEASURE_OPEN))
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id

    @property
    def is_overdue(self) -> bool:
        return self.status in MEASURE_OPEN and self.due_on < timezone.localdate()
