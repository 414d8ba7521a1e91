from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from netwerk.models import Organisation
from ondersteuning.lifecycle import TOUR_NEXT, TourStatus
from weerbaar.accounts.models import User
from weerbaar.audit.api import track


@track()
class TourVisit(models.Model):
    """The team visits a raad, Staten or algemeen bestuur ("On Tour"): invitation, talk, session, yield.

    Holds no names of office holders: the yield is about agreements, such as an aggression protocol.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisatie")
    )
    status = models.CharField(_("stand"), max_length=10, choices=TourStatus, default=TourStatus.INVITED)
    invited_on = models.DateField(_("uitgenodigd op"))
    talk_at = models.DateTimeField(_("voorgesprek"), null=True, blank=True)
    session_at = models.DateTimeField(_("bijeenkomst"), null=True, blank=True)
    leader = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wie leidt het")
    )
    has_protocol = models.BooleanField(_("heeft een agressieprotocol"), null=True, blank=True)
    has_code = models.BooleanField(_("heeft een gedragscode"), null=True, blank=True)
    attendance = models.PositiveSmallIntegerField(_("aantal aanwezigen"), null=True, blank=True)
    outcome = models.TextField(_("opbrengst: welke afspraken"), max_length=4000, blank=True)
    extra_training = models.CharField(
        _("extra training, betaald door de organisatie"), max_length=200, blank=True
    )

    hidden_from = {"publiek", "mijn"}  # see weerbaar/audit/grants.py

    class Meta:
        verbose_name = _("bezoek van de tour")
        verbose_name_plural = _("bezoeken van de tour")
        ordering = ["-invited_on", "pk"]
        permissions = [("plan_tour", _("plant de tour"))]
        constraints = [
            models.CheckConstraint(
                name="tour_session_has_a_moment",
                condition=~Q(status__in=[TourStatus.PLANNED, TourStatus.HELD, TourStatus.DONE])
                | Q(session_at__isnull=False),
            )
        ]
        triggers = [
            pgtrigger.FSM(
                name="tour_lifecycle",
                field="status",
                transitions=[(old, new) for old in sorted(TOUR_NEXT) for new in sorted(TOUR_NEXT[old])],
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}"
