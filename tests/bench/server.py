"""Web processes: how long until one answers, how much memory, and what a whole report costs."""

from __future__ import annotations

import http.client
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from django.db import connection

from .frame import Line, figure, measure, scale

FLOOR = """
import json, sys
import django
from django.conf import settings
contrib = ["admin", "auth", "contenttypes", "sessions", "messages", "staticfiles"]
settings.configure(
    SECRET_KEY="x", ROOT_URLCONF="floor", ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=[f"django.contrib.{name}" for name in contrib],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ]}}],
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **json.loads(sys.argv[1])}},
)
import types
floor = types.ModuleType("floor"); sys.modules["floor"] = floor
django.setup()
from django.contrib import admin
from django.core.wsgi import get_wsgi_application
from django.urls import path, reverse
floor.urlpatterns = [path("admin/", admin.site.urls)]
application = get_wsgi_application()
reverse("admin:index")
from django.db import connection
connection.ensure_connection()
"""
READY = """
import sys
import weerbaar.wsgi
from django.db import connection
from django.urls import reverse
reverse("admin:index", urlconf="weerbaar.urls.beheer")
connection.ensure_connection()
assert "weasyprint" not in sys.modules
"""


def cpu_of(program: str) -> float:
    """CPU seconds of a Python process that runs this program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    known = connection.settings_dict
    database = {name: known[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    base, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    subprocess.run(
        [sys.executable, "-c", program, json.dumps(database)],
        env=os.environ | {"DATABASE_URL": f"{base}/{database['NAME']}"},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


@figure("B16", what="a web process ready to answer", goal="≤ 1.4 × Django with its admin")
def ready() -> Iterator[Line]:
    cpu_of(READY), cpu_of(FLOOR)  # the bytecode is on disk from here on
    runs = [(cpu_of(READY), cpu_of(FLOOR)) for _ in range(7)]
    ours, floor = median(run[0] for run in runs), median(run[1] for run in runs)
    yield Line("CPU until ready", ours * 1000, floor * 1000, "ms", ok=ours <= 1.4 * floor)


class Server:
    """gunicorn with our application on a socket, and how much memory it takes."""

    def __init__(self, workers: int, *, preload: bool) -> None:
        self.socket = str(Path(tempfile.mkdtemp()) / "web")
        command = [sys.executable, "-m", "gunicorn", "weerbaar.wsgi", "--bind", f"unix:{self.socket}"]
        command += ["--workers", str(workers), "-k", "gthread", "--threads", "4"]
        command += ["--no-control-socket", "--log-level", "warning"]
        command += ["--config", "python:weerbaar.local.gunicorn", "--preload"] if preload else []
        base, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
        env = os.environ | {"DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}", "STATIC_ROOT": ""}
        self.process = subprocess.Popen(command, env=env)
        while True:
            try:
                self.get("/livez")
                return
            except OSError:
                time.sleep(0.2)

    def get(self, path: str) -> int:
        line = http.client.HTTPConnection("127.0.0.1")
        line.sock = socket.socket(socket.AF_UNIX)
        line.sock.connect(self.socket)
        line.request("GET", path)
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer.status

    def megabytes(self) -> list[float]:
        """What each worker takes, shared pages counted in part (PSS)."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [proportional(int(pid)) for pid in [str(self.process.pid), *children]]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def proportional(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@figure("B17", what="memory of a web process", goal="≤ 160 MB and not growing; 4 preloaded ≤ 0.75 × 4 apart")
def memory() -> Iterator[Line]:
    requests = scale("REQUESTS", 10_000)
    server = Server(1, preload=False)
    for number in range(requests // 10):
        server.get(("/", "/melden/", "/privacy/")[number % 3])
    early = server.megabytes()[1]
    for number in range(requests - requests // 10):
        server.get(("/", "/melden/", "/privacy/")[number % 3])
    late = server.megabytes()[1]
    server.stop()
    yield Line(
        f"after {requests:,} requests, over after a tenth",
        late,
        early,
        "MB",
        ok=late <= min(160, early * 1.05),
    )
    totals = []
    for preload in (True, False):
        server = Server(4, preload=preload)
        for _ in range(200):
            server.get("/")
        totals.append(sum(server.megabytes()))
        server.stop()
    yield Line("4 workers preloaded, over 4 apart", *totals, "MB", ok=totals[0] <= 0.75 * totals[1])


@figure(
    "B2", what="a whole report, first page to confirmation", goal="≤ 170 ms CPU", peer="crt-portal 514 ms"
)
def whole_report() -> Iterator[Line]:
    from django.test import Client

    from netwerk.models import Organisation
    from tests.ondersteuning.walk import fill_in

    Organisation.objects.create(code="GM9001", name="Testdam", layer="gemeente", province_code="PV26")

    def report() -> None:
        client = Client()
        fill_in(client)
        client.post("/melden/controleren/")
        assert client.get("/melden/verstuurd/").status_code == 200

    ours = measure(report, runs=20)
    yield Line(
        "CPU in the test client", ours.cpu_median, None, "ms", ok=ours.cpu_median <= 170, note=str(ours)
    )
