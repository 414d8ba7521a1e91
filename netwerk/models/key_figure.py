from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from weerbaar.audit.history import track


class KeyFigureQuerySet(models.QuerySet["KeyFigure"]):
    def shown(self) -> Self:
        """What the public page says, by topic and then as it was entered."""
        return self.filter(is_active=True).order_by("topic", "pk")


@track()
class KeyFigure(models.Model):
    """One number that a source gives: of what, about whom, in which year, and where it stands."""

    class Topic(models.IntegerChoices):
        """The parts of the page, in this order."""

        EXPERIENCE = 1, _("Agressie en intimidatie")
        REPORTING = 2, _("Melden en aangifte doen")
        EFFECT = 3, _("Hoe en waardoor")
        NETWORK = 4, _("Het netwerk en de hulp")
        MONEY = 5, _("Geld")

    class Unit(models.TextChoices):
        PERCENT = "percent", _("procent")
        NUMBER = "number", _("aantal")
        EURO = "euro", _("euro")
        EURO_A_YEAR = "euro_a_year", _("euro per jaar")

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    topic = models.PositiveSmallIntegerField(_("onderwerp"), choices=Topic)
    question = models.CharField(
        _("vraag"), max_length=200, help_text=_("Cijfers bij dezelfde vraag staan bij elkaar.")
    )
    group = models.CharField(_("over wie of wat"), max_length=120)
    value = models.DecimalField(_("waarde"), max_digits=14, decimal_places=2)
    unit = models.CharField(_("eenheid"), max_length=20, choices=Unit)
    words = models.CharField(
        _("zoals de bron het zegt"),
        max_length=80,
        blank=True,
        help_text=_("Alleen als de bron geen precies getal geeft: ‘ruim een kwart’, ‘23 tot 26%’."),
    )
    year = models.PositiveSmallIntegerField(
        _("peiljaar"), null=True, blank=True, help_text=_("Leeg: peiljaar onbekend.")
    )
    source = models.CharField(_("bron"), max_length=300)
    source_url = models.URLField(_("adres van de bron"), blank=True)
    note = models.CharField(_("opmerking"), max_length=300, blank=True)
    is_active = models.BooleanField(_("zichtbaar"), default=True)

    objects = KeyFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("kerncijfer")
        verbose_name_plural = _("kerncijfers")
        ordering = ["topic", "pk"]
        permissions = [
            ("import_keyfigure", _("leest kerncijfers in uit een bestand")),
            ("export_keyfigure", _("exporteert kerncijfers")),
        ]
        constraints = [
            models.CheckConstraint(
                name="key_figure_has_a_source",
                condition=~Q(source=""),
                violation_error_message=_("Een cijfer heeft een bron."),
            ),
            models.CheckConstraint(
                name="key_figure_value_can_be",
                condition=Q(value__gte=0) & (~Q(unit="percent") | Q(value__lte=100)),
                violation_error_message=_("Een cijfer is 0 of meer, en een percentage hoogstens 100."),
            ),
            models.CheckConstraint(
                name="key_figure_year_can_be",
                condition=Q(year=None) | Q(year__range=(1990, 2100)),
                violation_error_message=_("Dit peiljaar kan niet."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shown}, {self.group}, {self.year_in_words}"

    def clean(self) -> None:
        for problem in self.problems():
            raise ValidationError(problem)

    def problems(self) -> list[str]:
        """Which rules of the database it breaks, in words; asks nothing of the database."""
        found = []
        if self.value is not None and (
            self.value < 0 or (self.unit == self.Unit.PERCENT and self.value > 100)
        ):
            found.append(_now("Een cijfer is 0 of meer, en een percentage hoogstens 100."))
        if self.year is not None and not 1990 <= self.year <= 2100:
            found.append(_now("Dit peiljaar kan niet."))
        return found

    @property
    def shown(self) -> str:
        """The value as a reader reads it: "45%", "€ 600.000 per jaar", "ruim een kwart"."""
        if self.words:
            return self.words
        whole = self.value == self.value.to_integral_value()
        number = f"{self.value:,.{0 if whole else 1}f}".translate(str.maketrans(",.", ".,"))
        if self.unit == self.Unit.PERCENT:
            return f"{number}%"
        if self.unit == self.Unit.EURO:
            return f"€ {number}"
        if self.unit == self.Unit.EURO_A_YEAR:
            return _now("€ %s per jaar") % number
        return number

    @property
    def year_in_words(self) -> str:
        return str(self.year) if self.year else _now("peiljaar onbekend")
