from itertools import combinations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.conftest import Granter
from weerbaar.accounts.actions import grant_role, revoke_role
from weerbaar.accounts.models import RoleGrant, User
from weerbaar.accounts.roles import DUTIES, ROLES, STAFF_ROLES, Role
from weerbaar.zones import Zone


def permission_names(permissions) -> set[str]:
    return {f"{p.content_type.app_label}.{p.codename}" for p in permissions.select_related("content_type")}


def test_every_role_stands_in_the_table():
    assert set(ROLES) == set(Role)


@pytest.mark.parametrize("name", sorted(set().union(*ROLES.values())))
def test_every_permission_in_the_table_exists(name):
    assert name in permission_names(Permission.objects)


@pytest.mark.parametrize("role", Role)
def test_the_groups_say_what_the_table_says(role):
    assert permission_names(Group.objects.get(name=role.value).permissions) == ROLES[role]


@pytest.mark.parametrize("role", Role)
def test_who_is_given_a_role_may_what_the_role_may(make_user, role):
    user = make_user(role)
    assert user.roles == {role}
    assert user.main_role == role
    assert user.has_role(role)
    assert user.get_all_permissions() == ROLES[role]
    assert user.zone == (Zone.BEHEER if role in STAFF_ROLES else Zone.MIJN)


def test_an_account_that_is_off_has_no_roles(make_user):
    user = make_user(Role.COORDINATOR, is_active=False)
    assert user.roles == frozenset()
    assert not user.has_perm("ondersteuning.coordinate")


@pytest.mark.parametrize(("one", "other"), list(combinations(Role, 2)), ids=lambda role: role.value)
def test_nobody_holds_two_of_technical_auditor_and_content(make_user, one, other):
    user = make_user(one)
    if one in DUTIES and other in DUTIES and DUTIES[one] != DUTIES[other]:
        with pytest.raises(ValidationError):
            grant_role(user, other, by=Granter())
        with pytest.raises(IntegrityError), transaction.atomic():  # the database refuses it too
            RoleGrant.objects.create(user=user, role_id=other.value, granted_by="buitenom")
        assert User.objects.get(pk=user.pk).roles == {one}
    else:
        grant_role(user, other, by=Granter())
        assert User.objects.get(pk=user.pk).roles == {one, other}


def test_nobody_is_superuser(make_user):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(is_superuser=True)


def test_a_role_taken_away_is_gone_with_its_desk(make_user):
    user = make_user(Role.EERSTE_LIJN)
    revoke_role(user, Role.EERSTE_LIJN, by=Granter())
    user = User.objects.get(pk=user.pk)
    assert not user.is_staff
    assert not user.get_all_permissions()


def test_a_coordinator_needs_a_second_person_to_grant_a_line_role(make_user):
    class Coordinator:
        id, name, role = "een", "Coördinator", Role.COORDINATOR.value

    class Second:
        id, name, role = "twee", "Tweede", Role.COORDINATOR.value

    user = make_user()
    with pytest.raises(ValidationError):
        grant_role(user, Role.EERSTE_LIJN, by=Coordinator())
    with pytest.raises(ValidationError):
        grant_role(user, Role.EERSTE_LIJN, by=Coordinator(), confirmed_by=Coordinator())
    assert (
        grant_role(user, Role.EERSTE_LIJN, by=Coordinator(), confirmed_by=Second()).confirmed_by == "Tweede"
    )
