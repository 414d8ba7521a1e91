"""The demo stands on the real register: office holders look for their own organisation."""

from __future__ import annotations

from netwerk import figures, gatherings, pages, partners, register
from netwerk.lifecycle import PageStatus
from netwerk.models import Organisation

from . import basis, intervention, toolkit


def fill() -> None:
    """The register, and all else that an editor would have entered."""
    fill_register()
    partners.load()
    figures.load()
    toolkit.fill()
    basis.fill()
    gatherings.load()
    pages.load(PageStatus.PUBLISHED)
    pages.load_composed_stories(PageStatus.PUBLISHED)
    intervention.fill()


def fill_register() -> None:
    """Load the shipped register, unless there is one."""
    if not Organisation.objects.exists():
        register.load(register.SHIPPED.read_bytes(), is_json=False)
