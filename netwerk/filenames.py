"""Names of files as they may be kept, shown and put in a ZIP: nothing in them leads elsewhere or deceives."""

from __future__ import annotations

import unicodedata
from collections.abc import Container

LONGEST = 180  # bytes: room for " (2)", and every file system takes it
INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}  # control signs, and those that turn the writing round
FORBIDDEN = set('<>:"|?*/\\')
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


def safe(name: str) -> str:
    """The name without folders, invisible signs, signs that Windows refuses, or an end that it cuts off.

    Ends as it did; never empty; at most LONGEST bytes; never the name of a device.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    seen = "".join(" " if sign.isspace() else sign for sign in last)
    seen = "".join(
        sign for sign in seen if unicodedata.category(sign) not in INVISIBLE and sign not in FORBIDDEN
    )
    stem, dot, ending = seen.rstrip(" .").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem, ending = " ".join(stem.split()).strip(" ."), _shorter("".join(ending.split()), 20)
    if not stem or stem.partition(".")[0].strip().casefold() in RESERVED:
        stem = f"bestand-{stem}" if stem else "bestand"
    end = f".{ending}" if ending else ""
    return f"{_shorter(stem, LONGEST - len(end.encode()))}{end}"


def unique(name: str, taken: Container[str]) -> str:
    """The name, with a number behind it when it is taken already; `taken` holds names in casefold()."""
    found, number = name, 1
    while found.casefold() in taken:
        number += 1
        stem, dot, ending = name.rpartition(".")
        found = f"{stem} ({number}){dot}{ending}" if dot else f"{name} ({number})"
    return found


def _shorter(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, and no half sign at the end."""
    return text.encode()[:most].decode(errors="ignore").rstrip(" .")
