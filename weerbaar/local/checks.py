"""./portaal test: everything that CI runs, on a PostgreSQL and a Valkey of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from weerbaar.local import browser, clamav, environment, install, postgres, valkey
from weerbaar.local import var as var_folder
from weerbaar.local.progress import say, seconds
from weerbaar.local.supervisor import Supervisor

SITE = {
    "SITE_URL": "https://portaal.example.nl",
    "ALLOWED_HOSTS": "portaal.example.nl",
    "EMBEDDED": "0",
    "MAIL_DIR": "",
}
Result = tuple[str, bool, float]  # what was checked, whether it was good, how many seconds it took
TESTING = {"ALLOWED_HOSTS": "127.0.0.1,localhost,testserver", "STATIC_ROOT": ""}


# What starts whole portals, browsers and workers takes as long as all the rest: the two run side by side.
WHOLE = ["tests/e2e", "tests/faults", "tests/local"]


@dataclass
class Check:
    """One thing that must be good, and the command that tells."""

    name: str
    command: list[str]
    env: dict[str, str]
    process: subprocess.Popen[str] | None = field(default=None, init=False)

    def passes(self, output: IO[str] | None = None) -> bool:
        """Run it; what it says goes to the screen, or to `output`."""
        command = [str(install.PYTHON), *self.command]
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            command,
            env=self.env,
            cwd=install.ROOT,
            stdout=output,
            stderr=output,
            text=True,
            start_new_session=True,  # Ctrl-C comes through `stop`, once
            preexec_fn=hear_ctrl_c,
        )
        try:
            return self.process.wait() == 0
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """As Ctrl-C does: the tests clear away what they started."""
        if self.process:
            self.process.send_signal(signal.SIGINT)
            self.process.wait()


def hear_ctrl_c() -> None:
    """In the child: a shell tells what it starts with & to ignore it, and so would pytest."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def main(arguments: list[str]) -> int:
    """Install what tests need and run all checks, or only pytest with the given arguments."""
    install.python(tests=True)
    install.front_end(tests=True)
    install.pango()
    clamav.unpack()
    with own_stores() as stores:
        env = stores | browser.environment() | install.pango_environment()
        if arguments:
            return report([timed(Check("tests", ["-m", "pytest", *arguments], env))])
        with own_stores() as others:
            results = [timed(check) for check in quick_checks(env)]
            return report(results + side_by_side(*all_tests(env, env | others)))


def quick_checks(env: dict[str, str]) -> list[Check]:
    deploy = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return [
        Check("opmaak", ["-m", "ruff", "format", "--check", "--quiet", "."], env),
        Check("lint", ["-m", "ruff", "check", "--quiet", "."], env),
        Check("types", ["-m", "mypy", "."], env),
        Check("check --deploy", deploy, env | SITE),
        Check("migraties", ["manage.py", "makemigrations", "--check", "--dry-run"], env),
    ]


def all_tests(env: dict[str, str], other: dict[str, str]) -> tuple[Check, Check]:
    """The tests in two halves, each with a database and a Valkey of its own."""
    parts = ["-m", "pytest", *(f"--ignore={folder}" for folder in WHOLE)]
    whole = ["-m", "pytest", "-p", "no:cacheprovider", *WHOLE]
    return Check("tests", parts, env), Check("tests van het geheel", whole, other)


def side_by_side(shown: Check, kept: Check) -> list[Result]:
    """Run two checks at once: one on the screen, what the other said after it."""
    with tempfile.TemporaryFile("w+") as output, ThreadPoolExecutor() as pool:
        later = pool.submit(timed, kept, output)
        try:
            first = timed(shown)
        except BaseException:
            kept.stop()  # or its thread would wait for the end of it
            raise
        second = later.result()
        output.seek(0)
        say(output.read())
    return [first, second]


def timed(check: Check, output: IO[str] | None = None) -> Result:
    print(f"\n=== {check.name}", file=output, flush=True)
    began = time.monotonic()
    return check.name, check.passes(output), time.monotonic() - began


def report(results: list[Result]) -> int:
    """A line for each check, the last line the sum; the exit code."""
    say()
    for name, good, duration in results:
        say(f"  {'✓' if good else '✗'} {name}: {seconds(duration)}")
    failed = sum(not good for _, good, _ in results)
    say(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


@contextmanager
def own_stores() -> Iterator[dict[str, str]]:
    """A database and a Valkey that nobody else uses, gone afterwards; nothing waits for the disk."""
    var = Path(tempfile.mkdtemp(prefix="weerbaar-test-"))
    sockets = var_folder.sockets(var)
    cluster = postgres.cluster(var, sockets, durable=False)
    try:
        with Supervisor(var / "log") as supervisor:
            cluster.create()
            services = [cluster.service(dict(os.environ)), valkey.service(var, sockets, dict(os.environ))]
            if clamav.program():
                services.append(clamav.service(var, sockets, real=False))
            for service in services:
                supervisor.start(service)
            for service in services:
                supervisor.wait_until_ready(service)
            cluster.create_roles()
            yield environment.embedded(var, sockets, cluster, port=8000) | TESTING
    finally:
        for folder in (cluster.folder, var, sockets, clamav.MEMORY / sockets.name):
            shutil.rmtree(folder, ignore_errors=True)
