from __future__ import annotations

import shutil
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadhandler import StopFutureHandlers
from django.utils import timezone

from weerbaar.files import actions
from weerbaar.files.cell.formats import BY_EXTENSION, extension_of
from weerbaar.files.forms import Examined
from weerbaar.files.uploads import SealedUpload, SealingHandler, takes_files
from weerbaar.local import clamav, var
from weerbaar.local.supervisor import Supervisor, end
from weerbaar.vault.models import Lockbox


class Match:
    """Where a request to a page that takes files ends up."""

    @staticmethod
    @takes_files
    def func(request):
        """Never called."""


class Asked:
    resolver_match = Match


@pytest.fixture
def upload():
    """upload(name, data, declared=""): a file that came in through the handler, piece by piece."""

    def come_in(name: str, data: bytes, declared: str = "") -> SealedUpload:
        handler = SealingHandler(Asked())
        with pytest.raises(StopFutureHandlers):
            handler.new_file("file", name, declared, None, None, {})
        for start in range(0, len(data), 65_536):
            assert handler.receive_data_chunk(data[start : start + 65_536], start) is None
        return handler.file_complete(len(data))

    return come_in


@pytest.fixture
def take_in(upload):
    """take_in(name, data, dossier=…): the facts of a file that was taken in, for a draft unless told."""

    def take(name: str, data: bytes, dossier: uuid.UUID | None = None) -> actions.Facts:
        examined = Examined(upload(name, data), BY_EXTENSION[extension_of(name)])
        expires_at = None if dossier else timezone.now() + timedelta(days=7)
        if dossier:  # one that was not shredded
            Lockbox.objects.get_or_create(
                dossier=dossier, reader="team:x", compartment="shared", defaults={"key": "k", "box": b"x"}
            )
        return actions.take_in(examined, dossier=dossier, expires_at=expires_at)

    return take


@pytest.fixture(scope="session")
def clamd(tmp_path_factory):
    """The socket of a real clamd that knows the test virus."""
    folder = tmp_path_factory.mktemp("clamd")
    if not clamav.program():
        pytest.fail("Geen clamd: ./portaal test haalt hem op.")
    service = clamav.service(folder, sockets := var.sockets(folder), real=False)
    supervisor = Supervisor(folder)
    supervisor.start(service)
    supervisor.wait_until_ready(service)
    yield str(clamav.socket_in(sockets))
    end([service])
    for place in (sockets, clamav.MEMORY / sockets.name):
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def scanner_on(clamd, settings):
    settings.CLAMD_SOCKET = clamd


@pytest.fixture
def scanner_off(settings, tmp_path):
    settings.CLAMD_SOCKET = str(tmp_path / "nobody.sock")
