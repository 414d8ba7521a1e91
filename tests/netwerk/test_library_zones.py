"""The toolkit as in production: what the database itself lets each zone read and write."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from netwerk import demo, library
from netwerk.lifecycle import ItemStatus
from netwerk.models import DownloadCount, Item, Organisation, Partner, Upload, Version
from netwerk.vocabulary import Access
from tests.audit.test_grants import ROLES
from tests.conftest import owner_connection, point_at
from weerbaar.audit import grants
from weerbaar.zones import Zone

from .library import make_item, put_file

NOW = timezone.now()
STATES = {
    "out": {},
    "concept": {"status": ItemStatus.DRAFT, "published_at": None},
    "embargo": {"published_at": NOW + timedelta(days=1)},
    "withdrawn": {
        "status": ItemStatus.WITHDRAWN,
        "withdrawn_at": NOW,
        "withdrawn_because": "Verouderd.",
    },
}


@pytest.fixture
def as_zone(own_database, settings):
    """as_zone("publiek"): go on with the role of that zone; an item of each level and state is there."""
    for access in Access:
        for state, fields in STATES.items():
            put_file(make_item(f"{access}-{state}", record_access=access, file_access=access, **fields))
    put_file(make_item("public-team", file_access=Access.TEAM))
    with owner_connection(own_database) as owner, owner.cursor() as cursor:
        known = {row[0] for row in cursor.execute("SELECT rolname FROM pg_roles").fetchall()}
        if missing := set(ROLES.values()) - known:
            pytest.skip(f"this cluster has no roles {', '.join(sorted(missing))}")
        grants.apply(cursor, ROLES)
    app = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]

    def become(process: str) -> None:
        settings.ZONES = frozenset() if process == "worker" else frozenset({Zone(process)})
        point_at(own_database, ROLES[process], "")

    yield become
    point_at(own_database, *app)


def refused(change) -> bool:
    try:
        with transaction.atomic():
            return not change()
    except ProgrammingError:
        return True


def test_the_public_zone_reads_what_is_public_and_out_and_no_other_row(as_zone):
    as_zone("publiek")
    assert set(Item.objects.values_list("slug", flat=True)) == {"public-out", "public-team"}
    assert set(Version.objects.values_list("item__slug", flat=True)) == {"public-out"}
    assert refused(lambda: Upload.objects.count() + 1)
    assert refused(lambda: Item.objects.update(title="Anders"))
    assert refused(lambda: Item.objects.all()._raw_delete("default"))


def test_the_public_zone_serves_and_counts(as_zone):
    as_zone("publiek")
    client = Client()
    assert client.get("/toolkit/public-out/").status_code == 200
    for _ in range(2):
        assert client.get("/toolkit/public-out/download/").status_code == 200
    assert client.get("/toolkit/public-team/").status_code == 200
    assert client.get("/toolkit/public-team/download/").status_code == 404
    gone = client.get("/toolkit/public-withdrawn/")
    assert (gone.status_code, "Verouderd." in gone.content.decode()) == (410, True)
    for slug in ("public-concept", "public-embargo", "network-out", "network-withdrawn", "team-withdrawn"):
        assert client.get(f"/toolkit/{slug}/").status_code == 404
        assert client.get(f"/toolkit/{slug}/download/").status_code == 404
    assert list(DownloadCount.objects.values_list("count", flat=True)) == [2]
    assert refused(lambda: DownloadCount.objects.all()._raw_delete("default"))


def test_mijn_writes_releases_of_partners_and_makes_no_version(as_zone):
    partner = Partner.objects.create(slug="a", name="A", kind="knowledge")
    Item.objects.filter(slug="public-out").update(partner=partner)
    as_zone("mijn")
    assert Item.objects.filter(slug="public-out").update(title="Anders") == 1
    assert refused(lambda: Item.objects.filter(slug="team-out").update(title="Anders"))
    assert refused(lambda: Item.objects.filter(slug="public-out").update(partner=None))
    item = Item.objects.get(slug="public-out")
    assert refused(lambda: put_file(item, number=2))
    assert refused(lambda: item.granted_to.create(organisation=Organisation.objects.first()))
    as_zone("beheer")
    assert refused(lambda: put_file(item, number=2))
    as_zone("worker")
    assert put_file(item, number=2)


# --- what ships ---------------------------------------------------------------------------------------
def test_what_ships_is_loaded_once_and_an_editors_change_stays():
    added = library.load()
    assert added == Item.objects.count() > 50
    Item.objects.filter(slug="agressieprotocol").update(title="Aangepast")
    assert library.load() == 0
    assert Item.objects.get(slug="agressieprotocol").title == "Aangepast"
    for item in Item.objects.all():
        item.full_clean()
        assert item.source
        assert item.topics


def test_the_demo_shows_every_level_and_every_state(settings):
    settings.EMBEDDED = True
    demo.fill()
    before = Item.objects.count(), Version.objects.count()
    demo.fill()
    assert (Item.objects.count(), Version.objects.count()) == before
    assert set(Item.objects.values_list("record_access", flat=True)) == set(Access.values)
    assert set(Item.objects.values_list("status", flat=True)) == set(ItemStatus.values)
    assert any(item.is_under_embargo for item in Item.objects.all())
    assert Version.objects.filter(number=2).exists()
