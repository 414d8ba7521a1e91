from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.models import Contact, Organisation
from weerbaar.accounts.models import User
from weerbaar.audit.api import track
from weerbaar.vault.api import Compartment, SealedJSON, SealedText

from .case import Case


class OrganisationReportQuerySet(models.QuerySet["OrganisationReport"]):
    def visible_to(self, user: User) -> OrganisationReportQuerySet:
        """Reports whose reporter chose this contact, as long as the contact holds the post."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        chosen = Share.objects.filter(
            report=OuterRef("pk"),
            withdrawn_at__isnull=True,
            contact__in=Contact.objects.current().filter(user=user),
        )
        return self.filter(Exists(chosen), withdrawn_at__isnull=True)


@track()
class OrganisationReport(models.Model):
    """The part of a report for the reporter's own organisation: reaction, aangifte decision, feedback.

    It has a compartment of its own: the team's messages are not in it, and its messages are not the team's.
    """

    class Aangifte(models.TextChoices):
        UNDECIDED = "", _("Nog niet besloten")
        EMPLOYER = "employer", _("De organisatie doet aangifte")
        REPORTER = "reporter", _("De melder doet aangifte, met hulp")
        NOTIFY_POLICE = "notify_police", _("Alleen melding bij de politie")
        NONE = "none", _("Geen aangifte")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, models.CASCADE, related_name="organisation_report")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("ontvangen"), default=timezone.now)
    react_due_at = models.DateTimeField(_("reactie uiterlijk"))
    reacted_at = models.DateTimeField(_("gereageerd"), null=True, blank=True)
    aangifte_due_at = models.DateTimeField(_("besluit over aangifte uiterlijk"))
    aangifte = models.CharField(_("aangifte"), max_length=14, choices=Aangifte, blank=True, default="")
    aangifte_decided_at = models.DateTimeField(_("besloten over aangifte"), null=True, blank=True)
    feedback_due_at = models.DateTimeField(_("terugkoppeling uiterlijk"))
    feedback_at = models.DateTimeField(_("teruggekoppeld"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("ingetrokken"), null=True, blank=True)
    narrative = SealedText(_("wat er is gebeurd"), compartment=Compartment.ORGANISATION)
    contact = SealedJSON(_("hoe de melder te bereiken is"), compartment=Compartment.ORGANISATION)

    objects = OrganisationReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("melding bij de organisatie")
        verbose_name_plural = _("meldingen bij de organisatie")
        constraints = [
            models.CheckConstraint(
                name="aangifte_decided_iff_dated",
                condition=Q(aangifte="", aangifte_decided_at__isnull=True)
                | ~Q(aangifte="") & Q(aangifte_decided_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id


class ShareQuerySet(models.QuerySet["Share"]):
    def waiting_too_long(self, now: datetime) -> dict[str, ShareQuerySet]:
        """Shares of reports whose organisation missed a term, by the name of the term."""
        live = self.filter(withdrawn_at__isnull=True, report__withdrawn_at__isnull=True)
        return {
            "reaction": live.filter(report__reacted_at__isnull=True, report__react_due_at__lt=now),
            "decision": live.filter(report__aangifte="", report__aangifte_due_at__lt=now),
            "feedback": live.filter(report__feedback_at__isnull=True, report__feedback_due_at__lt=now),
        }


@track()
class Share(models.Model):
    """One contact of the organisation whom the reporter let read the report."""

    report = models.ForeignKey(OrganisationReport, models.CASCADE, related_name="shares")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("eerst geopend"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("ingetrokken"), null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "contact"], name="one_share_a_contact")]

    def __str__(self) -> str:
        return f"{self.report_id}"


@track()
class OrganisationMessage(models.Model):
    """One message between the reporter and the contacts of the organisation."""

    class Side(models.TextChoices):
        REPORTER = "reporter", _("Melder")
        ORGANISATION = "organisation", _("Organisatie")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(OrganisationReport, models.CASCADE, related_name="messages")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    side = models.CharField(max_length=12, choices=Side)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    submission = models.CharField(max_length=64, unique=True, editable=False)
    text = SealedText(_("bericht"), compartment=Compartment.ORGANISATION)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%d-%m-%Y %H:%M}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id
