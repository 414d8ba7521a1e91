"""Which kinds of file are taken in. A table, read by the web (names) and by the cell (contents).

Nothing here may import anything of ours, or anything that is not in the standard library: see limits.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

MOST = 25 * 1024**2  # bytes of one file: 25 MB also where a computer counts in 1,024s, as Windows does
PIXELS = 100_000_000  # of one picture: a phone makes 12 to 50 million, a bomb declares billions
PAGES = 30  # of a PDF that are drawn for the safe copy
NO_TYPE = {"", "application/octet-stream", "binary/octet-stream", "application/x-unknown"}  # say nothing


@dataclass(frozen=True)
class Format:
    """A kind of file: how its name ends, and what browsers say that it is."""

    name: str
    group: str  # image, pdf, office, mail, audio, video, text, archive
    extensions: frozenset[str]
    declared: frozenset[str]

    @property
    def is_drawn(self) -> bool:
        """Whether there is a safe copy to look at; of the rest there is only the original."""
        return self.group in ("image", "pdf")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _format(name: str, group: str, extensions: str, declared: str) -> Format:
    return Format(name, group, _words(extensions), _words(declared))


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
_ZIP = "application/zip application/x-zip application/x-zip-compressed multipart/x-zip"
FORMATS = {
    one.name: one
    for one in [
        _format("jpeg", "image", "jpg jpeg jfif", "image/jpeg image/jpg image/pjpeg"),
        _format("png", "image", "png", "image/png image/x-png"),
        _format("gif", "image", "gif", "image/gif"),
        _format("webp", "image", "webp", "image/webp"),
        _format("heic", "image", "heic heif", "image/heic image/heif image/heic-sequence"),
        _format("pdf", "pdf", "pdf", "application/pdf application/x-pdf"),
        _format("docx", "office", "docx", f"{_OOXML}.wordprocessingml.document"),
        _format("xlsx", "office", "xlsx", f"{_OOXML}.spreadsheetml.sheet"),
        _format("pptx", "office", "pptx", f"{_OOXML}.presentationml.presentation"),
        _format("odt", "office", "odt", f"{_ODF}.text"),
        _format("ods", "office", "ods", f"{_ODF}.spreadsheet"),
        _format("odp", "office", "odp", f"{_ODF}.presentation"),
        _format("eml", "mail", "eml", "message/rfc822 text/plain application/x-eml"),
        _format("msg", "mail", "msg", "application/vnd.ms-outlook application/x-msg"),
        _format("ogg", "audio", "ogg oga opus", "audio/ogg audio/opus audio/x-opus+ogg application/ogg"),
        _format("m4a", "audio", "m4a", "audio/mp4 audio/x-m4a audio/m4a audio/aac video/mp4"),
        _format("mp3", "audio", "mp3", "audio/mpeg audio/mp3 audio/x-mp3"),
        _format("mp4", "video", "mp4 m4v", "video/mp4 video/x-m4v audio/mp4 application/mp4"),
        _format("mov", "video", "mov", "video/quicktime"),
        _format("webm", "video", "webm", "video/webm audio/webm"),
        _format("txt", "text", "txt", "text/plain"),
        _format("zip", "archive", "zip", _ZIP),
    ]
}
BY_EXTENSION = {extension: one for one in FORMATS.values() for extension in one.extensions}

# Names that are refused with an explanation of their own: reason -> endings.
REFUSED_NAMES = {
    "active": _words("svg svgz html htm xhtml shtml mht mhtml xml xsl css swf"),
    "macros": _words("docm dotm xlsm xltm xlsb xlam pptm potm ppsm ppam"),
    "old_office": _words("doc dot xls xlt ppt pps rtf pages numbers key wpd"),
    "packed": _words("rar 7z tar gz tgz bz2 xz cab ace arj iso img dmg"),
    "program": _words(
        "exe com scr pif cpl dll sys msi msp msix appx bat cmd ps1 psm1 vbs vbe js jse mjs ws wsf wsh hta "
        "lnk url scf reg inf jar class war apk ipa app deb rpm run sh bash zsh py pyc pl rb php phtml asp "
        "aspx jsp cgi chm hlp gadget application ade adp mde one xll library-ms search-ms desktop elf bin"
    ),
}
PROGRAMS = REFUSED_NAMES["program"] - {
    "app",
    "bin",
    "one",
    "key",
}  # inside a zip or mail


def extension_of(name: str) -> str:
    """The ending that the reader's system goes by: the last one, without spaces and dots behind it."""
    return PurePosixPath(name.strip().rstrip(". ").lower()).suffix.removeprefix(".").strip()
