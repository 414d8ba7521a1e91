"""Good and hostile files, all made here. `CORPUS`: name → (bytes, what the browser says, reason or None).

The reason is a key of weerbaar.files.words.REASONS; None means that the file is taken in.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any, NamedTuple

import pikepdf
import pillow_heif
from PIL import Image, ImageDraw, PngImagePlugin

from weerbaar.files.cell.formats import MOST

CANARY = "Kanariemetadata 52.0907 5.1214"  # stands in every place of a picture where text can hide
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"  # from two halves


class One(NamedTuple):
    name: str
    data: bytes
    declared: str
    reason: str | None  # None: taken in


# --- pictures -----------------------------------------------------------------------------------------
def scene(size: tuple[int, int] = (320, 200), mode: str = "RGB") -> Image.Image:
    """Something that can be recognised: a red corner on a grey field."""
    image = Image.new(mode, size, "grey" if mode != "RGBA" else (128, 128, 128, 255))
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1] // 4), fill="red")
    return image


def exif(orientation: int = 1) -> Image.Exif:
    found = Image.Exif()
    found[0x010E] = CANARY  # description
    found[0x0112] = orientation
    found[0x8298] = CANARY  # copyright
    gps = found.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (52.0, 5.0, 26.5), "E", (5.0, 7.0, 17.0)
    gps[27] = CANARY.encode()
    return found


XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>{CANARY}</dc:creator></x:xmpmeta>'.encode()


def icc() -> bytes:
    """A colour profile with the canary in its copyright."""
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile += CANARY.encode()
    profile[:4] = struct.pack("!I", len(profile))
    return bytes(profile)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def full_jpeg(orientation: int = 1) -> bytes:
    """EXIF with a place, XMP, a colour profile and a comment."""
    data = saved(
        scene(),
        "JPEG",
        quality=90,
        exif=exif(orientation),
        icc_profile=icc(),
        comment=CANARY.encode(),
        xmp=XMP,
    )
    extra = b"Photoshop 3.0\x00" + CANARY.encode()
    return data[:2] + b"\xff\xed" + struct.pack("!H", len(extra) + 2) + extra + data[2:]


def full_png(image: Image.Image | None = None) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", CANARY)
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    info.add_text("Compressed", CANARY * 20, zip=True)
    return saved(image or scene(), "PNG", pnginfo=info, exif=exif(), icc_profile=icc())


def full_webp() -> bytes:
    return saved(scene(), "WEBP", exif=exif(), xmp=XMP, icc_profile=icc(), quality=80)


def full_gif() -> bytes:
    return saved(scene().convert("P"), "GIF", comment=CANARY.encode())


def full_heic() -> bytes:
    heif = pillow_heif.from_pillow(scene((640, 400)))
    out = io.BytesIO()
    heif.save(out, quality=60, exif=exif().tobytes(), xmp=XMP)
    return out.getvalue()


def samsung_jpeg() -> bytes:
    """A phone hangs a short film and notes of its own behind the picture."""
    return full_jpeg() + mp4(b"mp42") + b"SEFH" + b"\0" * 40 + b"SEFT"


def png_of_size(width: int, height: int) -> bytes:
    """A small file that says to be a huge picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack("!I", len(body)) + kind + body + struct.pack("!I", zlib.crc32(kind + body))

    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000, 9))
        + chunk(b"IEND", b"")
    )


# --- PDF ----------------------------------------------------------------------------------------------
def pdf(pages: int = 2, **change: Any) -> bytes:
    """A PDF with text and metadata, changed in some way."""
    document = pikepdf.new()
    for number in range(pages):
        page = document.add_blank_page(page_size=(595, 842))
        page.obj["/Contents"] = document.make_stream(b"0.8 0.1 0.1 rg 50 50 200 200 re f")
        page.obj["/PieceInfo"] = pikepdf.Dictionary({"/Note": f"{CANARY} {number}"})
    document.docinfo["/Author"] = CANARY
    with document.open_metadata() as metadata:
        metadata["dc:title"] = CANARY
    root = document.Root
    if "root" in change:
        for key, value in change["root"].items():
            root[key] = document.make_indirect(value)
    if "attachment" in change:
        document.attachments["bijlage.txt"] = change["attachment"]
    out = io.BytesIO()
    options: dict[str, Any] = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
    if "password" in change:
        options = {"encryption": pikepdf.Encryption(user=change["password"], owner="baas")}
    document.save(out, **options)
    return out.getvalue()


def action(kind: str, **more: Any) -> pikepdf.Dictionary:
    parts = {f"/{name}": value for name, value in more.items()}
    return pikepdf.Dictionary({"/Type": pikepdf.Name("/Action"), "/S": pikepdf.Name(f"/{kind}"), **parts})


# --- zips and office ------------------------------------------------------------------------------------
def archive(parts: dict[str, bytes | str], **options: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content, **options)
    return out.getvalue()


CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" '
    'ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
)
OFFICE = {
    "docx": ("word/document.xml", "wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation"),
}
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
OFFICE_TYPE = "application/vnd.openxmlformats-officedocument.{}"


def openxml(kind: str, extra: dict[str, bytes | str] | None = None, *, types: str = "") -> bytes:
    part, main = OFFICE[kind]
    link = '<Relationship Id="r1" Type="http://x/officeDocument" Target="{}"/>'
    return archive(
        {
            "[Content_Types].xml": types or CONTENT_TYPES.format(part=part, kind=main),
            "_rels/.rels": RELS.format(link.format(part)),
            part: "<w:document>Ik weet waar u woont.</w:document>",
            **(extra or {}),
        }
    )


def opendocument(kind: str, extra: dict[str, bytes | str] | None = None, *, content: str = "<o/>") -> bytes:
    words = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
    return archive(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{words[kind]}",
            "content.xml": content,
            "META-INF/manifest.xml": "<manifest:manifest/>",
            **(extra or {}),
        }
    )


def locked_zip() -> bytes:
    """Two bits say that a password is needed."""
    data = bytearray(archive({"chat.txt": "hallo"}))
    data[6] |= 1
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def symlink_zip() -> bytes:
    entry = zipfile.ZipInfo("link")
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(entry, "/etc/passwd")
    return out.getvalue()


def overlapping_zip() -> bytes:
    """Many names for the same bytes: small on disk, endless when unpacked."""
    inner = b"\0" * 20_000
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(inner) + packed.flush()
    crc = zlib.crc32(inner)
    local = (
        struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, crc, len(body), len(inner), 5, 0) + b"a.txt"
    )
    directory = b""
    for _ in range(3):
        directory += (
            struct.pack(
                "<IHHHHHHIIIHHHHHII",
                *(0x02014B50, 20, 20, 0, 8, 0, 0, crc, len(body), len(inner), 5, 0, 0, 0, 0, 0, 0),
            )
            + b"a.txt"
        )
    start = len(local) + len(body)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 3, 3, len(directory), start, 0)
    return local + body + directory + end


# --- mail -----------------------------------------------------------------------------------------------
def mail(attached: str = "foto.jpg") -> bytes:
    return (
        "From: iemand@voorbeeld.invalid\r\nTo: raadslid@voorbeeld.invalid\r\nSubject: let maar op\r\n"
        "Date: Tue, 3 Nov 2026 21:14:00 +0100\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n'
        "<html><body><script>alert(1)</script>Wij weten waar u woont.</body></html>\r\n--x\r\n"
        f'Content-Disposition: attachment; filename="{attached}"\r\n\r\nAAAA\r\n--x--\r\n'
    ).encode()


def outlook(*names: str) -> bytes:
    """As much of an Outlook message as tells it from an old Word document."""
    parts = ["Root Entry", "__properties_version1.0", "__substg1.0_0037001F", *names]
    entries = b"".join(part.encode("utf-16-le").ljust(64, b"\0") + b"\0" * 64 for part in parts)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + entries


# --- sound and film ---------------------------------------------------------------------------------------
def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack("!I", len(body) + 8) + kind + body


def mp4(brand: bytes, *, content: bytes = b"\0" * 400) -> bytes:
    return box(b"ftyp", brand + b"\0\0\2\0" + b"isommp42") + box(b"moov", b"\0" * 64) + box(b"mdat", content)


def ogg(codec: bytes = b"OpusHead\x01\x01") -> bytes:
    return b"OggS\0\x02" + b"\0" * 20 + b"\x01\x13" + codec + b"\0" * 200


def mp3() -> bytes:
    return b"ID3\x04\0\0\0\0\0\x0a" + b"\0" * 10 + (b"\xff\xfb\x90\x00" + b"\0" * 413) * 4


def webm() -> bytes:
    return (
        b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm"
        + b"\0" * 300
    )


# --- the corpus ---------------------------------------------------------------------------------------------
JPEG, PNG, PDF, ZIP = "image/jpeg", "image/png", "application/pdf", "application/zip"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body><script>alert(document.cookie)</script></body></html>"
JAR = archive({"META-INF/MANIFEST.MF": "Main-Class: Kwaad", "Kwaad.class": b"\xca\xfe\xba\xbe"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
EXE = b"MZ" + b"\0" * 58 + b"\x40\0\0\0" + b"PE\0\0" + b"\0" * 200
OCTETS = "application/octet-stream"
ENTITY = '<Relationship Id="r9" Type="http://x/{}" Target="http://kwaad.invalid/x" TargetMode="External"/>'


def corpus() -> list[One]:
    good: list[tuple[str, bytes, str]] = [
        ("schermafdruk.png", full_png(), PNG),
        ("doorzichtig.png", full_png(scene(mode="RGBA")), PNG),
        ("foto.jpg", full_jpeg(), JPEG),
        ("FOTO.JPEG", full_jpeg(6), JPEG),
        ("zonder-soort.jpg", full_jpeg(), ""),
        ("van-samsung.jpg", samsung_jpeg(), JPEG),
        ("plaatje.gif", full_gif(), "image/gif"),
        ("plaatje.webp", full_webp(), "image/webp"),
        ("IMG_0001.HEIC", full_heic(), "image/heic"),
        ("IMG_0002.heic", full_heic(), OCTETS),
        ("brief.pdf", pdf(), PDF),
        ("<img src=x onerror=alert(1)>.pdf", pdf(1), PDF),
        ("../../etc/passwd.pdf", pdf(1), PDF),
        ("rapport\u202efdp.exe.pdf", pdf(1), PDF),
        ("verslag.docx", openxml("docx"), OFFICE_TYPE.format("wordprocessingml.document")),
        (
            "met-link.docx",
            openxml("docx", {"word/_rels/document.xml.rels": RELS.format(ENTITY.format("hyperlink"))}),
            OFFICE_TYPE.format("wordprocessingml.document"),
        ),
        ("lijst.xlsx", openxml("xlsx"), OFFICE_TYPE.format("spreadsheetml.sheet")),
        ("praatje.pptx", openxml("pptx"), OCTETS),
        ("brief.odt", opendocument("odt"), "application/vnd.oasis.opendocument.text"),
        ("lijst.ods", opendocument("ods"), "application/vnd.oasis.opendocument.spreadsheet"),
        ("praatje.odp", opendocument("odp"), "application/vnd.oasis.opendocument.presentation"),
        ("bericht.eml", mail(), "message/rfc822"),
        ("bericht.msg", outlook("bijlage.jpg"), "application/vnd.ms-outlook"),
        ("PTT-20261103.opus", ogg(), "audio/ogg"),
        ("opname.ogg", ogg(b"\x01vorbis"), "audio/ogg"),
        ("opname.m4a", mp4(b"M4A "), "audio/x-m4a"),
        ("opname.mp3", mp3(), "audio/mpeg"),
        ("filmpje.mp4", mp4(b"isom"), "video/mp4"),
        ("filmpje.mov", mp4(b"qt  "), "video/quicktime"),
        ("filmpje.webm", webm(), "video/webm"),
        ("chat.txt", "03-11-2026 21:14 - Onbekend: ik weet je te vinden 😡".encode(), "text/plain"),
        ("chat.zip", archive({"_chat.txt": "hallo " * 50, "foto.jpg": full_jpeg()}), ZIP),
        ("chat-met-pagina.zip", archive({"berichten/inbox.html": HTML}), "application/x-zip-compressed"),
        ("virus.txt", EICAR, "text/plain"),  # the scanner's to find, not ours
        ("virus.zip", archive({"eicar.txt": EICAR}), ZIP),
    ]
    bad: list[tuple[str, bytes, str, str]] = [
        ("leeg.jpg", b"", JPEG, "empty"),
        ("leeg.zip", archive({}), ZIP, "content"),
        ("te-groot.mp4", mp4(b"isom", content=b"\0" * MOST), "video/mp4", "too_big"),
        ("zonder-einde", full_jpeg(), JPEG, "unknown"),
        ("foto.bmp", b"BM" + b"\0" * 60, "image/bmp", "unknown"),
        ("teken.svg", SVG, "image/svg+xml", "active"),
        ("teken.svg.png", SVG, PNG, "content"),
        ("pagina.html", HTML, "text/html", "active"),
        ("pagina.html.pdf", HTML, PDF, "content"),
        ("pagina.jpg", HTML, JPEG, "content"),
        ("pagina.txt", HTML, "text/plain", "active"),
        ("teken.txt", b"\xef\xbb\xbf  " + SVG, "text/plain", "active"),
        ("script.txt", b"#!/bin/sh\nrm -rf ~\n", "text/plain", "active"),
        ("wide.txt", b"\xff\xfe" + HTML.decode().encode("utf-16-le"), "text/plain", "active"),
        ("bytes.txt", bytes(range(256)), "text/plain", "content"),
        ("script.js", b"alert(1)", "text/javascript", "program"),
        ("programma.exe", EXE, "application/x-msdownload", "program"),
        ("foto.jpg.exe", EXE, JPEG, "program"),
        ("foto\u202egpj.exe", EXE, JPEG, "program"),
        ("foto.exe. ", EXE, JPEG, "program"),
        ("programma.jpg", EXE, JPEG, "content"),
        ("programma.jar", JAR, "application/java-archive", "program"),
        ("snelkoppeling.lnk", b"L\0\0\0", OCTETS, "program"),
        ("foto.png", full_jpeg(), PNG, "content"),
        ("foto.heic", full_jpeg(), "image/heic", "content"),
        ("plaatje.avif.heic", box(b"ftyp", b"avif\0\0\0\0avifmif1"), "image/heic", "content"),
        ("brief.docx", pdf(1), OFFICE_TYPE.format("wordprocessingml.document"), "content"),
        ("lijst.docx", openxml("xlsx"), OFFICE_TYPE.format("wordprocessingml.document"), "content"),
        ("verkeerd-gezegd.jpg", full_jpeg(), "text/html", "declared"),
        ("verkeerd-gezegd.png", full_png(), JPEG, "declared"),
        ("gifar.gif", full_gif() + JAR, "image/gif", "polyglot"),
        ("met-zip.jpg", full_jpeg() + archive({"x.txt": "x"}), JPEG, "polyglot"),
        ("met-zip.png", full_png() + archive({"x.txt": "x"}) + b"\0\0", PNG, "polyglot"),
        ("met-rar.png", full_png() + b"Rar!\x1a\x07\x01\0", PNG, "polyglot"),
        ("met-pagina.jpg", full_jpeg() + HTML, JPEG, "polyglot"),
        (
            "met-script.gif",
            b"GIF89a/*" + full_gif()[8:] + b"*/=1;<script>alert(1)</script>",
            "image/gif",
            "polyglot",
        ),
        ("phar.jpg", full_jpeg() + b"<?php __HALT_COMPILER(); ?>", JPEG, "polyglot"),
        ("met-pdf.jpg", full_jpeg()[:2] + b"\xff\xfe\0\x0b%PDF-1.7\n" + full_jpeg()[2:], JPEG, "polyglot"),
        ("met-zip.mp4", mp4(b"isom") + JAR, "video/mp4", "polyglot"),
        ("met-zip.pdf", pdf(1) + archive({"x.txt": "x"}), PDF, "polyglot"),
        ("bom.png", png_of_size(50_000, 50_000), PNG, "bomb"),
        ("bom.zip", archive({"nul.txt": b"\0" * 60_000_000}), ZIP, "bomb"),
        ("overlap.zip", overlapping_zip(), ZIP, "bomb"),
        ("bom.docx", openxml("docx", {"word/nul.xml": b"\0" * 60_000_000}), OCTETS, "bomb"),
        ("uitbreker.zip", archive({"../../.ssh/authorized_keys": "x"}), ZIP, "unsafe_zip"),
        ("link.zip", symlink_zip(), ZIP, "unsafe_zip"),
        ("slot.zip", locked_zip(), ZIP, "password"),
        ("programma.zip", archive({"foto.jpg.exe": EXE}), ZIP, "program_in_zip"),
        ("java.zip", JAR, ZIP, "program_in_zip"),
        ("kantoor.zip", openxml("docx"), ZIP, "content"),
        ("half.zip", archive({"x.txt": "hallo"})[:40], ZIP, "broken"),
        ("macro.docm", openxml("docx"), OCTETS, "macros"),
        ("macro.docx", openxml("docx", {"word/vbaProject.bin": b"x"}), OCTETS, "macros"),
        (
            "macrosoort.docx",
            openxml("docx", types="<Types>application/vnd.ms-word.document.macroEnabled.main+xml</Types>"),
            OCTETS,
            "macros",
        ),
        ("xl4.xlsx", openxml("xlsx", {"xl/macrosheets/sheet1.xml": "<x/>"}), OCTETS, "macros"),
        ("activex.docx", openxml("docx", {"word/activeX/activeX1.bin": b"x"}), OCTETS, "macros"),
        ("ole.docx", openxml("docx", {"word/embeddings/oleObject1.bin": b"x"}), OCTETS, "macros"),
        (
            "sjabloon.docx",
            openxml("docx", {"word/_rels/settings.xml.rels": RELS.format(ENTITY.format("attachedTemplate"))}),
            OCTETS,
            "macros",
        ),
        (
            "anders-genoemd.docx",
            openxml("docx", {"word/media/foto.png": OLE}),
            OCTETS,
            "macros",
        ),
        (
            "wijd.docx",
            openxml("docx", {"word/_rels/a.xml.rels": RELS.encode("utf-16-le")}),
            OCTETS,
            "macros",
        ),
        (
            "cijfers.docx",
            openxml("docx", {"word/_rels/a.xml.rels": "<x a='&#x45;xternal'/>"}),
            OCTETS,
            "macros",
        ),
        (
            "voorvoegsel.docx",
            openxml("docx", {"word/_rels/a.xml.rels": "<p:Relationship Type='x/frame' TargetMode='Uit'/>"}),
            OCTETS,
            "macros",
        ),
        (
            "dde.docx",
            openxml("docx", {"word/document.xml": '<w:instrText>DDEAUTO c:\\cmd "x"</w:instrText>'}),
            OCTETS,
            "macros",
        ),
        ("macro.odt", opendocument("odt", {"Basic/Standard/Module1.xml": "x"}), OCTETS, "macros"),
        ("luister.odt", opendocument("odt", content="<script:event-listener/>"), OCTETS, "macros"),
        (
            "slot.odt",
            opendocument("odt", {"META-INF/manifest.xml": "<manifest:encryption-data/>"}),
            OCTETS,
            "password",
        ),
        (
            "slot.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le"),
            OCTETS,
            "password",
        ),
        ("oud.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "application/msword", "old_office"),
        ("ingepakt.rar", b"Rar!\x1a\x07\x01\0", OCTETS, "packed"),
        ("slot.pdf", pdf(1, password="geheim"), PDF, "password"),
        (
            "javascript.pdf",
            pdf(1, root={"/OpenAction": action("JavaScript", JS="app.alert(1)")}),
            PDF,
            "script_in_pdf",
        ),
        (
            "bladactie.pdf",
            pdf(1, root={"/AA": pikepdf.Dictionary({"/WC": action("JavaScript", JS="x")})}),
            PDF,
            "script_in_pdf",
        ),
        ("starter.pdf", pdf(1, root={"/OpenAction": action("Launch", F="cmd.exe")}), PDF, "script_in_pdf"),
        ("bijlage.pdf", pdf(1, attachment=EXE), PDF, "script_in_pdf"),
        (
            "formulier.pdf",
            pdf(1, root={"/AcroForm": pikepdf.Dictionary({"/XFA": "x"})}),
            PDF,
            "script_in_pdf",
        ),
        ("half.pdf", b"%PDF-1.7\n" + b"1 0 obj\n" * 20, PDF, "broken"),
        ("programma.eml", mail("factuur.pdf.exe"), "message/rfc822", "program_in_mail"),
        ("pagina.eml", HTML, "message/rfc822", "content"),
        ("geen-mail.eml", b"zomaar wat tekst", "message/rfc822", "content"),
        ("oud-word.msg", outlook("WordDocument", "_VBA_PROJECT"), OCTETS, "macros"),
        ("geen-mail.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, OCTETS, "content"),
        ("programma.msg", outlook("factuur.exe"), OCTETS, "program_in_mail"),
        ("film.ogg", ogg(b"\x80theora"), "audio/ogg", "content"),
        ("geen.mp3", b"ID3\x04\0\0\0\0\0\x0a" + b"\0" * 500, "audio/mpeg", "content"),
        ("plaatje.mp4", box(b"ftyp", b"heic\0\0\0\0mif1"), "video/mp4", "content"),
        ("matroska.webm", b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska" + b"\0" * 300, "video/webm", "content"),
    ]
    return [One(*one, None) for one in good] + [One(*one) for one in bad]


CORPUS = corpus()
