from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weerbaar.accounts.models import User
from weerbaar.audit.api import track
from weerbaar.files.api import StoredFile
from weerbaar.vault.api import Compartment, SealedJSON

from .case import Case


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def with_file(self) -> EvidenceQuerySet:
        """Adds how far the file is, in the same query. The scanner's box stays where it is."""
        return self.select_related("file").defer("file__box")

    def files(self) -> EvidenceQuerySet:
        return self.filter(file__isnull=False)


@track()
class Evidence(models.Model):
    """One piece of evidence: a file, or a link (kept as text, never fetched).

    What it is stands in the sealed facts, twice where the own organisation reads along: for a file its name,
    kind, size, SHA-256, time of receipt and key (`files.Facts`), for a link `{"link": …}`.
    """

    class Side(models.TextChoices):
        REPORTER = "reporter", _("Melder")
        TEAM = "team", _("Ondersteuningsteam")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="evidence")
    file = models.OneToOneField(StoredFile, models.CASCADE, null=True, related_name="+", editable=False)
    side = models.CharField(_("van"), max_length=8, choices=Side)
    author = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("toegevoegd door")
    )  # empty for the reporter
    at = models.DateTimeField(_("toegevoegd"), default=timezone.now)
    facts = SealedJSON(_("wat het is"), compartment=Compartment.SHARED)
    facts_for_organisation = SealedJSON(_("wat het is"), compartment=Compartment.ORGANISATION)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("bewijsstuk")
        verbose_name_plural = _("bewijsstukken")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%d-%m-%Y %H:%M}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id
