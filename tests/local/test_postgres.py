"""The embedded database comes up again after whatever happened to it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from weerbaar.local import postgres, var
from weerbaar.local.supervisor import Supervisor


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A cluster of our own, in a folder with a long name and a space."""
    folder = tmp_path_factory.mktemp("a b") / ("long-" * 30)
    folder.mkdir()
    sockets = var.sockets(folder)
    cluster = postgres.cluster(folder, sockets, durable=False)
    cluster.create()
    yield SimpleNamespace(folder=folder, sockets=sockets, cluster=cluster)
    for path in (cluster.folder, sockets):
        shutil.rmtree(path)


@pytest.fixture
def started(place, tmp_path):
    """Starts the cluster; everything stops afterwards."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    with Supervisor(tmp_path) as supervisor:

        def start():
            place.cluster.create()
            service = place.cluster.service(dict(os.environ))
            supervisor.start(service)
            supervisor.wait_until_ready(service)
            return service.process

        yield start
    for number, handler in kept.items():
        signal.signal(number, handler)


def connect(place, role: str) -> psycopg.Connection:
    return psycopg.connect(host=str(place.sockets), user=role, dbname="portaal", autocommit=True)


def test_the_application_owns_nothing(place, started):
    started()
    place.cluster.create_roles()
    place.cluster.create_roles()  # safe to run again
    with connect(place, "portaal_owner") as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
    with connect(place, "portaal_app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("CREATE TABLE mine (id int)")


def test_it_sorts_and_encodes_as_production_does(place, started):
    started()
    place.cluster.create_roles()
    query = "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database"
    with connect(place, "portaal_app") as app:
        assert set(app.execute(query)) == {("b", "C.UTF-8", "UTF8")}


def test_it_starts_again_after_kill_9(place, started):
    process = started()
    process.kill()
    process.wait()
    assert (place.cluster.data / "postmaster.pid").exists()
    started()


def test_it_starts_again_when_its_killed_server_was_never_taken_away(place, started):
    process = started()
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # a zombie, as long as nobody asks for its code
    started()


def test_a_server_that_lost_its_supervisor_is_ended_first(place, started):
    first = started()
    second = started()
    assert first.wait(5) is not None
    assert second.poll() is None


@pytest.fixture
def zombie():
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # dead, and not taken away
    yield process.pid
    process.wait()


@pytest.mark.parametrize("who", ["nobody", "a zombie", "somebody else"])
def test_a_note_of_another_process_does_not_stop_the_start(tmp_path, zombie, who):
    pid = {"nobody": 2**22 + 1, "a zombie": zombie, "somebody else": os.getpid()}[who]
    note = tmp_path / "postmaster.pid"
    note.write_text(f"{pid}\n{tmp_path}\n")
    postgres.clear_stale_pid(tmp_path)
    assert not note.exists()


def test_sockets_are_short_however_long_var_is(tmp_path):
    folder = Path("/") / "/".join(["much-longer-than-a-socket-may-be"] * 20)
    path = var.sockets(folder)
    try:
        assert len(str(path / ".s.PGSQL.5432").encode()) <= 107
        assert path.stat().st_mode & 0o777 == 0o700
        assert path == var.sockets(folder)
        assert path != var.sockets(tmp_path)
    finally:
        path.rmdir()
        var.sockets(tmp_path).rmdir()


def test_a_folder_that_others_may_read_is_not_used_for_sockets(tmp_path):
    path = var.sockets(tmp_path)
    path.chmod(0o755)
    try:
        with pytest.raises(Exception, match="van iemand anders"):
            var.sockets(tmp_path)
    finally:
        path.rmdir()
