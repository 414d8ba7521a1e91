"""What the pages that editors make have in common when a visitor asks for one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from netwerk.models import PageQuerySet, Partner
from weerbaar.pages.context import is_served


def find(queryset: PageQuerySet, slug: str) -> Any:
    """The page at this address, also one that was taken off the site (see `gone`); 404 for all else."""
    return get_object_or_404(queryset.known(), slug=slug)


def gone(request: HttpRequest, back: str) -> HttpResponse:
    """The page was here and is not any more (410): who has the address need not search on."""
    return render(request, "netwerk/ingetrokken.html", {"back": back}, status=410)


def here(address: str) -> str:
    """An address of this site when there is such a page, else nothing; an address elsewhere as it is."""
    if address.startswith("https://"):
        return address
    return address if is_served(address.partition("?")[0].partition("#")[0]) else ""


def with_pages(partners: Iterable[Partner]) -> list[tuple[Partner, str]]:
    """Partners that are shown, each with the address of its page."""
    return [(one, here(f"/partners/{one.slug}/")) for one in partners if one.is_active]
