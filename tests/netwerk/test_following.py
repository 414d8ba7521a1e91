"""Following items and topics, and one neutral mail about what is new."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from netwerk import actions
from netwerk.models import Digest, Follow, Item, Told, Version
from netwerk.models.following import followers_with_news, new_for
from netwerk.tasks.following import ask_for_digests
from netwerk.vocabulary import Access, Topic
from tests.netwerk.test_items import make_item
from weerbaar.accounts.roles import Role
from weerbaar.jobs import run_due

LONG_AGO = timezone.now() - timedelta(days=9)
TOMORROW = timezone.localtime().replace(hour=12) + timedelta(days=1)


@pytest.fixture
def mila(make_user):
    return make_user(Role.AMBTSDRAGER)


@pytest.fixture
def post(settings, tmp_path):
    """post(): ask for digests at noon, run what is due, and give how many mails went out so far."""
    settings.MAIL_DIR = str(tmp_path)

    def ask(now=None) -> int:
        settings.ZONES = frozenset()  # as a worker
        now = now or timezone.localtime().replace(hour=12)
        ask_for_digests(now)
        run_due(now + timedelta(days=30))
        return len(list(tmp_path.glob("*.eml")))

    return ask


def add_version(item: Item, number: int) -> Version:
    return Version.objects.create(
        item=item, number=number, sha256="a" * 64, size=1, name="een.pdf", content_type="application/pdf"
    )


def follow(user, *topics, rhythm=Digest.Rhythm.DAILY) -> None:
    actions.follow_topics(list(topics), by=user)
    actions.choose_digest(rhythm, by=user)
    Follow.objects.filter(user=user).update(since=LONG_AGO)


def test_who_follows_a_topic_gets_one_mail_about_what_is_new(mila, post, tmp_path):
    follow(mila, Topic.ONLINE)
    make_item("een", topics=[Topic.ONLINE])
    make_item("twee", topics=[Topic.ONLINE, Topic.FAMILY])
    make_item("drie", topics=[Topic.FAMILY])
    assert post() == 1
    assert set(Told.objects.values_list("item__slug", flat=True)) == {"een", "twee"}
    text = next(iter(tmp_path.glob("*.eml"))).read_text()
    assert "/mijn/toolkit/nieuw/" in text
    assert "Een" not in text.replace("Er is iets nieuws", "")


def test_the_same_edition_is_never_told_twice_and_a_new_version_is_news(mila, post):
    follow(mila, Topic.ONLINE)
    item = make_item("een", topics=[Topic.ONLINE])
    assert [post(), post(), post()] == [1, 1, 1]
    add_version(item, 1)
    assert post() == 1  # today there was a mail already
    Told.objects.update(at=timezone.now() - timedelta(days=2))
    assert [post(TOMORROW), post(TOMORROW)] == [2, 2]
    with pytest.raises(IntegrityError), transaction.atomic():
        Told.objects.create(user=mila, item=item, number=1)


def test_weekly_means_once_a_week_and_never_means_never(mila, make_user, post):
    other = make_user(Role.AMBTSDRAGER)
    follow(mila, Topic.ONLINE, rhythm=Digest.Rhythm.WEEKLY)
    follow(other, Topic.ONLINE, rhythm=Digest.Rhythm.NEVER)
    make_item("een", topics=[Topic.ONLINE])
    assert post() == 1
    monday = timezone.localtime() - timedelta(days=timezone.localtime().weekday())
    Told.objects.update(at=monday)
    make_item("twee", topics=[Topic.ONLINE])
    assert post() == 1
    Told.objects.update(at=monday - timedelta(days=1))
    assert post(TOMORROW) == 2
    assert not Told.objects.filter(user=other).exists()


def test_what_was_there_before_somebody_followed_is_not_news(mila, post):
    make_item("een", topics=[Topic.ONLINE])
    actions.follow_topics([Topic.ONLINE], by=mila)
    assert not new_for(mila).exists()
    assert post() == 0


def test_an_item_is_followed_for_its_new_versions(mila, post):
    item = make_item("een")
    actions.follow_item(item, by=mila)
    actions.follow_item(item, by=mila)
    assert Follow.objects.count() == 1
    assert post() == 0
    add_version(item, 1)
    assert post() == 1
    actions.unfollow_item(item, by=mila)
    assert not Follow.objects.exists()


def test_what_one_may_not_see_one_cannot_follow(mila):
    item = make_item("een", record_access=Access.TEAM, file_access=Access.TEAM)
    with pytest.raises(PermissionDenied):
        actions.follow_item(item, by=mila)


def test_nobody_gets_mail_before_seven_or_after_their_account_was_closed(mila, post):
    follow(mila, Topic.ONLINE)
    make_item("een", topics=[Topic.ONLINE])
    assert post(timezone.localtime().replace(hour=6)) == 0
    mila.is_active = False
    mila.save(update_fields=["is_active"])
    assert post() == 0


def test_choosing_other_topics_keeps_since_when_the_others_are_followed(mila):
    follow(mila, Topic.ONLINE, Topic.FAMILY)
    actions.follow_topics([Topic.ONLINE, Topic.HOME], by=mila)
    since = dict(Follow.objects.values_list("topic", "since"))
    assert set(since) == {Topic.ONLINE, Topic.HOME}
    assert since[Topic.ONLINE] == LONG_AGO < since[Topic.HOME]


@pytest.mark.parametrize("fields", [{}, {"topic": Topic.ONLINE, "item": "one"}])
def test_a_follow_is_of_one_thing(mila, fields):
    if "item" in fields:
        fields = fields | {"item": make_item()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Follow.objects.create(user=mila, **fields)


def test_the_page_to_choose_shows_and_keeps_what_is_chosen(client, sign_in, mila):
    sign_in(client, mila)
    answers = {"topics": [Topic.ONLINE, Topic.HOME], "rhythm": Digest.Rhythm.DAILY}
    assert client.post("/mijn/toolkit/volgen/", answers).status_code == 302
    form = client.get("/mijn/toolkit/volgen/").context["form"]
    assert set(form.initial["topics"]) == {Topic.ONLINE, Topic.HOME}
    assert form.initial["rhythm"] == Digest.Rhythm.DAILY
    assert client.post("/mijn/toolkit/volgen/", {"topics": ["x"]}).status_code == 422
    assert Follow.objects.count() == 2


def test_buttons_follow_and_stop(client, sign_in, mila):
    make_item("een")
    make_item("geheim", record_access=Access.TEAM, file_access=Access.TEAM)
    sign_in(client, mila)
    assert client.post("/mijn/toolkit/een/volgen/").status_code == 302
    assert client.post("/mijn/toolkit/geheim/volgen/").status_code == 404
    assert client.post("/mijn/toolkit/volgen/online/").status_code == 302
    assert client.post("/mijn/toolkit/volgen/onzin/").status_code == 404
    assert {str(one) for one in Follow.objects.all()} == {"Een", "Online veiligheid"}
    client.post("/mijn/toolkit/een/volgen/", {"stop": "1"})
    client.post("/mijn/toolkit/volgen/online/", {"stop": "1"})
    assert not Follow.objects.exists()


def test_a_follow_list_is_ones_own(client, sign_in, mila, make_user):
    item = make_item("een")
    actions.follow_item(item, by=make_user(Role.AMBTSDRAGER))
    sign_in(client, mila)
    assert "Een" not in client.get("/mijn/toolkit/volgen/").content.decode()


@pytest.mark.parametrize(("path", "queries"), [("/mijn/toolkit/nieuw/", 6), ("/mijn/toolkit/volgen/", 8)])
def test_pages_cost_the_same_with_three_and_with_thirty(
    client, sign_in, mila, django_assert_num_queries, path, queries
):
    sign_in(client, mila)
    follow(mila, Topic.ONLINE)

    def add(first, last):
        for number in range(first, last):
            item = make_item(f"i-{number}", topics=[Topic.ONLINE])
            actions.follow_item(item, by=mila)

    add(0, 3)
    client.get(path)
    with django_assert_num_queries(queries):
        client.get(path)
    add(3, 30)
    with django_assert_num_queries(queries):
        client.get(path)


def test_finding_who_has_news_is_one_query(mila, django_assert_num_queries):
    follow(mila, Topic.ONLINE)
    make_item("een", topics=[Topic.ONLINE])
    with django_assert_num_queries(1):
        assert [row["user"] for row in followers_with_news(timezone.now())] == [mila.pk]


@pytest.mark.parametrize("open_to", [Access.PUBLIC, Access.NETWORK])
def test_a_version_that_one_may_not_have_is_no_news(mila, post, client, open_to):
    follow(mila, Topic.ONLINE)
    item = make_item("dun", topics=[Topic.ONLINE], record_access=open_to, file_access=Access.TEAM)
    Item.objects.filter(pk=item.pk).update(published_at=LONG_AGO - timedelta(days=1))
    outside = ["/toolkit/atom.xml", "/pagina-sitemap.xml"] if open_to == Access.PUBLIC else []
    before = [client.get(path).content for path in outside]
    add_version(item, 4)
    assert not new_for(mila).exists()
    assert [client.get(path).content for path in outside] == before
    assert post() == 0
    Item.objects.filter(pk=item.pk).update(file_access=open_to)
    assert [one.number for one in new_for(mila)] == [4]
