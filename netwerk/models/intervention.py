from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from netwerk.lifecycle import INTERVENTION_NEXT, InterventionStatus
from weerbaar.audit.history import track

from .organisation import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from weerbaar.accounts.models import User

LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"  # no vowels: no words; none that look alike


def new_reference() -> str:
    """Drawn, not counted: two references side by side tell nothing of when or how many."""
    return "IV-" + "".join(secrets.choice(LETTERS) for _letter in range(6))


class InterventionQuerySet(models.QuerySet["Intervention"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those this very person was let into, by a row of guardian's. No role sees them all."""
        if not (user.is_authenticated and user.is_active and user.has_perm("netwerk.join_intervention")):
            return self.none()
        return self.filter(
            Exists(
                InterventionUserObjectPermission.objects.filter(
                    content_object=OuterRef("pk"), user=user, permission__codename="see_intervention"
                )
            )
        )


# What is written about an organisation is kept once, where it can be erased: not in the history as well.
@track(exclude=["background", "outcome"])
class Intervention(models.Model):
    """A track of the network with an organisation under pressure.

    That there is one says something about the organisation. So it is seen by who was let in and nobody else,
    it is in no list but by its reference, and in no search and no figure.
    """

    class Reason(models.TextChoices):
        TENSION = "tension", _("Spanning in het bestuur")
        SAFETY = "safety", _("Veiligheid van ambtsdragers")
        INTEGRITY = "integrity", _("Integriteit")
        SUBVERSION = "subversion", _("Ondermijning")
        OTHER = "other", _("Anders")

    reference = models.CharField(
        _("kenmerk"), max_length=12, unique=True, default=new_reference, editable=False
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisatie"), on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("aanleiding"), max_length=12, choices=Reason)
    status = models.CharField(
        _("stand"), max_length=12, choices=InterventionStatus, default=InterventionStatus.PREPARING
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("wie leidt het"), on_delete=models.PROTECT, related_name="+"
    )
    started_on = models.DateField(_("begonnen op"), default=timezone.localdate)
    ended_on = models.DateField(_("geëindigd op"), null=True, blank=True, editable=False)
    background = models.TextField(_("achtergrond"), max_length=4000, blank=True)
    outcome = models.TextField(_("opbrengst"), max_length=4000, blank=True)

    hidden_from = {"publiek", "mijn"}  # see weerbaar/audit/grants.py

    objects = InterventionQuerySet.as_manager()

    class Meta:
        verbose_name = _("interventie")
        verbose_name_plural = _("interventies")
        ordering = ["-started_on", "pk"]
        permissions = [
            ("see_intervention", _("ziet deze interventie")),
            ("join_intervention", _("kan bij een interventie worden gehaald")),
        ]
        constraints = [
            models.CheckConstraint(
                name="intervention_ended_on_iff_ended",
                condition=Q(status__in=["closed", "cancelled"], ended_on__isnull=False)
                | ~Q(status__in=["closed", "cancelled"]) & Q(ended_on=None),
            ),
            models.CheckConstraint(
                name="intervention_ends_after_it_begins",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("De interventie eindigt voor ze begint."),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="intervention_lifecycle",
                field="status",
                transitions=[
                    (old, new) for old in sorted(INTERVENTION_NEXT) for new in sorted(INTERVENTION_NEXT[old])
                ],
            )
        ]

    def __str__(self) -> str:
        return self.reference


class InterventionUserObjectPermission(UserObjectPermissionBase):
    """A grant of one intervention to one person (guardian, without a generic foreign key)."""

    content_object = models.ForeignKey(Intervention, on_delete=models.CASCADE)

    hidden_from = {"publiek", "mijn"}


@track(exclude=["text"])
class InterventionStep(models.Model):
    """Something that was or will be done in an intervention."""

    intervention = models.ForeignKey(
        Intervention, verbose_name=_("interventie"), on_delete=models.CASCADE, related_name="steps"
    )
    day = models.DateField(_("datum"), default=timezone.localdate)
    text = models.CharField(_("stap"), max_length=500)
    is_done = models.BooleanField(_("gedaan"), default=False)

    hidden_from = {"publiek", "mijn"}

    class Meta:
        verbose_name = _("stap")
        verbose_name_plural = _("stappen")
        ordering = ["day", "pk"]

    def __str__(self) -> str:
        return f"{self.day}"
