"""Demo data: each app says how it fills itself, in the order of INSTALLED_APPS."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

FILLERS: list[str] = []


def register(fill: str) -> None:
    """Add an app's filler by its path (from its AppConfig.ready). It must be safe to run again.

    A path, not the function: a process that answers visitors has no use for the demo's texts.
    """
    FILLERS.append(fill)


def fill_all() -> None:
    """Run every filler; refuses where real people could be: demo data exists under `./portaal` only."""
    if not settings.EMBEDDED:
        raise PermissionError("Demogegevens bestaan alleen onder ./portaal.")
    for fill in FILLERS:
        import_string(fill)()
