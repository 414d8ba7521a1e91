"""The demo stands on the real register: office holders look for their own organisation."""

from __future__ import annotations

from netwerk import figures, gatherings, pages, partners, register
from netwerk.lifecycle import PageStatus
from netwerk.models import Organisation

from . import basis, intervention, toolkit


def fill() -> None:
    """Load the shipped register, unless there is one, and all else that an editor would have entered."""
    if not Organisation.objects.exists():
        register.load(register.SHIPPED.read_bytes(), is_json=False)
    partners.load()
    figures.load()
    basis.fill()
    gatherings.load()
    pages.load(PageStatus.PUBLISHED)
    pages.load_composed_stories(PageStatus.PUBLISHED)
    intervention.fill()
    toolkit.fill()
