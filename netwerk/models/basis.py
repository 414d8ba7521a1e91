from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.lifecycle import TALK_NEXT, TalkStatus
from weerbaar.audit.history import track

from .people import Membership

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from weerbaar.accounts.models import User


class StepTick(models.Model):
    """A step of the basisprogramma that somebody ticked. Only that person sees it: no list shows these."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    step = models.CharField(_("stap"), max_length=40)
    done_on = models.DateField(_("gedaan op"), default=timezone.localdate)

    hidden_from = {"publiek", "beheer"}  # see weerbaar/audit/grants.py

    class Meta:
        verbose_name = _("afgevinkte stap")
        verbose_name_plural = _("afgevinkte stappen")
        constraints = [models.UniqueConstraint(name="step_ticked_once", fields=["user", "step"])]

    def __str__(self) -> str:
        return self.step


class StarterOffer(models.Model):
    """That the starter package was offered to somebody who took office: once for each term."""

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="starter_offer")
    offered_at = models.DateTimeField(_("aangeboden op"), default=timezone.now)

    class Meta:
        verbose_name = _("aangeboden starterspakket")
        verbose_name_plural = _("aangeboden starterspakketten")

    def __str__(self) -> str:
        return f"{self.offered_at:%Y-%m-%d}"


class StarterTalkQuerySet(models.QuerySet["StarterTalk"]):
    def open(self) -> Self:
        """Asked for or agreed, and not yet held."""
        return self.filter(status__in=[TalkStatus.ASKED, TalkStatus.ACCEPTED])

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own; all for who plans these talks."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        if user.has_perm("netwerk.plan_talk"):
            return self
        return self.filter(user=user)


@track()
class StarterTalk(models.Model):
    """Somebody who took office asks for the talk with a vertrouwenspersoon that comes with the package.

    No free text: why somebody would talk is said in the talk, not here.
    """

    class Way(models.TextChoices):
        PHONE = "phone", _("telefonisch")
        VIDEO = "video", _("met beeldbellen")
        VISIT = "visit", _("op locatie")

    class Moment(models.TextChoices):
        MORNING = "morning", _("in de ochtend")
        AFTERNOON = "afternoon", _("in de middag")
        EVENING = "evening", _("in de avond")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("account"), related_name="+", editable=False
    )
    membership = models.ForeignKey(
        Membership, models.CASCADE, verbose_name=_("functie"), related_name="+", editable=False
    )
    way = models.CharField(_("hoe"), max_length=10, choices=Way)
    moment = models.CharField(_("wanneer het liefst"), max_length=10, choices=Moment)
    status = models.CharField(
        _("stand"), max_length=10, choices=TalkStatus, default=TalkStatus.ASKED, editable=False
    )
    asked_at = models.DateTimeField(_("gevraagd op"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("laatst gewijzigd"), default=timezone.now, editable=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("opgepakt door"),
        null=True,
        editable=False,
        related_name="+",
    )

    objects = StarterTalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("startgesprek")
        verbose_name_plural = _("startgesprekken")
        ordering = ["-asked_at", "pk"]
        permissions = [("plan_talk", _("plant de startgesprekken"))]
        constraints = [
            models.UniqueConstraint(
                name="one_open_talk",
                fields=["user"],
                condition=Q(status__in=[TalkStatus.ASKED, TalkStatus.ACCEPTED]),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="talk_lifecycle",
                field="status",
                transitions=[(old, new) for old in sorted(TALK_NEXT) for new in sorted(TALK_NEXT[old])],
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership.get_function_display()}, {self.get_status_display()}"

    @property
    def is_open(self) -> bool:
        return self.status in (TalkStatus.ASKED, TalkStatus.ACCEPTED)
