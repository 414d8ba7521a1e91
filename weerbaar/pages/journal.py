from __future__ import annotations

import logging
import traceback
from types import TracebackType


class WithoutWords(logging.Formatter):
    """A log line that tells where it went wrong, never with what: an exception may quote a reader."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

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
