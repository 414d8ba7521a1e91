from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from weerbaar.local import postgres, var
from weerbaar.local.supervisor import as_user

from .stack import ROOT, die_with_parent, wait_until

CLIENTS = 8
KILLS = 3


@pytest.fixture
def cluster(tmp_path):
    """A PostgreSQL of our own that waits for the disk, as in production."""
    sockets = var.sockets(tmp_path)
    cluster = postgres.cluster(tmp_path, sockets)
    cluster.create()
    yield cluster
    for folder in (cluster.folder, sockets):
        shutil.rmtree(folder)


def start(cluster: postgres.Cluster) -> subprocess.Popen:
    cluster.create()  # drops the note of the one that was killed
    service = cluster.service(dict(os.environ))
    process = subprocess.Popen(
        service.command,
        cwd=cluster.folder,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent,
        **as_user(cluster.user),
    )
    wait_until(cluster.is_ready, 60)
    return process


@pytest.mark.promises
def test_a_report_that_was_accepted_survives_a_database_that_stops_at_once(cluster, tmp_path):
    database = start(cluster)
    cluster.create_roles()
    env = os.environ | {
        "DATABASE_URL": cluster.url("portaal_app"),
        "DATABASE_OWNER_URL": cluster.url("portaal_owner"),
        "DJANGO_SETTINGS_MODULE": "weerbaar.settings",
        "PYTHONPATH": str(ROOT),
        "REDIS_URL": "",
    }
    manage = [sys.executable, str(ROOT / "manage.py"), "migrate", "-v0"]
    subprocess.run(manage, env=env | {"DATABASE_URL": cluster.url("portaal_owner")}, check=True)

    clients = [client(number, env, tmp_path) for number in range(CLIENTS)]
    wait_until(lambda: all(accepted(number, tmp_path) for number in range(CLIENTS)), 60)
    for _ in range(KILLS):
        time.sleep(random.uniform(1, 3))
        os.kill(database.pid, random.choice([signal.SIGQUIT, signal.SIGKILL]))  # at once, or crashed
        database.wait()
        database = start(cluster)
    time.sleep(2)
    for each in clients:
        each.kill()
        each.wait()

    confirmed = {number for each in range(CLIENTS) for number in accepted(each, tmp_path)}
    query = "SELECT substr(submission, 8)::int FROM ondersteuning_case"
    psql = [cluster.program("psql"), "-qAtX", "-h", str(cluster.sockets), "-U", "postgres", "-d", "portaal"]
    stored = {int(line) for line in subprocess.check_output([*psql, "-c", query], text=True).split()}
    told = {int(line) for line in subprocess.check_output([*psql, "-c", TOLD], text=True).split()}
    database.send_signal(signal.SIGQUIT)
    database.wait()
    print(
        f"confirmed {len(confirmed)}, stored {len(stored)}, lost {len(confirmed - stored)} in {KILLS} crashes"
    )
    assert confirmed - stored == set()
    assert told == stored  # and each has its mail waiting: one transaction
    assert len(confirmed) > 20 * KILLS


TOLD = """
    SELECT substr(submission, 8)::int FROM ondersteuning_case report
    WHERE EXISTS (SELECT FROM jobs_job WHERE key = 'received:' || report.id)
"""


def client(number: int, env: dict[str, str], folder: Path) -> subprocess.Popen:
    """A process that takes in reports for as long as it lives; what was accepted is in its file."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.report"],
        cwd=ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=(folder / f"client{number}").open("w"),
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=die_with_parent,
    )
    print(number * 100_000 + 1, 100_000, 0.01, file=process.stdin, flush=True)
    return process


def accepted(number: int, folder: Path) -> set[int]:
    lines = [line.split() for line in (folder / f"client{number}").read_text().splitlines()]
    return {int(line[1].split("@")[0].removeprefix("melder-")) for line in lines if line[0] == "accepted"}
