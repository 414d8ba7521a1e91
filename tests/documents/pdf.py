"""What a reader finds in a PDF."""

from __future__ import annotations

import pypdfium2


def text_of(pdf: bytes) -> str:
    """The words of all pages, with single spaces."""
    with pypdfium2.PdfDocument(pdf) as opened:
        pages = [page.get_textpage().get_text_bounded() for page in opened]
    return " ".join(" ".join(pages).split())
