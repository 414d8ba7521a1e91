"""Signing in as in production: each zone with a database role of its own, mail made by the worker."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.accounts.conftest import code_now, give_code, give_password
from tests.accounts.test_invitations import PASSWORD, link_in, post  # noqa: F401 - a fixture
from tests.audit.test_zones import act_as, cast  # noqa: F401 - fixtures
from tests.conftest import Granter
from weerbaar.accounts.actions import invite
from weerbaar.accounts.models import User
from weerbaar.accounts.roles import Role
from weerbaar.accounts.tasks import clear_what_expired


@pytest.mark.parametrize(("zone", "role"), [("mijn", Role.AMBTSDRAGER), ("beheer", Role.EERSTE_LIJN)])
def test_the_whole_way_in_works_with_the_rights_of_the_zone(act_as, post, zone, role):  # noqa: F811
    act_as(zone)
    invite("nieuw@test.invalid", "Nina", role, by=Granter())
    act_as("worker")
    link = link_in(post()[-1])

    act_as(zone)
    client = Client()
    assert client.get(link).status_code == 200
    assert client.post(link, {"password": PASSWORD})["Location"] == f"/{zone}/"
    setup = f"/{zone}/account/2fa/totp/activate/"
    secret = client.get(setup).context["form"].secret
    assert client.post(setup, {"code": code_now(secret)}).status_code == 302
    assert client.get(f"/{zone}/account/2fa/recovery-codes/").status_code == 200
    assert client.post(f"/{zone}/account/overal-afmelden/").status_code == 302

    assert client.post(f"/{zone}/account/password/reset/", {"email": "nieuw@test.invalid"}).status_code == 302
    act_as("worker")
    link = link_in(post()[-1])
    act_as(zone)
    assert client.post(link, {"password": PASSWORD + "!"})["Location"].endswith("/2fa/authenticate/")
    user = User.objects.get(email="nieuw@test.invalid")
    assert give_code(client, user, code_now(secret, step=1)).status_code == 302
    assert client.get(f"/{zone}/account/").status_code == 200
    again = Client()
    assert give_password(again, user, "fout").status_code == 422
    act_as("worker")
    from django.utils import timezone

    clear_what_expired(timezone.now())
