from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk import names
from weerbaar.audit.history import track
from weerbaar.pages.context import dialled

from .validity import ends_after_it_begins, in_force

if TYPE_CHECKING:
    from weerbaar.accounts.models import User

CHECK_AFTER = timedelta(days=182)


class PartnerQuerySet(models.QuerySet["Partner"]):
    def taking_referrals(self) -> Self:
        """Those to whom the ondersteuningsteam may refer somebody."""
        return self.filter(is_active=True, takes_referrals=True)

    def shown(self) -> Self:
        """Those with a page of their own."""
        return self.filter(is_active=True)

    def spoken_for_by(self, user: User) -> Self:
        """Those that somebody is an officer of today."""
        return self.filter(pk__in=PartnerMember.objects.current().filter(user=user).values("partner"))

    def to_check(self, today: date) -> Self:
        """Those whose details nobody checked for half a year."""
        return self.filter(is_active=True, checked_on__lt=today - CHECK_AFTER)


@track()
class Partner(models.Model):
    """An organisation of the network, or one that helps from outside: what it offers, for whom, and where."""

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("Beroepsvereniging")
        UMBRELLA = "umbrella", _("Koepel van overheden")
        GOVERNMENT = "government", _("Ministerie of overheid")
        SECURITY = "security", _("Politie, justitie en veiligheid")
        VICTIM_SUPPORT = "victim_support", _("Slachtofferhulp en nazorg")
        INTEGRITY = "integrity", _("Integriteit")
        KNOWLEDGE = "knowledge", _("Kennisinstelling")
        PARTY = "party", _("Bestuurdersvereniging van een partij")
        OTHER_GROUP = "other_group", _("Meldpunt voor een andere doelgroep")

    class Audience(models.TextChoices):
        """Who may be sent on to them, on the page with all help (domain.md 1.6)."""

        OFFICE_HOLDER = "office_holder", _("politieke ambtsdragers")
        FAMILY = "family", _("gezin en naasten")
        CIVIL_SERVANT = "civil_servant", _("ambtenaren")
        JOURNALIST = "journalist", _("journalisten")
        SCIENTIST = "scientist", _("wetenschappers")
        AID_WORKER = "aid_worker", _("hulpverleners")
        LAWYER = "lawyer", _("advocaten")

    slug = models.SlugField(_("in het adres"), max_length=60, unique=True)
    name = models.CharField(_("naam"), max_length=120)
    sort_key = models.CharField(max_length=120, editable=False)
    kind = models.CharField(_("soort"), max_length=20, choices=Kind)
    offers = models.TextField(_("wat zij bieden"), max_length=2000)
    for_whom = models.CharField(_("voor wie"), max_length=300)
    audiences = ArrayField(
        models.CharField(max_length=20, choices=Audience),
        verbose_name=_("op de hulppagina bij"),
        blank=True,
        default=list,
    )
    phone = models.CharField(_("telefoon"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)
    hours = models.CharField(_("bereikbaar"), max_length=200, blank=True)
    takes_referrals = models.BooleanField(_("het team kan hierheen doorverwijzen"), default=False)
    checked_on = models.DateField(_("laatst gecontroleerd op"), default=timezone.localdate)
    is_active = models.BooleanField(_("zichtbaar"), default=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["sort_key"]
        permissions = [
            ("import_partner", _("leest partners in uit een bestand")),
            ("export_partner", _("exporteert partners")),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.fill_keys()
        if update_fields is not None and "name" in update_fields:
            update_fields = {*update_fields, "sort_key"}
        super().save(update_fields=update_fields, **kwargs)

    def fill_keys(self) -> None:
        """Derive what lists sort by; bulk writes call this themselves."""
        self.sort_key = names.sort_key(self.name)

    @property
    def phone_link(self) -> str:
        """The number as a phone dials it."""
        return dialled(self.phone)


class PartnerMemberQuerySet(models.QuerySet["PartnerMember"]):
    def current(self, on: date | None = None) -> Self:
        """In force on a day, today by default, of partners that are there and accounts that are on."""
        return self.filter(in_force(on), user__is_active=True, partner__is_active=True)


@track()
class PartnerMember(models.Model):
    """Who speaks for a partner: its communication officer, with the partner's own desk at /mijn/."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="members", verbose_name=_("partner"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="partners", verbose_name=_("account")
    )
    valid_from = models.DateField(_("vanaf"), default=timezone.localdate)
    valid_until = models.DateField(_("tot"), null=True, blank=True)

    objects = PartnerMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("medewerker van een partner")
        verbose_name_plural = _("medewerkers van partners")
        ordering = ["partner__sort_key", "pk"]
        constraints = [
            ends_after_it_begins("partner_member_ends_after_it_begins"),
            models.UniqueConstraint(name="partner_member_once", fields=["partner", "user", "valid_from"]),
        ]

    def __str__(self) -> str:
        return str(self.partner)
