"""A database for one figure, made from the migrated template of the tests, and dropped after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.conftest import close_pools, migrated_template, owner_connection, point_at


@contextmanager
def fresh_database(name: str) -> Iterator[None]:
    """Point every connection at a new, migrated, empty database, used by the application's role."""
    with owner_connection("postgres") as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated_template(admin)}"')
    point_at(name)
    try:
        yield
    finally:
        close_pools()
        with owner_connection("postgres") as admin:
            admin.execute(f'DROP DATABASE "{name}"')


def as_owner(*statements: str) -> None:
    """Run statements that the application's role may not, such as setting a table to UNLOGGED."""
    from django.conf import settings

    with owner_connection(settings.DATABASES["default"]["NAME"]) as connection:
        for statement in statements:
            connection.execute(statement)
