from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .organisation import Organisation
from .people import Contact, Membership

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from weerbaar.accounts.models import User


class AggressionProtocolQuerySet(models.QuerySet["AggressionProtocol"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the organisations where somebody is a contact or holds a function: it is for them all."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        contact = Contact.objects.current().filter(user=user).values("organisation")
        member = Membership.objects.current().filter(user=user).values("organisation")
        return self.filter(Q(organisation__in=contact) | Q(organisation__in=member))


class AggressionProtocol(models.Model):
    """What an organisation agreed on for when somebody is aggressive: a row for each version, never changed.

    It names functions, not people: it must hold after the next appointment too, and is kept in clear.
    """

    class Within(models.IntegerChoices):
        DAY = 24, _("binnen 24 uur")
        TWO_DAYS = 48, _("binnen 48 uur")
        THREE_DAYS = 72, _("binnen 72 uur")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisatie"), related_name="protocols"
    )
    version = models.PositiveSmallIntegerField(_("versie"))
    made_at = models.DateTimeField(_("gemaakt op"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("gemaakt door")
    )
    report_to = models.CharField(_("bij wie meldt u agressie"), max_length=120)
    report_phone = models.CharField(_("telefoonnummer van het interne meldpunt"), max_length=30)
    evening_phone = models.CharField(_("telefoonnummer buiten kantoortijd"), max_length=30, blank=True)
    lead = models.CharField(_("wie roept het regie-overleg bij elkaar"), max_length=120)
    speaks_out = models.CharField(_("wie spreekt de veroorzaker aan"), max_length=120)
    decides_aangifte = models.CharField(_("wie beslist of de organisatie aangifte doet"), max_length=120)
    aftercare_by = models.CharField(_("wie verzorgt de nazorg"), max_length=120)
    aftercare_within = models.PositiveSmallIntegerField(_("eerste gesprek"), choices=Within)
    register = models.CharField(_("waar legt u meldingen vast"), max_length=120)

    objects = AggressionProtocolQuerySet.as_manager()

    class Meta:
        verbose_name = _("agressieprotocol")
        verbose_name_plural = _("agressieprotocollen")
        ordering = ["organisation__sort_key", "-version"]
        constraints = [
            models.UniqueConstraint(name="protocol_version_once", fields=["organisation", "version"]),
            models.CheckConstraint(name="protocol_version_from_one", condition=Q(version__gte=1)),
        ]
        triggers = [
            pgtrigger.Protect(
                name="protocol_stays",
                operation=pgtrigger.UpdateOf(
                    "version", "made_at", "report_to", "report_phone", "evening_phone", "lead",
                    "speaks_out", "decides_aangifte", "aftercare_by", "aftercare_within", "register",
                ),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.organisation}, {self.version}"

    @property
    def emergency_number(self) -> str:
        """Whom to ring in danger: the islands have a number of their own."""
        return "911" if self.organisation.is_caribbean else "112"
