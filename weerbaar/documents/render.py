"""Handing HTML to the press (press.py) and taking a PDF back, within limits. Only a worker does this.

The press is a child process that lives as long as its worker. It holds nothing worth stealing, and a document
that is too heavy ends the press, not the worker.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PRESS = Path(__file__).with_name("press.py")
PROCESSOR = 30  # seconds of processor for one document
WALL = 60.0  # seconds on the clock, the start of a press included
MOST_HTML = 5_000_000
PASSED_ON = ("LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH")  # where pango may live


class RenderError(Exception):
    """A PDF could not be made; `line` says why, in Dutch, without anything of the document."""

    line: str | Promise = _("De PDF kon niet worden gemaakt.")


class PangoMissing(RenderError):
    line = _("Op deze server ontbreekt pango, dat nodig is om een PDF te maken. Zie docs/operations.md.")


class FontsMissing(RenderError):
    line = _("Op deze server ontbreken de lettertypen voor een PDF. Voer npm ci uit.")


class TooHeavy(RenderError):
    line = _("Het document is te groot of te ingewikkeld om er een PDF van te maken.")


class TookTooLong(TooHeavy):
    line = _("Het maken van de PDF duurde te lang.")


class Refused(RenderError):
    line = _("Het document verwijst naar iets van buiten. Dat mag niet in een PDF.")


ERRORS: dict[str, type[RenderError]] = {
    "pango": PangoMissing,
    "fonts": FontsMissing,
    "memory": TooHeavy,
    "refused": Refused,
}


class Press:
    """One press at work: started when first needed, again after a document broke it."""

    def __init__(self, *, processor: int = PROCESSOR, wall: float = WALL, memory: int | None = None) -> None:
        self.processor, self.wall, self.memory = processor, wall, memory
        self.process: subprocess.Popen[bytes] | None = None
        self.owner = 0
        self.folder = ""  # what the press leaves lying about when it is killed; goes with it

    def render(self, html: str) -> bytes:
        """A PDF/UA-1 document. Raises RenderError."""
        content = html.encode()
        if len(content) > MOST_HTML:
            raise TooHeavy
        process = self._running()
        late = threading.Event()
        clock = threading.Timer(self.wall, _end, (process, late))
        clock.start()
        try:
            word, pdf = self._ask(process, content)
        except (EOFError, BrokenPipeError) as error:
            process.wait()
            self.close()
            raise self._cause(process, late) from error
        finally:
            clock.cancel()
        if word not in ("ok", "refused"):
            process.wait()  # it ends itself; the next page gets a fresh one
        if word != "ok":
            raise ERRORS.get(word, RenderError)(pdf.decode(errors="replace"))
        return pdf

    def close(self) -> None:
        if self.process and self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe:
                    pipe.close()
            shutil.rmtree(self.folder, ignore_errors=True)
        self.process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.owner != os.getpid() or self.process.poll() is not None:
            self.close()
            environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
            if self.memory:
                environment["PRESS_MEMORY"] = str(self.memory)
            self.folder = tempfile.mkdtemp(prefix="drukpers-")
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", str(PRESS)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a traceback may quote the document
                env=environment | {"LANG": "C.UTF-8", "TMPDIR": self.folder},
                cwd="/",
            )
            self.owner = os.getpid()
        return self.process

    def _ask(self, process: subprocess.Popen[bytes], content: bytes) -> tuple[str, bytes]:
        assert process.stdin
        assert process.stdout
        process.stdin.write(struct.pack("!IQ", self.processor, len(content)) + content)
        process.stdin.flush()
        word = _read(process.stdout, _read(process.stdout, 1)[0]).decode()
        return word, _read(process.stdout, struct.unpack("!Q", _read(process.stdout, 8))[0])

    def _cause(self, process: subprocess.Popen[bytes], late: threading.Event) -> RenderError:
        if late.is_set() or process.returncode == -signal.SIGXCPU:
            return TookTooLong(process.returncode)
        return TooHeavy(process.returncode)  # for all else it has a word


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _read(stream: IO[bytes], length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return content


_press = Press()
atexit.register(_press.close)


def render_pdf(html: str) -> bytes:
    """A PDF/UA-1 document from a whole HTML page in the look of print.css. Raises RenderError.

    Nothing outside the page is fetched. Runs in a child with limits on processor, memory and time.
    """
    return _press.render(html)
