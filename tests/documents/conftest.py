from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import owner_connection
from tests.documents.papers import Paper, table
from weerbaar.audit.api import Actor
from weerbaar.vault import api as vault
from weerbaar.vault.api import Team


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    from django.db import connection

    with django_db_blocker.unblock(), owner_connection(connection.settings_dict["NAME"]) as owner:
        owner.execute(table())


@pytest.fixture(autouse=True)
def paper_template(settings):
    (engine,) = settings.TEMPLATES
    here = Path(__file__).parent / "templates"
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], here]}]


@pytest.fixture
def code():
    return vault.new_access_code()


@pytest.fixture
def paper(code):
    return vault.new(
        Paper,
        readers=[Team.ONDERSTEUNING, code],
        content={"body": "Er stond iemand bij de deur.", "remark": "Alleen voor het team."},
    )


@pytest.fixture
def handler():
    return Actor(id=None, name="Anna", role="eerste_lijn")


@pytest.fixture(autouse=True)
def _as_a_worker(settings):
    """A worker serves no zone, and may ask for any job."""
    settings.ZONES = frozenset()
