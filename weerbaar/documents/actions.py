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
from weerbaar.vault.keys import secret
from weerbaar.vault.models import Dossier
from weerbaar.vault.sealed import derive

from .kinds import kind_of
from .models import PrintOrder, Rendering, State
from .papers import paper_kind
from .tasks import make_pdf, print_paper


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


def order_paper(kind: str, subject: object) -> PrintOrder:
    """Ask for a paper about the thing of this id; a worker makes it. Whose it is, the view has asked.

    The same page gives the order that is there already; what failed before is tried again. Only the zone
    `mijn` and the worker can ask: they hold the key of the digest. LookupError for an unknown kind or thing.
    """
    subject = str(subject)
    page = paper_kind(kind).page(subject)
    digest = derive(secret("VAULT_OWNER_KEY"), b"paper", kind.encode(), subject.encode(), page.encode()).hex()
    with transaction.atomic():
        order, _is_new = PrintOrder.objects.get_or_create(kind=kind, subject=subject, digest=digest)
        if order.state == State.FAILED:
            order.state, order.error, order.tries = State.WAITING, "", order.tries + 1
            order.save(update_fields=["state", "error", "tries"])
        if order.state == State.WAITING:
            enqueue(print_paper, key=f"{order.pk}:{order.tries}", order_id=order.pk)
    return order


def last_order(kind: str, subject: object) -> PrintOrder | None:
    """The order of this kind about this thing that was asked for last, ready or not."""
    return PrintOrder.objects.filter(kind=kind, subject=str(subject)).first()


def fetch_paper(order: PrintOrder, *, by: Any) -> HttpResponse:
    """The PDF as a download; a line in the access log comes first. NoKey outside the zone `mijn`."""
    with open_dossier(order.sheet, by=by, purpose=Purpose.PDF) as content:
        pdf: bytes = content.pdf
    name = f"{paper_kind(order.kind).filename}-{order.pk.hex[:8]}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
