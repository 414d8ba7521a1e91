"""Tell Celery that there is work, so that it does not wait for the next tick. Never in the way of a request.

A nudge that does not get through costs nothing but time: the tick comes every two seconds.
"""

from __future__ import annotations

import threading
import time
from functools import cache
from typing import TYPE_CHECKING

import structlog
from django.conf import settings

if TYPE_CHECKING:
    from kombu import Connection

log = structlog.get_logger("jobs")

BETWEEN = 0.2  # seconds: many commits in a moment need one nudge
AFTER_FAILURE = 30.0  # seconds without a try: the circuit breaker
TIMEOUT = 0.2

_quiet_until = 0.0  # on time.monotonic()
_busy = threading.Lock()


def nudge(queue: str) -> None:
    """Publish one tick from a thread of its own: returns at once, whatever Redis or the name server does."""
    if settings.REDIS_URL and time.monotonic() >= _quiet_until and _busy.acquire(blocking=False):
        threading.Thread(target=_publish_and_release, args=(queue,), daemon=True).start()


def _publish_and_release(queue: str) -> None:
    global _quiet_until
    try:
        publish(queue)
        _quiet_until = time.monotonic() + BETWEEN
    except Exception as error:
        _quiet_until = time.monotonic() + AFTER_FAILURE
        log.warning("nudge failed", error=type(error).__name__)
    finally:
        _busy.release()


def publish(queue: str) -> None:
    """Publish one tick, or raise within half a second."""
    from weerbaar.celery import tick  # noqa: PLC0415 - half a second that starting a web process can do without

    try:
        tick.apply_async((queue,), queue=queue, expires=10, retry=False, connection=_connection())
    except Exception:
        disconnect()  # begin with a fresh one next time
        raise


def disconnect() -> None:
    """Close the connection that is kept."""
    _connection().release()
    _connection.cache_clear()


@cache
def _connection() -> Connection:
    from weerbaar.celery import app  # noqa: PLC0415 - see above

    limits = {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT, "max_retries": 0}
    return app.connection_for_write(transport_options=app.conf.broker_transport_options | limits)
