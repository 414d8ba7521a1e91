"""The cache behind the rate limits: rows in PostgreSQL, shared by all workers, with Redis or without.

Not Django's own `DatabaseCache`: that one unpickles what it reads, so that a zone which may write a row could
run code in another; it counts the table at every write, and throws limits away when there are many.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

SET = """
    INSERT INTO accounts_cache (cache_key, value, expires)
    VALUES (%s, %s, statement_timestamp() + make_interval(secs => %s))
    ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires
"""
ADD = SET + "WHERE accounts_cache.expires <= statement_timestamp()"  # first come, first served
GET = "SELECT value FROM accounts_cache WHERE cache_key = %s AND expires > statement_timestamp()"
TOUCH = """
    UPDATE accounts_cache SET expires = statement_timestamp() + make_interval(secs => %s)
    WHERE cache_key = %s AND expires > statement_timestamp()
"""
FOR_EVER = 10 * 365 * 24 * 3600.0  # seconds


class LimitCache(BaseCache):
    """Values are JSON; each operation is one statement. `tasks.clear_what_expired` tidies up."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._change(ADD, [self._name(key, version), json.dumps(value), self._seconds(timeout)])

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._change(SET, [self._name(key, version), json.dumps(value), self._seconds(timeout)])

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(GET, [self._name(key, version)])
            row = cursor.fetchone()
        return json.loads(row[0]) if row else default

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._change(TOUCH, [self._seconds(timeout), self._name(key, version)])

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._change("DELETE FROM accounts_cache WHERE cache_key = %s", [self._name(key, version)])

    def clear(self) -> None:
        self._change("DELETE FROM accounts_cache", [])

    def _name(self, key: str, version: int | None) -> str:
        name: str = self.make_and_validate_key(key, version=version)
        return f"{','.join(sorted(settings.ZONES))}|{name}"  # the database keeps the zones apart by it

    def _seconds(self, timeout: Any) -> float:
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        return FOR_EVER if timeout is None else max(float(timeout), 0.0)

    def _change(self, statement: str, values: list[Any]) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount > 0
