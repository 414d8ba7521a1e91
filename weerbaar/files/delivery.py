"""Handing a file to a person. The original is only ever a download; what is looked at was drawn by us."""

from __future__ import annotations

from base64 import b64encode

from django.http import Http404, HttpResponseBase, StreamingHttpResponse

from . import store
from .actions import Facts
from .models import StoredFile
from .stream import key_of_page, pieces, place_of

SANDBOX = "default-src 'none'; sandbox"


def original(row: StoredFile, facts: Facts) -> HttpResponseBase:
    """The very bytes that came in, as a download that no browser opens by itself.

    Http404 for what the scanner has not released. The name in the answer tells nothing.
    """
    if not row.is_released or row.pk != facts.id:
        raise Http404
    path = store.path_of(facts.id)
    if not path.exists():
        raise Http404
    response = StreamingHttpResponse(
        pieces(path, facts.key, place_of(facts.id.bytes)), content_type="application/octet-stream"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{download_name(facts)}"'
    response.headers["Content-Length"] = str(facts.size)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def download_name(facts: Facts) -> str:
    """The name that an original is downloaded under; it tells nothing of what the file is about."""
    ending = sorted(facts.kind.extensions, key=lambda one: (one != facts.format, one))[0]
    return f"bewijs-{facts.id.hex[:8]}.{ending}"


def page(row: StoredFile, facts: Facts, number: int) -> str:
    """A page of the safe copy (from 1) as a data: address. Http404 when there is no such page.

    It stands inside the page that shows it: one look is one line in the access log, and nothing that came in
    has an address where a browser would show it.
    """
    if not row.is_released or row.pk != facts.id or not 1 <= number <= row.pages:
        raise Http404
    path = store.kept(facts.id, number)
    if not path.exists():
        raise Http404
    drawn = b"".join(pieces(path, key_of_page(facts.key, number), place_of(facts.id.bytes, number)))
    return f"data:image/jpeg;base64,{b64encode(drawn).decode()}"
