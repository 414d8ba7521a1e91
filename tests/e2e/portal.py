"""A portal of its own for the browser: a database with demo data, the web server, and who runs the jobs."""

from __future__ import annotations

import base64
import ctypes
import hashlib
import hmac
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PERIOD = 30  # seconds that a one-time code lasts


def die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Portal:
    """Started once a test session; the tests reach it with a browser only."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.mail = folder / "mail"
        self.mail.mkdir()
        self.processes: list[subprocess.Popen] = []
        self.used: dict[str, int] = {}  # the period of the last one-time code of an account
        self.sessions: dict[str, list] = {}  # cookies of who is signed in, by role
        self.env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "weerbaar.settings",
            "DATABASE_URL": database_url,
            "SITE_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1,localhost",  # a passkey needs a name
            "EMBEDDED": "1",
            "ZONES": "publiek,mijn,beheer",
            "VAR": str(folder),
            "MAIL_DIR": str(self.mail),
            "FILES_DIR": str(folder / "files"),
            "TOOLKIT_DIR": str(folder / "toolkit"),
            "CLAMD_SOCKET": os.environ.get("CLAMD_SOCKET") or str(folder / "clamd.sock"),
            "STATIC_ROOT": "",
            "REDIS_URL": "",
        }

    def manage(self, *command: str) -> None:
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-2000:]

    def background(self, name: str, *command: str, **env: str) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        self.processes.append(
            subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.env | env,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,
            )
        )

    def start(self) -> None:
        self.manage("demo")
        address = ["--bind", f"127.0.0.1:{self.port}", "--no-control-socket"]
        self.background("web", "-m", "gunicorn", "weerbaar.wsgi", "-k", "gthread", "--threads", "4", *address)
        self.background("jobs", "manage.py", "run_due", "--seconds", "3600", ZONES="")
        self.accounts = {
            account["role"]: account
            for account in json.loads((self.folder / "demo-accounts.json").read_text())
        }
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"{self.url}/livez") as answer:
                    assert answer.status == 200
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError((self.folder / "web.log").read_text()[-3000:])

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(20)

    def one_time_code(self, role: str) -> str:
        """A code that was not used yet; waits for the next one when it must."""
        while (period := int(time.time() // PERIOD)) <= self.used.get(role, 0):
            time.sleep(0.5)
        self.used[role] = period
        secret = self.accounts[role]["totp_secret"]
        key = base64.b32decode(secret + "=" * (-len(secret) % 8))
        digest = hmac.new(key, struct.pack(">Q", period), hashlib.sha1).digest()
        start = digest[-1] & 15
        number: int = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
        return f"{number % 1_000_000:06d}"
