"""Demo data: each app says how it fills itself, in the order of INSTALLED_APPS."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

FILLERS: list[Callable[[], None]] = []


def register(fill: Callable[[], None]) -> None:
    """Add an app's filler (from its AppConfig.ready). It must be safe to run again."""
    FILLERS.append(fill)


def fill_all() -> None:
    """Run every filler; refuses where real people could be: demo data exists under `./portaal` only."""
    if not settings.EMBEDDED:
        raise PermissionError("Demogegevens bestaan alleen onder ./portaal.")
    for fill in FILLERS:
        fill()
