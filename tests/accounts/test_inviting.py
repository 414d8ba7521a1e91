"""Who may invite whom, and that a role in the support team takes two people."""

from __future__ import annotations

from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client

from weerbaar.accounts.actions import confirm, propose
from weerbaar.accounts.models import Proposal, RoleGrant, User
from weerbaar.accounts.roles import LINE_ROLES, MAY_INVITE, ROLES, Role
from weerbaar.jobs.models import Job

PATH = "/beheer/account/uitnodigen/"


@pytest.mark.parametrize(("inviter", "role"), list(product(Role, Role)), ids=lambda role: role.value)
def test_who_may_invite_whom(make_user, inviter, role):
    by = make_user(inviter)
    if role not in MAY_INVITE.get(inviter, ()):
        with pytest.raises(PermissionDenied):
            propose("nieuw@test.invalid", "Nina", role, by=by)
        assert not User.objects.filter(email="nieuw@test.invalid").exists()
    elif role in LINE_ROLES:
        assert propose("nieuw@test.invalid", "Nina", role, by=by) is None
        assert not User.objects.filter(email="nieuw@test.invalid").exists()
    else:
        assert propose("nieuw@test.invalid", "Nina", role, by=by).roles == {role}


def test_who_may_invite_has_the_permission_for_the_page():
    assert {role for role, names in ROLES.items() if "accounts.invite_user" in names} == set(MAY_INVITE)


def test_a_colleague_for_the_team_takes_two_people(client, make_user, sign_in):
    first, second = make_user(Role.COORDINATOR), make_user(Role.NETWERKBEHEER)
    sign_in(client, first)
    data = {"name": "Nina", "email": "Nina@test.invalid", "role": "eerste_lijn"}
    assert client.post(PATH, data)["Location"] == PATH
    proposal = Proposal.objects.get()
    assert client.post(f"{PATH}{proposal.pk}/", {"confirm": "1"}).status_code == 403
    assert not User.objects.filter(email="nina@test.invalid").exists()

    other = Client()
    sign_in(other, second)
    assert "Nina" in other.get(PATH).content.decode()
    assert other.post(f"{PATH}{proposal.pk}/", {"confirm": "1"})["Location"] == PATH
    grant = RoleGrant.objects.get(user__email="nina@test.invalid")
    assert (grant.role_id, grant.granted_by, grant.confirmed_by) == ("eerste_lijn", first.name, second.name)
    assert Job.objects.filter(name="weerbaar.accounts.send_password_link").count() == 1
    assert other.post(f"{PATH}{proposal.pk}/", {"confirm": "1"}).status_code == 404


def test_the_network_office_invites_a_contact_at_once(client, make_user, sign_in):
    sign_in(client, make_user(Role.NETWERKBEHEER))
    client.post(PATH, {"name": "Hilde", "email": "h@test.invalid", "role": "organisatiecontact"})
    assert User.objects.get(email="h@test.invalid").roles == {Role.ORGANISATIECONTACT}


@pytest.mark.parametrize("role", [role for role in Role if role not in MAY_INVITE])
def test_others_do_not_find_the_page(client, make_user, sign_in, role):
    user = make_user(role)
    sign_in(client, user)
    assert client.get(f"/{user.zone}/account/uitnodigen/").status_code == 403


def test_a_role_that_one_may_not_give_is_not_offered(client, make_user, sign_in):
    sign_in(client, make_user(Role.COORDINATOR))
    data = {"name": "Nina", "email": "n@test.invalid", "role": "technisch_beheer"}
    assert client.post(PATH, data).status_code == 422
    assert "technisch beheer" not in client.get(PATH).content.decode()


def test_what_does_not_go_together_is_said(client, make_user, sign_in):
    auditor = make_user(Role.AUDITOR)
    sign_in(client, make_user(Role.NETWERKBEHEER))
    response = client.post(PATH, {"name": "Nina", "email": auditor.email, "role": "toetsadviseur"})
    assert response.status_code == 422
    assert "gaan niet samen" in response.content.decode()


def test_nobody_confirms_the_own_proposal(make_user):
    coordinator = make_user(Role.COORDINATOR)
    propose("n@test.invalid", "Nina", Role.EERSTE_LIJN, by=coordinator)
    with pytest.raises(PermissionDenied):
        confirm(Proposal.objects.get(), by=coordinator)
    with pytest.raises(PermissionDenied):
        confirm(Proposal.objects.get(), by=make_user(Role.EERSTE_LIJN))


def test_the_first_accounts_come_from_the_command_line(capsys, make_user):
    call_command("invite", "bart@test.invalid", "Bart", "technisch_beheer")
    assert User.objects.get(email="bart@test.invalid").roles == {Role.TECHNISCH_BEHEER}
    with pytest.raises(CommandError, match="gaan niet samen"):
        call_command("invite", "bart@test.invalid", "Bart", "auditor")


def test_an_address_that_is_too_long_is_said_and_not_a_fault_of_ours(client, make_user, sign_in):
    sign_in(client, make_user(Role.COORDINATOR))
    data = {"name": "Nina", "email": "a" * 250 + "@test.invalid", "role": "eerste_lijn"}
    assert client.post(PATH, data).status_code == 422
