"""Technisch beheer turns accounts on and off, and gives nobody any rights."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from weerbaar.accounts.models import User
from weerbaar.accounts.roles import Role


@pytest.fixture
def technician(client, make_user, sign_in):
    user = make_user(Role.TECHNISCH_BEHEER)
    sign_in(client, user)
    return user


def test_an_account_is_switched_off_and_is_out_at_once(client, technician, make_user, sign_in):
    colleague = make_user(Role.EERSTE_LIJN)
    theirs = Client()
    sign_in(theirs, colleague)
    path = f"/beheer/accounts/user/{colleague.pk}/change/"
    assert client.get(path).status_code == 200
    assert client.post(path, {}).status_code == 302
    assert not User.objects.get(pk=colleague.pk).is_active
    assert theirs.get("/beheer/account/").status_code == 302
    client.post(path, {"is_active": "on"})
    assert User.objects.get(pk=colleague.pk).is_active


def test_no_rights_passwords_or_names_are_changed_here(client, technician, make_user):
    colleague = make_user(Role.EERSTE_LIJN)
    before = User.objects.values().get(pk=colleague.pk)
    group = Group.objects.get(name=Role.COORDINATOR.value)
    client.post(
        f"/beheer/accounts/user/{colleague.pk}/change/",
        {
            "is_active": "on",
            "is_staff": "",
            "is_superuser": "on",
            "name": "Anders",
            "email": "anders@test.invalid",
            "password": "x",
            "groups": [group.pk],
        },
    )
    assert User.objects.values().get(pk=colleague.pk) == before
    assert User.objects.get(pk=colleague.pk).roles == {Role.EERSTE_LIJN}
    assert client.get(f"/beheer/accounts/user/{colleague.pk}/password/").status_code in (302, 404)
    assert client.get("/beheer/accounts/user/add/").status_code == 403
    assert client.post(f"/beheer/accounts/user/{colleague.pk}/delete/").status_code == 403
    assert client.get("/beheer/auth/group/").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.TECHNISCH_BEHEER])
def test_others_do_not_see_the_accounts(client, make_user, sign_in, role):
    sign_in(client, make_user(role))
    assert client.get("/beheer/accounts/user/").status_code in (302, 403)


def test_the_list_takes_a_constant_number_of_queries(
    client, technician, make_user, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/beheer/accounts/user/").status_code == 200
        return len(queries)

    count()
    few = count()
    for _ in range(10):
        make_user(Role.EERSTE_LIJN)
    assert count() == few
