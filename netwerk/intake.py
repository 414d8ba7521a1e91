"""What may become a version of an item: which kinds of file, looked into, scanned, without who made it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from weerbaar.files import checks, scanner
from weerbaar.files.cell.formats import FORMATS, REFUSED_NAMES, Format, extension_of
from weerbaar.files.checks import Refused

from . import filenames, store
from .store import Stored
from .uploads import MOST

_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
CONTENT_TYPES = {  # by extension: the document types that the library holds, and no others
    "pdf": "application/pdf",
    "docx": f"{_OOXML}.wordprocessingml.document",
    "xlsx": f"{_OOXML}.spreadsheetml.sheet",
    "pptx": f"{_OOXML}.presentationml.presentation",
    "odt": f"{_ODF}.text",
    "ods": f"{_ODF}.spreadsheet",
    "odp": f"{_ODF}.presentation",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
}
LOOKED_WITHIN = 80.0  # seconds on the clock
STRIPPED = {"pdf", "office", "image"}  # groups of formats whose makers can be taken out
REASONS = {
    "missing": _("Kies eerst een bestand."),
    "empty": _("Dit bestand is leeg. Kies een ander bestand."),
    "too_big": _("Dit bestand is groter dan 100 MB. Vraag het netwerkbureau om het voor u te plaatsen."),
    "no_room": _("Er is nu geen ruimte voor nieuwe bestanden. Probeer het later nog eens."),
    "no_longer": _("Dit bestand is niet opgenomen: wie het stuurde, mag deze uitgave niet meer bijwerken."),
    "unknown": _(
        "Dit soort bestand nemen wij niet op. "
        "Kies een pdf, document, afbeelding, tekst, csv, geluid, film of zip."
    ),
    "active": _(
        "Een webpagina, svg of script nemen wij niet op: zo'n bestand kan iets uitvoeren. "
        "Maak er een pdf van."
    ),
    "program": _("Dit is een programma. Dat nemen wij niet op."),
    "program_in_zip": _("In dit bestand zit een programma. Haal het eruit en stuur het bestand opnieuw."),
    "macros": _("In dit document zit iets dat vanzelf kan starten, zoals een macro. Maak er een pdf van."),
    "old_office": _("Dit is een oud soort document. Sla het op als pdf, docx, xlsx, pptx of odt."),
    "packed": _("Dit soort ingepakt bestand nemen wij niet op. Maak er een zip van."),
    "content": _("De inhoud past niet bij de naam van het bestand. Kijk of u het goede bestand koos."),
    "polyglot": _("In dit bestand zit een tweede bestand verborgen. Maak het opnieuw."),
    "script_in_pdf": _(
        "In deze pdf zit een script, formulier of bijlage. Druk de pdf opnieuw af als pdf, en stuur die."
    ),
    "password": _("Op dit bestand zit een wachtwoord. Haal dat eraf en stuur het opnieuw."),
    "bomb": _("Dit bestand wordt bij het openen zo groot dat een computer erop vastloopt."),
    "unsafe_zip": _("Dit zip-bestand wil buiten zijn eigen map schrijven. Maak het opnieuw."),
    "heavy": _("Dit bestand is te ingewikkeld om te controleren. Maak het eenvoudiger of splits het."),
    "broken": _("Dit bestand is beschadigd of niet te lezen. Maak het opnieuw."),
    "virus": _("De virusscanner vond iets in dit bestand. Het is verwijderd."),
    "not_stripped": _(
        "Wij konden niet alle gegevens van de maker uit dit bestand halen, zoals namen en data. "
        "Druk het opnieuw af als pdf, en stuur die."
    ),
    "same": _("Dit bestand is precies gelijk aan de nieuwste versie."),
}


class TakenIn(NamedTuple):
    """A file that lies in the store, ready to be a version."""

    stored: Stored
    name: str
    content_type: str
    is_stripped: bool


def format_of(name: str, size: int) -> Format:
    """The format that a name stands for. Raises Refused for what the library does not hold."""
    extension = extension_of(name)
    if extension not in CONTENT_TYPES:
        reasons = [reason for reason, endings in REFUSED_NAMES.items() if extension in endings]
        raise Refused(reasons[0] if reasons else "unknown")
    if size == 0:
        raise Refused("empty")
    return next(one for one in FORMATS.values() if {"csv": "txt"}.get(extension, extension) in one.extensions)


def take(path: Path, name: str, *, title: str, is_trusted: bool = False) -> TakenIn:
    """Look into a file, scan it, take out who made it, and put the copy in the store.

    Raises Refused, and ScannerDown when the scanner is away. `is_trusted`: put there by who runs the machine,
    so it may be larger than the checks can hold; then only its name is looked at.
    """
    size = path.stat().st_size
    found = format_of(name, size)
    if size > MOST and (not is_trusted or found.group in STRIPPED):
        raise Refused("too_big")
    if size <= MOST:
        checks.examine(found, store.pieces(path), wall=LOOKED_WITHIN)
        if not scanner.is_clean(store.pieces(path)):
            raise Refused("virus")
    safe = filenames.safe(name)
    if found.group not in STRIPPED:
        return TakenIn(store.keep(store.pieces(path)), safe, CONTENT_TYPES[extension_of(name)], False)
    with checks.stripped(found, " ".join(title.split()), store.pieces(path)) as copy:
        stored = store.keep(copy)
    return TakenIn(stored, safe, CONTENT_TYPES[extension_of(name)], True)
