from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from weerbaar.accounts.backends import ByEmail
from weerbaar.accounts.models import User
from weerbaar.audit.api import track


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    def at(self, moment: datetime) -> DutyShiftQuerySet:
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)

    def people_to_alert(self, step: int, *, at: datetime) -> list[User]:
        """Who is alerted for an urgent report: 0 the person on duty, 1 the backup, 2 the coordinators.

        A gap in the roster is never silence: then the coordinators are alerted at once.
        """
        shift = self.at(at).select_related("on_duty", "backup").first()
        if shift and step < 2:
            person = (shift.on_duty, shift.backup)[step]
            if person.is_active:
                return [person]
        return self.coordinators()

    def coordinators(self) -> list[User]:
        """Who plans the duty: the last in line when nobody answers."""
        return list(ByEmail().with_perm("ondersteuning.plan_duty", include_superusers=False))


@track()
class DutyShift(models.Model):
    """Who is called for an urgent report, and who when the first does not answer. Shifts never overlap."""

    starts_at = models.DateTimeField(_("van"))
    ends_at = models.DateTimeField(_("tot"))
    on_duty = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("dienst"))
    backup = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("achterwacht"))

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("dienst")
        verbose_name_plural = _("dienstrooster")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(name="shift_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="backup_is_somebody_else", condition=~Q(backup=F("on_duty"))),
            ExclusionConstraint(
                name="shifts_do_not_overlap",
                expressions=[(Func("starts_at", "ends_at", function="TSTZRANGE"), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%d-%m-%Y %H:%M}"
