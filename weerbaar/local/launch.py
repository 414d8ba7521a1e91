"""./portaal: run the portal, run a management command, run the tests."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from weerbaar.local import clamav, environment, install, postgres, valkey
from weerbaar.local import var as var_folder
from weerbaar.local.progress import Missing, run, say, seconds, step
from weerbaar.local.supervisor import Service, Stop, Supervisor

MANAGE = install.ROOT / "manage.py"
USAGE = """Gebruik:
  ./portaal                 start het portaal (PORT= en VAR= verplaatsen het)
  ./portaal manage …        een beheeropdracht
  ./portaal test […]        alle controles en tests, of pytest met deze argumenten"""
NO_OTHER = "Het portaal draait al met deze map: {var}. Kies een andere: VAR=… PORT=… ./portaal"


def main(arguments: list[str]) -> int:
    """Do what the command line asks; the exit code."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compile what is imported, once
    try:
        match arguments:
            case []:
                return serve()
            case ["manage", *rest]:
                return manage(rest)
            case ["test", *rest]:
                from weerbaar.local import checks  # noqa: PLC0415 - only needed here

                return checks.main(rest)
        say(USAGE)
        return 2
    except Missing as missing:
        say(f"  ✗ {missing}")
        return 1
    except (Stop, KeyboardInterrupt):
        say("  Gestopt; er is niets verloren.")
        return 1 if arguments[:1] == ["test"] else 0  # tests that were cut short did not pass


# --- ./portaal ------------------------------------------------------------------------------------
def serve() -> int:
    began = time.monotonic()
    port = free_port()
    var = var_folder.folder()
    with var_folder.held(var) as ours:
        if not ours:
            raise Missing(NO_OTHER.format(var=var))
        say("Portaal van het Netwerk Weerbaar Bestuur")
        install.python()
        with Supervisor(var / "log") as supervisor, ThreadPoolExecutor() as pool:
            front_end, pango = pool.submit(install.front_end), pool.submit(install.pango)
            env, stamp = start_stores(supervisor, var, port)
            static = pool.submit(collect_static, env, after=front_end)
            prepare_database(env, stamp)
            static.result()
            start_web(supervisor, env, port)
            announce(var, port, time.monotonic() - began)
            start_scanner(supervisor, env, var)
            pango.result()
            start_workers(supervisor, env)
            supervisor.watch()
    return 0


def free_port() -> int:
    """The port of PORT=, when nobody listens there."""
    port = int(os.environ.get("PORT") or 8000)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Missing(f"Poort {port} is bezet. Kies een andere: PORT={port + 1} ./portaal") from error
    return port


def start_stores(supervisor: Supervisor, var: Path, port: int) -> tuple[dict[str, str], Path | None]:
    """Start PostgreSQL and Valkey; the environment, and the file that says for which code it was prepared."""
    if is_external():
        return environment.external(var), None
    sockets = var_folder.sockets(var)
    cluster = postgres.cluster(var, sockets)
    cluster.create()
    services = [cluster.service(dict(os.environ)), valkey.service(var, sockets, dict(os.environ))]
    for service in services:
        supervisor.start(service)
    env = environment.embedded(var, sockets, cluster, port)
    for service in services:
        supervisor.wait_until_ready(service)
    cluster.create_roles()
    return env, cluster.folder / "prepared"


def prepare_database(env: dict[str, str], stamp: Path | None) -> None:
    """Migrate as the owner and load the demo data as the application, when the code has changed since."""
    code = install.digest(*install.sources("*.py", "*.csv"), install.ROOT / "requirements.lock")
    if stamp and install.is_done(stamp, code):
        return
    if "DATABASE_OWNER_URL" in env:
        with step("Database bijwerken"):
            django(["migrate", "--verbosity=0"], environment.as_owner(env))
    if stamp:
        with step("Demo-gegevens"):
            django(["demo"], env)
        stamp.write_text(code)


def collect_static(env: dict[str, str], *, after: Future[None]) -> None:
    """Copy and compress the style sheets, fonts and scripts, when they have changed since."""
    after.result()
    stamp = Path(env["STATIC_ROOT"]).with_name("static.stamp")
    names = ["package-lock.json", "requirements.lock", "weerbaar/settings.py"]
    files = install.digest(*install.files("static"), *(install.ROOT / name for name in names))
    if not install.is_done(stamp, files):
        with step("Stijl en letters klaarzetten"):
            django(["collectstatic", "--noinput", "--clear", "--verbosity=0"], env)
            stamp.write_text(files)


def django(arguments: list[str], env: dict[str, str]) -> str:
    cure = "./portaal manage " + " ".join(arguments) + " toont alles."
    return run([install.PYTHON, MANAGE, *arguments], env=env, cure=cure)


# --- the processes --------------------------------------------------------------------------------
def start_web(supervisor: Supervisor, env: dict[str, str], port: int) -> None:
    command = [str(install.PYTHON), "-m", "gunicorn", "-c", "python:weerbaar.local.gunicorn", "weerbaar.wsgi"]
    web_env = environment.as_web(env) | {"BIND": f"127.0.0.1:{port}"}
    web = Service("web", command, web_env, is_ready=lambda: responds(port))
    supervisor.start(web)
    supervisor.wait_until_ready(web)


def responds(port: int) -> bool:
    """Whether the portal can take a report."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as response:
            return response.read() == b"ok"
    except OSError:  # nobody there yet, or not ready; the log says why
        return False


def start_workers(supervisor: Supervisor, env: dict[str, str]) -> None:
    """Start what runs in the background; a job waits in the ledger until they are there."""
    env = environment.as_worker(env)
    celery = [str(install.PYTHON), "-m", "celery", "-A", "weerbaar"]
    quiet = ["--loglevel=INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    default = [*celery, "worker", "-Q", "default", "-c", "2", "-n", "default@%h", *quiet]
    pdf = [*celery, "worker", "-Q", "pdf", "-c", "1", "-n", "pdf@%h", *quiet]
    services = [
        Service("worker", default, env, is_ready=supervisor.says("worker", " ready.")),
        Service(
            "worker-pdf",
            pdf,
            env | install.pango_environment(),
            is_ready=supervisor.says("worker-pdf", " ready."),
        ),
        Service(
            "beat", [*celery, "beat", "--loglevel=INFO"], env, is_ready=supervisor.says("beat", "celery beat")
        ),
    ]
    with step("Achtergrondtaken starten"):
        for service in services:
            supervisor.start(service)
        for service in services:
            supervisor.wait_until_ready(service)


def start_scanner(supervisor: Supervisor, env: dict[str, str], var: Path) -> None:
    """Start the virus scanner where there is one. It is not waited for: what comes in waits for it."""
    if is_external():
        return
    if clamav.program():
        supervisor.start(clamav.service(var, var_folder.sockets(var)))
    say(f"  Virusscanner:       {clamav.what_it_finds()}")


def announce(var: Path, port: int, duration: float) -> None:
    say(f"\n  Het portaal draait: http://127.0.0.1:{port}/  ({seconds(duration)})")
    say(f"  Medewerkers:        http://127.0.0.1:{port}/beheer/")
    say(f"  Mail komt in:       {var / 'mail'}")
    accounts = var / "demo-accounts.json"
    if accounts.exists():
        say(f"  Demo-accounts (ook in {accounts}):")
        for account in json.loads(accounts.read_text()):
            say("    {role:<24} {email:<40} {password}  TOTP {totp_secret}".format(**account))
    say("  Stoppen: Ctrl-C\n")


# --- ./portaal manage -----------------------------------------------------------------------------
def manage(arguments: list[str]) -> int:
    """Run a management command, on the running portal of this VAR or on its database alone."""
    install.python()
    if is_external():
        return subprocess.call([install.PYTHON, MANAGE, *arguments])  # noqa: S603
    with embedded_environment() as env:
        signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the command
        if arguments and arguments[0] in environment.OWNER_COMMANDS:
            env = environment.as_owner(env)
        return subprocess.call([install.PYTHON, MANAGE, *arguments], env=env)  # noqa: S603


@contextmanager
def embedded_environment() -> Iterator[dict[str, str]]:
    port = int(os.environ.get("PORT") or 8000)
    var = var_folder.folder()
    with var_folder.held(var) as ours:
        if not ours:  # the portal runs: use its database
            sockets = var_folder.sockets(var)
            yield environment.embedded(var, sockets, postgres.cluster(var, sockets), port)
            return
        with Supervisor(var / "log") as supervisor:
            yield start_stores(supervisor, var, port)[0]


def is_external() -> bool:
    """Whether PostgreSQL and Redis are given: then nothing embedded is started."""
    return bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
