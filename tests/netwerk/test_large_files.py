"""A file of any size in constant memory, by a real web server; and one that goes on where it broke off."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as current

from netwerk import store
from netwerk.models import Version
from tests.bench.downloads import nginx

from .library import make_item

MEGABYTE = 1024**2
LEEWAY = 24 * MEGABYTE  # what a server may grow by for other reasons


def sparse(size: int, sha256: str, number: int = 1) -> Version:
    """A version of so many bytes that takes no room on disk; its last bytes tell which it is."""
    path = store.path_of(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size - 4)
        file.seek(size - 4)
        file.write(sha256[:4].encode())
    item = make_item() if number == 1 else Version.objects.get(number=1).item
    return Version.objects.create(
        item=item, number=number, sha256=sha256, size=size, name="film.mp4", content_type="video/mp4"
    )


@contextmanager
def server(database: str, folder: Path, *options: str, **more: str):
    """gunicorn with one worker on this database. Gives its port and the worker's process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base, slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    env = os.environ | {
        "DATABASE_URL": base + slash + database,
        "ZONES": "publiek",
        "TOOLKIT_DIR": str(current.TOOLKIT_DIR),
        "ALLOWED_HOSTS": "127.0.0.1",
        "STATIC_ROOT": "",
    }
    address = ["--bind", f"127.0.0.1:{port}", "--no-control-socket", "--workers", "1"]
    env |= more
    command = [sys.executable, "-m", "gunicorn", "weerbaar.wsgi", "-k", "gthread", *address, *options]
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=current.BASE_DIR, env=env, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 90
        while True:
            try:
                if fetch(port, "/livez")[0] == 200:
                    break
            except OSError:
                assert time.monotonic() < deadline, (folder / "web.log").read_text()
                time.sleep(0.2)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield port, int(children[0])
    finally:
        process.terminate()
        process.wait(20)


def fetch(port: int, path: str, **headers: str) -> tuple[int, int, bytes, dict[str, str]]:
    """Status, how many bytes came, the last four of them, and the headers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request(
        "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = connection.getresponse()
    size, last, buffer = 0, b"", bytearray(MEGABYTE)
    while count := response.readinto(buffer):
        size += count
        last = (last + bytes(buffer[max(0, count - 4) : count]))[-4:]
    connection.close()
    return response.status, size, last, dict(response.getheaders())


def peak(process: int) -> int:
    """The most memory a process ever had, in bytes."""
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


SIZES = [
    pytest.param(64 * MEGABYTE, id="64 MB"),
    pytest.param(2 * 1024 * MEGABYTE, id="2 GB", marks=pytest.mark.promises),
]


@pytest.mark.parametrize("options", [[], ["--no-sendfile"]], ids=["kernel", "pieces"])
@pytest.mark.parametrize("size", SIZES)
def test_a_large_file_in_constant_memory(own_database, tmp_path, size, options):
    version = sparse(size, "c" * 64)
    path = "/toolkit/leidraad/download/"
    with server(own_database, tmp_path, *options) as (port, worker):
        fetch(port, "/toolkit/leidraad/")  # what it loads once
        fetch(port, path, Range="bytes=0-1000000")
        before = peak(worker)
        status, received, last, headers = fetch(port, path)
        assert (status, received, last) == (200, size, b"cccc")
        middle = size // 2
        etag = headers["ETag"]
        status, received, last, headers = fetch(port, path, Range=f"bytes={middle}-", If_Range=etag)
        assert (status, received, last) == (206, size - middle, b"cccc")
        assert headers["Content-Range"] == f"bytes {middle}-{size - 1}/{size}"
        assert fetch(port, path, Range=f"bytes={middle}-{middle + 9}")[1] == 10
        sparse(size, "d" * 64, number=2)
        status, received, last, headers = fetch(port, path, Range=f"bytes={middle}-", If_Range=etag)
        assert (status, received, last) == (200, size, b"dddd")  # another file: from the start
        assert headers["ETag"] == f'"{"d" * 64}"'
        status, _received, last, _headers = fetch(port, f"{path}1/", Range=f"bytes={middle}-", If_Range=etag)
        assert (status, last) == (206, b"cccc")  # the fixed version is still the old one
        assert peak(worker) - before < LEEWAY
    assert version.counts.exists()


@pytest.mark.skipif(not shutil.which("nginx"), reason="there is no nginx here")
def test_behind_nginx_a_download_goes_on_with_the_same_bytes_only(own_database, tmp_path):
    """The very location of docker-compose.yml: Django decides, nginx sends."""
    size = 8 * MEGABYTE
    sparse(size, "c" * 64)
    path = "/toolkit/leidraad/download/"
    with (
        server(own_database, tmp_path, X_ACCEL="1") as (back, _worker),
        nginx(Path(current.TOOLKIT_DIR), back) as port,
    ):
        status, received, last, headers = fetch(port, path)
        assert (status, received, last) == (200, size, b"cccc")
        etag = headers["ETag"]
        assert etag == f'"{"c" * 64}"'
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Disposition"].startswith("attachment")
        assert fetch(port, path, Range="bytes=100-", If_Range=etag)[:2] == (206, size - 100)
        assert fetch(port, path, Range="bytes=100-", If_Range='"anders"')[:2] == (200, size)
        assert fetch(port, path, Range=f"bytes={size}-")[0] == 416
        assert fetch(port, path, If_None_Match=etag)[:2] == (304, 0)
        assert fetch(port, "/-/toolkit/files/cc/" + "c" * 64)[0] == 404
