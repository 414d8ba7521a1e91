"""Who may know about an item of the toolkit, and who may have its files."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from guardian.shortcuts import assign_perm

from netwerk.functions import Function, Layer
from netwerk.lifecycle import ITEM_NEXT, ItemStatus
from netwerk.models import Item, ItemOrganisation, Membership, Organisation, Partner, PartnerMember, Version
from netwerk.vocabulary import Access, ItemKind
from weerbaar.accounts.roles import Role

NOW = timezone.now()


def make_item(slug: str = "leidraad", **fields) -> Item:
    return Item.objects.create(
        **{
            "slug": slug,
            "title": slug.capitalize(),
            "summary": "Wat te doen.",
            "kind": ItemKind.GUIDE,
            "status": ItemStatus.PUBLISHED,
            "published_at": NOW - timedelta(hours=1),
        }
        | fields
    )


@pytest.fixture
def almere():
    return Organisation.objects.create(code="GM0034", name="Almere", layer=Layer.GEMEENTE)


@pytest.fixture
def ccv():
    return Partner.objects.create(
        slug="voorbeeld", name="Voorbeeld", kind=Partner.Kind.KNOWLEDGE, offers="Kennis", for_whom="allen"
    )


@pytest.fixture
def readers(make_user, almere, ccv):
    """One of each kind; the raadslid belongs to Almere, the officer to a partner."""
    raadslid, officer = make_user(Role.AMBTSDRAGER), make_user(Role.PARTNER)
    Membership.objects.create(
        user=raadslid, organisation=almere, function=Function.RAADSLID, confirmed_at=NOW
    )
    PartnerMember.objects.create(user=officer, partner=ccv)
    return {
        "stranger": AnonymousUser(),
        "gone": make_user(Role.NETWERKBEHEER, is_active=False),
        "ambtsdrager": make_user(Role.AMBTSDRAGER),
        "raadslid": raadslid,
        "officer": officer,
        "eerste_lijn": make_user(Role.EERSTE_LIJN),
        "tweede_lijn": make_user(Role.TWEEDE_LIJN),
        "coordinator": make_user(Role.COORDINATOR),
        "auditor": make_user(Role.AUDITOR),
        "editor": make_user(Role.NETWERKBEHEER),
    }


ALL = {"stranger", "gone", "ambtsdrager", "raadslid", "officer", "eerste_lijn", "tweede_lijn", "coordinator"}
ALL |= {"auditor", "editor"}
SEES = {
    Access.PUBLIC: ALL,
    Access.NETWORK: ALL - {"stranger", "gone"},
    Access.ORGANISATIONS: {"raadslid", "editor"},
    Access.TEAM: {"eerste_lijn", "tweede_lijn", "coordinator", "editor"},
}


def those(readers, question) -> set[str]:
    return {name for name, user in readers.items() if question(user).exists()}


@pytest.mark.parametrize("access", Access)
def test_a_record_is_seen_by_whom_its_level_names(readers, almere, access):
    item = make_item(record_access=access, file_access=Access.TEAM)
    ItemOrganisation.objects.create(item=item, organisation=almere)
    assert those(readers, Item.objects.visible_to) == SEES[access]


@pytest.mark.parametrize(("record", "file"), [pair for pair in product(Access, Access) if pair[0] != pair[1]])
def test_a_file_has_a_level_of_its_own_and_never_a_wider_one(readers, almere, record, file):
    wider = list(Access).index(file) < list(Access).index(record)
    if wider:
        with pytest.raises(IntegrityError), transaction.atomic():
            make_item(record_access=record, file_access=file)
        return
    item = make_item(record_access=record, file_access=file)
    ItemOrganisation.objects.create(item=item, organisation=almere)
    assert those(readers, Item.objects.downloadable_by) == SEES[record] & SEES[file]


def test_a_grant_ends_with_the_term_it_came_with(readers, almere):
    item = make_item(record_access=Access.ORGANISATIONS, file_access=Access.ORGANISATIONS)
    ItemOrganisation.objects.create(item=item, organisation=almere)
    Membership.objects.update(valid_from=NOW.date() - timedelta(days=9), valid_until=timezone.localdate())
    assert those(readers, Item.objects.visible_to) == {"editor"}


def test_one_person_can_be_let_in_alone(readers):
    item = make_item(record_access=Access.ORGANISATIONS, file_access=Access.ORGANISATIONS)
    assign_perm("netwerk.read_item", readers["ambtsdrager"], item)
    assert those(readers, Item.objects.visible_to) == {"ambtsdrager", "editor"}
    assert those(readers, Item.objects.downloadable_by) == {"ambtsdrager", "editor"}


@pytest.mark.parametrize(
    "fields",
    [
        {"status": ItemStatus.DRAFT, "published_at": None},
        {"published_at": NOW + timedelta(days=1)},
        {"status": ItemStatus.WITHDRAWN, "withdrawn_at": NOW},
    ],
    ids=["concept", "embargo", "withdrawn"],
)
def test_what_is_not_out_is_known_to_editors_and_to_its_own_partner(readers, ccv, fields):
    make_item(partner=ccv, **fields)
    assert those(readers, Item.objects.visible_to) == {"editor", "officer"}
    assert those(readers, Item.objects.downloadable_by) == {"editor", "officer"}
    assert those(readers, Item.objects.editable_by) == {"editor", "officer"}
    Item.objects.update(partner=None)
    assert those(readers, Item.objects.visible_to) == {"editor"}
    assert those(readers, Item.objects.editable_by) == {"editor"}


@pytest.mark.parametrize(("old", "new"), list(product(ItemStatus, ItemStatus)))
def test_only_listed_moves_are_possible(old, new):
    item = make_item(status=old, withdrawn_at=NOW if old == ItemStatus.WITHDRAWN else None)
    moved = {"status": new, "withdrawn_at": NOW if new == ItemStatus.WITHDRAWN else None}
    if new in ITEM_NEXT[old] or new == old:
        assert Item.objects.filter(pk=item.pk).update(**moved)
    else:
        with pytest.raises(DatabaseError), transaction.atomic():
            Item.objects.filter(pk=item.pk).update(**moved)


def test_embargo_ends_at_its_minute():
    item = make_item(published_at=timezone.now() + timedelta(seconds=59))
    assert not Item.objects.visible_to(AnonymousUser()).exists()
    assert not item.is_visible_now()
    assert item.is_visible_now(item.published_at)


@pytest.fixture
def version():
    return Version.objects.create(
        item=make_item(), number=1, sha256="a" * 64, size=1, name="een.pdf", content_type="application/pdf"
    )


@pytest.mark.parametrize("change", [{"sha256": "b" * 64}, {"number": 2}, {"name": "ander.pdf"}])
def test_a_version_never_changes(version, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(**change)


def test_a_version_never_goes(version):
    with pytest.raises(DatabaseError), transaction.atomic():
        version.delete()
