from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _


class YearTotal(models.Model):
    """One published number of reports in a closed year, in whole tens: 0 says "fewer than 10".

    All that the public site knows of numbers. The exact count is never kept, and what was published never
    changes, so that nobody can subtract two editions from each other.
    """

    class Part(models.TextChoices):
        ALL = "all", _("Alle meldingen")
        KIND = "kind", _("Soort")
        CHANNEL = "channel", _("Hoe of waar")
        FUNCTION = "function", _("Functie")

    year = models.PositiveSmallIntegerField(_("jaar"))
    part = models.CharField(_("onderdeel"), max_length=8, choices=Part)
    key = models.CharField(_("waarde"), max_length=20, blank=True)
    tens = models.PositiveIntegerField(_("aantal, naar beneden afgerond op tientallen"))

    class Meta:
        verbose_name = _("jaarcijfer")
        verbose_name_plural = _("jaarcijfers")
        ordering = ["-year", "part", "key"]
        constraints = [
            models.UniqueConstraint(fields=["year", "part", "key"], name="year_total_once"),
            models.CheckConstraint(name="year_total_in_tens", condition=Exact(F("tens") % 10, 0)),
        ]
        triggers = [
            pgtrigger.Protect(name="published_is_published", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.part} {self.key}"
