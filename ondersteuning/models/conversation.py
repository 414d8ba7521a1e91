from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weerbaar.accounts.models import User
from weerbaar.audit.api import track
from weerbaar.vault.api import Compartment, SealedText

from .case import Case


@track()
class Note(models.Model):
    """What the team writes for itself; the reporter does not see it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("auteur"))
    at = models.DateTimeField(_("geschreven"), default=timezone.now)
    text = SealedText(_("notitie"), compartment=Compartment.INTERNAL)

    hidden_from = {"publiek", "mijn"}  # not even the ciphertext: see weerbaar/audit/grants.py

    class Meta:
        verbose_name = _("notitie")
        verbose_name_plural = _("notities")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%d-%m-%Y %H:%M}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id


@track()
class Message(models.Model):
    """One message between the reporter and the team."""

    class Side(models.TextChoices):
        REPORTER = "reporter", _("Melder")
        TEAM = "team", _("Ondersteuningsteam")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="messages")
    side = models.CharField(_("van"), max_length=8, choices=Side)
    author = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("auteur")
    )  # empty for the reporter; never shown to them
    at = models.DateTimeField(_("verstuurd"), default=timezone.now)
    read_at = models.DateTimeField(_("gelezen"), null=True, blank=True)
    submission = models.CharField(
        max_length=64, unique=True, editable=False
    )  # a replayed POST is one message
    text = SealedText(_("bericht"), compartment=Compartment.SHARED)

    class Meta:
        verbose_name = _("bericht")
        verbose_name_plural = _("berichten")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%d-%m-%Y %H:%M}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id
