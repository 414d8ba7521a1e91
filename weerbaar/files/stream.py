"""A file as it lies on disk: libsodium's secretstream in frames of 64 KiB, the last one padded.

Every frame carries the file's place (which file, which page of its copy), so that no frame opens elsewhere;
the last is marked as the last, so that nothing can be cut off. Of the length only the frames can be counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from weakref import finalize

from nacl import bindings

from weerbaar.vault.errors import Tampered
from weerbaar.vault.sealed import derive

FRAME = 64 * 1024
OVERHEAD = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
FINAL = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


class Sealer:
    """Writes an encrypted file piece by piece. Without `finish` it does not open."""

    def __init__(self, path: Path, key: bytes, place: bytes) -> None:
        self.path, self.place = path, place
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        self._rest = bytearray()
        self._out: BinaryIO = path.open("xb")  # never over another
        self._left = finalize(self, path.unlink, missing_ok=True)  # the line broke: nothing is left half
        path.chmod(0o600)
        self._out.write(bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key))

    def write(self, piece: bytes) -> None:
        self._rest += piece
        while len(self._rest) >= FRAME:
            self._push(bytes(self._rest[:FRAME]))
            del self._rest[:FRAME]

    def finish(self) -> None:
        self._push(bindings.sodium_pad(bytes(self._rest), FRAME), FINAL)
        self._rest.clear()
        self._out.close()
        self._left.detach()

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._rest.clear()
        self._out.close()
        self._left()

    def _push(
        self, frame: bytes, tag: int = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
    ) -> None:
        self._out.write(
            bindings.crypto_secretstream_xchacha20poly1305_push(self._state, frame, self.place, tag)
        )


def pieces(path: Path, key: bytes, place: bytes) -> Iterator[bytes]:
    """The content again, 64 KiB at a time. Raises Tampered, and FileNotFoundError."""
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    with path.open("rb") as sealed:
        try:
            bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, sealed.read(HEADER), key)
            while True:
                frame, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
                    state, sealed.read(FRAME + OVERHEAD), place
                )
                if tag == FINAL:
                    yield bindings.sodium_unpad(frame, FRAME)
                    break
                yield frame
        except (RuntimeError, ValueError, TypeError):
            raise Tampered("A sealed file does not open here.") from None
        if sealed.read(1):
            raise Tampered("Something hangs behind a sealed file.")


def place_of(file: bytes, page: int = 0) -> bytes:
    """Where frames belong: page 0 is the original, the others are pages of its safe copy."""
    return b"weerbaar.files\0" + file + page.to_bytes(2, "big")


def key_of_page(key: bytes, page: int) -> bytes:
    """A page of the safe copy has its own key, which follows from the file's: who holds that, may look."""
    return key if page == 0 else derive(key, b"safe copy", page.to_bytes(2, "big"))
