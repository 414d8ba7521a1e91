"""Taking in a release while it arrives: piece by piece to the store's incoming/, never whole in memory.

Toolkit files are there to be read, so they lie in clear; evidence is sealed (weerbaar/files/uploads.py).
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers

from weerbaar.files.uploads import may_be_large

from . import store

MOST = 100_000_000  # bytes of one file: what the scanner takes. Larger: `manage.py add_version`
MOST_REQUEST = 104_000_000

View = TypeVar("View", bound=Callable[..., Any])


def takes_release(view: View) -> View:
    """Decorator: to this page a release may be sent."""
    view.takes_release = True  # type: ignore[attr-defined]  # read by ReleaseHandler
    return may_be_large(view, MOST_REQUEST)


class ReceivedFile(UploadedFile):
    """A file that came in and lies in incoming/; it is nobody's until an Upload has its id."""

    def __init__(self, name: str, size: int, *, id: uuid.UUID, problem: str = "") -> None:
        super().__init__(file=None, name=name, size=size)
        self.id = id
        self.problem = problem  # why nothing of it was kept: a key of REASONS
        self.is_taken_in = False

    @property
    def name(self) -> str:
        return self._full

    @name.setter
    def name(self, name: str) -> None:
        self._full = name  # Django's own would shorten it, and with it lose how it ends

    def close(self) -> None:
        """The end of the request: what nobody took in is gone."""
        if not self.is_taken_in:
            store.incoming(self.id).unlink(missing_ok=True)


class ReleaseHandler(FileUploadHandler):
    """Keeps the one file of a POST to a page that takes releases, of somebody who is signed in."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.target: BinaryIO | None = None
        self.is_ours = self.has_one = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        match = getattr(self.request, "resolver_match", None)
        self.is_ours = bool(match and getattr(match.func, "takes_release", False))
        if not self.is_ours:
            return
        if self.has_one or not self.request.user.is_authenticated:  # type: ignore[union-attr]  # a request
            self.is_ours = False
            raise SkipFile
        self.has_one, self.size, self.id = True, 0, uuid.uuid4()
        path = store.incoming(self.id)
        self.problem = "" if store.has_room() else "no_room"
        self.target = None if self.problem else path.open("xb")
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if not self.is_ours:
            return raw_data
        self.size += len(raw_data)
        if self.size > MOST:
            self.problem = "too_big"
            self.upload_interrupted()
        if self.target:
            self.target.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> ReceivedFile | None:
        if not self.is_ours:
            return None
        if self.target:
            self.target.flush()
            os.fsync(self.target.fileno())
            self.target.close()
            self.target = None
        return ReceivedFile(self.file_name or "", self.size, id=self.id, problem=self.problem)

    def upload_interrupted(self) -> None:
        """The line broke, or it is too large: nothing of it stays."""
        if self.target:
            self.target.close()
            self.target = None
            store.incoming(self.id).unlink(missing_ok=True)
