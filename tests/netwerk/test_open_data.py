"""What other systems read: they get what their standard asks for, and 304 when nothing changed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from django.conf import settings
from django.utils import timezone

from netwerk.models import KeyFigure, Version
from netwerk.views import open_data
from netwerk.vocabulary import Category, ItemKind, Phase, Topic
from tests.netwerk.test_items import make_item

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
DIWOO = "{https://standaarden.overheid.nl/diwoo/metadata/}"
ATOM = "{http://www.w3.org/2005/Atom}"
KERN = "https://identifier.overheid.nl/tooi/def/thes/kern/"


@pytest.fixture
def item():
    made = make_item(
        "onderzoek",
        title="Onderzoek <&> \x0b zo",
        kind=ItemKind.RESEARCH,
        category=Category.SCREENING,
        phases=[Phase.AFTER],
        topics=[Topic.ONLINE],
        year=2024,
    )
    for number in (1, 2):
        Version.objects.create(
            item=made,
            number=number,
            sha256=str(number) * 64,
            size=7,
            name="rapport.pdf",
            content_type="application/pdf",
        )
    return made


def tree(client, path: str) -> ElementTree.Element:
    response = client.get(path)
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)


def test_robots_lead_to_the_index_and_the_index_to_both_sitemaps(client, item):
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in client.get("/robots.txt").content.decode()
    parts = [loc.text for loc in tree(client, "/sitemap.xml").iter(f"{SITEMAP}loc")]
    assert parts == [
        f"{settings.SITE_URL}/{name}?deel=1" for name in ("pagina-sitemap.xml", "diwoo-sitemap.xml")
    ]
    pages = [loc.text for loc in tree(client, parts[0]).iter(f"{SITEMAP}loc")]
    assert pages == [f"{settings.SITE_URL}/toolkit/", f"{settings.SITE_URL}/toolkit/onderzoek/"]
    assert client.get("/diwoo-sitemap.xml?deel=x").status_code == 404


def test_a_public_document_stands_in_the_sitemap_with_what_diwoo_asks_for(client, item):
    (url,) = tree(client, "/diwoo-sitemap.xml").findall(f"{SITEMAP}url")
    assert url.findtext(f"{SITEMAP}loc") == f"{settings.SITE_URL}/toolkit/onderzoek/download/"
    found = url.find(f"{DIWOO}Document/{DIWOO}DiWoo")
    assert found is not None
    assert found.findtext(f"{DIWOO}creatiedatum") == f"{timezone.localdate():%Y-%m-%d}"
    publisher = found.find(f"{DIWOO}publisher")
    assert (publisher.get("resource"), publisher.text) == settings.PUBLISHER
    assert found.findtext(f"{DIWOO}titelcollectie/{DIWOO}officieleTitel") == "Onderzoek <&>  zo"
    category = found.find(f".//{DIWOO}informatiecategorie")
    assert (category.get("resource"), category.text) == (f"{KERN}c_fdaee95e", "onderzoeksrapporten")
    assert found.find(f"{DIWOO}format").get("resource").endswith("/file-type/PDF")
    handled = found.find(f".//{DIWOO}documenthandeling")
    assert handled.find(f"{DIWOO}soortHandeling").get("resource") == f"{KERN}c_641ecd76"
    assert re.match(r"\d{4}-\d\d-\d\dT", handled.findtext(f"{DIWOO}atTime"))


def test_the_feed_is_atom_with_a_name_and_a_moment_for_each(client, item):
    feed = tree(client, "/toolkit/atom.xml")
    assert feed.tag == f"{ATOM}feed"
    assert all(feed.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"{settings.SITE_URL}/toolkit/onderzoek/"
    assert all(entry.findtext(f"{ATOM}{name}") for name in ("title", "updated", "published", "summary"))


def faults(value: Any, schema: dict[str, Any], whole: dict[str, Any], at: str = "$") -> list[str]:
    """What of a value does not fit a schema: as much of JSON Schema as ours uses."""
    if "$ref" in schema:
        return faults(value, whole["$defs"][schema["$ref"].rsplit("/", 1)[-1]], whole, at)
    if "anyOf" in schema:
        tries = [faults(value, each, whole, at) for each in schema["anyOf"]]
        return [] if [] in tries else tries[0]
    names = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}
    names["number"] = int | float
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not isinstance(value, tuple(names[kind] for kind in kinds)):
        return [f"{at}: no {kinds}"]
    found = []
    if isinstance(value, dict):
        found += [f"{at}: lacks {name}" for name in schema["required"] if name not in value]
        found += [f"{at}: {name} is not in the schema" for name in value if name not in schema["properties"]]
        for name, each in schema["properties"].items():
            found += faults(value[name], each, whole, f"{at}.{name}") if name in value else []
    if isinstance(value, list):
        for number, each in enumerate(value):
            found += faults(each, schema["items"], whole, f"{at}[{number}]")
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{at}: {value} does not fit {schema['pattern']}")
    return found


def test_the_json_fits_its_schema_and_says_where_that_is(client, item):
    make_item("kaal")
    schema = json.loads(client.get("/toolkit/schema.json").content)
    data = json.loads(client.get("/toolkit/data.json").content)
    assert data["$schema"] == schema["$id"] == f"{settings.SITE_URL}/toolkit/schema.json"
    assert faults(data, schema, schema) == []
    assert [len(one["versions"]) for one in data["items"]] == [2, 0]
    assert faults(data | {"items": [{}]}, schema, schema)


def test_the_figures_fit_their_schema_with_what_the_page_shows_and_nothing_hidden(client):
    of = {"question": "Hoeveel?", "group": "raadsleden", "source": "Monitor", "topic": 1}
    KeyFigure.objects.create(slug="half", value="45.50", unit="percent", year=2024, **of)
    KeyFigure.objects.create(slug="geld", value=600_000, unit="euro_a_year", note="Rond", **of | {"topic": 5})
    KeyFigure.objects.create(slug="weg", value=1, unit="number", is_active=False, **of)
    schema = json.loads(client.get("/cijfers/schema.json").content)
    data = json.loads(client.get("/cijfers/data.json").content)
    assert data["$schema"] == schema["$id"] == f"{settings.SITE_URL}/cijfers/schema.json"
    assert faults(data, schema, schema) == []
    assert [(one["id"], one["value"], one["shown"], one["year"]) for one in data["figures"]] == [
        ("half", 45.5, "45,5%", 2024),
        ("geld", 600_000, "€ 600.000 per jaar", None),
    ]
    assert faults(data | {"figures": [{}]}, schema, schema)
    assert 'href="/cijfers/data.json"' in client.get("/cijfers/").content.decode()


def test_the_json_comes_in_pages(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(open_data, "IN_JSON", 2)
    for number in range(5):
        make_item(f"i-{number}")
    seen, path = [], "/toolkit/data.json"
    while path:
        with django_assert_num_queries(2):
            page = json.loads(client.get(path).content)
        seen += [one["id"] for one in page["items"]]
        path = (page["next"] or "").removeprefix(settings.SITE_URL)
    assert seen == [f"i-{number}" for number in range(5)]
    assert client.get("/toolkit/data.json?na=x").status_code == 404


PATHS = ["/toolkit/atom.xml", "/toolkit/data.json", "/toolkit/schema.json", "/sitemap.xml"]
PATHS += ["/pagina-sitemap.xml", "/diwoo-sitemap.xml", "/cijfers/data.json"]


@pytest.mark.parametrize("path", PATHS)
def test_who_has_the_latest_gets_304_until_something_changes(client, item, path):
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    item.title = "Anders"
    item.save(update_fields=["title"])
    make_item("nieuw-stuk")
    third = client.get(path, headers={"if-none-match": first.headers["ETag"]})
    same = path in ("/toolkit/schema.json", "/sitemap.xml", "/cijfers/data.json")
    assert third.status_code == (304 if same else 200)


REQUIRED = ["publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType"]
REQUIRED += ["description", "legal", "maintenance", "localisation"]


def test_publiccode_yml_has_what_its_standard_requires():
    found = yaml.safe_load((Path(settings.BASE_DIR) / "publiccode.yml").read_text(encoding="utf-8"))
    assert [name for name in REQUIRED if not found.get(name)] == []
    assert found["softwareType"] == "standalone/web"
    assert found["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    for text in found["description"].values():
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert text["features"]
    assert found["legal"]["license"] == "EUPL-1.2"
    assert found["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert found["maintenance"]["contacts"][0]["name"]
    assert found["localisation"]["localisationReady"] is True
    assert found["localisation"]["availableLanguages"]
