"""The demo of the toolkit: no real publications, but their descriptions."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from netwerk import library, store
from netwerk.intake import CONTENT_TYPES
from netwerk.lifecycle import ItemStatus
from netwerk.models import (
    DownloadCount,
    Item,
    ItemOrganisation,
    Organisation,
    Partner,
    PartnerMember,
    Version,
)
from netwerk.vocabulary import Access, ItemKind, Topic
from weerbaar.accounts.models import User
from weerbaar.zones import Zone

# What the demo shows of the library beside what ships: each level, each state. No real publications.
EXAMPLES: list[dict[str, Any]] = [
    {
        "slug": "voorbeeld-draaiboek-dreiging",
        "title": "Voorbeeld: draaiboek bij dreiging",
        "summary": "Een voorbeeld van een stuk dat iedereen met een account kan lezen.",
        "kind": ItemKind.PROTOCOL,
        "record_access": Access.NETWORK,
        "file_access": Access.NETWORK,
        "topics": [Topic.REPORTING, Topic.PERSONAL_SAFETY],
    },
    {
        "slug": "voorbeeld-presentatie-voor-leden",
        "title": "Voorbeeld: presentatie voor leden",
        "summary": "De beschrijving is openbaar; het bestand is voor wie een account heeft.",
        "kind": ItemKind.PRESENTATION,
        "file_access": Access.NETWORK,
        "topics": [Topic.MEETINGS],
    },
    {
        "slug": "voorbeeld-afspraken-met-politie",
        "title": "Voorbeeld: afspraken met de politie",
        "summary": "Een voorbeeld van een stuk voor bepaalde organisaties en personen.",
        "kind": ItemKind.STANDARD,
        "record_access": Access.ORGANISATIONS,
        "file_access": Access.ORGANISATIONS,
        "topics": [Topic.REPORTING],
    },
    {
        "slug": "voorbeeld-werkwijze-team",
        "title": "Voorbeeld: werkwijze van het team",
        "summary": "Een voorbeeld van een stuk dat alleen het ondersteuningsteam ziet.",
        "kind": ItemKind.GUIDE,
        "record_access": Access.TEAM,
        "file_access": Access.TEAM,
        "topics": [Topic.AFTERCARE],
    },
    {
        "slug": "voorbeeld-onder-embargo",
        "title": "Voorbeeld: uitgave onder embargo",
        "summary": "Dit is over een week te zien, op de minuut.",
        "kind": ItemKind.RESEARCH,
        "topics": [Topic.ONLINE],
    },
    {
        "slug": "voorbeeld-ingetrokken",
        "title": "Voorbeeld: ingetrokken uitgave",
        "summary": "Dit is ingetrokken; wie het adres opent, leest waarom.",
        "kind": ItemKind.FACTSHEET,
        "topics": [Topic.REPORTING],
    },
    {
        "slug": "voorbeeld-concept",
        "title": "Voorbeeld: uitgave in voorbereiding",
        "summary": "Een concept van een partner. Alleen de partner en de redactie zien het.",
        "kind": ItemKind.FACTSHEET,
        "topics": [Topic.HOME],
    },
]
WITH_FILES = ["collectieve-norm", "agressieprotocol", "leidraad-veilig-bestuur", "nazorg-na-een-incident"]


def fill() -> None:
    """The shipped library, and an example of each level and each state."""
    library.load()
    officer = speak_for_partner()
    for example in EXAMPLES:
        if not Item.objects.filter(slug=example["slug"]).exists():
            _add(example, officer)
    for slug in WITH_FILES:
        item = Item.objects.get(slug=slug)
        if not item.versions.exists():
            add_file(item, note="")
            add_file(item, note="Telefoonnummers nagekeken.")
            count_some(item)


def speak_for_partner() -> Partner:
    """The partner that the demo's account for partners speaks for."""
    partner = Partner.objects.get(slug="ccv")
    user = User.objects.filter(email="partner@demo.invalid").first()
    if user and not PartnerMember.objects.current().filter(user=user).exists():
        PartnerMember.objects.create(partner=partner, user=user)
    return partner


def _add(example: dict[str, Any], officer: Partner) -> None:
    now = timezone.now()
    item = Item.objects.create(
        **example,
        source="Proefopstelling van dit portaal",
        year=timezone.localdate().year,
        status=ItemStatus.PUBLISHED,
        published_at=now - timedelta(days=30),
        partner=officer if example["slug"] in ("voorbeeld-concept", "voorbeeld-onder-embargo") else None,
    )
    add_file(item, note="")
    if item.slug == "voorbeeld-onder-embargo":
        _set(item, published_at=in_a_week(now))
    elif item.slug == "voorbeeld-ingetrokken":
        because = "De cijfers zijn verouderd. Gebruik de nieuwste monitor."
        _set(item, status=ItemStatus.WITHDRAWN, withdrawn_at=now, withdrawn_because=because)
    elif item.slug == "voorbeeld-concept":
        _set(item, published_at=now + timedelta(days=1))
        _set(item, status=ItemStatus.DRAFT, published_at=None)
    elif item.record_access == Access.ORGANISATIONS:
        ItemOrganisation.objects.create(item=item, organisation=Organisation.objects.get(code="GM0034"))


def in_a_week(now: datetime) -> datetime:
    return (timezone.localtime(now) + timedelta(days=7)).replace(hour=9, minute=0, second=0, microsecond=0)


def _set(item: Item, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(item, name, value)
    item.save(update_fields=fields)


def add_file(item: Item, *, note: str) -> None:
    number = item.versions.count() + 1
    lines = [
        "Dit is een proefbestand van de demo.",
        "Het echte stuk staat bij de bron.",
        f"Versie {number}",
    ]
    stored = store.keep([small_pdf(item.title, lines)])
    Version.objects.create(
        item=item,
        number=number,
        sha256=stored.sha256,
        size=stored.size,
        name=f"{item.slug}.pdf",
        content_type=CONTENT_TYPES["pdf"],
        is_stripped=True,
        note=note,
    )


def small_pdf(title: str, lines: list[str]) -> bytes:
    """A page with these words and nothing that tells who made it. Needs no fonts of the machine."""
    import pikepdf  # noqa: PLC0415 - only the demo makes files

    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    page = document.pages[0]
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    words = b"".join(_written(text, 22 if not place else 14) for place, text in enumerate([title, *lines]))
    page.Contents = document.make_stream(b"BT 60 760 Td " + words + b" ET")
    document.Root.Lang = "nl"
    with document.open_metadata(update_docinfo=False, set_pikepdf_as_editor=False) as about:
        about["dc:title"] = title
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def _written(text: str, size: int) -> bytes:
    shown = (
        text.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    )
    return b"/F1 %d Tf (%s) Tj 0 -34 Td " % (size, shown)


def count_some(item: Item) -> None:
    """Downloads of the last half year, so that there is something to see."""
    version = item.versions.first()
    today = timezone.localdate()
    DownloadCount.objects.bulk_create(
        DownloadCount(
            version=version,
            day=today - timedelta(days=30 * back),
            zone=Zone.PUBLIEK,
            count=(item.pk * 7 + back * 13) % 60 + 4,
        )
        for back in range(6)
    )
