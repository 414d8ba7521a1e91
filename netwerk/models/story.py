from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.functions import Function
from netwerk.lifecycle import PageStatus
from weerbaar.audit.history import track

from .page import Page, PageQuerySet


class StoryQuerySet(PageQuerySet):
    def told(self, today: date) -> Self:
        """What a visitor may read today: published, and the teller still agrees."""
        return self.published().filter(
            Q(is_composed=True) | Q(consent_until=None) | Q(consent_until__gte=today)
        )

    def run_out(self, today: date) -> Self:
        """Those whose teller agreed until a day that has passed."""
        return self.filter(consent_until__lt=today, consent_ended_on=None, is_composed=False)


# Of a person's story no copy stays behind in the change history: once it is taken back it is gone.
@track(exclude=["title", "summary", "body", "shown_as", "consent_from"])
class Story(Page):
    """What somebody went through, told with their consent; or composed, and then it says so.

    The database holds no name of a teller. `consent_from` says where the signed consent lies.
    """

    class Kind(models.TextChoices):
        PERSONAL = "personal", _("Persoonlijk verhaal")
        PRACTICE = "practice", _("Uit de praktijk")

    title = models.CharField(_("titel"), max_length=120, blank=True)
    summary = models.CharField(_("samenvatting"), max_length=300, blank=True)
    kind = models.CharField(_("soort"), max_length=10, choices=Kind, default=Kind.PERSONAL)
    body = models.TextField(
        _("verhaal"), max_length=8000, blank=True, help_text=_("Een lege regel begint een nieuwe alinea.")
    )
    function = models.CharField(_("functie van de verteller"), max_length=30, choices=Function, blank=True)
    shown_as = models.CharField(
        _("hoe de verteller heet op de pagina"),
        max_length=80,
        blank=True,
        help_text=_("Leeg: anoniem. Vul alleen iets in als de verteller dat zelf wil."),
    )
    is_composed = models.BooleanField(
        _("samengesteld"),
        default=False,
        help_text=_("Geen echt voorval van één persoon. De pagina zegt dat."),
    )
    consent_from = models.CharField(
        _("wie toestemming gaf"),
        max_length=200,
        blank=True,
        help_text=_("Het kenmerk van de getekende toestemming. Geen naam."),
    )
    consent_on = models.DateField(_("toestemming gegeven op"), null=True, blank=True)
    consent_until = models.DateField(_("toestemming geldt tot en met"), null=True, blank=True)
    consent_ended_on = models.DateField(
        _("toestemming ingetrokken op"), null=True, blank=True, editable=False
    )

    objects = StoryQuerySet.as_manager()

    class Meta(Page.Meta):
        verbose_name = _("verhaal")
        verbose_name_plural = _("verhalen")
        ordering = [F("published_at").desc(nulls_last=True), "pk"]
        constraints = [
            *Page.Meta.constraints,
            models.CheckConstraint(
                name="story_published_with_consent",
                condition=~Q(status=PageStatus.PUBLISHED)
                | Q(is_composed=True)
                | Q(consent_on__isnull=False, consent_ended_on=None) & ~Q(consent_from=""),
                violation_error_message=_("Zonder vastgelegde toestemming kan een verhaal niet op de site."),
            ),
            models.CheckConstraint(
                name="story_published_with_a_text",
                condition=~Q(status=PageStatus.PUBLISHED) | ~Q(title="") & ~Q(summary="") & ~Q(body=""),
            ),
            models.CheckConstraint(
                name="story_without_consent_is_erased",
                condition=Q(consent_ended_on=None) | Q(title="", summary="", body="", shown_as=""),
            ),
            models.CheckConstraint(
                name="story_consent_ends_after_it_begins",
                condition=Q(consent_on=None) | Q(consent_until=None) | Q(consent_until__gte=F("consent_on")),
                violation_error_message=_("De toestemming eindigt voor ze begint."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Gewist verhaal"))

    @property
    def is_told(self) -> bool:
        """Whether a visitor may read it now; a day too late is not waited for."""
        until = None if self.is_composed else self.consent_until
        return self.is_published and (until is None or until >= timezone.localdate())
