from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from weerbaar.audit.log import Actor
from weerbaar.audit.models import Purpose
from weerbaar.jobs import WORKER_ONLY, beat, enqueue, job
from weerbaar.vault.compartments import ZONE_MIJN
from weerbaar.vault.dossiers import new as new_dossier
from weerbaar.vault.dossiers import open as open_dossier
from weerbaar.vault.errors import NoKey
from weerbaar.vault.readers import shred
from weerbaar.zones import Zone

from .kinds import kind_of
from .models import PrintOrder, Rendering, Sheet, State
from .papers import paper_kind
from .render import RenderError, render_pdf

LEASE = timedelta(minutes=3)  # well over the wall-clock limit of the press
KEPT = timedelta(hours=24)  # a PDF of a whole dossier is made again when it is asked for again


@job(queue="pdf", attempts=3, lease=LEASE, zones={Zone.PUBLIEK, Zone.BEHEER})
def make_pdf(rendering_id: str) -> None:
    """Make a PDF that was asked for. One that cannot be made fails with a line that says why."""
    rendering = _unmade(rendering_id)
    if rendering is None:
        return
    try:
        make(rendering)
    except RenderError as error:
        rendering.state, rendering.error = State.FAILED, str(error.line)
        rendering.save(update_fields=["state", "error"])
        enqueue(make_pdf_again, key=f"{rendering.pk}:{rendering.tries}", rendering_id=rendering.pk)
    except NoKey:  # shredded in the meantime
        rendering.delete()


@job(queue="pdf", attempts=1, lease=LEASE, zones=WORKER_ONLY)
def make_pdf_again(rendering_id: str) -> None:
    """Try once more; what fails again is parked at once, where a person sees it and can have it retried."""
    if rendering := _unmade(rendering_id):
        make(rendering)


@beat(every=timedelta(hours=1))
def drop_old_documents(now: datetime) -> None:
    """Forget documents that were made a day ago: what nobody needs any more cannot be opened either."""
    Rendering.objects.filter(state=State.DONE, done_at__lte=now - KEPT).delete()


def _unmade(rendering_id: str) -> Rendering | None:
    return Rendering.objects.filter(pk=rendering_id).exclude(state=State.DONE).first()


def make(rendering: Rendering) -> None:
    """Render and seal the PDF, and drop the versions before it.

    Raises RenderError, and NoKey once the dossier is shredded.
    """
    kind = kind_of(rendering.kind)
    dossier = kind.model._base_manager.get(pk=rendering.dossier)
    with open_dossier(dossier, purpose=Purpose.PDF, by=Actor.service("documenten")) as content:
        page = kind.page(dossier, content, rendering.audience, made_on=rendering.created_at)
        content.seal(rendering, pdf=render_pdf(page))
    rendering.state, rendering.error, rendering.done_at = State.DONE, "", timezone.now()
    rendering.save(update_fields=["pdf", "state", "error", "done_at"])
    same = Rendering.objects.filter(
        dossier=rendering.dossier, kind=rendering.kind, audience=rendering.audience
    )
    same.filter(created_at__lt=rendering.created_at).delete()


@job(queue="pdf", attempts=3, lease=LEASE, zones={Zone.MIJN})
def print_paper(order_id: str) -> None:
    """Make a paper that was asked for. One that cannot be made fails with a line that says why."""
    order = _unprinted(order_id)
    if order is None:
        return
    try:
        print_order(order)
    except RenderError as error:
        order.state, order.error = State.FAILED, str(error.line)
        order.save(update_fields=["state", "error"])
        enqueue(print_paper_again, key=f"{order.pk}:{order.tries}", order_id=order.pk)
    except LookupError:  # what it is about went away in the meantime
        order.delete()


@job(queue="pdf", attempts=1, lease=LEASE, zones=WORKER_ONLY)
def print_paper_again(order_id: str) -> None:
    """Try once more; what fails again is parked at once, as with `make_pdf_again`."""
    if order := _unprinted(order_id):
        print_order(order)


@beat(every=timedelta(hours=1))
def drop_old_papers(now: datetime) -> None:
    """Forget papers a day after they were made, their keys first."""
    _forget(PrintOrder.objects.filter(state=State.DONE, done_at__lte=now - KEPT))


def _unprinted(order_id: str) -> PrintOrder | None:
    return PrintOrder.objects.filter(pk=order_id).exclude(state=State.DONE).first()


def print_order(order: PrintOrder) -> None:
    """Print, seal for the zone of accounts, and drop the versions before it.

    Raises RenderError, and LookupError once there is nothing to print.
    """
    page = paper_kind(order.kind).page(order.subject, made_on=order.created_at)
    new_dossier(Sheet, readers=[ZONE_MIJN], content={"pdf": render_pdf(page)}, order=order)
    order.state, order.error, order.done_at = State.DONE, "", timezone.now()
    order.save(update_fields=["state", "error", "done_at"])
    same = PrintOrder.objects.filter(kind=order.kind, subject=order.subject)
    _forget(same.filter(created_at__lt=order.created_at))


def _forget(orders: QuerySet[PrintOrder]) -> None:
    for sheet in Sheet.objects.filter(order__in=orders).defer("pdf"):
        shred(sheet)
    orders.delete()
