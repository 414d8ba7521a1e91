from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weerbaar.accounts.models import User
from weerbaar.audit.api import track

from .case import Case

LASTS = timedelta(minutes=30)


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    def visible_to(self, user: User) -> BreakGlassQuerySet:
        """All of them for who reviews; else one's own."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self if user.has_perm("ondersteuning.review_break_glass") else self.filter(user=user)

    def running(self, now: datetime | None = None) -> BreakGlassQuerySet:
        return self.filter(ends_at__gt=now or timezone.now())

    def to_review(self) -> BreakGlassQuerySet:
        return self.filter(reviewed_at__isnull=True)


@track()
class BreakGlass(models.Model):
    """Noodtoegang: a coordinator reads one case for 30 minutes, with a reason; a second person reviews it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="break_glasses")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("door"))
    reason = models.CharField(_("waarom"), max_length=500)  # neutral: the form says so
    at = models.DateTimeField(_("vanaf"), default=timezone.now)
    ends_at = models.DateTimeField(_("tot"))
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("beoordeeld door")
    )
    reviewed_at = models.DateTimeField(_("beoordeeld op"), null=True, blank=True)
    was_right = models.BooleanField(_("terecht"), null=True, blank=True)

    objects = BreakGlassQuerySet.as_manager()

    hidden_from = {"publiek", "mijn"}  # see weerbaar/audit/grants.py

    class Meta:
        verbose_name = _("noodtoegang")
        verbose_name_plural = _("noodtoegangen")
        ordering = ["-at"]
        permissions = [
            ("break_glass", _("mag noodtoegang nemen")),
            ("review_break_glass", _("beoordeelt noodtoegang")),
        ]
        constraints = [
            models.CheckConstraint(
                name="break_glass_is_short",
                condition=Q(ends_at__gt=F("at"), ends_at__lte=F("at") + LASTS),
            ),
            models.CheckConstraint(
                name="break_glass_reviewed_by_another",
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("user")),
            ),
            models.CheckConstraint(
                name="break_glass_review_is_whole",
                condition=Q(reviewed_by=None, reviewed_at=None, was_right=None)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False, was_right__isnull=False),
            ),
            ExclusionConstraint(
                name="break_glass_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("case", RangeOperators.EQUAL),
                    (Func("at", "ends_at", function="TSTZRANGE"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="break_glass_stands", fields=["case", "user", "reason", "at", "ends_at"]),
            pgtrigger.Protect(
                name="break_glass_reviewed_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__reviewed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d-%m-%Y %H:%M}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id

    @property
    def is_running(self) -> bool:
        return self.ends_at > timezone.now()
