"""What the toolkit is found by: own words of the field, and an index of each item.

A trigger makes the index (migration 0004), in the same transaction as the item; nobody writes it by hand. It
stands twice: once of everything, and once of what is published for everybody. The public zone may read the
second alone, so that a public process that was taken over holds no word of what is not for the public. (Rows
hidden by a policy would do the same, but PostgreSQL uses no text index below a policy.)
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from netwerk import names
from weerbaar.audit.history import track

from .item import Item

WORD = RegexValidator(r"^[a-z0-9]+$", _("Eén woord, zonder spaties of streepjes."))
WORDS = RegexValidator(r"^[a-z0-9]+( [a-z0-9]+){0,3}$", _("Hooguit vier woorden, zonder leestekens."))


class Stems(Func):
    """The stems of a text, as the configuration `nl` makes them."""

    template = "tsvector_to_array(to_tsvector('public.nl'::regconfig, %(expressions)s::text))"


@track()
class Synonym(models.Model):
    """A word of the field and what it means here: who looks for the one finds the other.

    Three uses: what the stemmer misses (bedreigd: bedreiging), another word (doxxing: doxing), and what a
    compound is made of (woningscan: woning scan).
    """

    word = models.CharField(_("woord"), max_length=60, unique=True, validators=[WORD])
    meaning = models.CharField(
        _("betekent"),
        max_length=120,
        validators=[WORDS],
        help_text=_("Eén woord, of de delen van een samenstelling met een spatie ertussen."),
    )
    stems = models.GeneratedField(
        expression=Stems("word"), output_field=ArrayField(models.TextField()), db_persist=True
    )
    means = models.GeneratedField(
        expression=Stems("meaning"), output_field=ArrayField(models.TextField()), db_persist=True
    )

    class Meta:
        verbose_name = _("eigen woord")
        verbose_name_plural = _("eigen woorden")
        ordering = ["meaning", "word"]
        constraints = [
            models.CheckConstraint(name="synonym_word", condition=Q(word__regex=r"^[a-z0-9]+$")),
            models.CheckConstraint(
                name="synonym_meaning", condition=Q(meaning__regex=r"^[a-z0-9]+( [a-z0-9]+){0,3}$")
            ),
            models.CheckConstraint(
                name="synonym_of_another_word",
                condition=~Q(word=F("meaning")),
                violation_error_message=_("Een woord betekent niet zichzelf."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word}: {self.meaning}"

    def clean(self) -> None:
        """Meanings do not lead on to other meanings: a search takes one step."""
        if Synonym.objects.filter(word__in=self.meaning.split()).exclude(pk=self.pk).exists():
            raise ValidationError({"meaning": _("Dit woord heeft zelf al een betekenis. Neem die over.")})

    def clean_fields(self, exclude: Any = None) -> None:
        self.word, self.meaning = names.words(self.word), names.words(self.meaning)
        super().clean_fields(exclude=exclude)


class Index(models.Model):
    """The words of one item: as stems with their weight, and as they are written."""

    stems = SearchVectorField()
    words = SearchVectorField()

    class Meta:
        abstract = True


class FullIndex(Index):
    item = models.OneToOneField(Item, models.CASCADE, primary_key=True, related_name="full_index")

    class Meta:
        indexes = [
            GinIndex(fields=["stems"], name="full_index_stems"),
            GinIndex(fields=["words"], name="full_index_words"),
        ]

    def __str__(self) -> str:
        return str(self.item_id)


class PublicIndex(Index):
    item = models.OneToOneField(Item, models.CASCADE, primary_key=True, related_name="public_index")

    class Meta:
        indexes = [
            GinIndex(fields=["stems"], name="public_index_stems"),
            GinIndex(fields=["words"], name="public_index_words"),
        ]

    def __str__(self) -> str:
        return str(self.item_id)


class Word(models.Model):
    """A word that stands in an item, for "Bedoelde u". Whether a reader may see it is asked of the index."""

    word = models.CharField(max_length=60, unique=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.word


class FullWord(Word):
    class Meta:
        indexes = [GinIndex(fields=["word"], name="full_word_likeness", opclasses=["gin_trgm_ops"])]


class PublicWord(Word):
    class Meta:
        indexes = [GinIndex(fields=["word"], name="public_word_likeness", opclasses=["gin_trgm_ops"])]
