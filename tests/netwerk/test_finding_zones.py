"""The toolkit as in production: the role of the public zone holds no word of what is not public."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from netwerk.models import Digest, Item, Told
from netwerk.tasks.following import ask_for_digests
from netwerk.vocabulary import Access, Topic
from tests.audit.test_grants import ROLES, refused
from tests.conftest import owner_connection, point_at
from tests.netwerk.test_items import make_item
from weerbaar.accounts.roles import Role
from weerbaar.audit import grants
from weerbaar.jobs import run_due
from weerbaar.zones import Zone


@pytest.fixture
def mila(own_database, make_user):
    return make_user(Role.AMBTSDRAGER)


@pytest.fixture
def act_as(mila, own_database, settings):
    """act_as("publiek"): go on as a process of that zone, with its own database role."""
    make_item("open", summary="Over bedreiging.", topics=[Topic.ONLINE])
    make_item("team", summary="Over kwalsters.", record_access=Access.TEAM, file_access=Access.TEAM)
    make_item("later", summary="Over zeesterren.", published_at=timezone.now() + timedelta(days=1))
    with owner_connection(own_database) as owner, owner.cursor() as cursor:
        known = {row[0] for row in cursor.execute("SELECT rolname FROM pg_roles").fetchall()}
        if missing := set(ROLES.values()) - known:
            pytest.skip(f"this cluster has no roles {', '.join(sorted(missing))}")
        grants.apply(cursor, ROLES)
    app = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]

    def become(process):
        settings.ZONES = frozenset() if process == "worker" else frozenset({Zone(process)})
        point_at(own_database, ROLES[process], "")

    yield become
    point_at(own_database, *app)


def test_everything_public_works_with_the_role_of_the_public_zone(client, act_as):
    act_as("publiek")
    assert client.get("/toolkit/").context["total"] == 1
    assert client.get("/toolkit/?q=bedreigd&onderwerp=online").context["total"] == 1
    assert client.get("/toolkit/?q=bedreging").context["suggestion"] == "bedreiging"
    for path in ("/toolkit/atom.xml", "/toolkit/data.json", "/sitemap.xml", "/diwoo-sitemap.xml"):
        assert client.get(path).status_code == 200, path


def test_with_every_filter_taken_out_the_public_zone_reads_no_word_of_the_rest(act_as):
    act_as("publiek")
    assert set(Item.objects.values_list("slug", flat=True)) == {"open"}
    for table in ("fullindex", "fullword", "follow", "digest", "told", "itemorganisation"):
        assert refused(f"SELECT 1 FROM netwerk_{table}"), table
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(word, ' ') FROM netwerk_publicword")
        assert "kwalsters" not in cursor.fetchone()[0]
    assert refused("DELETE FROM netwerk_publicindex")
    assert refused("UPDATE netwerk_synonym SET meaning = 'x'")


def test_following_and_its_mail_work_with_the_roles_of_mijn_and_the_worker(
    client, sign_in, act_as, mila, settings, tmp_path
):
    settings.MAIL_DIR = str(tmp_path)
    act_as("mijn")
    sign_in(client, mila)
    answers = {"topics": [Topic.ONLINE], "rhythm": Digest.Rhythm.DAILY}
    assert client.post("/mijn/toolkit/volgen/", answers).status_code == 302
    assert client.post("/mijn/toolkit/open/volgen/").status_code == 302
    assert client.get("/mijn/toolkit/?q=bedreigd").context["total"] == 1
    assert client.get("/mijn/toolkit/nieuw/").status_code == 200
    assert refused("DELETE FROM netwerk_told")
    assert refused("UPDATE netwerk_synonym SET meaning = 'x'")
    act_as("worker")
    Item.objects.filter(slug="open").update(published_at=timezone.now())
    with transaction.atomic():
        ask_for_digests(timezone.localtime().replace(hour=12))
    run_due(timezone.now() + timedelta(days=1))
    assert Told.objects.count() == 1
    assert len(list(tmp_path.glob("*.eml"))) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT netwerk_index_all()")
