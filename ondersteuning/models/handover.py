from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ondersteuning.vocabulary import Expertise
from weerbaar.accounts.models import User
from weerbaar.audit.api import track
from weerbaar.vault.api import Compartment, SealedText

from .case import Case


class HandoverQuerySet(models.QuerySet["Handover"]):
    def asked(self) -> HandoverQuerySet:
        """The reporter has not answered yet."""
        return self.filter(status=Handover.Status.ASKED)

    def offered(self) -> HandoverQuerySet:
        """The reporter agreed; the second line has not answered yet."""
        return self.filter(status=Handover.Status.OFFERED)

    def for_user(self, user: User) -> HandoverQuerySet:
        return self.filter(to_user=user)


@track()
class Handover(models.Model):
    """A case goes from first to second line: only with the reporter's consent, and when the other accepts."""

    class Status(models.TextChoices):
        ASKED = "asked", _("Gevraagd aan de melder")
        OFFERED = "offered", _("Aangeboden aan de tweede lijn")
        ACCEPTED = "accepted", _("Overgenomen")
        REFUSED = "refused", _("De melder wil dit niet")
        DECLINED = "declined", _("De tweede lijn kan dit niet overnemen")
        CANCELLED = "cancelled", _("Vervallen")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="handovers")
    from_user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("van"))
    to_user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("naar"))
    expertise = models.CharField(_("expertise"), max_length=22, choices=Expertise)
    status = models.CharField(_("stand"), max_length=10, choices=Status, default=Status.ASKED)
    asked_at = models.DateTimeField(_("gevraagd"), default=timezone.now)
    consented_at = models.DateTimeField(_("toestemming van de melder"), null=True, blank=True)
    answered_at = models.DateTimeField(_("antwoord van de tweede lijn"), null=True, blank=True)
    reason = SealedText(_("waarom"), compartment=Compartment.SHARED)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("overdracht")
        verbose_name_plural = _("overdrachten")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(status__in=["asked", "offered"]), name="case_has_one_handover"
            ),
            models.CheckConstraint(
                name="handover_needs_consent",
                condition=~Q(status__in=["offered", "accepted", "declined"]) | Q(consented_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_expertise_display()}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id
