from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk import names
from netwerk.functions import Layer
from weerbaar.audit.history import track

from .validity import ends_after_it_begins, in_force

LONGEST = 120  # characters of a search; no name is longer
LOOKS_LIKE = 0.5  # how much of a typed word must be found back for a misspelling to count


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def current(self, on: date | None = None) -> Self:
        """Organisations that exist on a day, today by default."""
        return self.filter(in_force(on))

    def search(self, text: str) -> Self:
        """Best match first: the whole name, then how it begins, then a word in it, then what looks like it.

        Accents, capitals and punctuation do not matter; other names ("Den Haag") count as names.
        """
        organisations, text = self._of_named_layer(text[:LONGEST])
        typed = names.words(text)
        if not typed:
            return self.none()
        fits = {
            "whole": Q(search_key__contains=f"|{typed}|"),
            "begin": Q(search_key__contains=f"|{typed}"),
            "word": Q(search_key__contains=f" {typed}"),
        }
        rank = Case(
            *(When(fit, then=Value(place)) for place, fit in enumerate(fits.values())),
            default=Value(len(fits)),
            output_field=IntegerField(),
        )
        return (
            organisations.annotate(likeness=TrigramWordSimilarity(typed, "search_key"), rank=rank)
            .filter(fits["begin"] | fits["word"] | Q(likeness__gte=LOOKS_LIKE))
            .order_by("rank", "-likeness", "sort_key", "code")
        )

    def named(self, text: str) -> Self:
        """Those whose whole name, or another name of theirs, this is."""
        organisations, text = self._of_named_layer(text[:LONGEST])
        return organisations.filter(search_key__contains=f"|{names.words(text) or '-'}|")

    def _of_named_layer(self, text: str) -> tuple[Self, str]:
        """ "Utrecht (gemeente)", as a label says it, means the gemeente alone."""
        name, _bracket, last = text.strip().rpartition("(")
        for layer in Layer:
            if name and last.removesuffix(")").strip().lower() == layer.label:
                return self.filter(layer=layer), name
        return self, text


@track()
class Organisation(models.Model):
    """A gemeente, provincie, waterschap or Caribbean openbaar lichaam, by its official code (TOOI)."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("naam"), max_length=120)
    aliases = models.CharField(
        _("andere namen"), max_length=200, blank=True, help_text=_("Gescheiden door een puntkomma.")
    )
    sort_key = models.CharField(max_length=120, editable=False)
    search_key = models.CharField(max_length=400, editable=False)
    layer = models.CharField(_("bestuurslaag"), max_length=20, choices=Layer)
    province_code = models.CharField(_("provincie"), max_length=4, blank=True)
    valid_from = models.DateField(_("bestaat vanaf"), null=True, blank=True)
    valid_until = models.DateField(
        _("bestaat tot"),
        null=True,
        blank=True,
        help_text=_("De eerste dag dat de organisatie er niet meer is."),
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("opvolger"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )

    rank: int  # set by search(): 0 for a whole name

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisatie")
        verbose_name_plural = _("organisaties")
        permissions = [
            ("import_organisation", _("leest organisaties in uit een bestand")),
            ("export_organisation", _("exporteert organisaties")),
        ]
        ordering = ["sort_key", "layer"]
        indexes = [
            models.Index("sort_key", "layer", name="organisation_sort"),
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="organisation_search"),
        ]
        constraints = [
            ends_after_it_begins("organisation_ends_after_it_begins"),
            models.CheckConstraint(
                name="organisation_code_fits_layer",
                condition=Q(layer=Layer.GEMEENTE, code__regex=r"^GM\d{4}$")
                | Q(layer=Layer.PROVINCIE, code__regex=r"^PV\d{2}$")
                | Q(layer=Layer.WATERSCHAP, code__regex=r"^WS\d{4}$")
                | Q(layer=Layer.OPENBAAR_LICHAAM, code__regex=r"^COL\d{2}$"),
                violation_error_message=_("De code past niet bij de bestuurslaag."),
            ),
            models.CheckConstraint(name="organisation_successor_is_another", condition=~Q(successor=F("id"))),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.fill_keys()
        if update_fields is not None and {"name", "aliases"} & set(update_fields):
            update_fields = {*update_fields, "sort_key", "search_key"}
        super().save(update_fields=update_fields, **kwargs)

    def fill_keys(self) -> None:
        """Derive what lists sort and search by; bulk writes call this themselves."""
        self.sort_key = names.sort_key(self.name)
        self.search_key = names.search_key(self.name, *self.aliases.split(";"))

    @property
    def label(self) -> str:
        """The name with its layer, since Utrecht is both a gemeente and a provincie."""
        return f"{self.name} ({self.get_layer_display()})"

    def heir(self) -> Organisation | None:
        """What has become of it in the end, over more than one merger; None when nothing took its place."""
        heir, passed = self.successor, {self.pk}
        while heir and heir.valid_until and heir.valid_until <= timezone.localdate():
            if heir.pk in passed:
                return None
            passed.add(heir.pk)
            heir = heir.successor
        return heir

    @property
    def is_caribbean(self) -> bool:
        """In Bonaire, Sint Eustatius or Saba: other emergency number, other time zone."""
        return self.layer == Layer.OPENBAAR_LICHAAM
