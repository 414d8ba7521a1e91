"""The three zones of the site: who is spoken to decides which secrets a process holds."""

from __future__ import annotations

from enum import StrEnum

from django.urls import reverse


class Zone(StrEnum):
    PUBLIEK = "publiek"  # everybody: report, follow, read
    MIJN = "mijn"  # account holders and contacts of an organisation
    BEHEER = "beheer"  # staff: the admin

    @property
    def urlconf(self) -> str:
        return f"weerbaar.urls.{self.value}"

    @classmethod
    def of_path(cls, path: str) -> Zone:
        """The zone that a request path belongs to: the first folder decides."""
        first = path.lstrip("/").split("/", 1)[0]
        return cls(first) if first in (cls.MIJN, cls.BEHEER) else cls.PUBLIEK


def zone_url(zone: Zone | str, name: str, *args: object) -> str:
    """The path of a named page in a zone, whichever zone is being served now."""
    return reverse(name, urlconf=Zone(zone).urlconf, args=args)
