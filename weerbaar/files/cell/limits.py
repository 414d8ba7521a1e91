"""The cell: a short-lived process in which strangers' bytes are looked into. It has nothing to steal.

Started with `python -I`, without settings, environment, keys or database; one process for one file, so that
a file that takes it over finds no other. It reads from stdin, answers on stdout, and can write no file.
"""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import signal
import sys
import warnings
from typing import BinaryIO

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38


def lock_up(*, memory: int, seconds: int) -> None:
    """Limits for the rest of this process's life: memory in bytes, seconds of processor."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # no file can be written; a pipe can
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    logging.disable(logging.CRITICAL)  # what a library says may quote the file
    warnings.simplefilter("ignore")


def streams() -> tuple[BinaryIO, BinaryIO]:
    """What comes in, and where the answer goes; whatever a library prints goes elsewhere."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answers
