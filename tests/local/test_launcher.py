"""./portaal itself: it starts, says where, stops within seconds, and comes up again after the worst."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from weerbaar.local import var as var_folder

ROOT = Path(__file__).resolve().parents[2]
WITHOUT = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "STATIC_ROOT", "MAIL_DIR", "ZONES", "SITE_URL"}


class Portal:
    """One VAR folder with a space in it, and the launcher that is started on it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.log = var.with_name("output")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def launch(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        env = {name: value for name, value in os.environ.items() if name not in WITHOUT}
        env |= {"VAR": str(self.var), "PORT": str(self.port)} | more
        command = [ROOT / "portaal", *arguments]
        return subprocess.Popen(command, env=env, stdout=self.log.open("w"), stderr=subprocess.STDOUT)

    def start(self) -> subprocess.Popen[str]:
        launcher = self.launch()
        wait_until(lambda: "✓ Achtergrondtaken" in self.said() or launcher.poll() is not None, 240)
        assert launcher.poll() is None, self.said()
        return launcher

    def said(self) -> str:
        return self.log.read_text()

    def is_ready(self) -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=10) as response:
            return response.read() == b"ok"

    def processes(self) -> list[int]:
        """Every living process that was started for this VAR: it stands in their environment."""
        mark = f"VAR={self.var}\0".encode()
        return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/environ") if mark in read(path)]

    def users(self) -> int:
        code = "from weerbaar.accounts.models import User; print(User.objects.count())"
        assert self.launch("manage", "shell", "-v", "0", "-c", code).wait(60) == 0, self.said()
        return int(self.said().split()[-1])


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it ended meanwhile, is a zombie, or is not ours
        return b""


def wait_until(question, seconds: float) -> None:
    limit = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    portal = Portal(tmp_path_factory.mktemp("a b") / "var")
    yield portal
    for pid in portal.processes():
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree((portal.var / "postgres").resolve())
    shutil.rmtree(var_folder.sockets(portal.var))


def test_it_starts_says_where_and_stops_within_seconds(portal):
    launcher = portal.start()
    assert portal.is_ready()
    said = portal.said()
    accounts = json.loads((portal.var / "demo-accounts.json").read_text())
    assert accounts
    for words in [
        f"http://127.0.0.1:{portal.port}/",
        f"{portal.var}/mail",
        *(account["email"] for account in accounts),
    ]:
        assert words in said
    assert (portal.var / "keys.env").stat().st_mode & 0o777 == 0o600
    assert portal.var.stat().st_mode & 0o777 == 0o700

    launcher.send_signal(signal.SIGINT)
    assert launcher.wait(30) == 0
    wait_until(lambda: not portal.processes(), 30)


def test_it_comes_up_again_after_kill_9_of_everything(portal):
    portal.start()
    users = portal.users()
    for pid in portal.processes():
        os.kill(pid, signal.SIGKILL)
    launcher = portal.start()
    assert portal.is_ready()
    assert portal.users() == users > 0
    launcher.terminate()
    assert launcher.wait(30) == 0


def test_a_killed_launcher_leaves_nothing_behind(portal):
    launcher = portal.start()
    launcher.kill()
    launcher.wait()
    wait_until(lambda: not portal.processes(), 60)


def test_a_second_launcher_on_the_same_folder_or_port_is_refused(portal):
    first = portal.start()
    assert portal.launch(PORT=str(portal.port + 1)).wait(30) == 1
    assert "draait al" in portal.said()
    assert portal.launch(VAR=f"{portal.var}-2").wait(30) == 1
    assert f"PORT={portal.port + 1}" in portal.said()
    first.terminate()
    assert first.wait(30) == 0


def test_one_dead_worker_stops_all_and_is_told(portal):
    launcher = portal.start()
    [worker] = [
        pid
        for pid in portal.processes()
        if b"default@" in read(Path(f"/proc/{pid}/cmdline")) and is_child(pid, launcher)
    ]
    os.kill(worker, signal.SIGKILL)
    assert launcher.wait(30) == 1
    assert "worker is gestopt" in portal.said()
    wait_until(lambda: not portal.processes(), 30)


def is_child(pid: int, launcher: subprocess.Popen[str]) -> bool:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]) == launcher.pid
