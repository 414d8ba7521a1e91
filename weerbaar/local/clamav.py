"""ClamAV, the virus scanner: the clamd of this machine, or one that the tests unpacked in `.tools/clamav`."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from pathlib import Path

from weerbaar.local import install
from weerbaar.local.progress import Missing, say, step
from weerbaar.local.supervisor import Service

FOLDER = install.TOOLS / "clamav"
CURE = "apt-get install clamav-daemon clamav-freshclam"
SIGNATURES = Path("/var/lib/clamav")  # where freshclam puts them
# The harmless file that every scanner must find (eicar.org), in two halves: a scanner would find it here too.
TEST_VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MEMORY = Path("/dev/shm")  # noqa: S108 - what is being scanned must not touch a disk
CONFIG = """Foreground yes
LocalSocket {socket}
LocalSocketMode 600
DatabaseDirectory {database}
TemporaryDirectory {temporary}
StreamMaxLength 100M
MaxFileSize 100M
MaxScanSize 200M
MaxThreads 2
LogSyslog no
"""


def unpack() -> None:
    """For the tests: fetch a clamd of our own, unless there is one. It is not installed in the system."""
    if program():
        return
    with install.one_at_a_time("clamav"):
        if program():
            return
        try:
            with step("ClamAV, voor de virusscan"):
                install.unpack(FOLDER, ["clamav-daemon"])
                (FOLDER / "stamp").touch()
        except Missing as missing:
            say(f"  ! Zonder ClamAV blijven bestanden wachten. {CURE} ({missing})")


def program() -> Path | None:
    """The clamd to start; None when there is none."""
    if found := shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        return Path(found)
    ours = FOLDER / "root" / "usr" / "sbin" / "clamd"
    return ours if (FOLDER / "stamp").exists() and ours.exists() else None


def knows_viruses() -> bool:
    """Whether this machine has the definitions of freshclam."""
    return any(SIGNATURES.glob("*.c[lv]d"))


def what_it_finds() -> str:
    """One truthful line."""
    if not program():
        return f"geen. Bestanden blijven wachten en worden niet vrijgegeven. {CURE}"
    if knows_viruses():
        return f"ClamAV, met de definities in {SIGNATURES}"
    return "ClamAV, op proef: vindt alleen het testvirus EICAR. Voor echte definities: freshclam"


def socket_in(sockets: Path) -> Path:
    return sockets / "clamd.sock"


def service(var: Path, sockets: Path, *, real: bool = True) -> Service:
    """The process; with `real=False`, or without definitions, it knows the test virus alone."""
    folder = var / "clamav"
    folder.mkdir(mode=0o700, exist_ok=True)
    database = SIGNATURES
    if not (real and knows_viruses()):
        database = folder / "database"
        database.mkdir(exist_ok=True)
        (database / "proef.ndb").write_text(f"Proef.EICAR:0:*:{TEST_VIRUS.hex()}\n")
    path = socket_in(sockets)
    path.unlink(missing_ok=True)
    config = folder / "clamd.conf"
    config.write_text(
        CONFIG.format(socket=path, database=database, temporary=own_folder(sockets.name, folder))
    )
    own = install.libraries(FOLDER) if (FOLDER / "stamp").exists() else {}
    return Service(
        "clamd",
        [str(program()), f"--config-file={config}"],
        {"PATH": os.environ.get("PATH", ""), **own},
        is_ready=lambda: answers(path),
        folder=folder,
        orphan_signal=signal.SIGTERM,
        is_vital=False,
    )


def own_folder(name: str, otherwise: Path) -> Path:
    """A folder in memory that is ours alone, or one on disk where there is none to be had."""
    path = MEMORY / name
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
    except OSError:
        return otherwise
    is_ours = path.is_dir() and not path.is_symlink() and found.st_uid == os.geteuid()
    return path if is_ours and not found.st_mode & 0o077 else otherwise


def answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"zPING\0")
            return connection.recv(5) == b"PONG\0"
    except OSError:
        return False
