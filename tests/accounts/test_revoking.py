"""Who may take which role away; what is taken is gone at once."""

from __future__ import annotations

from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from weerbaar.accounts.actions import withdraw_role
from weerbaar.accounts.models import User
from weerbaar.accounts.roles import MAY_REVOKE, ROLES, Role

PATH = "/beheer/account/rol-intrekken/"


@pytest.mark.parametrize(("by", "role"), list(product(Role, Role)), ids=lambda role: role.value)
def test_who_may_take_which_role_away(make_user, by, role):
    one, other = make_user(by), make_user(role)
    if role in MAY_REVOKE.get(by, ()):
        assert withdraw_role(other.email, role, by=one)
        assert User.objects.get(pk=other.pk).roles == frozenset()
    else:
        with pytest.raises(PermissionDenied):
            withdraw_role(other.email, role, by=one)
        assert User.objects.get(pk=other.pk).roles == {role}


def test_who_may_take_away_has_the_permission_for_the_page():
    assert {role for role, names in ROLES.items() if "accounts.revoke_role" in names} == set(MAY_REVOKE)


def test_a_coordinator_takes_a_role_away_and_the_sessions_end(client, make_user, sign_in):
    colleague, theirs = make_user(Role.EERSTE_LIJN), Client()
    sign_in(theirs, colleague)
    sign_in(client, make_user(Role.COORDINATOR))
    assert "Een rol intrekken" in client.get("/beheer/account/").content.decode()
    assert client.get(PATH).status_code == 200
    sent = {"email": colleague.email.upper(), "role": "eerste_lijn"}
    assert client.post(PATH, sent)["Location"] == PATH
    assert User.objects.get(pk=colleague.pk).roles == frozenset()
    assert theirs.get("/beheer/account/").status_code == 302
    again = client.post(PATH, sent)
    assert again.status_code == 422
    assert "Geen account met dit adres heeft deze rol" in again.content.decode()


def test_a_role_that_one_may_not_take_is_not_offered(client, make_user, sign_in):
    sign_in(client, make_user(Role.COORDINATOR))
    auditor = make_user(Role.AUDITOR)
    assert client.post(PATH, {"email": auditor.email, "role": "auditor"}).status_code == 422
    assert User.objects.get(pk=auditor.pk).roles == {Role.AUDITOR}


def test_nobody_takes_a_role_from_oneself(make_user):
    from tests.conftest import Granter
    from weerbaar.accounts.actions import grant_role

    both = make_user(Role.COORDINATOR)
    grant_role(both, Role.EERSTE_LIJN, by=Granter())
    with pytest.raises(ValidationError):
        withdraw_role(both.email, Role.EERSTE_LIJN, by=User.objects.get(pk=both.pk))


@pytest.mark.parametrize("role", [role for role in Role if role not in MAY_REVOKE])
def test_others_do_not_find_the_page(client, make_user, sign_in, role):
    user = make_user(role)
    sign_in(client, user)
    assert client.get(f"/{user.zone}/account/rol-intrekken/").status_code == 403
