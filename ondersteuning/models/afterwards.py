from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ondersteuning.vocabulary import Again, Helped
from weerbaar.accounts.models import User
from weerbaar.audit.api import track
from weerbaar.vault.api import Compartment, SealedText

from .case import Case


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def due(self, today: date) -> CheckInQuerySet:
        return self.filter(answered_at__isnull=True, cancelled_at__isnull=True, due_on__lte=today)


@track()
class CheckIn(models.Model):
    """After closing we ask twice how it is going: after 2 and after 8 weeks. "Again" reopens the case."""

    AFTER = (timedelta(weeks=2), timedelta(weeks=8))

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="check_ins")
    due_on = models.DateField(_("op"))
    answer = models.CharField(_("antwoord"), max_length=10, choices=Again, blank=True)
    answered_at = models.DateTimeField(_("beantwoord"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("vervallen"), null=True, blank=True)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("vraag na afloop")
        verbose_name_plural = _("vragen na afloop")
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "due_on"], condition=Q(cancelled_at__isnull=True), name="one_check_in_a_day"
            ),
            models.CheckConstraint(
                name="check_in_answered_iff_dated",
                condition=Q(answer="", answered_at__isnull=True)
                | ~Q(answer="") & Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on:%d-%m-%Y}"


@track()
class Feedback(models.Model):
    """What the reporter says of our help, after closing. Not asked for again once given."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, models.CASCADE, related_name="feedback")
    helped = models.CharField(_("heeft het geholpen"), max_length=10, choices=Helped)
    at = models.DateTimeField(_("gegeven"), default=timezone.now)
    remark = SealedText(_("toelichting"), compartment=Compartment.SHARED, max_length=2000)

    class Meta:
        verbose_name = _("oordeel van de melder")
        verbose_name_plural = _("oordelen van melders")

    def __str__(self) -> str:
        return f"{self.get_helped_display()}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id


class ErasureRequestQuerySet(models.QuerySet["ErasureRequest"]):
    def visible_to(self, user: User) -> ErasureRequestQuerySet:
        """Requests for who decides about them: that somebody asked, nothing of what was told."""
        if not (user.is_authenticated and user.is_active and user.has_perm("ondersteuning.decide_erasure")):
            return self.none()
        return self

    def waiting(self) -> ErasureRequestQuerySet:
        return self.filter(answered_at__isnull=True)


@track()
class ErasureRequest(models.Model):
    """The reporter asks to have everything erased (AVG art. 17). The answer comes within a month."""

    ANSWER_WITHIN = timedelta(days=30)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, models.CASCADE, related_name="erasure_request")
    asked_at = models.DateTimeField(_("gevraagd"), default=timezone.now)
    answer_due_on = models.DateField(_("antwoord uiterlijk"))
    answered_at = models.DateTimeField(_("beantwoord"), null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("door")
    )
    is_granted = models.BooleanField(_("gewist"), null=True, blank=True)
    was_reader = models.CharField(max_length=80, blank=True, editable=False)  # the code that opened it once
    why_not = SealedText(_("waarom niet"), compartment=Compartment.SHARED, max_length=2000)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        permissions = [("decide_erasure", _("beslist over verzoeken om te wissen"))]
        verbose_name = _("verzoek om te wissen")
        verbose_name_plural = _("verzoeken om te wissen")
        constraints = [
            models.CheckConstraint(
                name="erasure_answered_iff_decided",
                condition=Q(answered_at__isnull=True, is_granted__isnull=True)
                | Q(answered_at__isnull=False, is_granted__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%d-%m-%Y}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id
