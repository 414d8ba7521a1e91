"""Asking for a document, and reading it. Making it is a job: tasks.py."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse

from weerbaar.audit.models import Purpose
from weerbaar.jobs import enqueue
from weerbaar.vault.codes import AccessCode
from weerbaar.vault.content import Content
from weerbaar.vault.dossiers import open as open_dossier
from weerbaar.vault.models import Dossier

from .kinds import kind_of
from .models import Rendering, State
from .tasks import make_pdf


def request(
    dossier: Dossier,
    kind: str,
    *,
    audience: str,
    by: Any = None,
    code: AccessCode | None = None,
    visit: str | None = None,
) -> Rendering:
    """Ask for a document; a worker makes it. The same content gives the row that is there already.

    Opens the dossier (purpose PDF), so it needs an account, a code or a visit. A document that failed before
    is tried again. Raises LookupError for a kind or audience that nobody registered.
    """
    known = kind_of(kind)
    compartment = known.audiences[audience]
    with open_dossier(dossier, purpose=Purpose.PDF, by=by, code=code, visit=visit) as content:
        page = known.page(dossier, content, audience)
        digest = content.digest("\0".join((kind, audience, page)).encode(), compartment)
    with transaction.atomic():
        rendering, _is_new = Rendering.objects.get_or_create(
            dossier=dossier.pk,
            digest=digest,
            defaults={"kind": kind, "audience": audience, "compartment": compartment},
        )
        if rendering.state == State.FAILED:
            rendering.state, rendering.error, rendering.tries = State.WAITING, "", rendering.tries + 1
            rendering.save(update_fields=["state", "error", "tries"])
        if rendering.state == State.WAITING:
            enqueue(make_pdf, key=f"{rendering.pk}:{rendering.tries}", rendering_id=rendering.pk)
    return rendering


def latest(dossier: Dossier, kind: str, *, audience: str) -> Rendering | None:
    """The document that was asked for last, ready or not."""
    return Rendering.objects.filter(dossier=dossier.pk, kind=kind, audience=audience).defer("pdf").first()


def read(rendering: Rendering, content: Content) -> bytes:
    """The PDF, out of its open dossier. Raises NoKey for a reader without its compartment."""
    pdf: bytes = content.of(rendering).pdf
    return pdf


def download(rendering: Rendering, content: Content) -> HttpResponse:
    """The PDF as a download, under a name that says nothing."""
    name = f"document-{rendering.pk.hex[:8]}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(read(rendering, content), content_type="application/pdf", headers=headers)
