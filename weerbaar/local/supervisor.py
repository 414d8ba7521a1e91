"""Starts the processes of the portal, waits until each answers, and stops all of them together.

Each child has a session of its own, so that Ctrl-C reaches the supervisor alone, and is told by the kernel
when the supervisor is gone. Only the standard library.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any, Self

from weerbaar.local.progress import Missing, last_line, say

ROOT = Path(__file__).resolve().parents[2]
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)  # loaded before any fork


class Stop(BaseException):
    """Somebody asked the portal to stop: Ctrl-C, SIGTERM, or the terminal was closed."""


@dataclass
class Service:
    """One process: how to start it, how to know that it is ready, how to stop it."""

    name: str
    command: Sequence[str | Path]
    env: dict[str, str]
    is_ready: Callable[[], bool] = lambda: True
    user: str | None = None
    folder: Path = ROOT
    stop_signal: int = signal.SIGTERM
    orphan_signal: int = signal.SIGQUIT  # the quick way out, when the supervisor was killed
    patience: float = 6  # seconds between asking and killing
    is_vital: bool = True  # without it the others stop too
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def kind(self) -> str:
        """Services of one kind (worker, worker-pdf) stop at the same time."""
        return self.name.partition("-")[0]


class Supervisor:
    """Use as a context manager: whatever happens inside, nothing keeps running afterwards."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: list[Service] = []

    def __enter__(self) -> Self:
        self.logs.mkdir(parents=True, exist_ok=True)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, stop)
        return self

    def __exit__(self, *_: object) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # stopping takes seconds; let nothing cut it short
        for _kind, services in groupby(reversed(self.running), key=lambda service: service.kind):
            end(list(services))

    def start(self, service: Service) -> None:
        """Start a process; its output goes to a file in the log folder."""
        parent = os.getpid()
        with self.log_of(service).open("wb") as log:
            service.process = subprocess.Popen(  # noqa: S603 - our own commands
                service.command,
                env=service.env,
                cwd=service.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: die_with(parent, service.orphan_signal),  # LIBC is loaded
                **as_user(service.user),
            )
        self.running.append(service)

    def wait_until_ready(self, service: Service, seconds: float = 60) -> None:
        """Return when the process answers. Raises Missing when it died or stays silent."""
        limit = time.monotonic() + seconds
        while not service.is_ready():
            if service.process.poll() is not None:
                raise Missing(self.obituary(service))
            if time.monotonic() > limit:
                raise Missing(f"{service.name} antwoordt niet. Kijk in {self.log_of(service)}.")
            time.sleep(0.05)

    def watch(self) -> None:
        """Wait until somebody asks to stop (raises Stop) or a process dies (raises Missing)."""
        while gone := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT):
            for service in self.running:
                if service.process.pid == gone.si_pid:
                    service.process.wait()
                    if service.is_vital:
                        raise Missing(self.obituary(service))
                    say(f"  ! {self.obituary(service)}")
                    self.running.remove(service)
                    break
            else:  # an orphan that became ours: in a container we are process 1
                os.waitpid(gone.si_pid, 0)

    def says(self, name: str, words: str) -> Callable[[], bool]:
        """A question for `is_ready`: has this process written these words?"""
        return lambda: words in (self.logs / f"{name}.log").read_text(errors="replace")

    def obituary(self, service: Service) -> str:
        log = self.log_of(service)
        said = last_line(log.read_text(errors="replace"))
        return f"{service.name} is gestopt (code {service.process.returncode}): {said}. Kijk in {log}."

    def log_of(self, service: Service) -> Path:
        return self.logs / f"{service.name}.log"


def as_user(user: str | None) -> dict[str, Any]:
    """Arguments for subprocess that run a command as another user, in that user's group alone."""
    return {"user": user, "group": user, "extra_groups": []} if user else {}


def stop(number: int, _frame: FrameType | None) -> None:
    raise Stop(signal.Signals(number).name)


def die_with(parent: int, number: int) -> None:
    """In the child, before the program starts: ask the kernel for a signal when the parent is gone."""
    signal.signal(number, signal.SIG_DFL)  # a shell tells what it starts with & to ignore SIGQUIT
    LIBC.prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:  # it went before we could ask
        os._exit(1)


def end(services: list[Service]) -> None:
    """Ask processes to stop, then kill what is left of their sessions."""
    for service in services:
        service.process.send_signal(service.stop_signal)
    for service in services:
        try:
            service.process.wait(service.patience)
        except subprocess.TimeoutExpired:
            say(f"  ! {service.name} stopt niet vanzelf en wordt beëindigd")
        with suppress(ProcessLookupError):  # nothing was left
            os.killpg(service.process.pid, signal.SIGKILL)
        service.process.wait()
