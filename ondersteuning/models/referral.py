from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.models import Partner
from ondersteuning.lifecycle import REFERRAL_NEXT, ReferralStatus
from weerbaar.accounts.models import User
from weerbaar.audit.api import track
from weerbaar.vault.api import Compartment, SealedText

from .case import Case


class ReferralQuerySet(models.QuerySet["Referral"]):
    def asked(self) -> ReferralQuerySet:
        """The reporter has not answered yet."""
        return self.filter(status=ReferralStatus.ASKED)

    def running(self) -> ReferralQuerySet:
        """Not over: asked, agreed to, or under way."""
        return self.filter(status__in=[status for status, next_ in REFERRAL_NEXT.items() if next_])


@track()
class Referral(models.Model):
    """Help from an organisation outside the team. Nothing goes out before the reporter agreed to this very
    referral; what comes back is only that it runs ("loopt") or is done ("klaar")."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="referrals")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=_("organisatie"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("door"))
    status = models.CharField(_("stand"), max_length=10, choices=ReferralStatus, default=ReferralStatus.ASKED)
    asked_at = models.DateTimeField(_("gevraagd"), default=timezone.now)
    consented_at = models.DateTimeField(_("toestemming van de melder"), null=True, blank=True)
    running_at = models.DateTimeField(_("loopt sinds"), null=True, blank=True)
    done_at = models.DateTimeField(_("klaar op"), null=True, blank=True)
    shares = SealedText(_("wat we vertellen"), compartment=Compartment.SHARED)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("doorverwijzing")
        verbose_name_plural = _("doorverwijzingen")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="referral_needs_consent",
                condition=Q(
                    status__in=[ReferralStatus.ASKED, ReferralStatus.REFUSED, ReferralStatus.CANCELLED]
                )
                | Q(consented_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["case", "partner"],
                condition=Q(status__in=[ReferralStatus.ASKED, ReferralStatus.AGREED, ReferralStatus.RUNNING]),
                name="one_running_referral_a_partner",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="referral_lifecycle",
                field="status",
                transitions=[
                    (old, new) for old in sorted(REFERRAL_NEXT) for new in sorted(REFERRAL_NEXT[old])
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id
