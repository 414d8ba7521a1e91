"""What lies on disk opens only whole, in its own place, with its own key."""

from __future__ import annotations

import secrets

import pytest

from weerbaar.files.stream import FRAME, HEADER, OVERHEAD, Sealer, key_of_page, pieces, place_of
from weerbaar.vault.errors import Tampered

KEY, PLACE = secrets.token_bytes(32), place_of(b"a" * 16)
FRAMES = FRAME + OVERHEAD


def sealed(path, data: bytes, place: bytes = PLACE):
    sealer = Sealer(path, KEY, place)
    for start in range(0, len(data), 10_000):
        sealer.write(data[start : start + 10_000])
    sealer.finish()
    return path


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 1_000_000])
def test_what_goes_in_comes_out(tmp_path, size):
    data = secrets.token_bytes(size)
    path = sealed(tmp_path / "x", data)
    assert b"".join(pieces(path, KEY, PLACE)) == data
    assert (path.stat().st_size - HEADER) % FRAMES == 0  # the length tells no more than a number of frames
    assert path.stat().st_mode & 0o777 == 0o600


def broken(data: bytes) -> dict[str, bytes]:
    first, second = data[HEADER : HEADER + FRAMES], data[HEADER + FRAMES : HEADER + 2 * FRAMES]
    return {
        "one bit": data[:2000] + bytes(byte ^ 1 for byte in data[2000:2001]) + data[2001:],
        "cut off": data[: HEADER + 2 * FRAMES],
        "cut in a frame": data[:-1],
        "swapped": data[:HEADER] + second + first + data[HEADER + 2 * FRAMES :],
        "frame left out": data[:HEADER] + second + data[HEADER + 2 * FRAMES :],
        "something behind it": data + b"x",
        "empty": b"",
    }


@pytest.mark.parametrize("how", list(broken(b"")))
def test_a_changed_file_does_not_open(tmp_path, how):
    path = sealed(tmp_path / "x", secrets.token_bytes(3 * FRAME))
    path.write_bytes(broken(path.read_bytes())[how])
    with pytest.raises(Tampered):
        list(pieces(path, KEY, PLACE))


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (secrets.token_bytes(32), PLACE),
        (KEY, place_of(b"b" * 16)),
        (KEY, place_of(b"a" * 16, 1)),
        (key_of_page(KEY, 1), PLACE),
    ],
    ids=["key", "file", "page", "key of a page"],
)
def test_a_file_does_not_open_elsewhere(tmp_path, key, place):
    path = sealed(tmp_path / "x", b"geheim")
    with pytest.raises(Tampered):
        list(pieces(path, key, place))


def test_a_file_is_never_written_over_another(tmp_path):
    sealed(tmp_path / "x", b"eerste")
    with pytest.raises(FileExistsError):
        Sealer(tmp_path / "x", KEY, PLACE)


def test_an_abandoned_file_leaves_nothing(tmp_path):
    sealer = Sealer(tmp_path / "x", KEY, PLACE)
    sealer.write(b"x" * 200_000)
    sealer.abandon()
    assert list(tmp_path.iterdir()) == []
