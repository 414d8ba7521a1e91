from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest

from tests.conftest import migrated_template, owner_connection

from .stack import Stack, wait_until


@pytest.fixture(scope="module")
def stack(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """A running background, shared by the tests of a module: each leaves it as it found it."""
    name = f"faults_{os.getpid()}"
    with django_db_blocker.unblock(), owner_connection("postgres") as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated_template(admin)}"')
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    stack = Stack(tmp_path_factory.mktemp("stack"), name, url)
    try:
        stack.start_all()
        yield stack
    finally:
        stack.close()
        with owner_connection("postgres") as admin:
            wait_until(lambda: is_dropped(admin, name), 60)


def is_dropped(admin: psycopg.Connection, name: str) -> bool:
    """Drop a database, unless the server's own housekeeping is in it just now."""
    try:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


@pytest.fixture(autouse=True)
def _show_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "stack" in request.fixturenames:
        print(request.getfixturevalue("stack").logs())  # pytest shows it when the test failed
