"""Several items in one ZIP: what goes in, under which names, for whom, and for how long."""

from __future__ import annotations

import hashlib
import io
import json
import resource
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from guardian.shortcuts import assign_perm

from netwerk import bundles, store
from netwerk.lifecycle import ItemStatus
from netwerk.models import Bundle, DownloadCount, Item, Version
from netwerk.tasks import release as tasks
from netwerk.vocabulary import Access
from weerbaar.accounts.roles import Role
from weerbaar.audit.models import AccessLog
from weerbaar.jobs import run_due

from .library import make_item, put_file

CHOOSE = "/mijn/toolkit/bundel/"


@pytest.fixture
def reader(make_user):
    return make_user(Role.AMBTSDRAGER)


@pytest.fixture
def browser(reader, sign_in):
    client = Client()
    sign_in(client, reader)
    return client


@pytest.fixture
def work(settings):
    def run() -> None:
        zones, settings.ZONES = settings.ZONES, frozenset()
        while run_due():
            pass
        settings.ZONES = zones

    return run


def names_in(response) -> list[str]:
    content = b"".join(response.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}
        return archive.namelist()


def test_what_was_ticked_comes_in_one_zip_with_a_manifest(browser, work):
    first, second = make_item("een"), make_item("twee")
    put_file(first, b"oud")
    put_file(first, b"nieuw", number=2)
    put_file(second, b"twee")
    address = browser.post(CHOOSE, {"item": [first.pk, second.pk]}).headers["Location"]
    assert "0% is klaar" in browser.get(address).content.decode()
    work()
    page = browser.get(address).content.decode()
    assert "met 2 bestanden" in page
    response = browser.get(f"{address}download/")
    content = b"".join(response.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["stuk.txt", "stuk (2).txt", "manifest.txt", "manifest.json"]
        assert archive.read("stuk.txt") == b"nieuw"
        manifest = json.loads(archive.read("manifest.json"))["files"]
        text = archive.read("manifest.txt").decode()
    assert [(one["name"], one["version"]) for one in manifest] == [("stuk.txt", 2), ("stuk (2).txt", 1)]
    assert manifest[0]["sha256"] == hashlib.sha256(b"nieuw").hexdigest()
    assert f"{manifest[1]['sha256']}  stuk (2).txt" in text
    assert DownloadCount.objects.filter(zone="mijn", count=1).count() == 2


def test_a_whole_topic_can_be_taken(browser, work):
    put_file(make_item("een", topics=["reporting"]))
    put_file(make_item("twee", topics=["home"]))
    response = browser.post(f"{CHOOSE}?onderwerp=reporting", {"all": "1"})
    work()
    assert names_in(browser.get(f"{response.headers['Location']}download/")) == [
        "stuk.txt",
        "manifest.txt",
        "manifest.json",
    ]


@pytest.mark.parametrize("posted", [{}, {"item": ["999999"]}, {"item": ["x"]}])
def test_an_empty_choice_is_refused_in_words(browser, posted):
    put_file(make_item())
    response = browser.post(CHOOSE, posted)
    assert response.status_code == 422
    assert "Kies ten minste" in response.content.decode()


@pytest.mark.parametrize("access", [Access.ORGANISATIONS, Access.TEAM])
def test_what_is_not_for_this_reader_is_neither_listed_nor_packed(browser, work, access):
    secret = make_item("geheim", record_access=Access.PUBLIC, file_access=access)
    put_file(secret, b"geheim")
    put_file(make_item("open"), b"open")
    assert "Geheim" not in browser.get(CHOOSE).content.decode()
    everything = [str(pk) for pk in Item.objects.values_list("pk", flat=True)]
    address = browser.post(CHOOSE, {"item": everything}).headers["Location"]
    work()
    bundle = Bundle.objects.get()
    assert [Version.objects.get(pk=pk).item.slug for pk in bundle.versions] == ["open"]
    assert browser.get(f"{address}download/").status_code == 200


CLOSED = [
    {"file_access": Access.TEAM},
    {"published_at": timezone.now() + timedelta(days=1)},
    {"status": ItemStatus.WITHDRAWN, "withdrawn_at": timezone.now()},
]


@pytest.mark.parametrize("change", CLOSED, ids=["level", "embargo", "withdrawn"])
def test_rights_are_asked_when_it_is_built_and_again_when_it_is_fetched(browser, work, change):
    item, other = make_item("een"), make_item("twee")
    put_file(item)
    put_file(other)
    address = browser.post(CHOOSE, {"item": [item.pk, other.pk]}).headers["Location"]
    Item.objects.filter(pk=item.pk).update(**change)
    work()
    assert len(Bundle.objects.get().versions) == 1
    assert browser.get(f"{address}download/").status_code == 200
    Item.objects.filter(pk=other.pk).update(**change)
    assert browser.get(f"{address}download/").status_code == 410
    assert "niet meer" in browser.get(address).content.decode()


def test_nothing_left_when_it_is_built_is_said(browser, work):
    item = make_item()
    put_file(item)
    address = browser.post(CHOOSE, {"item": [item.pk]}).headers["Location"]
    Item.objects.update(file_access=Access.TEAM)
    work()
    assert "niet meer" in browser.get(address).content.decode()
    assert browser.get(f"{address}download/").status_code == 404


def test_somebody_elses_bundle_is_not_there(browser, make_user):
    item = make_item()
    version = put_file(item)
    other = Bundle.objects.create(
        user=make_user(Role.AMBTSDRAGER), items=[item.pk], versions=[version.pk], state="ready", size=1
    )
    for end in ("", "download/"):
        assert browser.get(f"{CHOOSE}{other.pk}/{end}").status_code == 404


def test_progress_is_how_much_is_packed(browser, reader):
    bundle = Bundle.objects.create(user=reader, items=[1], total=1000)
    store.bundle_in_the_making(bundle.pk).write_bytes(b"x" * 420)
    assert "42% is klaar" in browser.get(f"{CHOOSE}{bundle.pk}/").content.decode()


def test_a_bundle_goes_after_a_day(browser, work):
    item = make_item()
    put_file(item)
    browser.post(CHOOSE, {"item": [item.pk]})
    work()
    bundle = Bundle.objects.get()
    tasks.clear_up(timezone.now() + timedelta(hours=23))
    assert store.bundle(bundle.pk).exists()
    tasks.clear_up(timezone.now() + timedelta(hours=25))
    assert not store.bundle(bundle.pk).exists()
    assert not Bundle.objects.exists()


def test_a_bundle_can_be_gone_on_with(browser, work):
    put_file(make_item(), b"x" * 5000)
    address = browser.post(CHOOSE, {"all": "1"}).headers["Location"] + "download/"
    work()
    whole = browser.get(address)
    content = b"".join(whole.streaming_content)
    rest = browser.get(address, headers={"Range": "bytes=1000-", "If-Range": whole.headers["ETag"]})
    assert rest.status_code == 206
    assert content[1000:] == b"".join(rest.streaming_content)


HOSTILE = [
    "../x.txt",
    "..\\x.txt",
    "/etc/x.txt",
    "x\u202etxt.exe.txt",
    "x\x07.txt",
    "CON.txt",
    "manifest.txt",
]


def test_five_thousand_files_under_safe_names_in_little_memory(reader):
    """Names of every kind; 5,000 files; and no more memory than the list of them takes."""
    item = make_item("basis")
    stored = store.keep([b"dezelfde bytes"])
    Item.objects.bulk_create(
        Item(
            slug=f"stuk-{number}",
            title=f"Stuk {number}",
            sort_key=f"stuk {number:05}",
            summary="x",
            kind="guide",
            status=ItemStatus.PUBLISHED,
            published_at=item.published_at,
        )
        for number in range(4999)
    )
    Version.objects.bulk_create(
        Version(
            item=each,
            number=1,
            sha256=stored.sha256,
            size=stored.size,
            name=HOSTILE[place % len(HOSTILE)],
            content_type="text/plain",
        )
        for place, each in enumerate(Item.objects.all())
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    versions = tasks.newest_files(list(Item.objects.values_list("pk", flat=True)), reader)
    entries = list(bundles.named(versions))
    half, target = store._folder("bundles") / "a.half", store._folder("bundles") / "a.zip"
    bundles.pack(half, target, entries)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert len(names) == 5002
    assert len({name.casefold() for name in names}) == 5002
    assert not any("/" in name or "\\" in name or ".." in name or "\u202e" in name for name in names)
    assert grown < 120_000  # KiB


def test_one_bundle_at_a_time_and_the_next_takes_the_place_of_the_last(browser, reader, work):
    item = make_item()
    put_file(item)
    browser.post(CHOOSE, {"item": [item.pk]})
    again = browser.post(CHOOSE, {"item": [item.pk]})
    assert (again.status_code, Bundle.objects.count()) == (422, 1)
    assert "Uw vorige bundel wordt nog gemaakt" in again.content.decode()
    work()
    first = Bundle.objects.get()
    assert browser.post(CHOOSE, {"item": [item.pk]}).status_code == 302
    until_then = browser.get(f"/mijn/toolkit/bundel/{first.pk}/download/")
    assert until_then.status_code == 200
    work()
    assert Bundle.objects.get().pk != first.pk
    assert not store.bundle(first.pk).exists()


def test_one_that_never_came_stands_in_nobodys_way(browser, reader):
    item = make_item()
    put_file(item)
    Bundle.objects.create(user=reader, items=[item.pk], asked_at=timezone.now() - timedelta(hours=2))
    assert browser.post(CHOOSE, {"item": [item.pk]}).status_code == 302
    assert Bundle.objects.count() == 1


def test_more_than_a_worker_can_pack_is_refused_in_words(browser, monkeypatch):
    monkeypatch.setattr("netwerk.actions.item.LARGEST_BUNDLE", 9)
    item = make_item()
    put_file(item, b"tien bytes")
    answer = browser.post(CHOOSE, {"item": [item.pk]})
    assert (answer.status_code, Bundle.objects.count()) == (422, 0)
    assert "hooguit 4 GB" in answer.content.decode()


def test_a_disk_that_is_nearly_full_holds_no_half_bundle(monkeypatch, tmp_path):
    version = put_file(make_item(), b"tien bytes")
    monkeypatch.setattr("netwerk.store.LEAST_ROOM", 10**18)
    with pytest.raises(store.NoRoom):
        bundles.pack(tmp_path / "half", tmp_path / "heel", list(bundles.named([version])))
    monkeypatch.setattr("netwerk.store.LEAST_ROOM", 0)
    store.path_of(version.sha256).unlink()
    with pytest.raises(FileNotFoundError):
        bundles.pack(tmp_path / "half", tmp_path / "heel", list(bundles.named([version])))
    assert list(tmp_path.iterdir()) == []


def test_who_takes_what_is_for_few_in_a_bundle_is_written_down(make_user, sign_in, work):
    client = Client()
    reader = make_user(Role.AMBTSDRAGER)
    sign_in(client, reader)
    few = {"record_access": Access.ORGANISATIONS, "file_access": Access.ORGANISATIONS}
    open_item, closed = make_item("open"), make_item("besloten", **few)
    assign_perm("netwerk.read_item", reader, closed)
    put_file(open_item, b"een")
    put_file(closed, b"twee")
    address = client.post(CHOOSE, {"item": [open_item.pk, closed.pk]}).headers["Location"]
    work()
    client.get(f"{address}download/", headers={"range": "bytes=-99999999"})
    found = AccessLog.objects.filter(detail__contains="bundel")
    assert [row.detail for row in found] == ["bundel met hulpmiddelen: besloten:1"]
