from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .compartments import Compartment


class Dossier(models.Model):
    """Something with sealed content and readers: a case, a home scan, a questionnaire."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(_("versie"), default=1, editable=False)
    owner = models.CharField(
        _("eigenaar"), max_length=64, blank=True, editable=False, db_index=True
    )  # pseudonym

    class Meta:
        abstract = True


class Lockbox(models.Model):
    """A data key sealed for one reader. Never in the change history, or shredding would not shred."""

    # no number of its own: the public zone inserts rows that it may not read back
    pk = models.CompositePrimaryKey("dossier", "reader", "compartment")
    dossier = models.UUIDField()
    reader = models.CharField(max_length=80)
    compartment = models.CharField(max_length=16, choices=Compartment)
    key = models.CharField(max_length=16)  # fingerprint of the public key it was sealed for
    box = models.BinaryField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("kluisje")
        verbose_name_plural = _("kluisjes")
        indexes = [
            models.Index(fields=["reader", "key"], name="lockbox_reader"),
            models.Index(fields=["expires_at"], name="lockbox_expiry", condition=Q(expires_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.compartment} {self.reader.partition(':')[0]}"


class BlindIndex(models.Model):
    """Finds a dossier by a surname or e-mail address without holding either; deleted by shredding."""

    dossier = models.UUIDField(db_index=True)
    value = models.BinaryField()

    class Meta:
        verbose_name = _("zoekwaarde")
        verbose_name_plural = _("zoekwaarden")
        constraints = [
            models.UniqueConstraint(fields=["value", "dossier"], name="one_blind_index_value"),
        ]

    def __str__(self) -> str:
        return "•••"
