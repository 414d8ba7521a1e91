"""Items and files for the tests of the toolkit."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pikepdf
from django.utils import timezone

from netwerk import store
from netwerk.lifecycle import ItemStatus
from netwerk.models import Item, Version
from netwerk.vocabulary import ItemKind

MAKER = "Jan de Geheime"


def make_item(slug: str = "leidraad", **fields) -> Item:
    """Public and out since an hour, unless told."""
    return Item.objects.create(
        **{
            "slug": slug,
            "title": slug.capitalize(),
            "summary": "Wat te doen.",
            "kind": ItemKind.GUIDE,
            "status": ItemStatus.PUBLISHED,
            "published_at": timezone.now() - timedelta(hours=1),
        }
        | fields
    )


def put_file(
    item: Item, content: bytes = b"inhoud", *, name: str = "stuk.txt", number: int = 1, **more
) -> Version:
    """A version of an item with these bytes, as a worker makes it."""
    stored = store.keep([content])
    return Version.objects.create(
        item=item,
        number=number,
        sha256=stored.sha256,
        size=stored.size,
        name=name,
        **{"content_type": "text/plain; charset=utf-8"} | more,
    )


def pdf(pages: int = 1, *, maker: str = MAKER) -> bytes:
    """A PDF that tells in all the usual places who made it."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    remark = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Text,
        Rect=[0, 0, 10, 10],
        T=maker,
        Contents="Klopt dit?",
        CreationDate="D:20260101",
    )
    document.pages[0].obj.Annots = document.make_indirect(pikepdf.Array([document.make_indirect(remark)]))
    document.pages[0].obj.PieceInfo = pikepdf.Dictionary(Word=pikepdf.Dictionary(Private=maker))
    document.docinfo["/Author"] = maker
    document.docinfo["/Creator"] = "Word van het bureau"
    with document.open_metadata() as found:
        found["dc:creator"] = [maker]
        found["dc:title"] = "concept-3-definitief-echt"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override'
    ' PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.wordprocessingml.document.main+xml"/></Types>'
)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(*, maker: str = MAKER, media: bytes = b"") -> bytes:
    """A Word document with a maker, a tracked change and a remark."""
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": "<Relationships/>",
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:ins w:id="1" w:author="{maker}"/></w:document>',
        "word/comments.xml": f'<w:comments xmlns:w="{_W}"><w:comment w:author="{maker}" w:initials="JG"/>'
        "</w:comments>",
        "docProps/core.xml": f"<x><dc:creator>{maker}</dc:creator></x>",
        "docProps/app.xml": f"<Properties><Manager>{maker}</Manager></Properties>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        if media:
            archive.writestr("word/media/foto.jpeg", media)
    return out.getvalue()
