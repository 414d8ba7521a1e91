"""Which documents there are. Apps register theirs in AppConfig.ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from weerbaar.vault.compartments import Compartment
from weerbaar.vault.content import Content
from weerbaar.vault.models import Dossier

Context = Callable[[Any, Content, str], Mapping[str, Any]]  # (dossier, content, audience)


@dataclass(frozen=True)
class Kind:
    """A kind of document: of which dossiers, on which template, for whom."""

    name: str
    model: type[Dossier]
    template: str
    context: Context
    title: str
    audiences: Mapping[str, Compartment]  # the compartment that a PDF for them is sealed in

    def page(
        self, dossier: Dossier, content: Content, audience: str, *, made_on: datetime | None = None
    ) -> str:
        """The whole HTML page; without `made_on` it depends on the content alone."""
        given = {"title": self.title, "phone": settings.TEAM_PHONE, "audience": audience, "made_on": made_on}
        return render_to_string(self.template, {**given, **self.context(dossier, content, audience)})


KINDS: dict[str, Kind] = {}


def register(
    name: str,
    *,
    model: type[Dossier],
    template: str,
    context: Context,
    title: str,
    audiences: Mapping[str, Compartment],
) -> None:
    """Make a kind of document known.

    `template` extends documents/base_pdf.html; it gets what `context` gives (a `reference` too), and `title`,
    `made_on` and `phone`. The same content must give the same page: no date of today, no random order.
    `context` decides by `audience` what goes in; `audiences` says which readers can open the PDF afterwards.
    """
    KINDS[name] = Kind(name, model, template, context, title, audiences)


def kind_of(name: str) -> Kind:
    """The kind of this name; LookupError when no app registered it."""
    if name not in KINDS:
        raise LookupError(f"No document of kind {name}.")
    return KINDS[name]
