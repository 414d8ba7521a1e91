"""Whoever makes a contact chooses who reads what reporters share: that takes two people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from netwerk.actions import confirm_contact
from netwerk.models import Contact, Organisation
from weerbaar.accounts.roles import Role

LIST = "/beheer/netwerk/contact/"


@pytest.fixture
def office(make_user, sign_in):
    """Two people of the network office: (account, browser) each."""

    def one():
        user, browser = make_user(Role.NETWERKBEHEER), Client()
        sign_in(browser, user)
        return user, browser

    return [one(), one()]


@pytest.fixture
def griffier(make_user):
    return make_user(Role.ORGANISATIECONTACT)


@pytest.fixture
def given(griffier):
    Organisation.objects.get_or_create(code="GM0034", defaults={"name": "Almere", "layer": "gemeente"})
    return {
        "organisation": "almere",
        "user": griffier.email,
        "function": "griffier",
        "label": "de griffier",
        "valid_from": "2026-01-01",
    }


def confirm(browser, contact):
    sent = {"action": "confirm", "_selected_action": [contact.pk]}
    return browser.post(LIST, sent, follow=True).content.decode()


@pytest.fixture
def confirmed(office, given):
    (_first, desk), (_second, other) = office
    desk.post(f"{LIST}add/", given)
    contact = Contact.objects.get()
    confirm(other, contact)
    contact.refresh_from_db()
    return contact


def test_a_new_contact_counts_when_a_second_person_agrees(office, given, griffier):
    (first, desk), (second, other) = office
    page = desk.post(f"{LIST}add/", given, follow=True).content.decode()
    assert "telt pas mee als een collega die bevestigt" in page
    contact = Contact.objects.get()
    assert (contact.added_by, contact.confirmed_at) == (first, None)
    assert not Contact.objects.current().exists()
    assert "Vraag het een collega" in confirm(desk, contact)
    assert not Contact.objects.current().exists()
    confirm(other, contact)
    assert Contact.objects.current().get().confirmed_by == second


def test_a_change_by_one_person_waits_again(office, confirmed, given):
    (_first, desk), _other = office
    desk.post(f"{LIST}{confirmed.pk}/change/", given | {"label": "de burgemeester"})
    assert not Contact.objects.current().exists()


def test_one_person_may_end_a_contact_but_not_bring_it_back(office, confirmed, given):
    (_first, desk), _other = office
    soon, later = (timezone.localdate() + timedelta(days=days) for days in (3, 300))
    url = f"{LIST}{confirmed.pk}/change/"
    desk.post(url, given | {"valid_until": soon.isoformat()})
    assert Contact.objects.current().get().valid_until == soon
    desk.post(url, given | {"valid_until": later.isoformat()})
    assert not Contact.objects.current().exists()


def test_saving_without_a_change_changes_nothing(office, confirmed, given):
    (_first, desk), _other = office
    desk.post(f"{LIST}{confirmed.pk}/change/", given)
    assert Contact.objects.current().exists()


def test_nobody_confirms_oneself_not_even_in_the_database(confirmed, make_user):
    contact = confirmed
    for person in (contact.added_by, contact.user):
        Contact.objects.update(confirmed_at=None, confirmed_by=None)
        with pytest.raises(ValidationError):
            confirm_contact(contact, by=person)
        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.update(confirmed_by=person)
