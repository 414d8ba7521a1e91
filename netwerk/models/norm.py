from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.functions import Function
from weerbaar.audit.history import track

from .organisation import Organisation
from .people import Contact
from .validity import in_force

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from weerbaar.accounts.models import User


class Declaration(models.TextChoices):
    """What an organisation signs."""

    NORM = "norm", _("Collectieve norm")
    CODE = "code", _("Gedragscode")
    PROTOCOL = "protocol", _("Agressieprotocol")


class NormSignatureQuerySet(models.QuerySet["NormSignature"]):
    def standing(self, on: date | None = None) -> Self:
        """Signed, not withdrawn or replaced, and not run out on a day."""
        day = on or timezone.localdate()
        return self.filter(ended_at=None, signed_on__lte=day, valid_until__gt=day)

    def current(self, on: date | None = None) -> Self:
        """Standing, by an organisation that exists on that day: a merged one must sign anew."""
        organisations = Organisation.objects.filter(in_force(on))
        return self.standing(on).filter(organisation__in=organisations)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the own organisations for their contacts; all for who manages the network."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        if user.has_perm("netwerk.view_normsignature"):
            return self
        own = Contact.objects.current().filter(user=user).values("organisation")
        return self.filter(organisation__in=own)


@track()
class NormSignature(models.Model):
    """An organisation declares that a norm, a gedragscode or an agressieprotocol is its own.

    Renewing ends the signature before and makes a new one, so that the past stays as it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisatie"), related_name="signatures"
    )
    kind = models.CharField(_("wat"), max_length=10, choices=Declaration)
    signed_on = models.DateField(_("ondertekend op"), default=timezone.localdate)
    valid_until = models.DateField(_("geldig tot"))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("ondertekend door"),
        null=True,
        related_name="+",
    )
    signed_as = models.CharField(_("in de functie van"), max_length=30, choices=Function)
    is_public = models.BooleanField(_("openbaar"), default=True)
    ended_at = models.DateTimeField(_("ingetrokken of vervangen op"), null=True, blank=True)

    objects = NormSignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("ondertekening")
        verbose_name_plural = _("ondertekeningen")
        ordering = ["organisation__sort_key", "kind", "-signed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_standing_signature", fields=["organisation", "kind"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="signature_ends_after_it_begins", condition=Q(valid_until__gt=F("signed_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.organisation}"

    @property
    def has_run_out(self) -> bool:
        return self.valid_until <= timezone.localdate()
