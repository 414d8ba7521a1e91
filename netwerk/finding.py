"""Looking for something in the toolkit: the words, the facets with their counts, and "Bedoelde u".

Everything starts from `Item.objects.visible_to(user)`: rows, counts, facets and suggestions alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramSimilarity
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextChoices, Value
from django.utils.translation import gettext_lazy as _

from netwerk import names
from netwerk.functions import Function
from netwerk.models import FullIndex, FullWord, Item, PublicIndex, PublicWord
from netwerk.models.item import ItemQuerySet
from netwerk.vocabulary import Category, ItemKind, Phase, Spoor, Topic

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from weerbaar.accounts.models import User

LONGEST = 200  # characters of a search
MOST_WORDS = 10
PAGE = 20
MOST_PAGES = 50
RANKED = 500  # the newest so many that fit are put in order of relevance: ranking all of them costs too much
NEAR = 20  # words that look like a misspelling


class Order(TextChoices):
    RELEVANCE = "relevantie", _("Best passend")
    NEWEST = "nieuwste", _("Nieuwste eerst")
    TITLE = "titel", _("Titel, van a tot z")


@dataclass(frozen=True)
class Facet:
    """A way to narrow down: its name in the address, its column, and what there is to choose."""

    name: str
    label: Any
    column: str
    choices: type[TextChoices]
    has_many: bool = False  # an item has a list of these

    def filter(self, chosen: list[str]) -> Q:
        return Q(**{f"{self.column}__{'overlap' if self.has_many else 'in'}": chosen}) if chosen else Q()


FACETS = [
    Facet("soort", _("Soort"), "kind", ItemKind),
    Facet("onderwerp", _("Onderwerp"), "topics", Topic, has_many=True),
    Facet("voor", _("Voor wie"), "functions", Function, has_many=True),
    Facet("fase", _("Fase"), "phases", Phase, has_many=True),
    Facet("rubriek", _("Rubriek van het netwerk"), "category", Category),
    Facet("spoor", _("Spoor van het programma"), "spoor", Spoor),
]


class NlQuery(SearchQuery):
    """The words of a search as our own function reads them: stems, own words, beginnings of compounds."""

    def __init__(self, value: Any, **kwargs: Any) -> None:
        super().__init__(value, **kwargs)
        self.function = "nl_query"


class ReadOnce(NlQuery):
    """The same where no index asks for it: read once for all rows, and not once for each."""

    template = f"(SELECT {NlQuery.template})"


@dataclass
class Search:
    """What a reader asks. `only_public` says that this is the public zone, which has an index of its own."""

    user: User | AnonymousUser
    text: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    order: str = Order.RELEVANCE
    only_public: bool = False

    @property
    def typed(self) -> str:
        """The words, without what is not a letter or a digit; "" when nothing is looked for."""
        return " ".join(names.words(self.text[:LONGEST]).split()[:MOST_WORDS])

    @property
    def index(self) -> str:
        return "public_index" if self.only_public else "full_index"

    def visible(self) -> ItemQuerySet:
        return Item.objects.visible_to(self.user).published()

    def found(self) -> ItemQuerySet:
        """What has the words, before anything is chosen."""
        return self.visible().filter(self._has(self.typed)) if self.typed else self.visible()

    def _has(self, words: Any) -> Q:
        return Q(**{f"{self.index}__stems": NlQuery(words)})

    def items(self) -> ItemQuerySet:
        """What fits, in the order that was asked for."""
        fits = self.found()
        for facet in FACETS:
            fits = fits.filter(facet.filter(self.chosen.get(facet.name, [])))
        if self.order == Order.TITLE:
            return fits.order_by("sort_key", "pk")
        if self.order == Order.NEWEST or not self.typed:
            return fits.order_by("-published_at", "-pk")
        newest = fits.order_by("-published_at", "-pk").values("pk")[:RANKED]
        rank = SearchRank(F(f"{self.index}__stems"), ReadOnce(self.typed))
        best = Item.objects.filter(pk__in=newest).annotate(rank=rank)
        return best.order_by("-rank", "-published_at", "-pk")

    def counts(self) -> dict[str, dict[str, int]]:
        """How many fit in all (under ""), and with each choice of each facet: in one query.

        The count beside a choice is what one gets by adding it: the other facets count, its own does not.
        Items that are alike in all facets are counted together first.
        """
        alike = self.found().order_by().values(*(facet.column for facet in FACETS))
        found, params = alike.annotate(number=Count("*")).query.sql_with_params()
        parts, args = [], list(params)
        for facet in [None, *FACETS]:
            part, more = self._counted(facet)
            parts.append(part)
            args += more
        counts: dict[str, dict[str, int]] = {"": {"": 0}} | {facet.name: {} for facet in FACETS}
        with connection.cursor() as cursor:
            cursor.execute(f"WITH found AS MATERIALIZED ({found}) {' UNION ALL '.join(parts)}", args)
            for name, key, count in cursor.fetchall():
                counts[name][key] = count
        return counts

    def _counted(self, facet: Facet | None) -> tuple[str, list[Any]]:
        """The SQL that counts the choices of a facet, or everything."""
        chosen = self.chosen
        others = [(each, chosen[each.name]) for each in FACETS if each != facet and each.name in chosen]
        where = " AND ".join(
            f"{each.column} {'&& %s::varchar[]' if each.has_many else '= ANY(%s)'}"
            for each, _values in others
        )
        args: list[Any] = [values for _each, values in others]
        only = f" WHERE {where}" if where else ""
        if facet is None:
            return f"SELECT '', '', coalesce(sum(number), 0)::int FROM found{only}", args  # noqa: S608 - constants of ours
        key = "key" if facet.has_many else facet.column
        rows = f"found, unnest({facet.column}) key" if facet.has_many else "found"
        return f"SELECT '{facet.name}', {key}, sum(number)::int FROM {rows}{only} GROUP BY {key}", args  # noqa: S608 - constants of ours

    def suggestion(self) -> str:
        """The same search with the words that nothing has put right; "" when there is nothing better.

        Only words that stand in an item which this reader may see: in one query for all words.
        """
        typed = self.typed.split()
        better = dict(self._better(typed)) if typed else {}
        return " ".join(better.get(word, word) for word in typed) if better else ""

    def _better(self, typed: list[str]) -> Iterator[tuple[str, str]]:
        words, index = (PublicWord, PublicIndex) if self.only_public else (FullWord, FullIndex)
        visible = self.visible().values("pk")
        asked: list[QuerySet] = []
        for word in dict.fromkeys(typed):
            likeness = TrigramSimilarity("word", word)
            near: QuerySet[Any] = words.objects.filter(word__trigram_similar=word).order_by(
                likeness.desc(), "word"
            )[:NEAR]
            stands = index.objects.filter(
                item__in=visible, words=SearchQuery(OuterRef("word"), config="simple", search_type="plain")
            )
            known = index.objects.filter(item__in=visible, stems=NlQuery(Value(word)))
            asked.append(
                words.objects.filter(Exists(stands), ~Exists(known), pk__in=near.values("pk"))
                .order_by(likeness.desc(), "word")
                .values_list(Value(word), "word")[:1]
            )
        first, *rest = asked
        yield from first.union(*rest, all=True) if rest else first
