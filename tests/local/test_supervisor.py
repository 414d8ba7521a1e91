"""Nothing keeps running once the supervisor stops, whichever way it went."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from weerbaar.local.progress import Missing
from weerbaar.local.supervisor import Service, Stop, Supervisor

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import os, signal, sys, time
name, order = sys.argv[1:]
def stop(*_):
    open(order, "a").write(name + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("ready", os.getpid(), flush=True)
time.sleep(300)
"""
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
print("ready", flush=True)
time.sleep(300)
"""
PARENT = """
import sys
from pathlib import Path
from tests.local.test_supervisor import child
from weerbaar.local.supervisor import Supervisor
logs = Path(sys.argv[1])
with Supervisor(logs) as supervisor:
    for name in ("postgres", "web"):
        service = child(supervisor, name)
        supervisor.start(service)
        supervisor.wait_until_ready(service)
    print("ready", flush=True)
    supervisor.watch()
"""


@pytest.fixture(autouse=True)
def handlers():
    """The supervisor takes over the signals of the process that it runs in: here, of the tests."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def child(supervisor: Supervisor, name: str, script: str = CHILD, **options) -> Service:
    order = supervisor.logs / "order"
    command = [sys.executable, "-c", script, name, str(order)]
    return Service(name, command, dict(os.environ), is_ready=supervisor.says(name, "ready"), **options)


def start(supervisor: Supervisor, *names: str) -> list[Service]:
    services = [child(supervisor, name) for name in names]
    for service in services:
        supervisor.start(service)
    for service in services:
        supervisor.wait_until_ready(service)
    return services


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_everything_stops_in_the_reverse_order_of_its_start(tmp_path):
    names = ["postgres", "valkey", "web", "worker", "beat"]
    with Supervisor(tmp_path) as supervisor:
        services = start(supervisor, *names)
    assert (tmp_path / "order").read_text().split() == names[::-1]
    assert [service.process.returncode for service in services] == [0] * 5


def test_one_dead_child_is_told_and_stops_the_rest(tmp_path):
    with Supervisor(tmp_path) as supervisor:
        _postgres, web = start(supervisor, "postgres", "web")
        web.process.kill()
        with pytest.raises(Missing, match="web is gestopt"):
            supervisor.watch()
    assert (tmp_path / "order").read_text().split() == ["postgres"]


def test_a_child_that_dies_before_it_is_ready_is_told_with_its_last_words(tmp_path):
    with Supervisor(tmp_path) as supervisor:
        service = child(supervisor, "web", "import sys; sys.exit('geen sleutel')")
        supervisor.start(service)
        with pytest.raises(Missing, match="geen sleutel"):
            supervisor.wait_until_ready(service)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_request_to_stop_stops_everything(tmp_path, number):
    with Supervisor(tmp_path) as supervisor:
        start(supervisor, "postgres", "web")
        threading.Timer(0.2, os.kill, [os.getpid(), number]).start()
        with pytest.raises(Stop):
            supervisor.watch()
    assert (tmp_path / "order").read_text().split() == ["web", "postgres"]


def test_an_orphan_that_ends_stops_nothing(tmp_path):
    with Supervisor(tmp_path) as supervisor:
        start(supervisor, "web")
        subprocess.Popen(["true"])
        threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGTERM]).start()
        with pytest.raises(Stop):
            supervisor.watch()


def test_a_child_that_does_not_listen_is_killed_with_its_own_children(tmp_path, capfd):
    with Supervisor(tmp_path) as supervisor:
        service = child(supervisor, "web", STUBBORN, patience=0.5)
        supervisor.start(service)
        supervisor.wait_until_ready(service)
        session = service.process.pid
    assert "web stopt niet vanzelf" in capfd.readouterr().out
    wait_until(lambda: nobody_is_left_in(session))


def nobody_is_left_in(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def as_a_shell_does_with_an_ampersand() -> None:
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)


@pytest.mark.parametrize("before", [None, as_a_shell_does_with_an_ampersand])
def test_a_killed_supervisor_leaves_no_child(tmp_path, before):
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    parent = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, preexec_fn=before)
    assert parent.stdout.readline() == b"ready\n"
    pids = [int((tmp_path / f"{name}.log").read_text().split()[1]) for name in ("postgres", "web")]
    assert all(is_alive(pid) for pid in pids)
    parent.kill()
    parent.wait()
    wait_until(lambda: not any(is_alive(pid) for pid in pids))


def wait_until(question, seconds: float = 30) -> None:
    limit = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.05)
