from __future__ import annotations

import pytest

from tests.conftest import owner_connection
from tests.vault.letters import Letter, tables
from weerbaar.audit.api import Actor
from weerbaar.vault import api as vault
from weerbaar.vault.api import Team


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    from django.db import connection

    with django_db_blocker.unblock(), owner_connection(connection.settings_dict["NAME"]) as owner:
        owner.execute(tables())


@pytest.fixture
def own_database(own_database):
    with owner_connection(own_database) as owner:
        owner.execute(tables())
    return own_database


@pytest.fixture
def code():
    return vault.new_access_code()


@pytest.fixture
def letter(code):
    return write_letter(code)


@pytest.fixture
def handler():
    return Actor(id=None, name="Anna", role="eerste_lijn")


def write_letter(code, body="Wat er gebeurde", **content):
    return vault.new(Letter, readers=[Team.ONDERSTEUNING, code], content={"body": body, **content})
