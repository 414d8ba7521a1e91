from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ondersteuning.clock import AMSTERDAM
from ondersteuning.lifecycle import (
    AANGIFTE_FILED,
    AANGIFTE_FIRST,
    AANGIFTE_NEXT,
    OPEN,
    PROCEDURE_FIRST,
    PROCEDURE_NEXT,
    AangifteStatus,
    ProcedureStatus,
)
from ondersteuning.vocabulary import DamageClaim, FiledBy, LegalMoment, PressureKind
from weerbaar.audit.api import track
from weerbaar.vault.api import Compartment, SealedText

from .case import Case

ALL_DAY = time(23, 59)


def lifecycle(name: str, following: dict[Any, set[Any]], first: Iterable[str]) -> list[pgtrigger.Trigger]:
    """The table of a lifecycle, held by the database: where a row may begin, and which moves there are."""
    return [
        pgtrigger.FSM(
            name=f"{name}_lifecycle",
            field="status",
            transitions=[(old, new) for old in sorted(following) for new in sorted(following[old])],
        ),
        pgtrigger.Protect(
            name=f"{name}_begins",
            operation=pgtrigger.Insert,
            condition=~pgtrigger.Q(new__status__in=sorted(first)),
        ),
    ]


@track()
class Aangifte(models.Model):
    """One aangifte and the criminal process after it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="aangiften")
    status = models.CharField(
        _("stand"), max_length=20, choices=AangifteStatus, default=AangifteStatus.CONSIDERED
    )
    filed_by = models.CharField(_("wie doet aangifte"), max_length=10, choices=FiledBy, blank=True)
    filed_on = models.DateField(_("aangifte gedaan op"), null=True, blank=True)
    domicilie = models.BooleanField(
        _("domicilie gekozen"), default=False, help_text=_("Een ander adres in het strafdossier.")
    )
    under_number = models.BooleanField(
        _("aangifte onder nummer"),
        default=False,
        help_text=_("Alleen zinvol als de verdachte de naam niet kent. De rechter kan het opheffen."),
    )
    vpt_code_asked = models.BooleanField(
        _("om de VPT-code gevraagd"),
        default=False,
        help_text=_("Veilige Publieke Taak: politie en OM geven de zaak dan voorrang."),
    )
    damage_claim = models.CharField(
        _("schade verhalen"), max_length=10, choices=DamageClaim, default=DamageClaim.NONE
    )
    number = SealedText(_("nummer bij de politie"), compartment=Compartment.SHARED, max_length=100)
    contact = SealedText(_("contact bij politie of OM"), compartment=Compartment.SHARED, max_length=500)
    remark = SealedText(_("opmerking van het team"), compartment=Compartment.INTERNAL)

    class Meta:
        verbose_name = _("aangifte")
        verbose_name_plural = _("aangiften")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="aangifte_filed_iff_dated",
                condition=Q(status__in=sorted(AANGIFTE_FILED), filed_on__isnull=False) & ~Q(filed_by="")
                | ~Q(status__in=sorted(AANGIFTE_FILED)) & Q(filed_on__isnull=True),
            )
        ]
        triggers = lifecycle("aangifte", AANGIFTE_NEXT, AANGIFTE_FIRST)

    def __str__(self) -> str:
        return f"{self.get_status_display()}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id


@track()
class Procedure(models.Model):
    """Juridische druk: a procedure that somebody uses to intimidate, and the support in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="procedures")
    kind = models.CharField(_("soort procedure"), max_length=12, choices=PressureKind)
    status = models.CharField(
        _("stand"), max_length=10, choices=ProcedureStatus, default=ProcedureStatus.ANNOUNCED
    )
    has_lawyer = models.BooleanField(_("advocaat geregeld"), default=False)
    costs_covered = models.BooleanField(_("kosten gedekt door de organisatie"), default=False)
    description = SealedText(_("waar het om gaat"), compartment=Compartment.SHARED)

    class Meta:
        verbose_name = _("intimiderende procedure")
        verbose_name_plural = _("intimiderende procedures")
        ordering = ["pk"]
        triggers = lifecycle("procedure", PROCEDURE_NEXT, PROCEDURE_FIRST)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id


class LegalDateQuerySet(models.QuerySet["LegalDate"]):
    def coming(self, now: datetime) -> LegalDateQuerySet:
        return self.filter(cancelled_at__isnull=True, at__gt=now)

    def to_remind(self, now: datetime) -> Iterator[tuple[LegalDate, int]]:
        """Dates of open cases whose next reminder is due, each with how many days ahead it is for."""
        within = self.coming(now).filter(
            case__status__in=OPEN, at__lt=now + timedelta(days=max(LegalDate.REMIND_DAYS) + 1)
        )
        for one in within:
            if step := one.reminder_due(now):
                yield one, step


@track()
class LegalDate(models.Model):
    """A hearing, a judgment or a term, in an aangifte or a procedure. Reminders follow from it."""

    REMIND_DAYS = (14, 3, 1)  # before the day itself

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="legal_dates")
    aangifte = models.ForeignKey(
        Aangifte,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="dates",
        verbose_name=_("bij de aangifte"),
    )
    procedure = models.ForeignKey(
        Procedure,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="dates",
        verbose_name=_("bij de procedure"),
    )
    kind = models.CharField(_("soort"), max_length=12, choices=LegalMoment)
    at = models.DateTimeField(_("wanneer"))
    set_at = models.DateTimeField(default=timezone.now, editable=False)  # when we heard of this moment
    cancelled_at = models.DateTimeField(_("vervallen"), null=True, blank=True)
    remark = SealedText(_("waar en waarover"), compartment=Compartment.SHARED, max_length=1000)

    objects = LegalDateQuerySet.as_manager()

    class Meta:
        verbose_name = _("datum in een procedure")
        verbose_name_plural = _("data in procedures")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="legal_date_belongs_to_one",
                condition=Q(aangifte__isnull=False, procedure__isnull=True)
                | Q(aangifte__isnull=True, procedure__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["at"], name="legal_date_to_come", condition=Q(cancelled_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id

    @property
    def is_past(self) -> bool:
        return self.at <= timezone.now()

    @property
    def local(self) -> datetime:
        return self.at.astimezone(AMSTERDAM)

    @property
    def has_time(self) -> bool:
        """Whether the hour is known; a date without one lasts until the end of its day."""
        return self.local.time() != ALL_DAY

    def reminder_due(self, now: datetime) -> int | None:
        """14, 3 or 1: the reminder that belongs to this day, in Dutch days; None before the first of them,
        and when the date was heard of only after the day of that reminder."""
        left = (self.local.date() - now.astimezone(AMSTERDAM).date()).days
        step = min((days for days in self.REMIND_DAYS if days >= left), default=None)
        heard_on = self.set_at.astimezone(AMSTERDAM).date()
        if step is None or left < 0 or heard_on >= self.local.date() - timedelta(days=step):
            return None
        return step


def moment_of(day: date, hour: time | None) -> datetime:
    """A day and perhaps an hour, in Dutch time, as a moment."""
    return datetime.combine(day, hour or ALL_DAY, tzinfo=AMSTERDAM)
