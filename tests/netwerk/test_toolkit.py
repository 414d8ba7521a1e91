"""The list of the toolkit: what it asks of the database, what it counts, what it says of nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from netwerk import actions
from netwerk.finding import PAGE
from netwerk.models import FullIndex, FullWord, Item, PublicIndex, PublicWord, Synonym
from netwerk.vocabulary import Access, ItemKind, Phase, Topic
from tests.netwerk.test_items import make_item
from weerbaar.accounts.roles import Role
from weerbaar.jobs import run_due
from weerbaar.jobs.models import Job


def titles(response) -> list[str]:
    return [item.title for item in response.context["items"]]


def counts(response, name: str) -> dict[str, int]:
    facet = next(facet for facet in response.context["facets"] if facet["name"] == name)
    return {value: count for value, _label, count, _checked in facet["choices"]}


@pytest.mark.parametrize("query", ["", "?q=beveiliging", "?q=beveiliging&soort=tool&onderwerp=online"])
def test_the_list_costs_the_same_with_three_and_with_thirty(client, django_assert_num_queries, query):
    def add(first, last):
        for number in range(first, last):
            make_item(f"i-{number}", summary="Over beveiliging.", kind=ItemKind.TOOL, topics=[Topic.ONLINE])

    add(0, 3)
    with django_assert_num_queries(2):
        assert client.get(f"/toolkit/{query}").context["total"] == 3
    add(3, 30)
    with django_assert_num_queries(2):
        assert client.get(f"/toolkit/{query}").context["total"] == 30
    with django_assert_num_queries(2):
        assert client.get("/toolkit/?q=bevieliging+van+uw+woonig").context["total"] == 0


def test_a_count_says_what_adding_that_choice_gives(client):
    make_item("a", kind=ItemKind.TOOL, phases=[Phase.BEFORE, Phase.AFTER])
    make_item("b", kind=ItemKind.TOOL, phases=[Phase.AFTER])
    make_item("c", kind=ItemKind.GUIDE, phases=[Phase.BEFORE])
    page = client.get("/toolkit/?soort=tool")
    assert sorted(titles(page)) == ["A", "B"]
    assert counts(page, "soort") == {"tool": 2, "guide": 1}
    assert counts(page, "fase") == {"before": 1, "after": 2}
    page = client.get("/toolkit/?soort=tool&soort=guide&fase=before")
    assert sorted(titles(page)) == ["A", "C"]
    assert counts(page, "fase") == {"before": 2, "after": 2}


def test_best_fit_comes_first_and_the_other_orders_do_what_they_say(client):
    old = timezone.now() - timedelta(days=9)
    make_item("zeker", title="Zeker", summary="Over nazorg.", published_at=timezone.now())
    make_item("nazorg", title="Nazorg", summary="Over later.", published_at=old)
    make_item("aan", title="Aan", summary="Nog iets.", body="Met nazorg.")
    assert titles(client.get("/toolkit/?q=nazorg")) == ["Nazorg", "Zeker", "Aan"]
    assert titles(client.get("/toolkit/?q=nazorg&volgorde=nieuwste")) == ["Zeker", "Aan", "Nazorg"]
    assert titles(client.get("/toolkit/?q=nazorg&volgorde=titel")) == ["Aan", "Nazorg", "Zeker"]


def test_pages_of_twenty_say_how_many_and_keep_the_question(client):
    for number in range(PAGE + 5):
        make_item(f"i-{number}", summary="Over nazorg.")
    page = client.get("/toolkit/?q=nazorg&soort=guide")
    text = page.content.decode()
    assert "<title>25 hulpmiddelen" in text
    assert "?q=nazorg&amp;soort=guide&amp;pagina=2" in text
    assert len(titles(page)) == PAGE
    last = client.get("/toolkit/?q=nazorg&soort=guide&pagina=2")
    assert len(titles(last)) == 5
    assert "bladzijde 2" in last.content.decode()
    for odd in ("0", "-1", "x", "99", "²", "9" * 30):
        assert client.get("/toolkit/", {"pagina": odd}).status_code == 200


@pytest.mark.parametrize(
    "typed",
    ["'", "\\", "a & b | !c", "<script>", "x" * 5000, "de", "(((", "\x00", "%s %(a)s", "naïef:*", "😀"],
)
def test_whatever_is_typed_gives_a_page(client, typed):
    make_item()
    response = client.get("/toolkit/", {"q": typed})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


def test_nothing_found_says_what_to_do(client):
    make_item("een", summary="Over bedreiging.")
    text = client.get("/toolkit/?q=bedreging").content.decode()
    assert "Er is niets gevonden." in text
    assert 'href="/toolkit/?q=bedreiging">bedreiging</a>' in text
    assert "Bekijk de hele toolkit" in text


def test_a_right_word_beside_a_wrong_one_stays_as_it_is(client):
    make_item("een", summary="Bedreiging van raadsleden.")
    assert client.get("/toolkit/?q=raadslid bedreging").context["suggestion"] == "raadslid bedreiging"


def test_the_index_follows_the_item(client):
    item = make_item("een", summary="Over kwalsters.")
    assert client.get("/toolkit/?q=kwalsters").context["total"] == 1
    Item.objects.filter(pk=item.pk).update(summary="Over mieren.")
    assert client.get("/toolkit/?q=kwalsters").context["total"] == 0
    assert client.get("/toolkit/?q=mieren").context["total"] == 1
    Item.objects.filter(pk=item.pk).update(record_access=Access.TEAM, file_access=Access.TEAM)
    assert not PublicIndex.objects.exists()
    assert FullIndex.objects.count() == 1


def test_a_new_word_of_our_own_counts_once_everything_was_read_anew(client):
    make_item("een", summary="Over bestuursdwang.")
    Synonym.objects.create(word="pressie", meaning="bestuursdwang")
    make_item("twee", summary="Over pressie.")
    assert client.get("/toolkit/?q=pressie").context["total"] == 2
    Synonym.objects.create(word="aandrang", meaning="bestuursdwang")
    make_item("drie", summary="Zonder.")
    Item.objects.filter(slug="drie").update(body="aandrang")
    Synonym.objects.filter(word="pressie").delete()
    with transaction.atomic():
        actions.read_anew()
        actions.read_anew()
    assert Job.objects.filter(name="netwerk.finding.index_all").count() == 1
    run_due(timezone.now() + timedelta(minutes=3))
    assert client.get("/toolkit/?q=bestuursdwang").context["total"] == 2


def test_words_that_stand_nowhere_any_more_are_forgotten_when_all_is_read_anew():
    item = make_item("een", summary="Over kwalsters.")
    Item.objects.filter(pk=item.pk).update(summary="Over mieren.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT netwerk_index_all()")
    for words in (FullWord, PublicWord):
        assert set(words.objects.values_list("word", flat=True)) == {"over", "mieren"}


def test_editors_keep_up_the_words_and_a_meaning_leads_nowhere_else(client, sign_in, make_user):
    sign_in(client, make_user(Role.NETWERKBEHEER))
    path = "/beheer/netwerk/synonym/add/"
    assert client.post(path, {"word": "Pressié", "meaning": "bestuursdwang"}).status_code == 302
    assert Synonym.objects.get(word="pressie").means == ["bestuursdwang"]
    refused = client.post(path, {"word": "druk", "meaning": "pressie"})
    assert "Neem die over" in refused.content.decode()
    assert client.post(path, {"word": "twee woorden", "meaning": "iets"}).status_code == 200
    assert Job.objects.filter(name="netwerk.finding.index_all").count() == 1


def test_no_shipped_meaning_leads_to_another():
    words = set(Synonym.objects.values_list("word", flat=True))
    assert not [one for one in Synonym.objects.all() if set(one.meaning.split()) & words]
