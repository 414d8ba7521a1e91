from __future__ import annotations

import uuid
from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weerbaar.vault.models import Lockbox

from .lifecycle import NEXT, RELEASED, State


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def waiting(self) -> StoredFileQuerySet:
        """Not looked at by the scanner yet."""
        return self.filter(state=State.WAITING)

    def released(self) -> StoredFileQuerySet:
        return self.filter(state__in=RELEASED)

    def leftover(self, now: datetime) -> StoredFileQuerySet:
        """Of a draft that has expired, or of a dossier that was shredded: nobody can open these again."""
        boxes = Lockbox.objects.filter(dossier=OuterRef("dossier"))
        return self.filter(Q(expires_at__lte=now) | Q(dossier__isnull=False) & ~Exists(boxes))


class StoredFile(models.Model):
    """An encrypted file in FILES_DIR, under this row's id. The row tells neither name, size nor sender.

    The key and the name are with whoever took it in: a draft, then a dossier. Until the file is scanned,
    `box` holds the key and the kind for the service that scans, and for nobody else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("stand"), max_length=10, choices=State, default=State.WAITING, editable=False)
    received_at = models.DateTimeField(_("ontvangen"), default=timezone.now, editable=False)
    dossier = models.UUIDField(_("dossier"), null=True, editable=False, db_index=True)
    expires_at = models.DateTimeField(
        _("vervalt op"), null=True, editable=False
    )  # as long as it is in a draft
    box = models.BinaryField(null=True, editable=False)
    pages = models.PositiveSmallIntegerField(_("bladzijden in de weergave"), default=0, editable=False)
    pages_in_all = models.PositiveIntegerField(_("bladzijden"), default=0, editable=False)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("bestand")
        verbose_name_plural = _("bestanden")
        ordering = ["received_at", "pk"]
        constraints = [
            models.CheckConstraint(name="file_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="file_expires_until_it_has_a_dossier",
                condition=Q(dossier__isnull=True, expires_at__isnull=False)
                | Q(dossier__isnull=False, expires_at__isnull=True),
            ),
            models.CheckConstraint(
                name="file_box_until_it_is_done",
                condition=Q(state__in=[State.WAITING, State.SCANNED], box__isnull=False)
                | Q(state__in=[State.READY, State.INFECTED], box__isnull=True),
            ),
            models.CheckConstraint(
                name="file_only_ready_has_pages", condition=Q(pages=0) | Q(state=State.READY)
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="file_waiting", condition=Q(state=State.WAITING)),
            models.Index(fields=["expires_at"], name="file_expiry", condition=Q(expires_at__isnull=False)),
        ]
        triggers = [
            pgtrigger.FSM(
                name="file_lifecycle",
                field="state",
                transitions=[(old, new) for old in NEXT for new in sorted(NEXT[old])],
            ),
            pgtrigger.Protect(
                name="file_begins_waiting",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state=State.WAITING),
            ),
            pgtrigger.Protect(  # a public process may tie a file to a dossier, and never untie one
                name="file_stays_in_its_dossier",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__dossier__isnull=False)
                & (
                    ~pgtrigger.Q(old__dossier=pgtrigger.F("new__dossier"))
                    | pgtrigger.Q(new__dossier__isnull=True)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}"

    @property
    def is_released(self) -> bool:
        return self.state in RELEASED

    @property
    def is_waiting(self) -> bool:
        return self.state == State.WAITING
