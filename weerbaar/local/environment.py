"""The environment of each process of an embedded portal: what production gets from its own orchestration."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from weerbaar.local import clamav, install, valkey
from weerbaar.local.postgres import Cluster
from weerbaar.local.progress import Missing, last_line, step

ZONES = "publiek,mijn,beheer"
OWNER_COMMANDS = {"migrate"}
NEWEST_READER = "service:files"


def embedded(var: Path, sockets: Path, cluster: Cluster, port: int) -> dict[str, str]:
    """Everything a process of this portal needs; the three zones in one process."""
    settings = {
        "DJANGO_SETTINGS_MODULE": "weerbaar.settings",
        "PYTHONUNBUFFERED": "1",  # what a process says is in its log file at once
        "EMBEDDED": "1",
        "VAR": str(var),
        "MAIL_DIR": str(var / "mail"),
        "FILES_DIR": str(var / "files"),
        "TOOLKIT_DIR": str(var / "toolkit"),
        "CLAMD_SOCKET": str(clamav.socket_in(sockets)),
        "AUDIT_ANCHOR_FILE": str(var / "audit-heads"),
        "STATIC_ROOT": str(var / "static"),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "ZONES": ZONES,
        "DATABASE_URL": cluster.url("portaal_app"),
        "DATABASE_OWNER_URL": cluster.url("portaal_owner"),
        "REDIS_URL": valkey.url(sockets),
    }
    (var / "mail").mkdir(mode=0o700, exist_ok=True)
    return {**os.environ, **settings, **keys(var / "keys.env")}


def external(var: Path) -> dict[str, str]:
    """What was given, where PostgreSQL and Redis are not ours."""
    return {"DJANGO_SETTINGS_MODULE": "weerbaar.settings", "STATIC_ROOT": str(var / "static"), **os.environ}


def as_owner(env: dict[str, str]) -> dict[str, str]:
    """The same, as the role that owns the tables: for migrations only."""
    return env | {"DATABASE_URL": env["DATABASE_OWNER_URL"]}


def as_web(env: dict[str, str]) -> dict[str, str]:
    """The same, for the three zones in one process: without what only the owner and the workers need."""
    return without(env, "DATABASE_OWNER_URL", "SECRET_KEY_WORKER", "AUDIT_SEAL_KEY")


def as_worker(env: dict[str, str]) -> dict[str, str]:
    """The same, without the secrets of the web zones."""
    zones = [f"SECRET_KEY_{zone.upper()}" for zone in ZONES.split(",")]
    return without(env, "DATABASE_OWNER_URL", *zones) | {"ZONES": ""}


def without(env: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in env.items() if name not in names}


def keys(path: Path) -> dict[str, str]:
    """The secrets of this portal, made once, readable by its own user only."""
    if not path.exists():
        with step("Sleutels maken"):
            make_keys(path)
    found = _lines(path)
    if NEWEST_READER not in found.get("VAULT_PUBLIC_KEYS", ""):  # keys of before there was such a reader
        with step("Sleutels aanvullen"):
            added = make_keys(path.with_suffix(".new"), f"--reader={NEWEST_READER}")
            for name in ("VAULT_PUBLIC_KEYS", "VAULT_PRIVATE_KEYS"):
                found[name] = ",".join([*filter(None, [found.get(name)]), added[name].rstrip(",…")])
            path.with_suffix(".new").write_text("".join(f"{name}={value}\n" for name, value in found.items()))
            path.with_suffix(".new").rename(path)
    return found


def _lines(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if "=" in line and not line.startswith("#")]
    return {name: value.strip("'\"") for name, _, value in (line.partition("=") for line in lines)}


def make_keys(path: Path, *options: str) -> dict[str, str]:
    """`manage.py make_keys` into a file that appears whole or not at all; gives what is in it."""
    nothing_yet = {"ZONES": "", "SECRET_KEY_WORKER": "none-yet", "DATABASE_URL": "postgres://none/none"}
    command = [str(install.PYTHON), str(install.ROOT / "manage.py"), "make_keys", *options]
    done = subprocess.run(command, env={**os.environ, **nothing_yet}, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise Missing(f"Sleutels maken mislukte: {last_line(done.stderr)}.")
    half = path.with_suffix(".half")
    half.touch(mode=0o600)
    half.write_text(done.stdout)
    half.rename(path)
    return _lines(path)
