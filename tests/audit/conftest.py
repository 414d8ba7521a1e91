from __future__ import annotations

import pytest

from tests.conftest import owner_connection
from tests.vault.letters import tables
from weerbaar.audit.api import Actor


@pytest.fixture
def letters(own_database):
    """A database of its own in which the vault's test dossiers exist too."""
    with owner_connection(own_database) as owner:
        owner.execute(tables())
    return own_database


@pytest.fixture
def anna():
    return Actor(id=None, name="Anna", role="eerste_lijn")
