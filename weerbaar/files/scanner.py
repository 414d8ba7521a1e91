"""Asking clamd (ClamAV's daemon) about a stream. CLAMD_SOCKET: a socket's path, or tcp://host:port."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT = 60.0  # seconds without a word
PATIENCE = 3.0  # when we only ask whether it is there


class ScannerDown(Exception):
    """Nobody answers, or not as a scanner does. What waits, waits on."""


def is_clean(content: Iterable[bytes]) -> bool:
    """Whether clamd finds nothing in it. Raises ScannerDown."""
    said = _ask(b"zINSTREAM\0", content)
    if said == "stream: OK":
        return True
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return False
    raise ScannerDown  # too large for its settings, out of memory, shutting down


def answers() -> bool:
    """Whether the scanner is there."""
    try:
        return _ask(b"zPING\0", timeout=PATIENCE) == "PONG"
    except ScannerDown:
        return False


def _ask(command: bytes, content: Iterable[bytes] | None = None, timeout: float = TIMEOUT) -> str:
    try:
        with _connect(timeout) as connection:
            connection.sendall(command)
            if content is not None:
                for piece in content:
                    if piece:  # an empty one would end the stream
                        connection.sendall(struct.pack("!I", len(piece)) + piece)
                connection.sendall(struct.pack("!I", 0))
            return connection.recv(4096).rstrip(b"\0\n").decode(errors="replace")
    except OSError as error:
        raise ScannerDown(type(error).__name__) from error


def _connect(timeout: float) -> socket.socket:
    if not settings.CLAMD_SOCKET:
        raise ConnectionRefusedError
    address = urlsplit(settings.CLAMD_SOCKET)
    if address.scheme == "tcp":
        return socket.create_connection((address.hostname or "", address.port or 3310), timeout)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(timeout)
    try:
        connection.connect(settings.CLAMD_SOCKET)
    except OSError:
        connection.close()
        raise
    return connection
