from __future__ import annotations

import threading
import time

import pytest
from django.core.management import call_command

from weerbaar.jobs import enqueue, job, standin

ran: list[int] = []


@job()
def note(n: int) -> None:
    ran.append(n)


@pytest.fixture
def watching(monkeypatch):
    """A worker that begins to watch, with little patience; collects when it sent in a stand-in."""
    sent: list[list[str]] = []
    monkeypatch.setattr(standin, "PATIENCE", 1.5)
    monkeypatch.setattr(standin, "_last_tick", time.monotonic())
    monkeypatch.setattr(standin, "_stopping", threading.Event())
    monkeypatch.setattr(standin, "_stand_in", sent.append)
    monkeypatch.setattr(standin, "_is_deaf", lambda queue: False)
    thread = threading.Thread(target=standin._watch, args=(["default"],))
    thread.start()
    yield sent
    standin.stop()
    thread.join(5)
    assert not thread.is_alive()


def test_a_worker_without_ticks_sends_in_a_stand_in(watching):
    time.sleep(3.5)
    assert watching
    assert watching[0] == ["default"]


def test_ticks_keep_the_stand_in_away(watching):
    for _ in range(7):
        standin.tick_came()
        time.sleep(0.5)
    assert watching == []


def test_a_stand_in_ends_with_its_worker(monkeypatch, settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "manage.py").write_text("import time; time.sleep(30)")
    monkeypatch.setattr(standin, "_stopping", threading.Event())
    threading.Timer(0.5, standin.stop).start()
    began = time.monotonic()
    standin._stand_in(["default"])
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("redis_takes_it", "arrives", "deaf"), [(True, True, False), (True, False, True), (False, False, False)]
)
def test_a_worker_is_deaf_when_it_does_not_hear_its_own_tick(monkeypatch, redis_takes_it, arrives, deaf):
    def publish(queue: str) -> None:
        if not redis_takes_it:
            raise ConnectionError
        if arrives:
            threading.Timer(0.1, standin.tick_came).start()

    monkeypatch.setattr(standin, "_last_tick", 0.0)
    monkeypatch.setattr(standin, "HEARS_WITHIN", 0.5)
    monkeypatch.setattr(standin.nudge, "publish", publish)
    assert standin._is_deaf("default") is deaf


def test_a_deaf_worker_starts_over_as_it_was_started(monkeypatch):
    class Replaced(BaseException):
        """execv does not return."""

    def execv(program: str, arguments: list[str]) -> None:
        assert arguments == standin.sys.orig_argv
        raise Replaced

    monkeypatch.setattr(standin, "_last_tick", -1000.0)
    monkeypatch.setattr(standin, "_stopping", threading.Event())
    monkeypatch.setattr(standin, "_stand_in", lambda queues: None)
    monkeypatch.setattr(standin, "_is_deaf", lambda queue: True)
    monkeypatch.setattr(standin.os, "execv", execv)
    with pytest.raises(Replaced):
        standin._watch(["default"])


def test_what_is_due_can_be_run_by_hand():
    ran.clear()
    enqueue(note, key="x", n=1)
    call_command("run_due", "--queue=pdf")
    assert ran == []
    call_command("run_due")
    assert ran == [1]
