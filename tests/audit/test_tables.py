"""The migrations that make all tables of an app at once only make, as `NewTables` demands."""

from __future__ import annotations

from django.contrib.postgres.operations import BtreeGistExtension
from django.db.migrations import CreateModel
from django.db.migrations.loader import MigrationLoader
from pgtrigger.migrations import AddTrigger

from weerbaar.tables import NewTables


def test_what_draws_the_models_once_changes_nothing_that_is_there():
    migrations = MigrationLoader(None).disk_migrations.values()
    whole = [migration for migration in migrations if isinstance(migration, NewTables)]
    assert len(whole) > 5
    makers = (CreateModel, AddTrigger, BtreeGistExtension)
    assert [op for one in whole for op in one.operations if not isinstance(op, makers)] == []
    made = [
        (one.app_label, op.name_lower) for one in whole for op in one.operations if type(op) is CreateModel
    ]
    assert len(made) == len(set(made))
