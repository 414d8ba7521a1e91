"""The VAR folder: everything that one running portal keeps, and the lock that says that it runs."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from weerbaar.local.install import ROOT
from weerbaar.local.progress import Missing


def folder() -> Path:
    """The folder that VAR= names, made when it is not there; `var/` beside the code unless set."""
    var = Path(os.environ.get("VAR") or ROOT / "var").absolute()
    try:
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Missing(f"{var} kan niet worden gemaakt ({error.strerror}). Kies een map: VAR=…") from error
    return var.resolve()


@contextmanager
def held(var: Path) -> Iterator[bool]:
    """Hold this VAR while the block runs. Gives False when another launcher holds it."""
    with (var / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            ours = True
        except BlockingIOError:
            ours = False
        yield ours


def sockets(var: Path) -> Path:
    """A folder for sockets, short whatever the length of VAR (a socket's path is at most 107 bytes)."""
    digest = hashlib.sha256(f"{os.geteuid()} {var}".encode()).hexdigest()[:12]
    path = Path("/tmp") / f"weerbaar-{digest}"  # noqa: S108 - the owner is checked below
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    if path.is_symlink() or (os.geteuid() != 0 and found.st_uid != os.geteuid()) or found.st_mode & 0o077:
        raise Missing(f"{path} is van iemand anders. Gooi die map weg of kies een andere VAR=.")
    return path
