from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection


def apart(function: Callable[[], Any]) -> threading.Thread:
    """Start something in a thread with a database connection of its own, outside the pool and the test's
    transaction."""

    def run() -> None:
        connection.settings_dict = connection.settings_dict | {"OPTIONS": {}}
        try:
            function()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def committed(function: Callable[[], Any]) -> Any:
    """The result of something that is really committed."""
    results = []
    apart(lambda: results.append(function())).join()
    return results[0]


@pytest.fixture
def clean_ledger() -> Iterator[None]:
    """For tests that commit: leaves an empty ledger behind."""

    def clean() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM jobs_job")
            cursor.execute("DELETE FROM jobs_heartbeat")

    yield
    committed(clean)


@pytest.fixture
def mailbox(settings: Any, tmp_path: Any) -> Any:
    """The folder that mails are written to."""
    settings.MAIL_DIR = str(tmp_path / "mail")
    return tmp_path / "mail"
