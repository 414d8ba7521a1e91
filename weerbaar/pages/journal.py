from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

TOKEN = re.compile(r"[0-9a-f]{32,}")  # the link of an invitation or a new password, in the address of a page


class WithoutWords(logging.Formatter):
    """A log line that tells where it went wrong, never with what: an exception may quote a reader."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        return TOKEN.sub("•••", super().format(record))

    def formatException(
        self, ei: tuple[type[BaseException] | None, BaseException | None, TracebackType | None]
    ) -> str:
        lines = []
        error = ei[1]
        while error is not None:
            kind = type(error)
            lines.append(f"{kind.__module__}.{kind.__qualname__}")
            for frame in traceback.extract_tb(error.__traceback__):
                lines.append(f"  {frame.filename}:{frame.lineno} in {frame.name}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)
