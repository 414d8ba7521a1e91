from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weerbaar.audit.history import track
from weerbaar.pages.context import dialled

from .organisation import Organisation
from .partner import CHECK_AFTER
from .people import Contact
from .validity import in_force

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from weerbaar.accounts.models import User


class ReportingPointQuerySet(models.QuerySet["ReportingPoint"]):
    def current(self) -> Self:
        """Those of organisations that exist."""
        return self.filter(in_force(of="organisation__"))

    def to_check(self, today: date) -> Self:
        """Those whose details nobody checked for half a year."""
        return self.current().filter(checked_on__lt=today - CHECK_AFTER)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All for the editors; a contact keeps up those of the own organisation."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        if user.has_perm("netwerk.view_reportingpoint"):
            return self
        return self.filter(
            organisation__in=Contact.objects.current().filter(user=user).values("organisation")
        )


@track()
class ReportingPoint(models.Model):
    """Where an organisation wants its own people to report something: an office, never a person's name."""

    class Kind(models.TextChoices):
        ALL = "all", _("alles wat hieronder staat")
        AGGRESSION = "aggression", _("agressie en intimidatie")
        CONDUCT = "conduct", _("ongewenst gedrag")
        INTEGRITY = "integrity", _("integriteit")
        UNDERMINING = "undermining", _("ondermijning")

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="reporting_points", verbose_name=_("organisatie")
    )
    kind = models.CharField(_("waarvoor"), max_length=20, choices=Kind)
    name = models.CharField(_("naam van het meldpunt"), max_length=120)
    for_whom = models.CharField(_("voor wie"), max_length=200)
    phone = models.CharField(_("telefoon"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)
    how = models.CharField(_("hoe en wanneer bereikbaar"), max_length=300, blank=True)
    checked_on = models.DateField(_("laatst gecontroleerd op"), default=timezone.localdate)

    objects = ReportingPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("meldpunt van een organisatie")
        verbose_name_plural = _("meldpunten van organisaties")
        ordering = ["organisation__sort_key", "kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="reporting_point_once",
                fields=["organisation", "kind", "name"],
                violation_error_message=_("Dit meldpunt staat er al."),
            ),
            models.CheckConstraint(
                name="reporting_point_can_be_reached",
                condition=~Q(phone="", email="", website="", how=""),
                violation_error_message=_("Vul in hoe het meldpunt bereikbaar is."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"

    def clean(self) -> None:
        if not (self.phone or self.email or self.website or self.how):
            raise ValidationError({"how": _("Vul in hoe het meldpunt bereikbaar is.")})

    @property
    def phone_link(self) -> str:
        """The number as a phone dials it."""
        return dialled(self.phone)
