"""Sending a file of the toolkit: by nginx where it stands in front (X_ACCEL), else by ourselves.

What may be asked (RFC 9110): the whole, one range, or only whether it changed. The ETag is made of the bytes,
so that a download that broke off goes on with the very same file or begins anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header, parse_etags

from .store import PIECE

RANGE = re.compile(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII)


def send(
    request: HttpRequest, path: Path, *, name: str, content_type: str, etag: str, size: int
) -> HttpResponseBase:
    """The answer to a GET or HEAD for this file. `etag` is without quotes, and never used for other bytes.

    200, 206, 304 or 416. Http headers that say how strict a browser must be come from the middleware.
    """
    quoted = f'"{etag}"'
    headers = {"ETag": quoted, "Accept-Ranges": "bytes"}
    if is_known(request, quoted):
        return HttpResponse(status=304, headers=headers)
    headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    headers["Content-Type"] = content_type
    if settings.X_ACCEL:
        inside = path.relative_to(settings.TOOLKIT_DIR)
        return HttpResponse(headers=headers | {"X-Accel-Redirect": f"/-/toolkit/{inside}"})
    found = asked_range(request, quoted, size)
    if found is not None and not found:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "ETag": quoted})
    part = found or range(size)
    headers["Content-Length"] = str(len(part))
    if found:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    status = 206 if found else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return _stream(path.open("rb"), part, status, headers)


def is_known(request: HttpRequest, quoted: str) -> bool:
    """Whether the reader says to hold this very file already."""
    asked = request.headers.get("If-None-Match", "")
    known = [tag.removeprefix("W/") for tag in parse_etags(asked)] if asked else []
    return "*" in known or quoted in known


def asked_range(request: HttpRequest, quoted: str, size: int) -> range | None:
    """The bytes that are asked for; None for all of them, an empty range when there are no such bytes.

    Several ranges at once, other units, nonsense, and a range of another file than this (If-Range) give all.
    """
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if not asked or request.headers.get("If-Range", quoted).strip() != quoted or request.method != "GET":
        return None
    first, last = asked.groups()
    if not first and not last:
        return None
    if not first:
        return range(max(0, size - int(last)), size) if int(last) else range(0)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size) if int(first) < size else range(0)


def gives(request: HttpRequest, answer: HttpResponseBase) -> bool:
    """Whether bytes of the file go out, however few: what is written down hangs on this."""
    return request.method == "GET" and answer.status_code in {200, 206}


def begins(request: HttpRequest, answer: HttpResponseBase) -> bool:
    """Whether this is a download, and not a look at whether it changed, or the rest of one: to count them.

    Whoever wants to, takes all of a file as the rest of it.
    """
    asked = request.headers.get("Range", "").replace(" ", "")
    is_answered_whole = answer.status_code == 200 and not answer.has_header("X-Accel-Redirect")
    is_rest = asked.startswith("bytes=") and not asked.startswith("bytes=0-") and not is_answered_whole
    return gives(request, answer) and not is_rest


def _stream(file: BinaryIO, part: range, status: int, headers: dict[str, str]) -> StreamingHttpResponse:
    """As Django's FileResponse, for a part: gunicorn hands the open file to the kernel, from where it stands
    and as far as Content-Length says; who else serves us takes the pieces."""
    file.seek(part.start)
    response = StreamingHttpResponse(_pieces(file, part), status=status, headers=headers)
    response.file_to_stream, response.block_size = file, PIECE  # type: ignore[attr-defined]  # WSGIHandler asks
    response._resource_closers.append(file.close)  # type: ignore[attr-defined]  # as FileResponse does
    return response


def _pieces(file: BinaryIO, part: range) -> Iterator[bytes]:
    left = len(part)
    while left and (piece := file.read(min(PIECE, left))):
        left -= len(piece)
        yield piece
