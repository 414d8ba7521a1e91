"""Starting a cell (cell/limits.py) for one file, and ending it when it takes too long."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

CELL = Path(__file__).with_name("cell")


@contextmanager
def cell(script: str, first_line: str, content: Iterable[bytes], *, wall: float) -> Iterator[IO[bytes]]:
    """What a cell answers, once it has read a line and the whole content.

    After `wall` seconds on the clock it is killed; whoever reads then finds the end of the stream.
    """
    process = subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-I", str(CELL / script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback may quote the file
        env={"LANG": "C.UTF-8"},
        cwd="/",
    )
    clock = threading.Timer(wall, process.kill)
    clock.start()
    assert process.stdin
    assert process.stdout
    try:
        with suppress(BrokenPipeError), process.stdin:  # it may end before it has read everything
            process.stdin.write(first_line.encode() + b"\n")
            for piece in content:
                process.stdin.write(piece)
        yield process.stdout
    finally:
        clock.cancel()
        process.kill()
        process.stdout.close()
        process.wait()
