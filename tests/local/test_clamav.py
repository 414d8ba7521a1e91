"""The virus scanner of a portal on one machine: found or not, and what is said about it."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from weerbaar.local import clamav, environment
from weerbaar.local.supervisor import Service, Stop, Supervisor


@pytest.fixture
def none_here(monkeypatch, tmp_path):
    monkeypatch.setattr(clamav, "FOLDER", tmp_path / "clamav")
    monkeypatch.setattr(clamav, "SIGNATURES", tmp_path / "signatures")
    monkeypatch.setattr(clamav.shutil, "which", lambda *_, **__: None)
    return tmp_path


def test_without_a_scanner_it_is_said_that_files_wait(none_here):
    assert clamav.program() is None
    assert "Bestanden blijven wachten" in clamav.what_it_finds()
    assert clamav.CURE in clamav.what_it_finds()


def test_with_the_test_virus_alone_it_is_said_so(none_here, monkeypatch):
    monkeypatch.setattr(clamav.shutil, "which", lambda *_, **__: "/usr/sbin/clamd")
    assert "alleen het testvirus" in clamav.what_it_finds()
    (none_here / "signatures").mkdir()
    (none_here / "signatures" / "daily.cld").touch()
    assert "testvirus" not in clamav.what_it_finds()


def test_what_cannot_be_fetched_is_one_line(none_here, monkeypatch, capfd):
    def fail(*_):
        raise clamav.Missing("geen netwerk")

    monkeypatch.setattr(clamav.install, "TOOLS", none_here)
    monkeypatch.setattr(clamav.install, "unpack", fail)
    clamav.unpack()
    assert "Zonder ClamAV blijven bestanden wachten" in capfd.readouterr().out.splitlines()[-1]


def test_the_portal_goes_on_when_its_scanner_dies(tmp_path, capfd):
    """Then something vital stops it, or somebody."""
    script = "import os, sys, time; time.sleep(float(sys.argv[1])); os.kill(os.getppid(), int(sys.argv[2]))"
    with Supervisor(tmp_path) as supervisor:
        scanner = Service("clamd", [sys.executable, "-c", "raise SystemExit(3)"], {}, is_vital=False)
        stopper = Service(
            "stopper", [sys.executable, "-c", script, "1.5", str(int(signal.SIGTERM))], dict(os.environ)
        )
        supervisor.start(scanner)
        supervisor.start(stopper)
        with pytest.raises(Stop):
            supervisor.watch()
        assert scanner not in supervisor.running
    assert "clamd is gestopt (code 3)" in capfd.readouterr().out


def test_keys_of_before_there_was_a_scanner_are_completed_once(tmp_path):
    path = tmp_path / "keys.env"
    made = environment.keys(path)
    old = {
        name: ",".join(one for one in value.split(",") if not one.startswith("service:files"))
        for name, value in made.items()
    }
    path.write_text("".join(f"{name}={value}\n" for name, value in old.items()))
    completed = environment.keys(path)
    for name, value in old.items():
        assert completed[name].startswith(value)
    for name in ("VAULT_PUBLIC_KEYS", "VAULT_PRIVATE_KEYS"):
        assert completed[name].count("service:files:") == 1
        assert "…" not in completed[name]
    assert environment.keys(path) == completed
    assert path.stat().st_mode & 0o777 == 0o600
