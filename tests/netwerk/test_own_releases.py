"""A partner's own desk: an officer's releases, and nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from netwerk.lifecycle import ItemStatus
from netwerk.models import DownloadCount, Item, Partner, PartnerMember
from netwerk.vocabulary import Access
from weerbaar.accounts.roles import Role

from .library import make_item, put_file

DESK = "/mijn/organisatie/uitgaven/"
ANSWERS = {
    "title": "Veilig thuis",
    "kind": "factsheet",
    "summary": "Wat u thuis kunt doen.",
    "topics": ["home"],
    "access": "network",
}


@pytest.fixture
def partner():
    return Partner.objects.create(slug="voorbeeld", name="Voorbeeld", kind="knowledge")


@pytest.fixture
def officer(make_user, partner):
    user = make_user(Role.PARTNER)
    PartnerMember.objects.create(partner=partner, user=user)
    return user


@pytest.fixture
def browser(officer, sign_in):
    client = Client()
    sign_in(client, officer)
    return client


def test_an_officer_writes_publishes_and_withdraws(browser, partner):
    response = browser.post(f"{DESK}nieuw/", ANSWERS)
    assert response.status_code == 302
    item = Item.objects.get(slug="voorbeeld-veilig-thuis")
    assert (item.partner, item.status, item.file_access) == (partner, ItemStatus.DRAFT, Access.NETWORK)
    assert browser.get("/mijn/toolkit/voorbeeld-veilig-thuis/").status_code == 200  # the preview
    assert browser.post(f"{DESK}voorbeeld-veilig-thuis/publiceren/", {}).status_code == 302
    item.refresh_from_db()
    assert item.is_visible_now()
    assert browser.post(f"{DESK}voorbeeld-veilig-thuis/intrekken/", {}).status_code == 422
    assert (
        browser.post(f"{DESK}voorbeeld-veilig-thuis/intrekken/", {"because": "Verouderd."}).status_code == 302
    )
    item.refresh_from_db()
    assert item.status == ItemStatus.WITHDRAWN


def test_two_equal_titles_get_two_addresses(browser):
    for _ in range(2):
        browser.post(f"{DESK}nieuw/", ANSWERS)
    browser.post(f"{DESK}nieuw/", ANSWERS | {"title": "!"})
    slugs = ["voorbeeld", "voorbeeld-veilig-thuis", "voorbeeld-veilig-thuis-2"]
    assert sorted(Item.objects.values_list("slug", flat=True)) == slugs


def test_an_address_does_not_tell_what_one_may_not_see(browser):
    make_item("veilig-thuis", title="Veilig thuis", record_access=Access.TEAM, file_access=Access.TEAM)
    browser.post(f"{DESK}nieuw/", ANSWERS)
    assert Item.objects.filter(slug="voorbeeld-veilig-thuis").exists()


def test_nothing_typed_is_lost(browser):
    response = browser.post(f"{DESK}nieuw/", ANSWERS | {"title": ""})
    assert response.status_code == 422
    assert "Wat u thuis kunt doen." in response.content.decode()


def test_an_officer_does_not_choose_the_team_or_another_partner(browser, partner):
    other = Partner.objects.create(slug="ander", name="Ander", kind="knowledge")
    assert browser.post(f"{DESK}nieuw/", ANSWERS | {"access": "team"}).status_code == 422
    browser.post(f"{DESK}nieuw/", ANSWERS | {"partner": other.pk, "status": "published"})
    item = Item.objects.get()
    assert (item.partner, item.status) == (partner, ItemStatus.DRAFT)


def test_a_change_keeps_what_a_colleague_did_meanwhile(browser, partner):
    item = make_item("eigen", partner=partner, source="Bron")
    browser.get(f"{DESK}eigen/wijzigen/")
    Item.objects.filter(pk=item.pk).update(source="Nieuwe bron")
    answers = ANSWERS | {"title": "Anders", "access": "public"}
    assert browser.post(f"{DESK}eigen/wijzigen/", answers).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.source, item.status) == ("Anders", "Nieuwe bron", ItemStatus.PUBLISHED)


ENDS = ["", "wijzigen/", "bestand/", "publiceren/", "terug/", "intrekken/"]


@pytest.mark.parametrize("end", ENDS)
def test_a_release_of_another_is_not_there(browser, end):
    make_item("van-ander", partner=Partner.objects.create(slug="a", name="A", kind="knowledge"))
    make_item("van-niemand")
    for slug in ("van-ander", "van-niemand", "nergens"):
        assert browser.get(f"{DESK}{slug}/{end}").status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"valid_until": timezone.localdate()}, {"valid_from": timezone.localdate() + timedelta(days=1)}],
)
def test_who_speaks_for_nobody_now_finds_no_desk(browser, officer, change):
    officer.partners.update(**{"valid_from": timezone.localdate() - timedelta(days=9)} | change)
    for address in (DESK, f"{DESK}nieuw/"):
        assert browser.get(address).status_code == 404


def test_an_ambtsdrager_finds_no_desk(make_user, sign_in):
    client = Client()
    sign_in(client, make_user(Role.AMBTSDRAGER))
    assert client.get(DESK).status_code == 404


def test_small_numbers_are_not_told(browser, partner):
    item = make_item("eigen", partner=partner)
    version = put_file(item)
    today = timezone.localdate().replace(day=1)
    for month, count in ((today, 9), (today - timedelta(days=40), 12)):
        DownloadCount.objects.create(version=version, day=month, zone="publiek", count=count)
    page = browser.get(f"{DESK}eigen/").content.decode()
    assert "<td>minder dan 10</td>" in page
    assert "<td>12</td>" in page
    assert "<td>9</td>" not in page


def test_the_desk_costs_the_same_with_three_and_with_thirty(browser, partner, django_assert_num_queries):
    for number in range(3):
        make_item(f"stuk-{number}", partner=partner)
    browser.get(DESK)
    with django_assert_num_queries(4):
        browser.get(DESK)
    for number in range(3, 30):
        make_item(f"stuk-{number}", partner=partner)
    with django_assert_num_queries(4):
        browser.get(DESK)


@pytest.mark.parametrize("narrowed", ["before", "while it is read"])
def test_a_change_opens_no_file_that_the_editors_closed(browser, partner, narrowed):
    item = make_item(partner=partner, record_access=Access.PUBLIC, file_access=Access.PUBLIC)
    page = browser.get(f"{DESK}leidraad/wijzigen/").content.decode()
    assert 'name="access"' in page
    Item.objects.filter(pk=item.pk).update(file_access=Access.TEAM)
    if narrowed == "before":
        assert 'name="access"' not in browser.get(f"{DESK}leidraad/wijzigen/").content.decode()
    answers = ANSWERS | {"access": "public", "title": "Zonder typefout"}
    assert browser.post(f"{DESK}leidraad/wijzigen/", answers).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.record_access, item.file_access) == ("Zonder typefout", "public", "team")
