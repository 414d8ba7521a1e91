from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.functions import Function
from netwerk.models import Organisation
from ondersteuning.lifecycle import SignalStatus
from ondersteuning.vocabulary import SignalKind
from weerbaar.accounts.models import User
from weerbaar.audit.api import track
from weerbaar.vault.api import Compartment, Dossier, SealedText

from .case import Case


class SignalQuerySet(models.QuerySet["Signal"]):
    def visible_to(self, user: User) -> SignalQuerySet:
        """Signals are for the whole first line and its coordinators: nobody asked for help in them."""
        if not (user.is_authenticated and user.is_active and user.has_perm("ondersteuning.see_queue")):
            return self.none()
        return self


@track()
class Signal(Dossier):
    """An attempt to influence, no incident yet ("Signaal delen"). Feeds the themes; may become a case."""

    submission = models.CharField(max_length=64, unique=True, editable=False)
    received_at = models.DateTimeField(_("ontvangen"), default=timezone.now)
    status = models.CharField(_("stand"), max_length=10, choices=SignalStatus, default=SignalStatus.NEW)
    kinds = ArrayField(models.CharField(max_length=20, choices=SignalKind), verbose_name=_("soort"))
    function = models.CharField(_("functie"), max_length=40, choices=Function, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisatie")
    )
    case = models.ForeignKey(
        Case, models.SET_NULL, null=True, blank=True, related_name="signals", verbose_name=_("zaak")
    )
    text = SealedText(_("wat er speelt"), compartment=Compartment.SHARED, max_length=2000)

    objects = SignalQuerySet.as_manager()

    class Meta:
        verbose_name = _("signaal")
        verbose_name_plural = _("signalen")
        ordering = ["-received_at", "pk"]
        indexes = [models.Index(fields=["status", "-received_at"], name="signal_by_status")]

    def __str__(self) -> str:
        return f"{self.received_at:%d-%m-%Y}"
