"""Sending a file of the toolkit: by the application itself, and by nginx, against a bare file server."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import connection
from django.utils import timezone

from .frame import Line, figure, scale

MEGABYTE = 1024**2
FLOOR = """
import os, socket, sys
listening = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=16)
while True:
    client, _ = listening.accept()
    client.recv(65536)
    with open(sys.argv[2], "rb") as file:
        size = os.fstat(file.fileno()).st_size
        client.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\nConnection: close\\r\\n\\r\\n" % size)
        client.sendfile(file)
    client.close()
"""  # no request is read, nothing is decided: the file goes from the disk's cache to the socket
GOAL = 1.5


@figure("B10", what="a download of 1 GB", goal=f"≤ {GOAL} × a bare file server, constant memory", peer="")
def downloads() -> Iterator[Line]:
    size = scale("DOWNLOAD_MB", 1024) * MEGABYTE
    with tempfile.TemporaryDirectory() as folder:
        settings.TOOLKIT_DIR = folder
        path = put(size)
        runs = scale("RUNS", 5)
        with running(sys.executable, "-c", FLOOR, "{port}", str(path)) as (port, _process):
            floor = best(port, "/", size, runs)
        with web(folder) as (port, process):
            ours = best(port, "/toolkit/groot/download/", size, runs)
            memory = peak_of_children(process)
        note = (
            f"floor {size / floor / 1e6:,.0f} MB/s, ours {size / ours / 1e6:,.0f} MB/s; peak {memory:.0f} MB"
        )
        yield Line("by gunicorn (the fallback)", ours * 1000, floor * 1000, "ms", ours <= GOAL * floor, note)
        with web(folder, "--no-sendfile") as (port, _process):
            pieces = best(port, "/toolkit/groot/download/", size, runs)
        note = f"{size / pieces / 1e6:,.0f} MB/s in pieces of 256 KB, where the kernel cannot help"
        yield Line("by gunicorn, piece by piece", pieces * 1000, floor * 1000, "ms", None, note)
        if not shutil.which("nginx"):
            print("     through nginx: not measured, there is no nginx here (apt-get install nginx)")
            return
        with web(folder, X_ACCEL="1") as (back, _process), nginx(Path(folder), back) as port:
            through = best(port, "/toolkit/groot/download/", size, runs)
            status, received = fetch(port, "/toolkit/groot/download/", Range=f"bytes={size // 2}-")
        assert (status, received) == (206, size - size // 2)
        note = f"{size / through / 1e6:,.0f} MB/s; Django decides, nginx sends"
        yield Line("through nginx", through * 1000, floor * 1000, "ms", through <= GOAL * floor, note)


def put(size: int) -> Path:
    """A published item with one version of so many bytes, all of them in the disk's cache."""
    from netwerk import store
    from netwerk.models import Item, Version

    stored = store.keep(bytes(MEGABYTE) for _ in range(size // MEGABYTE))
    item = Item.objects.create(
        slug="groot",
        title="Groot",
        summary="x",
        kind="guide",
        status="published",
        published_at=timezone.now(),
    )
    Version.objects.create(
        item=item, number=1, sha256=stored.sha256, size=size, name="groot.mp4", content_type="video/mp4"
    )
    return store.path_of(stored.sha256)


@contextmanager
def running(*command: str, **env: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    filled = [part.replace("{port}", str(port)) for part in command]
    process = subprocess.Popen(
        filled,
        env=os.environ | env,
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(0.5)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def web(folder: str, *options: str, **env: str) -> Any:
    base, slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    found = {
        "DATABASE_URL": base + slash + connection.settings_dict["NAME"],
        "ZONES": "publiek",
        "TOOLKIT_DIR": folder,
        "ALLOWED_HOSTS": "127.0.0.1",
        "STATIC_ROOT": "",
    }
    gunicorn = [sys.executable, "-m", "gunicorn", "weerbaar.wsgi", "-k", "gthread", "--workers", "1"]
    return running(*gunicorn, "--no-control-socket", "--bind", "127.0.0.1:{port}", *options, **found | env)


@contextmanager
def nginx(folder: Path, back: int) -> Iterator[int]:
    """nginx with the very location of docker-compose.yml in front of a web process."""
    compose = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())
    text = compose["configs"]["nginx"]["content"].replace("$$", "$")
    found = re.search(r"location /-/toolkit/ \{.*?\n +\}\n", text, re.S)
    assert found
    place = found[0].replace("alias /toolkit/;", f"alias {folder}/;")
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log /dev/null; user root;\nevents {{}}\nhttp {{\n"
        f"access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};\n"
        f"fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};\n"
        f"server {{ listen 127.0.0.1:PORT;\n{place}"
        f"location / {{ proxy_pass http://127.0.0.1:{back}; proxy_set_header Host 127.0.0.1; }} }} }}\n"
    )
    start = f"sed -i s/PORT/{{port}}/ {config} && exec nginx -c {config}"
    with running("sh", "-c", start) as (port, _process):
        yield port


def best(port: int, path: str, size: int, runs: int) -> float:
    """Seconds of the quickest of so many downloads."""
    return min(timed(lambda: check(fetch(port, path), size)) for _ in range(runs))


def timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def check(found: tuple[int, int], size: int) -> None:
    assert found == (200, size), found


def fetch(port: int, path: str, **headers: str) -> tuple[int, int]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    client.request("GET", path, headers=headers)
    response, received, buffer = client.getresponse(), 0, bytearray(MEGABYTE)
    while count := response.readinto(buffer):
        received += count
    client.close()
    return response.status, received


def peak_of_children(process: subprocess.Popen[bytes]) -> float:
    """The most memory that a worker ever had, in MB."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    lines = [Path(f"/proc/{child}/status").read_text() for child in children]
    return max(int(re.search(r"VmHWM:\s+(\d+)", text)[1]) / 1024 for text in lines)  # type: ignore[index]
