"""No list, count, facet, suggestion, feed, sitemap, JSON or mail knows an item above its reader's level.

Each access level × each reader × each way to see it. An item that is not for the reader has words that stand
nowhere else; none of them may come back.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from netwerk.functions import Function, Layer
from netwerk.lifecycle import ItemStatus
from netwerk.models import (
    Digest,
    Follow,
    Item,
    ItemOrganisation,
    Membership,
    Organisation,
    Partner,
    PartnerMember,
    Told,
    Version,
)
from netwerk.tasks.following import ask_for_digests
from netwerk.vocabulary import Access, Category, ItemKind, Phase, Spoor, Topic
from tests.netwerk.test_items import make_item
from weerbaar.accounts.roles import Role
from weerbaar.jobs import run_due

WORD = "kwalsterlijk"  # stands in no other item
MISSPELLED = "kwalsterlik"
TITLE = "Kwalsterlijke handelingen"
LONG_AGO = timezone.now() - timedelta(days=9)

READERS = ["stranger", "ambtsdrager", "raadslid", "officer", "eerste_lijn", "editor"]
OUT = {  # whose reader sees it
    "public": set(READERS),
    "network": set(READERS) - {"stranger"},
    "organisations": {"raadslid", "editor"},
    "team": {"eerste_lijn", "editor"},
    "embargo": set(),
    "draft": set(),
    "withdrawn": set(),
}
HIDDEN = {
    "embargo": {"published_at": timezone.now() + timedelta(days=1)},
    "draft": {"status": ItemStatus.DRAFT, "published_at": None},
    "withdrawn": {"status": ItemStatus.WITHDRAWN, "withdrawn_at": timezone.now()},
}


@pytest.fixture
def readers(make_user):
    almere = Organisation.objects.create(code="GM0034", name="Almere", layer=Layer.GEMEENTE)
    partner = Partner.objects.create(
        slug="p", name="P", kind=Partner.Kind.KNOWLEDGE, offers="Kennis", for_whom="allen"
    )
    raadslid, officer = make_user(Role.AMBTSDRAGER), make_user(Role.PARTNER)
    Membership.objects.create(
        user=raadslid, organisation=almere, function=Function.RAADSLID, confirmed_at=timezone.now()
    )
    PartnerMember.objects.create(user=officer, partner=partner)
    return {
        "stranger": None,
        "ambtsdrager": make_user(Role.AMBTSDRAGER),
        "raadslid": raadslid,
        "officer": officer,
        "eerste_lijn": make_user(Role.EERSTE_LIJN),
        "editor": make_user(Role.NETWERKBEHEER),
    }


def put(level: str) -> Item:
    """One item of a level, in every facet of its own; among others that everybody sees."""
    access = level if level in Access.values else Access.PUBLIC
    item = make_item(
        "geheim",
        title=TITLE,
        summary=f"Over {WORD} gedoe.",
        record_access=access,
        file_access=access,
        kind=ItemKind.TOOL,
        category=Category.SCREENING,
        phases=[Phase.AFTER],
        functions=[Function.DIJKGRAAF],
        topics=[Topic.LEGAL_PRESSURE],
        spoor=Spoor.DEMOCRACY,
        **HIDDEN.get(level, {}),
    )
    Version.objects.create(
        item=item, number=1, sha256="c" * 64, size=1, name="geheim.pdf", content_type="application/pdf"
    )
    ItemOrganisation.objects.create(item=item, organisation=Organisation.objects.get(code="GM0034"))
    for number in range(3):
        make_item(f"open-{number}", topics=[Topic.ONLINE], summary="Over wandelen.")
    return item


def page(client, who, path: str) -> str:
    """The list in the zone of this reader."""
    zone = f"/{who.zone}" if who else ""
    response = client.get(f"{zone}{path}")
    assert response.status_code == 200
    return response.content.decode()


LIST = {
    "list": "/toolkit/",
    "newest": "/toolkit/?volgorde=nieuwste",
    "title": "/toolkit/?volgorde=titel",
    "search": f"/toolkit/?q={WORD}",
    "search by compound": "/toolkit/?q=kwalster",
    "kind": "/toolkit/?soort=tool",
    "topic": "/toolkit/?onderwerp=legal_pressure",
    "function": "/toolkit/?voor=dijkgraaf",
    "phase": "/toolkit/?fase=after",
    "category": "/toolkit/?rubriek=screening",
    "spoor": "/toolkit/?spoor=3",
}
CHOICES = [
    "soort-tool",
    "onderwerp-legal_pressure",
    "voor-dijkgraaf",
    "fase-after",
    "rubriek-screening",
    "spoor-3",
]


@pytest.fixture(params=list(OUT))
def level(request):
    return request.param


@pytest.mark.parametrize("who", READERS)
def test_lists_counts_facets_and_suggestions(client, sign_in, readers, level, who):
    put(level)
    user, sees = readers[who], who in OUT[level]
    if user:
        sign_in(client, user)
    for way, path in LIST.items():
        text = page(client, user, path)
        assert (TITLE in text) == sees, way
    text = page(client, user, "/toolkit/")
    assert f"<title>{4 if sees else 3} hulpmiddelen" in text
    for choice in CHOICES:
        assert (f'id="{choice}"' in text) == sees, choice
    suggested = page(client, user, f"/toolkit/?q={MISSPELLED}")
    assert (WORD in suggested.replace(f"‘{MISSPELLED}’", "")) == sees
    assert ("Bedoelde u" in suggested) == sees


OPEN_DATA = [
    "/toolkit/atom.xml",
    "/toolkit/data.json",
    "/sitemap.xml",
    "/pagina-sitemap.xml",
    "/diwoo-sitemap.xml",
]


def test_feed_json_and_sitemaps(client, readers, level):
    put(level)
    sees = "stranger" in OUT[level]
    for path in OPEN_DATA:
        text = client.get(path).content.decode()
        assert ("geheim" in text) == (sees and path != "/sitemap.xml"), path
        assert WORD not in text or sees


@pytest.mark.parametrize("record", [Access.PUBLIC])
@pytest.mark.parametrize("file", [Access.NETWORK, Access.ORGANISATIONS, Access.TEAM])
def test_a_file_that_is_not_for_everybody_is_in_no_open_data(client, readers, record, file):
    put("public")
    Item.objects.filter(slug="geheim").update(record_access=record, file_access=file)
    assert "geheim.pdf" not in client.get("/toolkit/data.json").content.decode()
    assert "geheim" not in client.get("/diwoo-sitemap.xml").content.decode()


@pytest.mark.parametrize("who", READERS[1:])
def test_news_follow_list_and_digest(client, sign_in, readers, level, who, settings, tmp_path):
    settings.MAIL_DIR = str(tmp_path)
    user, sees = readers[who], who in OUT[level]
    Follow.objects.create(user=user, topic=Topic.LEGAL_PRESSURE, since=LONG_AGO)
    Digest.objects.create(user=user, rhythm=Digest.Rhythm.DAILY)
    item = put(level)
    Follow.objects.create(user=user, item=item, since=LONG_AGO)
    if user.zone == "mijn":
        sign_in(client, user)
        assert (TITLE in page(client, user, "/toolkit/nieuw/")) == sees
        followed = page(client, user, "/toolkit/volgen/")
        assert (TITLE in followed) == (sees or may_prepare(level, who))
    settings.ZONES = frozenset()  # as a worker
    at_noon = timezone.localtime().replace(hour=12)
    ask_for_digests(at_noon)
    run_due(at_noon + timedelta(days=1))
    assert len(list(tmp_path.glob("*.eml"))) == int(sees)
    assert Told.objects.filter(user=user, item=item).exists() == sees
    assert not any(WORD in path.read_text() or TITLE in path.read_text() for path in tmp_path.glob("*.eml"))


def may_prepare(level: str, who: str) -> bool:
    """Editors see what is not out yet, in their own lists; nobody else here does."""
    return who == "editor"


def test_no_mail_goes_about_what_was_closed_after_it_was_asked_for(readers, settings, tmp_path):
    settings.MAIL_DIR = str(tmp_path)
    user = readers["ambtsdrager"]
    Follow.objects.create(user=user, topic=Topic.LEGAL_PRESSURE, since=LONG_AGO)
    item = put("public")
    settings.ZONES = frozenset()  # as a worker
    at_noon = timezone.localtime().replace(hour=12)
    ask_for_digests(at_noon)
    Item.objects.filter(pk=item.pk).update(record_access=Access.TEAM, file_access=Access.TEAM)
    run_due(at_noon + timedelta(days=1))
    assert not list(tmp_path.glob("*.eml"))
