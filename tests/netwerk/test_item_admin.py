"""The editors' desk of the library."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from netwerk.lifecycle import ItemStatus
from netwerk.models import DownloadCount, Item, ItemUserObjectPermission, Organisation, Partner
from netwerk.vocabulary import Access
from weerbaar.accounts.roles import Role

from .library import make_item, put_file

LIST = "/beheer/netwerk/item/"


@pytest.fixture
def browser(make_user, sign_in):
    client = Client()
    sign_in(client, make_user(Role.NETWERKBEHEER, name="Roos Redactie"))
    return client


FILLED = {
    "title": "Leidraad",
    "slug": "leidraad",
    "summary": "Wat te doen.",
    "kind": "guide",
    "spoor": "1",
    "functions": ["raadslid", "burgemeester"],
    "topics": ["reporting"],
    "record_access": "public",
    "file_access": "public",
}


def test_an_editor_describes_previews_publishes_and_withdraws(browser):
    assert browser.post(f"{LIST}add/", FILLED).status_code == 302
    item = Item.objects.get()
    assert (item.status, item.functions) == (ItemStatus.DRAFT, ["raadslid", "burgemeester"])
    page = browser.get(f"{LIST}{item.pk}/change/").content.decode()
    assert 'href="/beheer/toolkit/leidraad/"' in page
    assert "Dit is een concept" in browser.get("/beheer/toolkit/leidraad/").content.decode()
    moment = {"day_dag": "1", "day_maand": "7", "day_jaar": "2099", "time": "9:00"}
    assert browser.post(f"{LIST}{item.pk}/publiceren/", moment).status_code == 302
    item.refresh_from_db()
    assert timezone.localtime(item.published_at).isoformat() == "2099-07-01T09:00:00+02:00"
    assert browser.post(f"{LIST}{item.pk}/terug/").status_code == 302
    assert browser.post(f"{LIST}{item.pk}/publiceren/", {}).status_code == 302
    assert browser.post(f"{LIST}{item.pk}/intrekken/", {"because": "Verouderd."}).status_code == 302
    item.refresh_from_db()
    assert item.withdrawn_because == "Verouderd."


def test_who_published_what_is_told_from_the_history(browser):
    item = make_item(status=ItemStatus.DRAFT, published_at=None)
    browser.post(f"{LIST}{item.pk}/publiceren/", {})
    page = browser.get(f"{LIST}{item.pk}/change/").content.decode()
    assert "Wie publiceerde wat" in page
    assert "Gepubliceerd" in page.split("Wie publiceerde wat")[1]
    assert "Roos Redactie" in page.split("Wie publiceerde wat")[1]


def test_the_address_stays_once_it_was_out(browser):
    item = make_item()
    browser.post(f"{LIST}{item.pk}/change/", FILLED | {"slug": "anders", "title": "Nieuw"})
    item.refresh_from_db()
    assert (item.slug, item.title) == ("leidraad", "Nieuw")


def test_a_wider_file_than_its_record_is_an_error_in_words(browser):
    item = make_item()
    answers = FILLED | {"record_access": "team"}
    page = browser.post(f"{LIST}{item.pk}/change/", answers).content.decode()
    assert "niet voor meer mensen" in page


def test_access_is_given_and_taken_away_one_at_a_time(browser, make_user):
    item = make_item(record_access=Access.ORGANISATIONS, file_access=Access.ORGANISATIONS)
    partner = Partner.objects.create(slug="a", name="A", kind="security")
    place = Organisation.objects.create(code="GM0034", name="Almere", layer="gemeente")
    person = make_user(Role.AMBTSDRAGER)
    address = f"{LIST}{item.pk}/toegang/"
    assert browser.post(address, {"add": "1", "organisation": place.name}).status_code == 302
    assert browser.post(address, {"add": "1", "partner": partner.pk}).status_code == 302
    assert browser.post(address, {"add": "1", "user": person.email}).status_code == 302
    assert browser.post(address, {"add": "1"}).status_code == 422
    assert browser.post(address, {"add": "1", "partner": partner.pk, "user": person.email}).status_code == 422
    assert {str(each) for each in item.granted_to.all()} == {"Almere (gemeente)", "A"}
    page = browser.get(address).content.decode()
    assert person.email in page
    grant = ItemUserObjectPermission.objects.get()
    assert browser.post(address, {"end": f"person:{grant.pk}"}).status_code == 302
    for each in item.granted_to.all():
        browser.post(address, {"end": f"group:{each.pk}"})
    assert browser.post(address, {"end": "group:x"}).status_code == 404
    assert not item.granted_to.exists()
    assert not ItemUserObjectPermission.objects.exists()


def test_downloads_are_drawn_and_told_in_a_table(browser):
    version = put_file(make_item())
    DownloadCount.objects.create(version=version, day=timezone.localdate(), zone="publiek", count=3)
    page = browser.get(f"{LIST}{version.item_id}/downloads/").content.decode()
    assert "<svg" in page
    assert '<td class="getal">3</td>' in page


def test_many_are_published_at_once_and_each_refusal_is_told(browser):
    draft, out = make_item("een", status=ItemStatus.DRAFT, published_at=None), make_item("twee")
    data = {"action": "publish_now", "_selected_action": [draft.pk, out.pk]}
    page = browser.post(LIST, data, follow=True).content.decode()
    draft.refresh_from_db()
    assert draft.is_visible_now()
    assert "Twee:" in page


def test_descriptions_go_out_to_a_file_and_come_back_whole_or_not_at_all(browser):
    make_item("een", topics=["reporting", "home"], functions=["raadslid"], summary="=1+1")
    out = browser.post(f"{LIST}exporteren/", {"format": "csv"})
    content = b"".join(out.streaming_content) if out.streaming else out.content
    assert b"Melden en aangifte; Veilig wonen" in content
    lines = "In het adres,Titel,Samenvatting,Soort,Wie vindt het,Wie downloadt het\n"
    good = "nieuw-stuk,Nieuw stuk,Wat het is.,Handreiking,Openbaar,Ondersteuningsteam\n"
    wider = "fout,Te ruim,Wat het is.,Handreiking,Ondersteuningsteam,Openbaar\n"
    page = read(browser, lines + good + wider).content.decode()
    assert "niet voor meer mensen" in page
    assert not Item.objects.filter(slug="nieuw-stuk").exists()
    page = read(browser, lines + good).content.decode()
    assert "Regel" not in page, page
    sealed = re.search(r'name="lines" value="([^"]+)"', page)[1]
    assert browser.post(f"{LIST}inlezen/", {"lines": sealed}).status_code == 302
    item = Item.objects.get(slug="nieuw-stuk")
    assert (item.status, item.file_access, item.sort_key) == ("draft", "team", "nieuw stuk")


def read(browser, text: str):
    file = SimpleUploadedFile("lijst.csv", text.encode())
    return browser.post(f"{LIST}inlezen/", {"file": file})
