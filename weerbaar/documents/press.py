"""The drukpers: a small program of its own that turns HTML into PDF/UA-1, and can do nothing else.

It runs as a child of a pdf worker, without settings, secrets, database or environment. It keeps fonts and
the parsed style sheet, so that only the first page is slow. It ends when stdin ends.
Requests, on stdin: limit in seconds of processor (4 bytes), length (8 bytes), HTML.
Answers, on stdout: length of a word (1 byte), "ok" or what went wrong, length (8 bytes), PDF.
Without memory it may end without an answer.

Started by `render.py` as a script, with `python -I`: it must not import anything of ours.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import resource
import signal
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO

HERE = Path(__file__).resolve().parent
FONTS = HERE.parent.parent / "node_modules/@fontsource/noto-sans/files"
MEMORY = int(os.environ.get("PRESS_MEMORY", 1024**3))  # bytes of address space; a report takes a third
FONT_FILES = {
    f"font:{subset}-{weight}-{style}": FONTS / f"noto-sans-{subset}-{weight}-{style}.woff2"
    for subset in ("latin", "latin-ext")
    for weight, style in ((400, "normal"), (400, "italic"), (700, "normal"))
}
PR_SET_PDEATHSIG = 1


def limit_everything() -> None:
    """No core dumps, no big files, no more memory than this; and nobody outlives the worker."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000, 20_000_000))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def limit_processor(seconds: int) -> None:
    """From here so many seconds of processor; then the kernel ends us (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, resource.RLIM_INFINITY))


class Press:
    """WeasyPrint with its fonts and style sheet, warmed up once."""

    def __init__(self) -> None:
        from weasyprint import CSS, HTML  # noqa: PLC0415 - slow, and fails where pango is missing
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415

        class SealedFetcher(URLFetcher):
            """Gives our own fonts by name and what stands in a data: address itself; all else is refused."""

            def __init__(self) -> None:
                super().__init__(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)

            def fetch(self, url: str, headers: Any = None) -> Any:
                if url in FONT_FILES:
                    return URLFetcherResponse(
                        url, FONT_FILES[url].read_bytes(), {"Content-Type": "font/woff2"}
                    )
                return super().fetch(url, headers)

        for file in FONT_FILES.values():
            file.open("rb").close()  # FileNotFoundError now, not in the middle of a page

        self.refused: type[BaseException] = FatalURLFetchingError  # no Exception: it would escape
        self.html = HTML
        self.fetcher = SealedFetcher()
        self.fonts = FontConfiguration()
        self.css = CSS(
            string=(HERE / "print.css").read_text(),
            base_url="font:",
            font_config=self.fonts,
            url_fetcher=self.fetcher,
        )

    def print(self, html: str) -> bytes:
        document = self.html(string=html, url_fetcher=self.fetcher, base_url="none:")
        pdf: bytes = document.write_pdf(
            stylesheets=[self.css],
            font_config=self.fonts,
            pdf_variant="pdf/ua-1",
        )
        return pdf


def answer(press: Press, html: bytes) -> tuple[bytes, bytes]:
    try:
        return b"ok", press.print(html.decode())
    except press.refused:
        return b"refused", b""
    except (MemoryError, SystemError):  # the latter: a C library that got no memory
        return b"memory", b""
    except Exception as error:
        return b"broken", type(error).__name__.encode()


def read(stream: BinaryIO, length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        sys.exit()
    return content


def serve(stdin: BinaryIO, stdout: BinaryIO) -> None:
    limit_everything()
    logging.disable(logging.CRITICAL)  # warnings quote the document
    press: Press | None = None
    problem = b""
    try:
        press = Press()
    except OSError as error:  # cffi: "cannot load library 'libpango-1.0-0'"
        problem = b"fonts" if isinstance(error, FileNotFoundError) else b"pango"
    except Exception:
        problem = b"broken"
    while True:
        seconds, length = struct.unpack("!IQ", read(stdin, 12))
        html = read(stdin, length)
        limit_processor(seconds)
        word, pdf = answer(press, html) if press else (problem, b"")
        stdout.write(struct.pack("!B", len(word)) + word + struct.pack("!Q", len(pdf)) + pdf)
        stdout.flush()
        if word not in (b"ok", b"refused"):  # the next page deserves a fresh press
            return
        gc.collect()


if __name__ == "__main__":
    quiet = os.dup(1)  # nothing that a library prints may end up between the answers
    os.dup2(2, 1)
    serve(sys.stdin.buffer, os.fdopen(quiet, "wb"))
