"""A worker that gets no ticks sends in a stand-in.

Redis gone or silent, beat dead, a consumer that does not take up its work after a reconnect: from where the
worker sits these look alike. So it does not try to tell them apart: after 15 seconds without a tick it starts
`manage.py run_due` as a process of its own, again and again until a tick comes in. Work goes on in each case.
A worker that does not hear the tick that it sends itself is deaf, and starts over in place.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from typing import Any

import structlog
from django.conf import settings

from . import nudge

log = structlog.get_logger("jobs")

PATIENCE = 15.0  # seconds without a tick
STAYS = 30  # seconds; starting one costs a second of CPU
LONGEST = 300.0  # seconds: a job that hangs does not keep it for ever
HEARS_WITHIN = 10.0  # seconds

_last_tick = time.monotonic()
_stopping = threading.Event()


def watch(sender: str, instance: Any, **kwargs: object) -> None:
    """Begin to watch, when a Celery worker starts (before it has reached Redis)."""
    queues = list(instance.app.amqp.queues.consume_from)
    threading.Thread(target=_watch, args=(queues,), daemon=True).start()


def tick_came(**kwargs: object) -> None:
    """Celery has taken in a task that has not expired."""
    global _last_tick
    _last_tick = time.monotonic()


def stop(**kwargs: object) -> None:
    """The worker is shutting down, and so does its stand-in."""
    _stopping.set()


def _watch(queues: list[str]) -> None:
    while not _stopping.wait(1):
        if time.monotonic() - _last_tick > PATIENCE:
            log.warning("no ticks come in, a stand-in runs the ledger", queues=queues)
            _stand_in(queues)
            if _is_deaf(queues[0]):
                log.error("ticks do not arrive though Redis takes them, starting over")
                os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - what we were started with


def _stand_in(queues: list[str]) -> None:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_due", f"--seconds={STAYS}"]
    with subprocess.Popen(command + [f"--queue={queue}" for queue in queues]) as process:  # noqa: S603
        until = time.monotonic() + LONGEST
        while process.poll() is None:
            if _stopping.wait(0.5) or time.monotonic() > until:
                process.kill()  # what it was doing is tried again when its lease has lapsed


def _is_deaf(queue: str) -> bool:
    """Redis takes a tick, and in ten seconds none arrives here."""
    asked = time.monotonic()
    try:
        nudge.publish(queue)
    except Exception:  # there is nothing to hear
        return False
    finally:
        nudge.disconnect()  # a child that is forked later must not share it
    while _last_tick < asked and time.monotonic() < asked + HEARS_WITHIN:
        if _stopping.wait(0.2):
            return False
    return _last_tick < asked
