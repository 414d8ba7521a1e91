"""The keurder: is this file what its name says, and is nothing in it that must not be there?

On stdin: a line with the name of the format, then the file. On stdout one word: "ok", or the reason why not
(a key of REASONS in weerbaar/files/words.py). Nothing is unpacked further than needed, and never to disk.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))  # -I leaves it out

import draw  # type: ignore[import-not-found]
import formats  # type: ignore[import-not-found]
import limits  # type: ignore[import-not-found]

MEMORY = 768 * 1024**2
SECONDS = 12
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END_OF_ZIP = b"PK\x05\x06"
ENTRIES = 20_000  # of a zip
UNPACKED = 2_000_000_000  # bytes that a zip may say to hold
RATIO = 200  # how many times larger than packed; a chat log reaches 20
PART = 8_000_000  # bytes of one part of an office file that are looked into

# A second life inside a picture, recording or film: archives that are read from the end, pages that run.
OTHER_LIFE = re.compile(
    rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|__HALT_COMPILER|<\?php\s|<script|<!doctype html|<html[ >]|<iframe|"
    rb"<hta:application|http://www\.w3\.org/2000/svg|javascript:",
    re.IGNORECASE,
)
MAGIC: dict[str, Callable[[bytes], bool]] = {
    "jpeg": lambda head: head.startswith(b"\xff\xd8\xff"),
    "png": lambda head: head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR",
    "gif": lambda head: head.startswith((b"GIF87a", b"GIF89a")),
    "webp": lambda head: head.startswith(b"RIFF") and head[8:15] == b"WEBPVP8",
    "heic": lambda head: (
        brand(head) in {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
    ),
    "pdf": lambda head: re.match(rb"%PDF-[12]\.\d", head) is not None,
    "msg": lambda head: head.startswith(OLE),
    "ogg": lambda head: (
        head.startswith(b"OggS\0\x02")
        and re.search(rb"OpusHead|\x01vorbis|Speex   |\x7fFLAC", head[:80]) is not None
    ),
    "m4a": lambda head: (
        brand(head) in {b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso5", b"iso6", b"dash"}
    ),
    "mp4": lambda head: (
        brand(head)
        in {
            *(b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"hvc1"),
            *(b"M4V ", b"MSNV", b"dash", b"3gp4", b"3gp5", b"3gp6", b"mmp4", b"F4V "),
        }
    ),
    "mov": lambda head: brand(head) == b"qt  " or head[4:8] in {b"moov", b"wide", b"mdat", b"free"},
    "mp3": lambda head: (
        head.startswith(b"ID3") or re.match(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]", head) is not None
    ),
    "webm": lambda head: head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64],
}
MAIN_PART = {  # of an office file: where its text is, and the type that it must have there
    "docx": ("word/document.xml", b"wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", b"presentationml.presentation.main+xml"),
}
MIMETYPE = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odp": b"application/vnd.oasis.opendocument.presentation",
}
MACRO_PARTS = re.compile(
    r"vbaproject|vbadata|/activex/|/macrosheets/|/dialogsheets/|oleobject\d*\.bin|^basic/|^scripts/|^object ",
    re.I,
)
HEADER = re.compile(
    rb"^(from|to|cc|date|subject|received|message-id|mime-version|return-path)[ \t]*:", re.I | re.M
)
ATTACHED = re.compile(
    rb"name\*?[0-9]{0,2}\*?[ \t]{0,9}=[ \t]{0,9}\"?[^\"\r\n;]{0,300}\.([a-z0-9-]{1,12})[\"\s;]", re.I
)
ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Movie", "/Sound", "/Rendition", "/GoToE"}
ACTIVE_KEYS = {"/JS", "/JavaScript", "/XFA", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/AF"}
ACTIVE_TYPES = {"/RichMedia", "/3D", "/Movie", "/Screen", "/Sound", "/FileAttachment", "/EmbeddedFile"}


class Refused(Exception):
    """The reason is the first argument."""


def brand(head: bytes) -> bytes:
    """Which kind of MP4-like file it says to be; empty when it is none."""
    return head[8:12] if head[4:8] == b"ftyp" else b""


def examine(name: str, data: bytes) -> None:
    """Raises Refused when the contents of a file are not those of this format, or hold more than that."""
    one = formats.FORMATS[name]
    if not data:
        raise Refused("empty")
    if name in MAIN_PART and data.startswith(OLE):  # how Office locks a document
        raise Refused("password" if "EncryptedPackage".encode("utf-16-le") in data else "content")
    if name in MAGIC and not MAGIC[name](data):
        raise Refused("content")
    CHECKS[one.group](name, data)
    agrees_with_puremagic(one, data)


# --- pictures, recordings, films --------------------------------------------------------------------
def check_image(name: str, data: bytes) -> None:
    alone(data)
    try:
        found = draw.picture(data, name)
    except OverflowError:
        raise Refused("bomb") from None
    if found.format not in draw.PILLOW[name]:
        raise Refused("content")


def check_recording(name: str, data: bytes) -> None:
    alone(data)
    if name == "mp3" and not re.search(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]", data):
        raise Refused("content")


def alone(data: bytes) -> None:
    """No second file hides in it. (Phones hang films behind their photos: that alone is no reason.)"""
    if ends_as_zip(data) or OTHER_LIFE.search(data) or b"%PDF-" in data[:1024]:
        raise Refused("polyglot")


def ends_as_zip(data: bytes) -> bool:
    """Whether an unpacker, which begins at the end, would find an archive."""
    tail = data[-(22 + 65_535) :]
    at = tail.rfind(END_OF_ZIP)
    return at >= 0 and len(tail) - at >= 22


# --- PDF --------------------------------------------------------------------------------------------
def check_pdf(name: str, data: bytes) -> None:
    import pikepdf  # noqa: PLC0415 - only for a PDF

    if ends_as_zip(data):
        raise Refused("polyglot")
    try:
        document = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        raise Refused("password") from None
    if not len(document.pages):
        raise Refused("broken")
    for found in document.objects:
        look_into(found)
    look_into(document.trailer)


def look_into(found: Any) -> None:
    """Everything that stands in one object; what it points at is looked into on its own."""
    import pikepdf  # noqa: PLC0415

    todo = [found]
    while todo:
        one = todo.pop()
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            keys = set(one.keys())
            if keys & ACTIVE_KEYS or str(one.get("/S", "")) in ACTIONS:
                raise Refused("script_in_pdf")
            if {str(one.get("/Subtype", "")), str(one.get("/Type", ""))} & ACTIVE_TYPES:
                raise Refused("script_in_pdf")
            todo += [value for value in dict(one.items()).values() if is_nested(value)]
        elif isinstance(one, pikepdf.Array):
            todo += [value for value in one if is_nested(value)]


def is_nested(value: Any) -> bool:
    import pikepdf  # noqa: PLC0415

    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


# --- zip, and the office files that are zips ----------------------------------------------------------
def entries(data: bytes) -> zipfile.ZipFile:
    """The list of contents of a zip that is whole, alone, open, and not a bomb."""
    if not data.startswith(b"PK\x03\x04"):
        raise Refused("content")
    archive = zipfile.ZipFile(io.BytesIO(data))
    listed = archive.infolist()
    size = sum(one.file_size for one in listed)
    packed = sum(one.compress_size for one in listed)
    if len(listed) > ENTRIES or size > UNPACKED or size > RATIO * len(data) or packed > len(data):
        raise Refused("bomb")
    if len({one.header_offset for one in listed}) < len(listed):  # two names for the same bytes
        raise Refused("bomb")
    if any(one.flag_bits & 0x1 for one in listed):
        raise Refused("password")
    for one in listed:
        parts = one.filename.replace("\\", "/").split("/")
        if ".." in parts or not parts[0] or ":" in parts[0] or (one.external_attr >> 28) == 0xA:
            raise Refused("unsafe_zip")  # leads out of its folder, or is a symbolic link
    return archive


def check_zip(name: str, data: bytes) -> None:
    """A chat export stays sealed; only its list of contents is looked at."""
    with entries(data) as archive:
        names = archive.namelist()
        if not names:
            raise Refused("empty")
        if any(formats.extension_of(one) in formats.PROGRAMS for one in names):
            raise Refused("program_in_zip")
        if "[Content_Types].xml" in names or "META-INF/MANIFEST.MF" in names:
            raise Refused("content")  # an office file or a Java program in disguise


def check_office(name: str, data: bytes) -> None:
    with entries(data) as archive:
        names = archive.namelist()
        if any(MACRO_PARTS.search(one) or begins_as_ole(archive, one) for one in names):
            raise Refused("macros")
        check_opendocument(name, archive) if name in MIMETYPE else check_openxml(name, archive)
        if any(formats.extension_of(one) in formats.PROGRAMS for one in names):
            raise Refused("program_in_zip")


def begins_as_ole(archive: zipfile.ZipFile, name: str) -> bool:
    """Macros and embedded objects are kept in this container, whatever they are called."""
    with archive.open(name) as part:
        return part.read(len(OLE)) == OLE


def check_openxml(name: str, archive: zipfile.ZipFile) -> None:
    part, kind = MAIN_PART[name]
    if "[Content_Types].xml" not in archive.namelist() or part not in archive.namelist():
        raise Refused("content")
    types = plain(read(archive, "[Content_Types].xml"))
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise Refused("macros")
    if kind not in types:
        raise Refused("content")
    for each in archive.namelist():
        if each.endswith(".rels"):
            check_links(plain(read(archive, each)))
        elif each == "word/document.xml" and re.search(rb"\bDDE(AUTO)?\b", read(archive, each)):
            raise Refused("macros")


def check_links(relations: bytes) -> None:
    """A link to click on may lead outside; a template or object that is fetched by itself may not."""
    for tag in relations.split(b"<"):
        mode = re.search(rb"TargetMode\s*=\s*[\"']([^\"']{0,40})", tag)
        if mode and mode[1] != b"Internal" and not re.search(rb"/hyperlink[\"']", tag):
            raise Refused("macros")


def plain(xml: bytes) -> bytes:
    """XML that says what it says: not in another encoding, no letters written as numbers, no entities."""
    if b"\0" in xml or b"&#" in xml or b"<!ENTITY" in xml:
        raise Refused("macros")
    return xml


def check_opendocument(name: str, archive: zipfile.ZipFile) -> None:
    if "mimetype" not in archive.namelist() or read(archive, "mimetype").strip() != MIMETYPE[name]:
        raise Refused("content")
    manifest = (
        read(archive, "META-INF/manifest.xml") if "META-INF/manifest.xml" in archive.namelist() else b""
    )
    if b"encryption-data" in manifest:
        raise Refused("password")
    if "content.xml" not in archive.namelist():
        raise Refused("content")
    if b"<script:event-listener" in read(archive, "content.xml"):
        raise Refused("macros")


def read(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part, however large it says to be: no further than PART."""
    with archive.open(name) as part:
        found: bytes = part.read(PART)
    return found


# --- mail and text ------------------------------------------------------------------------------------
def check_mail(name: str, data: bytes) -> None:
    if name == "msg":
        check_outlook(data)
        return
    head = data.lstrip(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = {header.lower() for header in HEADER.findall(head)}
    first = head.partition(b"\n")[0]
    is_headed = re.match(rb"[A-Za-z][A-Za-z0-9-]*[ \t]*:|From ", first) is not None
    if b"\0" in data or not is_headed or len(found) < 2 or not found & {b"from", b"received"}:
        raise Refused("content")
    if {one.decode().lower() for one in ATTACHED.findall(data)} & formats.PROGRAMS:
        raise Refused("program_in_mail")


def check_outlook(data: bytes) -> None:
    """A message of Outlook: the same container as an old Word document, with a message's parts in it."""
    if "__properties_version1.0".encode("utf-16-le") not in data or ends_as_zip(data):
        raise Refused("content")
    if any(one.encode("utf-16-le") in data for one in ("_VBA_PROJECT", "WordDocument", "Workbook")):
        raise Refused("macros")
    names = re.findall(rb"\.\0((?:[a-z0-9]\0){1,12})\0\0", data.lower())
    if {one.replace(b"\0", b"").decode() for one in names} & (formats.PROGRAMS - {"com"}):
        raise Refused("program_in_mail")


def check_text(name: str, data: bytes) -> None:
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")  # of an older system; what is no text has control signs in it
    if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text):
        raise Refused("content")
    if re.match(
        r"\s*(?:<(?:\?|!|html|script|svg|head|body)|#!|@echo|%PDF|PK\x03)", text, re.I
    ) or ends_as_zip(data):
        raise Refused("active")


CHECKS: dict[str, Callable[[str, bytes], None]] = {
    "image": check_image,
    "audio": check_recording,
    "video": check_recording,
    "pdf": check_pdf,
    "office": check_office,
    "archive": check_zip,
    "mail": check_mail,
    "text": check_text,
}


def agrees_with_puremagic(one: Any, data: bytes) -> None:
    """A second opinion; it has none on text, and calls things by many names."""
    import puremagic  # noqa: PLC0415

    if one.group in ("text", "mail"):
        return
    try:
        guesses = puremagic.magic_string(data)
    except (puremagic.PureError, ValueError):
        return
    if guesses and not any(known(one) & set(names(guess)) for guess in guesses):
        raise Refused("content")


def known(one: Any) -> set[str]:
    """What puremagic may call a file of this format."""
    family = {
        "office": {"zip"},
        "video": {"mp4", "m4v", "mov", "webm", "mkv", "3gp"},
        "audio": {"ogg", "mp4", "m4a"},
    }
    return set(one.extensions) | family.get(one.group, set()) | ({"jpg"} if one.name == "jpeg" else set())


def names(guess: Any) -> Iterator[str]:
    yield guess.extension.removeprefix(".")


def main() -> None:
    stdin, out = limits.streams()
    limits.lock_up(memory=MEMORY, seconds=SECONDS)
    name = stdin.readline().decode().strip()
    try:
        examine(name, stdin.read())
        said = "ok"
    except Refused as refused:
        said = refused.args[0]
    except MemoryError:
        said = "heavy"
    except Exception:  # whatever a library makes of it: it could not be read as what it says to be
        said = "broken"
    out.write(said.encode())
    out.flush()


if __name__ == "__main__":
    main()
