from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from netwerk.lifecycle import PROJECT_NEXT, ProjectStage
from weerbaar.audit.history import track
from weerbaar.pages.provinces import PROVINCES

from .organisation import Organisation
from .page import Page, PageQuerySet
from .partner import Partner

FIRST_YEAR, LAST_YEAR = 2000, 2100


def real_year(name: str, *fields: str) -> models.CheckConstraint:
    """A year of four digits, or none: a slip of the key would put money in the year 206."""
    condition = Q()
    for field in fields:
        condition &= Q(**{field: None}) | Q(**{f"{field}__gte": FIRST_YEAR, f"{field}__lte": LAST_YEAR})
    return models.CheckConstraint(
        name=name, condition=condition, violation_error_message=_("Vul een jaar in, zoals 2025.")
    )


@track()
class Project(Page):
    """What the network sets going or pays for: who, where, when, and what it yields."""

    class Kind(models.TextChoices):
        IMPULSE = "impulse", _("Impulsproject")
        PILOT = "pilot", _("Pilot")
        ASSIGNMENT = "assignment", _("Opdracht")
        GRANT = "grant", _("Subsidie")
        PROGRAMME = "programme", _("Programma")
        EXAMPLE = "example", _("Praktijkvoorbeeld")

    kind = models.CharField(_("soort"), max_length=12, choices=Kind)
    body = models.TextField(_("waar het over gaat"), max_length=4000, blank=True)
    yields = models.TextField(_("wat het oplevert"), max_length=2000, blank=True)
    stage = models.CharField(
        _("hoe ver het is"), max_length=10, choices=ProjectStage, default=ProjectStage.PLANNED
    )
    period = models.CharField(
        _("wanneer"), max_length=60, help_text=_("Zoals de bron het zegt. Bijvoorbeeld: najaar 2018.")
    )
    first_year = models.PositiveSmallIntegerField(_("eerste jaar"), null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(_("laatste jaar"), null=True, blank=True)
    organisations = models.ManyToManyField(
        Organisation, verbose_name=_("organisaties"), blank=True, related_name="projects"
    )
    province_codes = ArrayField(
        models.CharField(max_length=4, choices=[(code, place.name) for code, place in PROVINCES.items()]),
        verbose_name=_("provincies"),
        default=list,
        blank=True,
        help_text=_("Alleen nodig als de bron de provincie noemt, maar geen organisatie."),
    )
    partners = models.ManyToManyField(
        Partner, verbose_name=_("partners"), blank=True, related_name="projects"
    )
    source = models.CharField(_("bron, met jaar"), max_length=200)
    source_url = models.URLField(_("adres van de bron"), blank=True)

    objects = PageQuerySet.as_manager()

    class Meta(Page.Meta):
        verbose_name = _("project")
        verbose_name_plural = _("projecten")
        ordering = [F("first_year").desc(nulls_last=True), "title", "pk"]
        constraints = [
            *Page.Meta.constraints,
            models.CheckConstraint(name="project_says_its_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="project_ends_after_it_begins",
                condition=Q(first_year=None) | Q(last_year=None) | Q(last_year__gte=F("first_year")),
                violation_error_message=_("Het laatste jaar ligt voor het eerste."),
            ),
            real_year("project_in_a_real_year", "first_year", "last_year"),
        ]
        triggers = [
            *Page.Meta.triggers,
            pgtrigger.FSM(
                name="project_lifecycle",
                field="stage",
                transitions=[(old, new) for old in sorted(PROJECT_NEXT) for new in sorted(PROJECT_NEXT[old])],
            ),
        ]

    def provinces(self) -> set[str]:
        """The codes of the provinces it is in; none when it is for the whole country."""
        of_places = {one.province_code for one in self.organisations.all() if one.province_code in PROVINCES}
        return of_places | set(self.province_codes)


@track()
class Grant(models.Model):
    """Whole euros that went to a project in a year, as a source says it."""

    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="grants"
    )
    year = models.PositiveSmallIntegerField(_("jaar"))
    amount = models.PositiveBigIntegerField(_("bedrag in hele euro’s"))
    source = models.CharField(_("bron, met jaar"), max_length=200)

    class Meta:
        verbose_name = _("bedrag")
        verbose_name_plural = _("bedragen")
        ordering = ["year", "pk"]
        constraints = [
            models.CheckConstraint(
                name="grant_is_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("Een bedrag is meer dan nul."),
            ),
            models.CheckConstraint(name="grant_says_its_source", condition=~Q(source="")),
            real_year("grant_in_a_real_year", "year"),
        ]

    def __str__(self) -> str:
        return f"{self.year}"


@dataclass(frozen=True)
class YearOfMoney:
    """A year: what there is (None: no source says it) and what went to projects."""

    year: int
    budget: int | None
    granted: int
    projects: int

    @property
    def is_over(self) -> bool:
        """More was given out than a source says there is."""
        return self.budget is not None and self.granted > self.budget


class BudgetQuerySet(models.QuerySet["Budget"]):
    def by_year(self, grants: models.QuerySet[Grant]) -> list[YearOfMoney]:
        """Each year that a budget begins in or a grant is of, latest first. Two queries."""
        given: dict[int, tuple[int, int]] = {
            line["year"]: (line["amount"], line["projects"])
            for line in grants.order_by()
            .values("year")
            .annotate(amount=Sum("amount"), projects=models.Count("project", distinct=True))
        }
        budgets = list(self)
        years = {budget.year for budget in budgets} | set(given)
        return [
            YearOfMoney(year, available(year, budgets), *given.get(year, (0, 0)))
            for year in sorted(years, reverse=True)
        ]

    def exceeded(self) -> list[YearOfMoney]:
        """The years in which more was given out than there is. Drafts count: nobody finds out too late."""
        return [line for line in self.by_year(Grant.objects.all()) if line.is_over]


def available(year: int, budgets: Iterable[Budget]) -> int | None:
    """What there is for a year: the latest structural budget so far, and what is for this year alone."""
    lasting = [one for one in budgets if one.is_structural and one.year <= year]
    once = [one.amount for one in budgets if not one.is_structural and one.year == year]
    newest = [max(lasting, key=lambda one: one.year).amount] if lasting else []
    return sum(newest + once) if newest or once else None


@track()
class Budget(models.Model):
    """Money for the network: for one year, or each year from then on until a later structural one."""

    year = models.PositiveSmallIntegerField(
        _("jaar"), help_text=_("Bij een structureel budget: het eerste jaar dat de bron noemt.")
    )
    amount = models.PositiveBigIntegerField(_("bedrag in hele euro’s"))
    is_structural = models.BooleanField(_("structureel: elk jaar, vanaf dit jaar"), default=False)
    source = models.CharField(_("bron, met jaar"), max_length=200)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgetten")
        ordering = ["-year", "pk"]
        constraints = [
            models.CheckConstraint(
                name="budget_is_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("Een bedrag is meer dan nul."),
            ),
            models.CheckConstraint(name="budget_says_its_source", condition=~Q(source="")),
            real_year("budget_in_a_real_year", "year"),
            models.UniqueConstraint(
                name="budget_structural_once_a_year", fields=["year"], condition=Q(is_structural=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}"
