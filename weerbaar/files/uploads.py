"""Taking in a file while it arrives: encrypted piece by piece, so that it never lies anywhere in clear.

`SealingHandler` is Django's first upload handler for every page. On a page that takes files (`@takes_files`)
it seals the first file of a POST; other pages get what fits in memory from the handler behind it, and no page
ever gets a temporary file.
"""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers
from django.http import Http404
from django.urls import ResolverMatch, resolve

from weerbaar.vault.sealed import new_key

from . import store
from .cell.formats import MOST
from .stream import Sealer, pieces, place_of

MOST_REQUEST = 60_000_000  # bytes; what is over 25 MB is read, not kept, and told in words
LONGEST_NAME = 120
INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}  # control signs, and those that turn the writing round

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """Decorator: to this page a file may be sent."""
    view.takes_files = True  # type: ignore[attr-defined]  # read by `expects_files`
    return may_be_large(view, MOST_REQUEST)


def may_be_large(view: View, most: int) -> View:
    """A request to this view may have as many bytes; every other no more than a form needs."""
    view.most_request = most  # type: ignore[attr-defined]  # read by `largest_request`
    return view


def expects_files(match: ResolverMatch | None) -> bool:
    return bool(match and getattr(match.func, "takes_files", False))


def largest_request(path: str, urlconf: str) -> int:
    """How many bytes a request to this path may have, where it takes files; else 0."""
    try:
        return getattr(resolve(path, urlconf).func, "most_request", 0)
    except Http404:
        return 0


def plain_name(name: str) -> str:
    """A name as it may be shown: no folders, no signs that cannot be seen, not endless."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(sign for sign in last if unicodedata.category(sign) not in INVISIBLE).strip()
    stem, dot, ending = seen.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{ending[:20]}" or "bestand"


class SealedUpload(UploadedFile):
    """A file that came in and lies encrypted in the quarantine; it is nobody's until it is taken in."""

    def __init__(
        self,
        name: str,
        declared: str,
        size: int,
        *,
        id: uuid.UUID,
        key: bytes,
        sha256: str,
        problem: str = "",
    ) -> None:
        super().__init__(file=None, name=name, content_type=declared, size=size)
        self.shown_name = plain_name(name)
        self.id, self.key, self.sha256 = id, key, sha256
        self.problem = problem  # why nothing of it was kept: a key of REASONS
        self.is_taken_in = False

    @property
    def name(self) -> str:
        return self._full

    @name.setter
    def name(self, name: str) -> None:
        self._full = name  # Django's own would shorten it, and with it lose how it ends

    def __repr__(self) -> str:
        return "<SealedUpload •••>"

    def chunks(self, chunk_size: Any = None) -> Iterator[bytes]:
        return pieces(store.path_of(self.id), self.key, place_of(self.id.bytes))

    def discard(self) -> None:
        store.incoming(self.id).unlink(missing_ok=True)

    def close(self) -> None:
        """The end of the request: what nobody took in is gone."""
        if not self.is_taken_in:
            self.discard()


class SealingHandler(FileUploadHandler):
    """Seals the one file of a POST to a page that takes files. What is too large is counted and not kept."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.sealer: Sealer | None = None
        self.is_ours = False
        self.has_one = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.is_ours = expects_files(getattr(self.request, "resolver_match", None))
        if not self.is_ours:
            return
        if self.has_one:
            raise SkipFile
        self.has_one, self.size = True, 0
        self.id, self.key, self.digest = uuid.uuid4(), new_key(), hashlib.sha256()
        self.problem = "" if store.has_room() else "no_room"
        if not self.problem:
            self.sealer = Sealer(store.incoming(self.id), self.key, place_of(self.id.bytes))
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if not self.is_ours:
            return raw_data
        self.size += len(raw_data)
        if self.size > MOST:
            self.problem = "too_big"
            self.upload_interrupted()
        if self.sealer:
            self.sealer.write(raw_data)
            self.digest.update(raw_data)
        return None

    def file_complete(self, file_size: int) -> SealedUpload | None:
        if not self.is_ours:
            return None
        if self.sealer:
            self.sealer.finish()
            self.sealer = None
        return SealedUpload(
            self.file_name or "",
            self.content_type or "",
            self.size,
            id=self.id,
            key=self.key,
            sha256=self.digest.hexdigest(),
            problem=self.problem,
        )

    def upload_interrupted(self) -> None:
        """The line broke, or it is too large: nothing of it stays."""
        if self.sealer:
            self.sealer.abandon()
            self.sealer = None
