"""Evidence as a page shows it: each piece opened, with what there is to look at and to download."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from weerbaar.files import api as files
from weerbaar.vault.api import Content

from .models import Evidence


@dataclass
class Piece:
    """One piece of evidence and its opened facts."""

    row: Evidence
    opened: dict[str, Any]

    @property
    def link(self) -> str:
        """The text of a link; empty for a file. Never made clickable: it may lead to who threatens."""
        return str(self.opened.get("link", ""))

    @cached_property
    def facts(self) -> files.Facts | None:
        return None if self.link else files.Facts.of(self.opened)

    @property
    def file(self) -> files.StoredFile | None:
        return self.row.file

    @property
    def name(self) -> str:
        return self.facts.name if self.facts else self.link

    @property
    def kind(self) -> str:
        return str(files.KINDS[self.facts.kind.group]) if self.facts else _("Link")

    @property
    def size(self) -> str:
        return size_in_words(self.facts.size) if self.facts else ""

    @property
    def has_copy(self) -> bool:
        return bool(self.file and self.file.is_released and self.file.pages)

    @property
    def has_original(self) -> bool:
        return bool(self.file and self.file.is_released)


def pieces(rows: Iterable[Evidence], content: Content, field: str = "facts") -> list[Piece]:
    """All that this reader may open; `field` is "facts_for_organisation" for the own organisation."""
    found = ((row, getattr(opened, field)) for row, opened in content.rows(rows))
    return [Piece(row, opened) for row, opened in found if opened is not None]


def size_in_words(size: int) -> str:
    """340 kB, 1,2 MB."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")


def page_number(text: str) -> int:
    """A page from an address: a number from 1; 1 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 else 1
