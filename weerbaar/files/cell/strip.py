"""The stripper: a copy of a file without who made it, when, with what and where; looked at once more.

On stdin: a line with the name of the format and a title, then the file. On stdout a line, "ok" or the reason
why not, and how long the copy is; then the copy. The title takes the place of what stood there: a screen
reader tells it.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).resolve().parent))  # -I leaves it out

import draw  # type: ignore[import-not-found]
import formats  # type: ignore[import-not-found]
import limits  # type: ignore[import-not-found]

MEMORY = 2 * 1024**3
SECONDS = 60
PDF_KEYS = ("/Metadata", "/PieceInfo", "/LastModified")
MARKUP = {  # remarks in a PDF: they carry who made them
    *(
        "/Text",
        "/FreeText",
        "/Line",
        "/Square",
        "/Circle",
        "/Polygon",
        "/PolyLine",
        "/Highlight",
        "/Underline",
    ),
    *("/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Popup", "/Redact"),
}
OF_REMARK = ("/T", "/CreationDate", "/M", "/NM")
STAYS = {"icc_profile", "dpi", "transparency", "gamma", "jfif", "jfif_version", "jfif_unit", "jfif_density"}
# Names of people inside an office file: with remarks and tracked changes.
NAMED = re.compile(
    rb'(\b(?:w|w15|w16du|p|p15|p188):?(?:author|initials|userId|providerId)=")[^"]+(")'
    rb'|((?:\s)(?:displayName|userId|providerId)=")[^"]+(")'
    rb"|(<(?:author|dc:creator|meta:creator-initials|loext:sender-initials)>)[^<]+(</)"
)
PEOPLE_OF_SLIDES = re.compile(rb'(<p:cmAuthor [^>]*?\bname=")[^"]+("[^>]*?\binitials=")[^"]+(")')
CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>'
)
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006"
APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    f'<Properties xmlns="{_PROPERTIES}/extended-properties"/>'
)
CUSTOM = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    f'<Properties xmlns="{_PROPERTIES}/custom-properties"/>'
)
ODF_META = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3">'
    "<office:meta><dc:title>{title}</dc:title></office:meta></office:document-meta>"
)


class NotStripped(Exception):
    """Something stayed behind, or something else went: the copy may not take the place of the file."""


# --- PDF --------------------------------------------------------------------------------------------
def strip_pdf(data: bytes, title: str) -> bytes:
    import pikepdf  # noqa: PLC0415 - only for a PDF

    document = pikepdf.open(io.BytesIO(data))
    with document.open_metadata(update_docinfo=False, set_pikepdf_as_editor=False) as old:
        part = old.get("pdfuaid:part")
    for one in dictionaries(document):
        for key in PDF_KEYS:
            if key in one:
                del one[key]
        if str(one.get("/Subtype", "")) in MARKUP:
            for key in OF_REMARK:
                if key in one:
                    del one[key]
    if "/Info" in document.trailer:
        del document.trailer["/Info"]
    with document.open_metadata(update_docinfo=False, set_pikepdf_as_editor=False) as new:
        new["dc:title"] = title
        if part:
            new["pdfuaid:part"] = str(part)
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def verify_pdf(before: bytes, after: bytes, title: str) -> None:
    import pikepdf  # noqa: PLC0415

    old, new = pikepdf.open(io.BytesIO(before)), pikepdf.open(io.BytesIO(after))
    with new.open_metadata(update_docinfo=False, set_pikepdf_as_editor=False) as found:
        keys = {str(key).rpartition("}")[2] for key in found}
    holders = [one for one in dictionaries(new) if any(key in one for key in PDF_KEYS)]
    is_clean = "/Info" not in new.trailer and keys <= {"title", "part"}
    if not is_clean or len(holders) != 1 or len(old.pages) != len(new.pages):
        raise NotStripped


def dictionaries(document: Any) -> list[Any]:
    """Every dictionary in a PDF, those inside others too."""
    import pikepdf  # noqa: PLC0415

    found, todo = [], [*document.objects, document.trailer]
    while todo:
        one = todo.pop()
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            found.append(one)
            todo += [value for value in dict(one.items()).values() if is_nested(value)]
        elif isinstance(one, pikepdf.Array):
            todo += [value for value in one if is_nested(value)]
    return found


def is_nested(value: Any) -> bool:
    import pikepdf  # noqa: PLC0415

    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


# --- pictures ---------------------------------------------------------------------------------------
def strip_picture(data: bytes, title: str) -> bytes:
    """The same pixels; a JPEG keeps its very compression, unless it must be turned to stand upright."""
    from PIL import ImageOps  # noqa: PLC0415

    name = "png" if data.startswith(b"\x89PNG") else "jpeg"
    image = draw.picture(data, name)
    image.load()
    is_turned = image.getexif().get(0x0112, 1) != 1
    kept = ImageOps.exif_transpose(image) if is_turned else image
    kept.info = {key: value for key, value in image.info.items() if key in STAYS}
    options: dict[str, Any] = {"exif": b"", "icc_profile": image.info.get("icc_profile")}
    if name == "jpeg":
        is_plain = image.format == "JPEG" and not is_turned
        options |= {"quality": "keep"} if is_plain else {"quality": 95, "subsampling": 0}
    out = io.BytesIO()
    kept.save(out, "PNG" if name == "png" else "JPEG", **options)
    return out.getvalue()


def verify_picture(before: bytes, after: bytes, title: str) -> None:
    name = "png" if before.startswith(b"\x89PNG") else "jpeg"
    old, new = draw.picture(before, name), draw.picture(after, name)
    new.load()
    if len(new.getexif()) or set(new.info) - STAYS or sorted(old.size) != sorted(new.size):
        raise NotStripped


# --- office files: zips -----------------------------------------------------------------------------
def strip_office(data: bytes, title: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.infolist():
            if one.filename.startswith("docProps/thumbnail"):
                continue
            entry = zipfile.ZipInfo(one.filename)  # of 1 January 1980, and nobody's
            entry.compress_type = one.compress_type  # the first of an ODF must stay as it is
            new.writestr(entry, part(one.filename, old.read(one), title))
    return out.getvalue()


def part(name: str, content: bytes, title: str) -> bytes:
    """One part of an office file as it may go out."""
    if made := fixed(name, title):
        return made
    if name == "_rels/.rels":
        return re.sub(rb"<Relationship\b[^>]*thumbnail[^>]*/>", b"", content)
    if name.lower().endswith((".jpg", ".jpeg", ".png")):
        return strip_picture(content, title)
    if name.endswith(".xml"):
        return unnamed(content)
    return content


def fixed(name: str, title: str) -> bytes:
    """The parts that tell of the file and not of its content are written anew."""
    texts = {"docProps/core.xml": CORE, "docProps/app.xml": APP, "docProps/custom.xml": CUSTOM}
    text = (texts | {"meta.xml": ODF_META}).get(name, "")
    return text.replace("{title}", escape(title)).encode()


def unnamed(xml: bytes) -> bytes:
    xml = PEOPLE_OF_SLIDES.sub(rb"\1\2\3", xml)
    return NAMED.sub(lambda found: b"".join(group for group in found.groups() if group), xml)


def verify_office(before: bytes, after: bytes, title: str) -> None:
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        expected = {name for name in old.namelist() if not name.startswith("docProps/thumbnail")}
        if new.testzip() is not None or set(new.namelist()) != expected:
            raise NotStripped
        for name in new.namelist():
            content = new.read(name)
            if (made := fixed(name, title)) and content != made:
                raise NotStripped
            if name.endswith(".xml") and not made and unnamed(content) != content:
                raise NotStripped


STRIP: dict[str, tuple[Callable[[bytes, str], bytes], Callable[[bytes, bytes, str], None]]] = {
    "pdf": (strip_pdf, verify_pdf),
    "jpeg": (strip_picture, verify_picture),
    "png": (strip_picture, verify_picture),
} | {one.name: (strip_office, verify_office) for one in formats.FORMATS.values() if one.group == "office"}


def main() -> None:
    stdin, out = limits.streams()
    limits.lock_up(memory=MEMORY, seconds=SECONDS)
    name, _space, title = stdin.readline().decode().strip().partition(" ")
    data = stdin.read()
    copy = b""
    try:
        strip, verify = STRIP[name]
        copy = strip(data, title)
        verify(data, copy, title)
        said = "ok"
    except NotStripped:
        said = "not_stripped"
    except (MemoryError, OverflowError):
        said = "heavy"
    except Exception:
        said = "not_stripped"
    out.write(f"{said} {len(copy)}\n".encode())
    if said == "ok":
        out.write(copy)
    out.flush()


if __name__ == "__main__":
    main()
