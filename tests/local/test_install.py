"""What is installed once is not installed again, and two launchers do not get in each other's way."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time

import pytest

from weerbaar.local import install, var
from weerbaar.local.progress import Missing, run


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "TOOLS", tmp_path / ".tools")
    (tmp_path / "folder").mkdir()
    (tmp_path / "lock").write_text("one==1")
    return tmp_path


def install_once(project, done: list[str], kind: str = "run") -> None:
    kinds = ["run", "test"][: 1 if kind == "run" else 2]
    work = lambda: done.append(kind)  # noqa: E731
    install.once(project / "folder" / "stamp", [project / "lock"], "iets", work, kinds=kinds)


def test_it_is_done_once_and_again_when_the_lock_file_changes(project):
    done: list[str] = []
    install_once(project, done)
    install_once(project, done)
    assert done == ["run"]
    (project / "lock").write_text("one==2")
    install_once(project, done)
    assert done == ["run", "run"]


def test_what_tests_need_stays_when_the_portal_is_started(project):
    done: list[str] = []
    for kind in ("run", "test", "run", "test"):
        install_once(project, done, kind)
    assert done == ["run", "test"]


def test_work_that_failed_is_done_again(project):
    with pytest.raises(Missing):
        install.once(project / "folder" / "stamp", [project / "lock"], "iets", fail)
    done: list[str] = []
    install_once(project, done)
    assert done == ["run"]


def fail() -> None:
    raise Missing("geen netwerk")


def test_two_launchers_side_by_side_install_once(project):
    done: list[int] = []

    def slow() -> None:
        time.sleep(0.3)
        done.append(1)

    def launcher() -> None:
        install.once(project / "folder" / "stamp", [project / "lock"], "iets", slow)

    threads = [threading.Thread(target=launcher) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [1]


def test_what_is_missing_is_one_line_with_its_cure():
    with pytest.raises(Missing, match=r"^python.* mislukte: SystemExit: geen netwerk\. Probeer opnieuw\.$"):
        run([sys.executable, "-c", FAILS], cure="Probeer opnieuw.")


FAILS = "import sys; print('Traceback\\n  at\\nSystemExit: geen netwerk\\n', file=sys.stderr); sys.exit(1)"


def test_without_pango_the_portal_goes_on_and_says_so_in_one_line(project, monkeypatch, capfd):
    monkeypatch.setattr(install, "PANGO", project / ".tools" / "pango")
    monkeypatch.setattr(install, "has_libraries", lambda names: False)
    monkeypatch.setattr(install, "apt_install", lambda packages: fail())
    monkeypatch.setattr(install, "unpack_pango", fail)
    install.pango()
    [line] = [line for line in capfd.readouterr().out.splitlines() if line.startswith("  !")]
    assert install.PANGO_CURE in line
    assert install.pango_environment() == {}


def test_one_var_is_held_by_one_launcher(tmp_path):
    with var.held(tmp_path) as first, var.held(tmp_path) as second:
        assert first
        assert not second
    with var.held(tmp_path) as later:
        assert later


def test_the_launcher_needs_nothing_but_python():
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        "import sys; sys.path.insert(0, '.'); import weerbaar.local.launch",
    ]
    subprocess.run(command, cwd=install.ROOT, check=True)


@pytest.mark.parametrize(
    "name",
    ["requirements.lock", "tests/requirements.lock", "package-lock.json", "weerbaar/local/installer.lock"],
)
def test_a_lock_file_holds_hashes_and_no_addresses(name):
    text = (install.ROOT / name).read_text()
    addresses = [line for line in text.splitlines() if "://" in line and '"url"' not in line]
    assert not addresses
    assert re.search("sha256:|sha512-", text)
