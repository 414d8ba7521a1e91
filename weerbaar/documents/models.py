from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weerbaar.vault.compartments import Compartment
from weerbaar.vault.fields import SealedBytes


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
