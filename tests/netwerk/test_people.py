"""Who holds a function, who is a contact, who may see and manage that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from netwerk.actions import confirm_membership
from netwerk.functions import Function, Layer
from netwerk.models import Contact, Membership, Organisation
from weerbaar.accounts.roles import Role


@pytest.fixture
def almere():
    return Organisation.objects.create(code="GM0034", name="Almere", layer=Layer.GEMEENTE)


@pytest.fixture
def urk():
    return Organisation.objects.create(code="GM0184", name="Urk", layer=Layer.GEMEENTE)


def make_contact(organisation, user, **fields):
    fields = {"function": Function.GRIFFIER, "label": "de griffier"} | fields
    return Contact.objects.create(organisation=organisation, user=user, **fields)


def make_membership(organisation, user, **fields):
    return Membership.objects.create(
        organisation=organisation, user=user, **({"function": Function.RAADSLID} | fields)
    )


def test_a_contact_counts_within_its_dates_and_while_the_account_is_active(almere, make_user):
    today = timezone.localdate()
    now = make_contact(almere, make_user())
    make_contact(almere, make_user(), valid_from=today + timedelta(days=1))
    make_contact(almere, make_user(), valid_from=today - timedelta(days=9), valid_until=today)
    gone = make_contact(almere, make_user())
    gone.user.is_active = False
    gone.user.save()
    assert list(Contact.objects.current()) == [now]
    assert now in Contact.objects.current(today + timedelta(days=1000))


def test_a_membership_counts_once_it_is_confirmed(almere, make_user):
    membership = make_membership(almere, make_user())
    assert not Membership.objects.current().exists()
    griffier = make_user()
    confirmed = confirm_membership(membership, by=griffier)
    assert list(Membership.objects.current()) == [membership]
    assert confirm_membership(membership, by=make_user()).confirmed_at == confirmed.confirmed_at
    assert Membership.objects.get().confirmed_by == griffier


def test_nobody_confirms_the_own_function(almere, make_user):
    membership = make_membership(almere, make_user())
    with pytest.raises(ValidationError):
        confirm_membership(membership, by=membership.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.update(confirmed_by=membership.user, confirmed_at=timezone.now())


def test_who_sees_which_people(almere, urk, make_user):
    griffier, colleague, raadslid, manager = (
        make_user(Role.ORGANISATIECONTACT),
        make_user(Role.ORGANISATIECONTACT),
        make_user(Role.AMBTSDRAGER),
        make_user(Role.NETWERKBEHEER),
    )
    own, other = make_contact(almere, griffier), make_contact(urk, colleague)
    membership = make_membership(almere, raadslid)
    for user, contacts, memberships in [
        (AnonymousUser(), set(), set()),
        (raadslid, set(), {membership}),
        (griffier, {own}, {membership}),
        (colleague, {other}, set()),
        (manager, {own, other}, {membership}),
    ]:
        assert set(Contact.objects.visible_to(user)) == contacts
        assert set(Membership.objects.visible_to(user)) == memberships
    manager.is_active = False
    assert not Contact.objects.visible_to(manager).exists()


def test_a_contact_whose_time_is_over_sees_nobody(almere, make_user):
    griffier = make_user(Role.ORGANISATIECONTACT)
    make_contact(almere, make_user())
    today = timezone.localdate()
    make_contact(almere, griffier, valid_from=today - timedelta(days=9), valid_until=today)
    assert not Contact.objects.visible_to(griffier).exists()


LISTS = ["organisation", "contact", "membership"]


@pytest.fixture
def manager(client, make_user, sign_in):
    user = make_user(Role.NETWERKBEHEER)
    sign_in(client, user)
    return user


@pytest.mark.parametrize("name", LISTS)
def test_every_list_costs_the_same_however_long_it_is(client, manager, make_user, name):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/beheer/netwerk/{name}/").status_code == 200
        return len(captured)

    def fill(start):
        for number in range(start, start + 8):
            one = Organisation.objects.create(
                code=f"GM{number:04}",
                name=f"Plaats {number}",
                layer=Layer.GEMEENTE,
                successor=Organisation.objects.first(),
            )
            make_contact(one, make_user())
            make_membership(one, make_user())

    fill(1)
    client.get(f"/beheer/netwerk/{name}/")
    few = queries()
    fill(101)
    assert queries() == few
    assert few <= 12


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("role", "code"), [(Role.EERSTE_LIJN, 403), (Role.AUDITOR, 403), (Role.NETWERKBEHEER, 200)]
)
def test_only_who_manages_the_network_sees_the_lists(client, make_user, sign_in, name, role, code):
    sign_in(client, make_user(role))
    assert client.get(f"/beheer/netwerk/{name}/").status_code == code


def test_the_list_of_organisations_is_searched_as_the_forms_do(client, manager, almere, urk):
    found = client.get("/beheer/netwerk/organisation/", {"q": "almeer"}).content.decode()
    assert "Almere" in found
    assert "Urk" not in found


def test_a_contact_is_added_by_name_and_address(client, manager, almere, make_user):
    griffier = make_user(Role.ORGANISATIECONTACT)
    given = {
        "organisation": "almere",
        "user": griffier.email,
        "function": "griffier",
        "label": "de griffier",
        "valid_from": "2026-01-01",
    }
    response = client.post("/beheer/netwerk/contact/add/", given)
    assert response.status_code == 302
    contact = Contact.objects.get()
    assert (contact.organisation, contact.user) == (almere, griffier)
    page = client.get(f"/beheer/netwerk/contact/{contact.pk}/change/").content.decode()
    assert "Almere (gemeente)" in page
    assert griffier.name in page
    client.post(f"/beheer/netwerk/contact/{contact.pk}/change/", given | {"label": "griffie"})
    contact.refresh_from_db()
    assert contact.label == "griffie"
    assert contact.events.count() == 2


def test_an_address_without_an_account_is_refused_in_words(client, manager, almere):
    page = client.post(
        "/beheer/netwerk/contact/add/", {"organisation": "Almere", "user": "niemand@test.invalid"}
    ).content.decode()
    assert "Er is geen actief account met dit e-mailadres." in page
    assert not Contact.objects.exists()


def test_the_manager_confirms_a_membership_from_the_list(client, manager, almere, make_user):
    membership = make_membership(almere, make_user())
    client.post("/beheer/netwerk/membership/", {"action": "confirm", "_selected_action": [membership.pk]})
    membership.refresh_from_db()
    assert membership.confirmed_by == manager


def test_an_organisation_gets_its_successor_by_name(client, manager, almere, urk):
    given = {"code": "GM0184", "name": "Urk", "layer": "gemeente", "valid_until": "2030-01-01"}
    url = f"/beheer/netwerk/organisation/{urk.pk}/change/"
    assert client.post(url, given | {"successor": "Almere (gemeente)"}).status_code == 302
    urk.refresh_from_db()
    assert urk.successor == almere
    assert 'value="Almere (gemeente)"' in client.get(url).content.decode()
