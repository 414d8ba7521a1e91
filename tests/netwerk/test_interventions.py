"""Interventions: there for who was let in, and for nobody else, at whatever door."""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from netwerk.actions import choose_people, move_intervention, open_intervention
from netwerk.actions.intervention import ENDED
from netwerk.lifecycle import INTERVENTION_NEXT, InterventionStatus
from netwerk.models import Intervention, InterventionUserObjectPermission, Organisation
from weerbaar.accounts.models import User
from weerbaar.accounts.roles import Role
from weerbaar.audit.models import AccessLog

from .test_pages import filled, text, wrong

LIST = "/beheer/netwerk/intervention/"
SECRET = "Twee fracties praten niet meer met elkaar"


@pytest.fixture
def place():
    return Organisation.objects.create(code="GM9001", name="Testdam", layer="gemeente", province_code="PV26")


@pytest.fixture
def lead(make_user):
    return make_user(Role.NETWERKBEHEER, name="Carla")


@pytest.fixture
def colleague(make_user):
    return make_user(Role.NETWERKBEHEER, name="Karim")


@pytest.fixture
def track(place, lead):
    return open_intervention(
        Intervention(organisation=place, reason="tension", lead=lead, background=SECRET), by=lead
    )


@pytest.fixture
def browse(sign_in):
    def one(user) -> Client:
        browser = Client()
        sign_in(browser, user)
        return browser

    return one


@pytest.mark.parametrize("role", list(Role))
def test_no_role_sees_a_track_it_was_not_let_into(track, make_user, browse, role):
    stranger = make_user(role)
    assert not Intervention.objects.visible_to(stranger).exists()
    if stranger.is_staff:
        browser = browse(stranger)
        for address in (f"{LIST}{track.pk}/change/", f"{LIST}{track.pk}/history/"):
            assert browser.get(address).status_code in (403, 404)
        shown = browser.get(LIST)
        assert shown.status_code == 403 or track.reference not in text(shown)


def test_a_permission_of_the_model_opens_nothing(track, make_user):
    user = make_user(Role.COORDINATOR)
    user.user_permissions.add(Permission.objects.get(codename="see_intervention"))
    assert not Intervention.objects.visible_to(User.objects.get(pk=user.pk)).exists()


def test_who_is_let_in_sees_it_until_let_out_or_switched_off(track, lead, colleague, browse):
    choose_people(track, [colleague], by=lead)
    assert SECRET in text(browse(colleague).get(f"{LIST}{track.pk}/change/"))
    choose_people(track, [], by=lead)
    assert browse(colleague).get(f"{LIST}{track.pk}/change/").status_code == 404
    assert Intervention.objects.visible_to(lead).exists()  # who leads it stays in
    User.objects.filter(pk=lead.pk).update(is_active=False)
    assert not Intervention.objects.visible_to(User.objects.get(pk=lead.pk)).exists()


def test_a_grant_without_the_role_opens_nothing(track, lead, make_user):
    auditor = make_user(Role.AUDITOR)
    with pytest.raises(ValidationError):
        choose_people(track, [auditor], by=lead)
    row = InterventionUserObjectPermission.objects.get(user=lead)
    InterventionUserObjectPermission.objects.create(
        user=auditor, content_object=track, permission=row.permission
    )
    assert not Intervention.objects.visible_to(auditor).exists()


def test_only_who_is_in_lets_in_and_moves(track, colleague):
    with pytest.raises(PermissionDenied):
        choose_people(track, [colleague], by=colleague)
    with pytest.raises(PermissionDenied):
        move_intervention(track, InterventionStatus.RUNNING, by=colleague)


def test_only_the_network_office_opens_a_track(place, make_user):
    coordinator = make_user(Role.COORDINATOR)
    with pytest.raises(PermissionDenied):
        open_intervention(Intervention(organisation=place, reason="other", lead=coordinator), by=coordinator)


@pytest.mark.parametrize(("old", "new"), list(product(InterventionStatus, InterventionStatus)))
def test_a_track_goes_only_where_the_table_says(place, lead, old, new):
    ended_on = timezone.localdate() if old in ENDED else None
    track = open_intervention(
        Intervention(organisation=place, reason="other", lead=lead, status=old, ended_on=ended_on), by=lead
    )
    if new in INTERVENTION_NEXT[old]:
        moved = move_intervention(track, new, by=lead)
        assert (moved.status, moved.ended_on is not None) == (new, new in ENDED)
        return
    with pytest.raises(ValidationError):
        move_intervention(track, new, by=lead)
    if old != new:
        with pytest.raises(Exception, match="Invalid transition"), transaction.atomic():
            Intervention.objects.filter(pk=track.pk).update(status=new)
    track.refresh_from_db()
    assert track.status == old


def test_a_track_has_an_end_exactly_when_it_ended(track):
    with pytest.raises(IntegrityError, match="ended_on_iff"), transaction.atomic():
        Intervention.objects.filter(pk=track.pk).update(ended_on=timezone.localdate())


def test_the_list_tells_a_reference_and_a_status_and_cannot_be_searched(track, lead, browse):
    track.steps.create(text="Gesprek met de fracties van Testdam")
    browser = browse(lead)
    for address in (LIST, f"{LIST}?q=Testdam", f"{LIST}?q=fracties"):
        html = text(browser.get(address))
        assert track.reference in html  # there is no search: `q` finds nothing and hides nothing
        rows = html[html.index("<tbody") : html.index("</tbody")]
        rows = re.sub(r' href="[^"]*"', "", rows)  # an address repeats what was typed
        for secret in ("Testdam", SECRET, "fracties"):
            assert secret not in rows


def test_what_is_written_is_in_no_history_no_log_and_no_title(track, lead, browse):
    browser = browse(lead)
    address = f"{LIST}{track.pk}/change/"
    form = filled(browser.get(address)) | {"outcome": "Uitkomst XYZ", "move_to": "running"}
    answer = browser.post(address, form)
    assert answer.status_code == 302, wrong(answer)
    track.refresh_from_db()
    assert (track.outcome, track.status) == ("Uitkomst XYZ", "running")
    for event in track.events.values():
        assert SECRET not in str(event)
        assert "XYZ" not in str(event)
    for line in AccessLog.objects.values():
        assert "Testdam" not in str(line)
    html = text(browser.get(f"{LIST}{track.pk}/history/"))
    for secret in (SECRET, "XYZ", "Testdam"):
        assert secret not in html


def test_the_desk_opens_a_track_and_lets_a_colleague_in(place, lead, colleague, browse):
    browser = browse(lead)
    form = filled(browser.get(f"{LIST}add/")) | {
        "organisation_0": "Testdam (gemeente)", "organisation": "Testdam (gemeente)", "reason": "safety",
        "lead": lead.pk, "people": [colleague.pk], "started_on": "2026-11-01",
    }  # fmt: skip
    answer = browser.post(f"{LIST}add/", form)
    assert answer.status_code == 302, wrong(answer)
    track = Intervention.objects.get()
    assert set(track.interventionuserobjectpermission_set.values_list("user", flat=True)) == {
        lead.pk,
        colleague.pk,
    }


def test_references_tell_nothing_of_how_many_there_are(place, lead):
    drawn = {
        open_intervention(Intervention(organisation=place, reason="other", lead=lead), by=lead).reference
        for _ in range(20)
    }
    assert len(drawn) == 20
    assert all(len(one) == 9 and one.startswith("IV-") for one in drawn)
