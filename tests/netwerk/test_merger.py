"""Wijdemeren goes into Hilversum on 1 January 2027: what everybody meets before and after that day."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from netwerk import actions
from netwerk.models import Contact, Membership, Organisation, ReportingPoint
from ondersteuning.forms.report import contacts_of
from weerbaar.accounts.roles import Role

BEFORE, AFTER = date(2026, 12, 31), date(2027, 1, 1)


@pytest.fixture
def day(monkeypatch):
    """day(date): from now on it is that day."""
    return lambda to: monkeypatch.setattr(timezone, "localdate", lambda *args: to)


@pytest.fixture
def wijdemeren(db):
    call_command("import_organisations", stdout=StringIO())
    return Organisation.objects.get(code="GM1696")


@pytest.fixture
def griffier(wijdemeren, make_user):
    return Contact.objects.create(
        organisation=wijdemeren, user=make_user(Role.ORGANISATIECONTACT), function="griffier",
        label="de griffier", valid_from=date(2020, 1, 1),
    )  # fmt: skip


@pytest.fixture
def raadslid(wijdemeren, make_user):
    return Membership.objects.create(
        organisation=wijdemeren, user=make_user(Role.AMBTSDRAGER), function="secretaris",
        valid_from=date(2022, 3, 30), valid_until=date(2030, 3, 30), confirmed_at=timezone.now(),
    )  # fmt: skip


def chosen(code: str):
    return {"wie": {"organisation": code}}


def look_up(name: str):
    return Client().get("/hulp/meldpunten/", {"organisation": name})


def test_before_both_are_found_and_after_only_hilversum_with_a_word_of_why(wijdemeren, day):
    day(BEFORE)
    assert look_up("Wijdemeren").status_code == look_up("Hilversum").status_code == 200
    found = Client().get("/organisaties/zoeken/", {"q": "wijde"}).json()["results"]
    assert found[0]["code"] == "GM1696"
    day(AFTER)
    html = look_up("Wijdemeren").content.decode()
    assert "Deze organisatie bestaat niet meer. Kies hieronder de opvolger." in html
    assert 'value="GM0402"' in html
    chosen = Client().get("/hulp/meldpunten/", {"organisation": "Wijdemeren", "organisation-keuze": "GM0402"})
    assert "Hilversum (gemeente)</h2>" in chosen.content.decode()
    assert look_up("Hilversum").status_code == 200
    found = Client().get("/organisaties/zoeken/", {"q": "wijde"}).json()["results"]
    assert "GM1696" not in [one["code"] for one in found]


def test_who_reads_along_for_wijdemeren_reads_nothing_new_and_history_stays(griffier, day):
    day(BEFORE)
    assert contacts_of(chosen("GM1696")) == [griffier]
    assert griffier in Contact.objects.current()
    day(AFTER)
    assert contacts_of(chosen("GM1696")) == contacts_of(chosen("GM0402")) == []
    assert griffier not in Contact.objects.current()
    assert not Contact.objects.visible_to(griffier.user).exists()
    assert Contact.objects.filter(pk=griffier.pk, valid_until=None).exists()


def test_a_contact_of_wijdemeren_decides_and_invites_no_more(griffier, day):
    day(AFTER)
    with pytest.raises(PermissionDenied):
        actions.invite_member(
            email="a@test.invalid", name="A", organisation=griffier.organisation, function="raadslid",
            valid_until=None, by=griffier.user,
        )  # fmt: skip


def test_the_place_to_report_of_wijdemeren_ends_with_it(griffier, day):
    point = ReportingPoint.objects.create(
        organisation=griffier.organisation, kind="all", name="De griffie", for_whom="allen", phone="1"
    )
    day(BEFORE)
    assert list(ReportingPoint.objects.visible_to(griffier.user)) == [point]
    day(AFTER)
    assert not ReportingPoint.objects.visible_to(griffier.user).exists()
    assert not ReportingPoint.objects.current().exists()
    with pytest.raises(PermissionDenied):
        actions.check_point(point, by=griffier.user)


def test_a_membership_ends_with_wijdemeren_and_can_be_moved(raadslid, make_user, day):
    editor = make_user(Role.NETWERKBEHEER)
    day(BEFORE)
    assert raadslid in Membership.objects.current()
    moved = actions.move_membership(raadslid, by=editor)  # prepared in December
    assert raadslid in Membership.objects.current()
    assert moved not in Membership.objects.current()
    day(AFTER)
    assert list(Membership.objects.current()) == [moved]
    raadslid.refresh_from_db()
    assert (raadslid.valid_until, moved.valid_from, moved.valid_until) == (AFTER, AFTER, date(2030, 3, 30))
    assert (moved.organisation.name, moved.confirmed_by) == ("Hilversum", editor)
    with pytest.raises(ValidationError):  # it has ended now
        actions.move_membership(raadslid, by=editor)
    assert Membership.objects.count() == 2


def test_what_is_not_moved_is_no_longer_current_after_the_merger(raadslid, day):
    day(AFTER)
    assert not Membership.objects.current().exists()
    raadslid.refresh_from_db()
    assert raadslid.valid_until == date(2030, 3, 30)


def test_nobody_moves_the_own_membership_or_one_without_a_successor(raadslid, make_user):
    with pytest.raises(ValidationError):
        actions.move_membership(raadslid, by=raadslid.user)
    elsewhere = Membership.objects.create(
        organisation=Organisation.objects.get(code="GM0034"), user=raadslid.user, function="secretaris"
    )
    with pytest.raises(ValidationError, match="geen opvolger"):
        actions.move_membership(elsewhere, by=make_user(Role.NETWERKBEHEER))


def test_the_editor_moves_memberships_from_the_list(raadslid, make_user, sign_in):
    client = Client()
    sign_in(client, make_user(Role.NETWERKBEHEER))
    client.post("/beheer/netwerk/membership/", {"action": "move", "_selected_action": [raadslid.pk]})
    assert Membership.objects.filter(organisation__name="Hilversum", user=raadslid.user).exists()


def test_a_second_merger_leads_to_the_last(wijdemeren, day):
    hilversum, almere = (Organisation.objects.get(code=code) for code in ("GM0402", "GM0034"))
    hilversum.valid_until, hilversum.successor = date(2030, 1, 1), almere
    hilversum.save()
    day(AFTER)
    assert wijdemeren.heir() == hilversum
    day(date(2030, 1, 1))
    assert wijdemeren.heir() == almere
