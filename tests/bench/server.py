"""Web processes: how long until one answers, how much memory, and what a whole report costs."""

from __future__ import annotations

import http.client
import json
import os
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
    SECRET_KEY="x", ROOT_URLCONF="floor", ALLOWED_HOSTS=["*"], STATIC_URL="static/",
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
page = "/admin/login/"
"""
READY = """
import sys
from weerbaar.wsgi import application
from django.db import connection
from django.urls import reverse
reverse("admin:index", urlconf="weerbaar.urls.beheer")
connection.ensure_connection()
page = "/beheer/account/login/"
for heavy in ("weasyprint", "celery", "fido2", "hypothesis"):
    assert heavy not in sys.modules, heavy
"""
MEASURED = """
import time
ready = time.process_time()
from django.test import RequestFactory
request = RequestFactory().get(page).environ | {"HTTP_HOST": "localhost"}
before = time.process_time()
assert b"<form" in b"".join(application(request, lambda status, headers: None))
print(ready, time.process_time() - before)
"""


def cpu_of(program: str, bytecode: str) -> tuple[float, float]:
    """Milliseconds of CPU that a new Python process takes until it is ready, and for its first answer."""
    known = connection.settings_dict
    database = {name: known[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    base, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    env = os.environ | {
        "DATABASE_URL": f"{base}/{database['NAME']}",
        "PYTHONPYCACHEPREFIX": bytecode,
        "PYTHONDONTWRITEBYTECODE": "",
    }
    command = [sys.executable, "-c", program + MEASURED, json.dumps(database)]
    said = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout.split()
    return float(said[-2]) * 1000, float(said[-1]) * 1000


@figure("B16", what="a web process ready to answer", goal="≤ 1.4 × Django with its admin")
def ready() -> Iterator[Line]:
    """Counted: all that a process does before it takes its first request. It has loaded the pages of all
    three zones (a process in production serves one) and worked out the addresses of the admin, and holds a
    connection to the database; so does the floor, for its admin. The bytecode is on disk, as in the image.

    Not counted: the end of the process, and what comes later. The second line shows the first answer
    (templates are read then); the third what the first second factor loads, once in each process.
    """
    with tempfile.TemporaryDirectory() as bytecode:
        cpu_of(READY, bytecode), cpu_of(FLOOR, bytecode)
        runs = [(cpu_of(READY, bytecode), cpu_of(FLOOR, bytecode)) for _ in range(9)]
        (ours, answer), (floor, its_answer) = (
            tuple(median(run[side][part] for run in runs) for part in (0, 1)) for side in (0, 1)
        )
        passkeys = READY + "import time; began = time.process_time(); import fido2.server\n"
        passkeys += "print(time.process_time() - began, 0); sys.exit()\n"
        later = median(cpu_of(passkeys, bytecode)[0] for _ in range(5))
    yield Line("CPU until ready", ours, floor, "ms", ok=ours <= 1.4 * floor)
    yield Line("then: CPU of the first answer (sign-in page)", answer, its_answer, "ms")
    yield Line("then: passkeys, loaded at the first second factor", later, None, "ms")


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
