"""Sending a file of the toolkit: through nginx against nginx alone, and by the application itself."""

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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import yaml
from django.conf import settings
from django.db import connection
from django.utils import timezone

from .frame import Line, figure, scale

MEGABYTE = 1024**2
SHARE = 0.95  # of plain nginx, through nginx
MEMORY = 120  # MB, of the process that sends a GB by itself


@figure(
    "B10",
    what="a download of 1 GB",
    goal=f"≥ {SHARE} of plain nginx; alone: constant memory",
    peer="plain nginx",
)
def downloads() -> Iterator[Line]:
    if not shutil.which("nginx"):
        print("     not measured, there is no nginx here (apt-get install nginx)")
        return
    size, runs = scale("DOWNLOAD_MB", 1024) * MEGABYTE, scale("RUNS", 21)
    path = "/toolkit/groot/download/"
    with tempfile.TemporaryDirectory() as folder:
        settings.TOOLKIT_DIR = folder
        stored = put(size).relative_to(folder)
        with web(folder, X_ACCEL="1") as (back, _process), nginx(Path(folder), back) as port:
            plain, through = middle(port, [f"/plain/{stored}", path], size, runs)
            status, received = fetch(port, path, Range=f"bytes={size // 2}-")
        assert (status, received) == (206, size - size // 2)
        note = f"{size / through / 1e6:,.0f} MB/s; Django decides, nginx sends"
        yield Line("through nginx", through * 1000, plain * 1000, "ms", plain >= SHARE * through, note)
        with web(folder) as (port, process):
            (ours,) = middle(port, [path], size, runs)
            memory = peak_of_children(process)
        note = f"{size / ours / 1e6:,.0f} MB/s; peak {memory:.0f} MB"
        yield Line("by gunicorn (the fallback)", ours * 1000, plain * 1000, "ms", memory <= MEMORY, note)
        with web(folder, "--no-sendfile") as (port, process):
            (pieces,) = middle(port, [path], size, runs)
            memory = peak_of_children(process)
        note = f"{size / pieces / 1e6:,.0f} MB/s in pieces of 256 KB; peak {memory:.0f} MB"
        yield Line("by gunicorn, piece by piece", pieces * 1000, plain * 1000, "ms", memory <= MEMORY, note)


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
        f"access_log off; sendfile on; client_body_temp_path {folder}; proxy_temp_path {folder};\n"
        f"fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};\n"
        f"server {{ listen 127.0.0.1:PORT;\n{place}location /plain/ {{ alias {folder}/; }}\n"
        f"location / {{ proxy_pass http://127.0.0.1:{back}; proxy_set_header Host 127.0.0.1; }} }} }}\n"
    )
    start = f"sed -i s/PORT/{{port}}/ {config} && exec nginx -c {config}"
    with running("sh", "-c", start) as (port, _process):
        yield port


def middle(port: int, paths: list[str], size: int, runs: int) -> list[float]:
    """Seconds of the middle one of so many downloads of each, taken in turns."""
    rounds = [[timed(port, path, size) for path in paths] for _ in range(runs)]
    return [median(took) for took in zip(*rounds, strict=True)]


def timed(port: int, path: str, size: int) -> float:
    began = time.perf_counter()
    found = fetch(port, path)
    assert found == (200, size), found
    return time.perf_counter() - began


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
