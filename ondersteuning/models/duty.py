from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from ondersteuning.clock import AMSTERDAM
from weerbaar.accounts.backends import ByEmail
from weerbaar.accounts.models import User
from weerbaar.audit.api import track

from .case import Case


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    def at(self, moment: datetime) -> DutyShiftQuerySet:
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)

    def people_to_alert(self, step: int, *, at: datetime, case: Case) -> list[User]:
        """Who is alerted for an urgent report: 0 the person on duty, 1 the backup, 2 the coordinators.

        Who cannot act (account off, no duty any more, away, withdrawn from this case) is passed over at once.
        A gap in the roster is never silence: then the coordinators are alerted at once.
        """
        shift = self.at(at).select_related("on_duty", "backup").first()
        for person in (shift.on_duty, shift.backup)[step:] if shift else ():
            if self._can_act(person, case, at):
                return [person]
        return self.coordinators(case)

    def coordinators(self, case: Case | None = None) -> list[User]:
        """Who plans the duty: the last in line when nobody answers.

        Without who withdrew from the case, unless nobody else is left: they know whom to call.
        """
        people = ByEmail().with_perm("ondersteuning.plan_duty", include_superusers=False)
        others = list(people.exclude(pk__in=case.recusals.values("user"))) if case else []
        return others or list(people)

    def gaps(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """From when until when nobody has duty, between two moments."""
        found, covered = [], start
        shifts = self.filter(ends_at__gt=start, starts_at__lt=end).order_by("starts_at")
        for begins, ends in shifts.values_list("starts_at", "ends_at"):
            if begins > covered:
                found.append((covered, begins))
            covered = max(covered, ends)
        return [*found, (covered, end)] if covered < end else found

    @staticmethod
    def _can_act(person: User, case: Case, at: datetime) -> bool:
        from .team import TeamMember  # noqa: PLC0415 - the two modules know each other

        is_away = TeamMember.objects.away(at.astimezone(AMSTERDAM).date()).filter(user=person).exists()
        is_theirs = person.is_active and person.has_perm("ondersteuning.be_on_duty") and not is_away
        return is_theirs and not case.recusals.filter(user=person).exists()


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
        verbose_name_plural = _("diensten")
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
