from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weerbaar.vault.compartments import Compartment
from weerbaar.vault.fields import SealedBytes
from weerbaar.vault.models import Dossier


class State(models.TextChoices):
    WAITING = "waiting", _("wordt gemaakt")
    DONE = "done", _("klaar")
    FAILED = "failed", _("niet gelukt")


class Rendering(models.Model):
    """A document of a dossier, as it was when somebody asked for it: one row for each distinct input."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.UUIDField(editable=False)
    kind = models.CharField(_("soort"), max_length=40, editable=False)
    audience = models.CharField(_("voor"), max_length=40, editable=False)
    digest = models.CharField(max_length=64, editable=False)  # keyed with the dossier's data key
    compartment = models.CharField(max_length=16, choices=Compartment, editable=False)
    state = models.CharField(_("stand"), max_length=10, choices=State, default=State.WAITING, editable=False)
    error = models.CharField(_("wat er misging"), max_length=200, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("aangevraagd"), default=timezone.now, editable=False)
    done_at = models.DateTimeField(_("klaar"), null=True, editable=False)
    pdf = SealedBytes(compartment="compartment")

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documenten")
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="rendering_once", fields=["dossier", "digest"]),
            models.CheckConstraint(
                name="rendering_done_has_a_pdf",
                condition=Q(state=State.DONE, done_at__isnull=False, pdf__isnull=False)
                | ~Q(state=State.DONE) & Q(done_at=None, pdf__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.get_state_display()})"

    @property
    def dossier_id(self) -> uuid.UUID:
        """Where the vault looks for the dossier of a row."""
        return self.dossier

    @property
    def is_ready(self) -> bool:
        return self.state == State.DONE


class PrintOrder(models.Model):
    """A paper that is of no dossier, such as a certificate, as it was when somebody asked for it.

    `subject` is the id of what it is about; who may ask for it and fetch it, the app of its kind says.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("soort"), max_length=40, editable=False)
    subject = models.CharField(max_length=64, editable=False)
    digest = models.CharField(max_length=64, editable=False)  # keyed: a paper is short, and could be guessed
    state = models.CharField(_("stand"), max_length=10, choices=State, default=State.WAITING, editable=False)
    error = models.CharField(_("wat er misging"), max_length=200, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("aangevraagd"), default=timezone.now, editable=False)
    done_at = models.DateTimeField(_("klaar"), null=True, editable=False)

    class Meta:
        verbose_name = _("opdracht aan de drukpers")
        verbose_name_plural = _("opdrachten aan de drukpers")
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="printed_once", fields=["kind", "subject", "digest"]),
            models.CheckConstraint(
                name="printorder_done_at_iff_done",
                condition=Q(state=State.DONE, done_at__isnull=False) | ~Q(state=State.DONE) & Q(done_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.get_state_display()})"

    @property
    def is_ready(self) -> bool:
        return self.state == State.DONE

    @property
    def has_failed(self) -> bool:
        return self.state == State.FAILED


class Sheet(Dossier):
    """What came off the press for an order: a dossier of its own, that only the zone of accounts can open."""

    order = models.OneToOneField(PrintOrder, models.CASCADE, related_name="sheet", editable=False)
    pdf = SealedBytes(compartment=Compartment.ORGANISATION)  # the one that zone:mijn has the key of

    class Meta:
        verbose_name = _("gedrukt blad")
        verbose_name_plural = _("gedrukte bladen")

    def __str__(self) -> str:
        return "•••"
