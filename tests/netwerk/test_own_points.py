"""A contact keeps up where the own organisation wants people to report; nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from netwerk import actions
from netwerk.models import Contact, Organisation, ReportingPoint
from weerbaar.accounts.roles import Role

OWN = "/mijn/organisatie/meldpunt/"
ANSWERS = {"kind": "aggression", "name": "De griffie", "for_whom": "raadsleden", "how": "op werkdagen"}


@pytest.fixture
def here(db):
    return Organisation.objects.create(code="GM0001", name="Testdam", layer="gemeente")


@pytest.fixture
def there(db):
    return Organisation.objects.create(code="GM0002", name="Elders", layer="gemeente")


@pytest.fixture
def at(make_user, sign_in):
    """at(organisation): its contact, with a browser."""

    def make(organisation):
        user, client = make_user(Role.ORGANISATIECONTACT), Client()
        Contact.objects.create(organisation=organisation, user=user, function="griffier", label="de griffier")
        sign_in(client, user)
        client.user = user
        return client

    return make


def make_point(organisation, **fields):
    values = {"kind": "all", "name": "Meldpunt", "for_whom": "allen", "how": "bel de griffie"}
    return ReportingPoint.objects.create(organisation=organisation, **values | fields)


def test_a_contact_adds_changes_and_removes_one(at, here):
    griffier = at(here)
    assert griffier.post(f"{OWN}nieuw/", ANSWERS | {"organisation": here.pk}).status_code == 302
    point = ReportingPoint.objects.get()
    assert "De griffie" in Client().get("/hulp/meldpunten/?organisation=Testdam").content.decode()
    griffier.post(f"{OWN}{point.pk}/", ANSWERS | {"organisation": here.pk, "name": "Bureau Integriteit"})
    point.refresh_from_db()
    assert point.name == "Bureau Integriteit"
    griffier.post(f"{OWN}{point.pk}/besluit/", {"remove": "1"})
    assert not ReportingPoint.objects.exists()
    assert [event.pgh_label for event in ReportingPoint.events.rel.related_model.objects.order_by("pk")] == [
        "insert", "update", "delete",
    ]  # fmt: skip


def test_saying_that_it_is_right_dates_the_check(at, here):
    point = make_point(here, checked_on=timezone.localdate() - timedelta(days=400))
    assert list(ReportingPoint.objects.to_check(timezone.localdate())) == [point]
    at(here).post(f"{OWN}{point.pk}/besluit/", {"check": "1"})
    assert not ReportingPoint.objects.to_check(timezone.localdate()).exists()


def test_nothing_that_was_typed_is_lost_and_the_form_says_what_lacks(at, here):
    response = at(here).post(f"{OWN}nieuw/", {"organisation": here.pk, "name": "De griffie", "kind": "all"})
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="De griffie"' in html
    assert "Vul in voor wie het meldpunt is." in html
    response = at(here).post(f"{OWN}nieuw/", ANSWERS | {"organisation": here.pk, "how": ""})
    assert "Vul in hoe het meldpunt bereikbaar is." in response.content.decode()
    make_point(here, kind="aggression", name="De griffie")
    response = at(here).post(f"{OWN}nieuw/", ANSWERS | {"organisation": here.pk})
    assert response.status_code == 422
    assert "Dit meldpunt staat er al." in response.content.decode()


def test_another_organisation_is_out_of_reach(at, here, there):
    griffier, point = at(here), make_point(there)
    assert griffier.get(f"{OWN}{point.pk}/").status_code == 404
    assert griffier.post(f"{OWN}{point.pk}/besluit/", {"remove": "1"}).status_code == 404
    assert griffier.post(f"{OWN}nieuw/", ANSWERS | {"organisation": there.pk}).status_code == 422
    own = make_point(here)
    assert griffier.post(f"{OWN}{own.pk}/", ANSWERS | {"organisation": there.pk}).status_code == 422
    assert ReportingPoint.objects.filter(organisation=there).count() == 1
    for verb in (actions.save_point, actions.check_point, actions.remove_point):
        with pytest.raises(PermissionDenied):
            verb(point, by=griffier.user)


def test_who_is_no_contact_finds_nothing(make_user, sign_in, here):
    point, client = make_point(here), Client()
    sign_in(client, make_user(Role.AMBTSDRAGER))
    assert client.get(OWN).status_code == 404
    assert client.get(f"{OWN}nieuw/").status_code == 404
    assert client.post(f"{OWN}{point.pk}/besluit/", {"remove": "1"}).status_code == 404


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_takes_the_same_queries_for_few_and_for_many(at, here, rows, django_assert_num_queries):
    for place in range(rows):
        make_point(here, name=f"Meldpunt {place}")
    griffier = at(here)
    with django_assert_num_queries(6):
        griffier.get(OWN)
