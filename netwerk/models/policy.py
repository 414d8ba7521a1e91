from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from weerbaar.audit.history import track

from .page import Page, PageQuerySet
from .partner import Partner

# "28684-455": of this form alone is the official address known for certain.
NUMBERED = re.compile(r"^\d{5}-\d{1,4}$")
OFFICIAL = "https://zoek.officielebekendmakingen.nl/kst-{}.html"


@track()
class PolicyDossier(Page):
    """A subject of policy (beleidsdossier): what it is, what happened when, and where to read on."""

    class Spoor(models.IntegerChoices):
        INTEGRITY_AND_SAFETY = 1, _("Spoor 1: integriteit en veiligheid van ambtsdragers")
        SUBVERSION = 2, _("Spoor 2: preventief-bestuurlijke aanpak van ondermijning")
        UNDEMOCRATIC_INFLUENCE = 3, _("Spoor 3: tegengaan van ondemocratische beïnvloeding")

    spoor = models.PositiveSmallIntegerField(_("spoor"), choices=Spoor)
    body = models.TextField(
        _("tekst"), max_length=6000, help_text=_("Een lege regel begint een nieuwe alinea.")
    )
    unknown = models.CharField(
        _("wat wij niet weten"),
        max_length=300,
        blank=True,
        help_text=_("Bijvoorbeeld: of de wet al geldt, is ons niet bekend."),
    )
    partners = models.ManyToManyField(
        Partner, verbose_name=_("partners"), blank=True, related_name="policy_dossiers"
    )

    objects = PageQuerySet.as_manager()

    class Meta(Page.Meta):
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ["spoor", "title", "pk"]


@track()
class PolicyEvent(models.Model):
    """Something that happened, on a day, in a month or in a year, with where that is written."""

    class Precision(models.TextChoices):
        DAY = "day", _("op de dag")
        MONTH = "month", _("in de maand")
        YEAR = "year", _("in het jaar")

    policy = models.ForeignKey(
        PolicyDossier, verbose_name=_("dossier"), on_delete=models.CASCADE, related_name="events_told"
    )
    day = models.DateField(_("datum"))
    precision = models.CharField(_("hoe precies"), max_length=5, choices=Precision, default=Precision.DAY)
    text = models.CharField(_("wat er gebeurde"), max_length=400)
    source = models.CharField(_("bron"), max_length=200)

    class Meta:
        verbose_name = _("gebeurtenis")
        verbose_name_plural = _("tijdlijn")
        ordering = ["day", "pk"]
        constraints = [
            models.CheckConstraint(name="policyevent_says_its_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="policyevent_no_day_it_does_not_know",
                condition=Q(precision="day")
                | Q(precision="month", day__day=1)
                | Q(precision="year", day__day=1, day__month=1),
            ),
        ]

    def __str__(self) -> str:
        return str(self.when)

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """A day that nobody knows is kept as the first of its month or year, and never shown."""
        if self.precision != self.Precision.DAY:
            self.day = self.day.replace(day=1)
        if self.precision == self.Precision.YEAR:
            self.day = self.day.replace(month=1)
        if update_fields is not None and "precision" in update_fields:
            update_fields = {*update_fields, "day"}
        super().save(update_fields=update_fields, **kwargs)

    @property
    def when(self) -> str:
        """As precise as it is known: "4 juli 2017", "juli 2017" or "2017"."""
        form = {self.Precision.DAY: "j F Y", self.Precision.MONTH: "F Y", self.Precision.YEAR: "Y"}
        return date_format(self.day, form[self.Precision(self.precision)])


@track()
class PolicyLink(models.Model):
    """Where to read on: a Kamerstuk by its number, an address, or a page of this site."""

    policy = models.ForeignKey(
        PolicyDossier, verbose_name=_("dossier"), on_delete=models.CASCADE, related_name="links"
    )
    title = models.CharField(_("titel"), max_length=150)
    number = models.CharField(
        _("nummer van het Kamerstuk"), max_length=30, blank=True, help_text=_("Bijvoorbeeld 28684-455.")
    )
    address = models.CharField(
        _("adres"), max_length=300, blank=True, help_text=_("Begint met https:// of, op deze site, met /.")
    )

    class Meta:
        verbose_name = _("verwijzing")
        verbose_name_plural = _("verwijzingen")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="policylink_points_somewhere",
                condition=~Q(number="") | ~Q(address=""),
                violation_error_message=_("Vul een nummer of een adres in."),
            ),
            models.CheckConstraint(
                name="policylink_address_is_safe",
                condition=Q(address="") | Q(address__regex=r"^(https://|/)[^/\\]"),
                violation_error_message=_("Een adres begint met https:// of met één /."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def href(self) -> str:
        """The address given, or the official one of a Kamerstuk; empty where only a number is known."""
        if self.address or not NUMBERED.match(self.number):
            return self.address
        return OFFICIAL.format(self.number)

    @property
    def is_outside(self) -> bool:
        return self.href.startswith("https://")
