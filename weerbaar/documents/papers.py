"""Papers that belong to no dossier, by kind. Apps register theirs in AppConfig.ready. See docs/adr/0014.

documents.register_paper("certificate", template=…, context=…, title=…, filename="deelnamebewijs")

order = documents.order_paper("certificate", registration.pk)      # the view has checked whose it is
documents.last_order("certificate", registration.pk)               # for the page that shows how far it is
documents.fetch_paper(order, by=request.user)                      # the answer with the PDF
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import Promise

Context = Callable[[str], Mapping[str, Any]]  # of the id of the subject; LookupError when it is gone


@dataclass(frozen=True)
class PaperKind:
    """A kind of paper: on which template, filled with what, under which name it is saved."""

    name: str
    template: str
    context: Context
    title: str | Promise
    filename: str

    def page(self, subject: str, *, made_on: datetime | None = None) -> str:
        """The whole HTML page; without `made_on` it depends on the subject alone."""
        given = {"title": self.title, "phone": settings.TEAM_PHONE, "made_on": made_on}
        return render_to_string(self.template, {**given, **self.context(subject)})


PAPERS: dict[str, PaperKind] = {}


def register_paper(
    name: str, *, template: str, context: Context, title: str | Promise, filename: str = "document"
) -> None:
    """Make a kind of paper known, from AppConfig.ready.

    `template` extends documents/base_pdf.html; it gets what `context` gives, and `title`, `made_on` and
    `phone`. The same subject must give the same page: no date of today, no random order. `context` raises
    LookupError for what is gone in the meantime.
    """
    PAPERS[name] = PaperKind(name, template, context, title, filename)


def paper_kind(name: str) -> PaperKind:
    """The kind of this name; LookupError when no app registered it."""
    if name not in PAPERS:
        raise LookupError(f"No paper of kind {name}.")
    return PAPERS[name]
