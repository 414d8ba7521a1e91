"""What the launcher says: a line for each step, and one line with the cure when something is missing."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class Missing(Exception):
    """Something that the portal needs is not there. The text is one line: what, and its cure."""


def say(text: str = "") -> None:
    """Print a line at once, also when the output goes to a file."""
    print(text, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Announce a piece of work, and say how long it took."""
    say(f"  · {name} …")
    began = time.monotonic()
    yield
    say(f"  ✓ {name}: {seconds(time.monotonic() - began)}")


def seconds(duration: float) -> str:
    """A duration as Dutch people write it: 3,1 s."""
    return f"{duration:.1f} s".replace(".", ",")


def run(command: Sequence[str | Path], *, cure: str, **options: object) -> str:
    """Run a command quietly and give its output; a failure is one line that ends with the cure."""
    try:
        done = subprocess.run(command, text=True, capture_output=True, **options)  # type: ignore[call-overload]  # noqa: S603 - our own commands
    except OSError as error:
        raise Missing(f"{Path(command[0]).name} start niet ({error.strerror}). {cure}") from error
    if done.returncode:
        raise Missing(f"{Path(command[0]).name} mislukte: {last_line(done.stderr or done.stdout)}. {cure}")
    return str(done.stdout)


def last_line(text: str) -> str:
    """The last line that says something: of a traceback, the error."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "zonder uitleg"
