"""A test database made by the owner role, used by the application role: as in production.

The migrated database is kept as a template named after the migrations, so that a second run starts at once.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

import environ
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
OWNER = environ.Env.db_url_config(os.environ["DATABASE_OWNER_URL"])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("django_db") is None and "own_database" not in item.fixturenames:
            item.add_marker(pytest.mark.django_db(databases=["default", "audit"]))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    """Stands in for pytest-django's: that one would create the database as the application role."""
    name = f"test_{settings.DATABASES['default']['NAME']}_{os.getpid()}"
    with django_db_blocker.unblock():
        with owner_connection("postgres") as admin:
            template = migrated_template(admin)
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        point_at(name)
        yield
        close_pools()
        with owner_connection("postgres") as admin:
            admin.execute(f'DROP DATABASE "{name}"')


def owner_connection(database: str) -> psycopg.Connection:
    from urllib.parse import unquote

    return psycopg.connect(
        host=unquote(OWNER["HOST"]),
        port=OWNER["PORT"] or None,
        user=OWNER["USER"],
        password=OWNER["PASSWORD"] or None,
        dbname=database,
        autocommit=True,
    )


def migrated_template(admin: psycopg.Connection) -> str:
    """The name of a database in which every migration has run; made when it is not there yet."""
    digest = hashlib.sha256(os.environ["DATABASE_URL"].encode())
    for path in sorted(ROOT.glob("*/**/*.py")):
        if "migrations" in path.parts and not {".tools", "node_modules", "var"} & set(path.parts):
            digest.update(path.read_bytes())
    for path in ("weerbaar/accounts/roles.py", "weerbaar/audit/grants.py"):
        if (ROOT / path).exists():
            digest.update((ROOT / path).read_bytes())
    name = f"template_{digest.hexdigest()[:16]}"
    if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return name
    building = f"{name}_{os.getpid()}"
    admin.execute(f'CREATE DATABASE "{building}"')
    user = settings.DATABASES["default"]["USER"], settings.DATABASES["default"]["PASSWORD"]
    point_at(building, OWNER["USER"], OWNER["PASSWORD"])
    call_command("migrate", verbosity=0)
    close_pools()
    point_at(building, *user)
    admin.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
    return name


def point_at(database: str, user: str | None = None, password: str | None = None) -> None:
    close_pools()
    for alias in connections:
        connection = connections[alias]
        connection.settings_dict["NAME"] = settings.DATABASES[alias]["NAME"] = database
        if user is not None:
            connection.settings_dict["USER"] = settings.DATABASES[alias]["USER"] = user
            connection.settings_dict["PASSWORD"] = settings.DATABASES[alias]["PASSWORD"] = password


@pytest.fixture
def own_database(django_db_setup, django_db_blocker) -> Iterator[str]:
    """For tests that need real commits: a database of their own, thrown away after the test. Gives its name.

    (TransactionTestCase truncates, which the append-only tables refuse.)
    """
    before = settings.DATABASES["default"]["NAME"]
    name = f"{before}_own"
    with django_db_blocker.unblock(), owner_connection("postgres") as admin:
        close_pools()
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated_template(admin)}"')
        point_at(name)
        try:
            yield name
        finally:
            point_at(before)
            admin.execute(f'DROP DATABASE "{name}"')


def close_pools() -> None:
    for alias in connections:
        connections[alias].close()
        connections[alias].close_pool()


@pytest.fixture
def make_user():
    """make_user(Role.EERSTE_LIJN, email=…): an account with that role (or none) and password "geheim"."""
    from weerbaar.accounts.actions import grant_role
    from weerbaar.accounts.models import User
    from weerbaar.accounts.roles import Role

    def make(role=None, email: str | None = None, name: str = "", **fields):
        number = next(_numbers)
        role = Role(role) if role else None
        kind = role.value if role else "account"
        user = User.objects.create_user(
            email or f"{kind}{number}@test.invalid",
            fields.pop("password", "geheim"),
            name=name or f"{kind.capitalize()} {number}",
            **fields,
        )
        if role:
            grant_role(user, role, by=Granter())
        return User.objects.get(pk=user.pk)

    return make


@pytest.fixture
def sign_in():
    """sign_in(client, user): a real session of the user's zone, with (or without) the second factor given."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from weerbaar.accounts.sessions import STORES, cookie_name

    def sign(client, user, *, zone=None, second_factor: bool = True):
        zone = zone or user.zone
        methods = ["password", "mfa"] if second_factor else ["password"]
        session = STORES[zone]()
        session.update(
            {
                SESSION_KEY: str(user.pk),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: user.get_session_auth_hash(),
                "account_authentication_methods": [{"method": m, "at": time.time()} for m in methods],
                "account_authentication_methods_user": str(user.pk),
            }
        )
        session.create()
        client.cookies[cookie_name(zone)] = session.session_key
        return session

    return sign


@pytest.fixture
def as_user(sign_in):
    """as_user(user): a browser of their own, signed in with a second factor."""
    from django.test import Client

    def browser(user) -> Client:
        client = Client()
        sign_in(client, user)
        return client

    return browser


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path_factory):
    """Folders for evidence and for the toolkit that are thrown away; made when the first file comes in."""
    settings.FILES_DIR = str(tmp_path_factory.getbasetemp() / f"files-{next(_numbers)}")
    settings.TOOLKIT_DIR = str(tmp_path_factory.getbasetemp() / f"toolkit-{next(_numbers)}")


class Granter:
    """Stands for the system where a test needs somebody who grants."""

    id = None
    name = "systeem"
    role = "systeem"


_numbers = itertools.count(1)


@pytest.fixture(autouse=True, scope="session")
def _cheap_hasher():
    """Argon2 costs a third of a core-second; tests of sign-in that need the real one set it back."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
