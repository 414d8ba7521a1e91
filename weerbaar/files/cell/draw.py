"""The tekenaar: draws a picture or the pages of a PDF anew, as JPEGs that hold nothing but pixels.

On stdin: a line with the name of the format, then the file. On stdout for each page its length (4 bytes) and
the JPEG, then a length of 0 and a line: what went wrong, or "ok" and how many pages there are in all.
"""

from __future__ import annotations

import io
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

sys.path.insert(0, str(Path(__file__).resolve().parent))  # -I leaves it out

import formats  # type: ignore[import-not-found]
import limits  # type: ignore[import-not-found]

MEMORY = 1536 * 1024**2
SECONDS = 60
MOST_PIXELS = 10_000_000  # of a copy: enough to read a long screenshot
LONGEST = 16_000  # pixels of one side
PAGE = 1_600  # pixels of the long side of a page
PILLOW = {"jpeg": ["JPEG", "MPO"], "png": ["PNG"], "gif": ["GIF"], "webp": ["WEBP"], "heic": ["HEIF"]}


def picture(data: bytes, name: str) -> Any:
    """The picture, opened but not decoded yet. Raises when it is another kind, or too large to decode."""
    from PIL import Image  # noqa: PLC0415 - only for pictures

    if name == "heic":
        import pillow_heif  # noqa: PLC0415

        pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # we count ourselves, and sooner
    found = Image.open(io.BytesIO(data), formats=PILLOW[name])
    if found.width * found.height > formats.PIXELS or not found.width * found.height:
        raise OverflowError
    return found


def jpeg(image: Any) -> bytes:
    """Only the pixels, on a fresh canvas: no comment, EXIF, XMP, ICC profile or thumbnail comes along."""
    from PIL import Image  # noqa: PLC0415

    scale = min(1.0, (MOST_PIXELS / (image.width * image.height)) ** 0.5, LONGEST / max(image.size))
    if scale < 1:
        image = image.resize([max(1, int(side * scale)) for side in image.size], Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", image.size, "white")
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if has_alpha:
        image = image.convert("RGBA")
        canvas.paste(image, mask=image.getchannel("A"))
    else:
        canvas.paste(image.convert("RGB"))
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=85)
    return out.getvalue()


def redrawn(data: bytes, name: str) -> Iterator[bytes]:
    from PIL import ImageOps  # noqa: PLC0415

    image = picture(data, name)
    side = int(MOST_PIXELS**0.5)
    image.draft("RGB", (side, side))  # a JPEG is decoded at an eighth, quarter or half when that is enough
    image.load()
    turned = ImageOps.exif_transpose(image)
    if turned.mode in ("P", "1", "I", "F", "I;16", "I;16B"):
        turned = turned.convert("RGBA" if turned.mode == "P" else "L")
    yield jpeg(turned)


def pages(data: bytes) -> Iterator[bytes | int]:
    """The pages of a PDF, then how many there are."""
    import pypdfium2  # noqa: PLC0415

    document = pypdfium2.PdfDocument(data)
    for number in range(min(len(document), formats.PAGES)):
        page = document[number]
        scale = min(2.0, PAGE / max(page.get_width(), page.get_height(), 1))
        yield jpeg(page.render(scale=scale, may_draw_forms=False).to_pil())
        page.close()
    yield len(document)


def draw(name: str, data: bytes, out: BinaryIO) -> str:
    """Write the pages; gives the last line."""
    total = 1
    for found in pages(data) if name == "pdf" else redrawn(data, name):
        if isinstance(found, int):
            total = found
        else:
            out.write(struct.pack("!I", len(found)) + found)
    return f"ok {total}"


def main() -> None:
    stdin, out = limits.streams()
    limits.lock_up(memory=MEMORY, seconds=SECONDS)
    name = stdin.readline().decode().strip()
    data = stdin.read()
    try:
        said = draw(name, data, out)
    except (MemoryError, OverflowError):
        said = "heavy 0"
    except Exception:
        said = "broken 0"
    out.write(struct.pack("!I", 0) + said.encode())
    out.flush()


if __name__ == "__main__":
    main()
