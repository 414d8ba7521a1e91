from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.functions import Function
from netwerk.models import Organisation
from ondersteuning.lifecycle import SIGNAL_NEXT, SignalStatus
from ondersteuning.vocabulary import SignalKind, SignalTheme
from weerbaar.accounts.models import User
from weerbaar.audit.api import track
from weerbaar.vault.api import Compartment, Dossier, SealedJSON, SealedText

from .case import Case


class SignalQuerySet(models.QuerySet["Signal"]):
    def visible_to(self, user: User) -> SignalQuerySet:
        """Signals are for the whole first line and its coordinators: nobody asked for help in them."""
        sees = user.has_perm("ondersteuning.see_queue") or user.has_perm("ondersteuning.assign_case")
        return self if user.is_authenticated and user.is_active and sees else self.none()

    def openable_by(self, user: User) -> SignalQuerySet:
        """Signals whose words this user may read: coordinators see what came in, not what it says.

        What became a case is read by who may read the case: no longer by all of the first line, and not by
        who withdrew from it.
        """
        if not user.has_perm("ondersteuning.see_queue"):
            return self.none()
        theirs = Q(case__isnull=True) | Q(case__in=Case.objects.openable_by(user))
        return self.visible_to(user).filter(theirs)


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
        Case, models.CASCADE, null=True, blank=True, related_name="signals", verbose_name=_("zaak")
    )
    theme = models.CharField(_("thema"), max_length=30, choices=SignalTheme, blank=True)
    text = SealedText(_("wat er speelt"), compartment=Compartment.SHARED, max_length=2000)
    contact = SealedJSON(_("hoe de melder veilig te bereiken is"), compartment=Compartment.SHARED)

    objects = SignalQuerySet.as_manager()

    class Meta:
        verbose_name = _("signaal")
        verbose_name_plural = _("signalen")
        ordering = ["-received_at", "pk"]
        indexes = [models.Index(fields=["status", "-received_at"], name="signal_by_status")]
        constraints = [
            models.CheckConstraint(
                name="signal_has_a_case_iff_it_became_one",
                condition=Q(status=SignalStatus.CASE, case__isnull=False)
                | ~Q(status=SignalStatus.CASE) & Q(case__isnull=True),
            ),
            models.CheckConstraint(
                name="signal_in_a_theme_says_which", condition=~Q(status=SignalStatus.THEME) | ~Q(theme="")
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="signal_lifecycle",
                field="status",
                transitions=[(old, new) for old in sorted(SIGNAL_NEXT) for new in sorted(SIGNAL_NEXT[old])],
            )
        ]

    def __str__(self) -> str:
        return f"{self.received_at:%d-%m-%Y}"
