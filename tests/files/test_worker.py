"""What the worker does with a file: scan it for real, keep it, draw a copy that holds nothing but pixels."""

from __future__ import annotations

import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from PIL import Image

from weerbaar.audit.models import AccessLog
from weerbaar.files import actions, boxes, delivery, scanner, store, tasks
from weerbaar.files.api import MOST
from weerbaar.files.lifecycle import NEXT, State
from weerbaar.files.models import StoredFile
from weerbaar.files.stream import key_of_page, pieces, place_of
from weerbaar.jobs import run_beats, run_due
from weerbaar.jobs.models import Job
from weerbaar.vault.errors import NoKey, Tampered
from weerbaar.vault.models import Lockbox

from .corpus import CANARY, CORPUS, EICAR, archive, full_jpeg, pdf, saved, scene


def work() -> None:
    while run_due():
        pass


def row_of(facts) -> StoredFile:
    return StoredFile.objects.get(pk=facts.id)


def copy_of(facts, page: int = 1) -> bytes:
    return b"".join(
        pieces(store.kept(facts.id, page), key_of_page(facts.key, page), place_of(facts.id.bytes, page))
    )


@pytest.fixture(autouse=True)
def _is_a_worker(settings):
    settings.ZONES = frozenset()


# --- the scanner --------------------------------------------------------------------------------------
@pytest.mark.usefixtures("scanner_on")
@pytest.mark.parametrize(
    ("content", "clean"),
    [
        (b"hallo", True),
        (b"", True),
        (EICAR, False),
        (b"x" * MOST, True),
        (archive({"a/eicar.txt": EICAR}), False),
    ],
    ids=["clean", "empty", "virus", "largest", "virus in a zip"],
)
def test_a_real_clamd_tells_what_is_clean(content, clean):
    assert scanner.is_clean(content[at : at + 65_536] for at in range(0, len(content), 65_536)) is clean
    assert scanner.answers()


@pytest.mark.usefixtures("scanner_off")
def test_no_scanner_is_no_answer():
    with pytest.raises(scanner.ScannerDown):
        scanner.is_clean([b"hallo"])
    assert not scanner.answers()


@pytest.mark.usefixtures("scanner_on")
def test_a_virus_is_never_released(take_in):
    facts = take_in("virus.txt", EICAR, dossier=uuid.uuid4())
    work()
    row = row_of(facts)
    assert (row.state, row.box) == (State.INFECTED, None)
    with pytest.raises(Http404):
        delivery.original(row, facts)


@pytest.mark.usefixtures("scanner_on")
def test_a_clean_file_leaves_the_quarantine_and_keeps_no_box(take_in):
    facts = take_in("chat.txt", b"hallo", dossier=uuid.uuid4())
    assert store.incoming(facts.id).exists()
    work()
    row = row_of(facts)
    assert (row.state, row.box, row.pages) == (State.READY, None, 0)
    assert not store.incoming(facts.id).exists()
    assert b"".join(delivery.original(row, facts)) == b"hallo"


@pytest.mark.usefixtures("scanner_off")
def test_without_a_scanner_nothing_is_released_and_it_goes_on_when_it_is_back(take_in, clamd, settings):
    facts = [take_in("chat.txt", b"hallo", dossier=uuid.uuid4()) for _ in range(3)]
    work()
    assert StoredFile.objects.released().count() == 0
    for one in facts:
        with pytest.raises(Http404):
            delivery.original(row_of(one), one)
    later = timezone.now() + timedelta(minutes=3)
    run_beats(later)
    assert Job.objects.filter(name="weerbaar.files.scan").count() == 3  # it still does not answer
    settings.CLAMD_SOCKET = clamd
    run_beats(later + timedelta(minutes=1))
    run_due(later + timedelta(minutes=1))
    assert StoredFile.objects.released().count() == 3


@pytest.mark.usefixtures("scanner_off")
def test_a_scan_that_keeps_failing_is_parked_with_an_alarm(take_in):
    facts = take_in("chat.txt", b"hallo")
    now = timezone.now()
    for _ in range(20):
        now += timedelta(hours=3)
        run_due(now)
    job = Job.objects.get(key=str(facts.id))
    assert (job.state, job.last_error) == ("parked", "ScannerDown")
    assert Job.objects.filter(name="weerbaar.jobs.ledger.tell_team").exists()


def test_a_scanner_that_says_nonsense_is_no_scanner(monkeypatch):
    for said in ("stream: OK FOUND OK", "INSTREAM size limit exceeded. ERROR", "", "OK", "stream: "):
        monkeypatch.setattr(scanner, "_ask", lambda *_, said=said: said)
        with pytest.raises(scanner.ScannerDown):
            scanner.is_clean([b"x"])


@pytest.mark.usefixtures("scanner_on")
def test_each_opening_by_the_service_leaves_a_line_first(take_in, monkeypatch):
    dossier = uuid.uuid4()
    take_in("foto.jpg", full_jpeg(), dossier=dossier)
    work()
    lines = AccessLog.objects.using("audit").filter(dossier=dossier).order_by("id")
    assert [(line.actor_name, line.purpose, line.detail) for line in lines] == [
        ("bestandscontrole", "check", "virusscan"),
        ("bestandscontrole", "check", "veilige weergave"),
    ]


# --- the safe copy ------------------------------------------------------------------------------------
DRAWN = [
    one
    for one in CORPUS
    if one.reason is None
    and one.name.lower().endswith((".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".pdf"))
]
LEFT = [
    CANARY.encode(),
    CANARY.encode("utf-16-le"),
    CANARY.encode("utf-16-be"),
    b"Exif",
    b"ICC_PROFILE",
    b"http://ns.adobe.com",
    b"xmpmeta",
    b"Photoshop",
    b"<?xpacket",
    b"MPF\0",
    b"ftyp",
    b"Kanarie",
]


@pytest.mark.usefixtures("scanner_on")
@pytest.mark.parametrize("one", DRAWN, ids=lambda one: ascii(one.name))
def test_a_safe_copy_holds_nothing_but_pixels(one, take_in):
    name = one.name.rpartition("/")[2]
    facts = take_in(name, one.data, dossier=uuid.uuid4())
    work()
    row = row_of(facts)
    assert row.state == State.READY
    assert row.pages == row.pages_in_all > 0
    for page in range(1, row.pages + 1):
        drawn = copy_of(facts, page)
        assert [left for left in LEFT if left in drawn] == []
        assert segments(drawn) <= {
            0xE0,
            0xDB,
            0xC0,
            0xC4,
            0xDA,
        }  # JFIF, tables, frame, scan
        image = Image.open(BytesIO(drawn))
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert delivery.page(row, facts, page).startswith("data:image/jpeg;base64,")
    corner = Image.open(BytesIO(copy_of(facts))).convert("RGB")
    assert max(channel for pixel in [corner.getpixel((5, 5))] for channel in pixel) > 100  # it is the picture


def segments(data: bytes) -> set[int]:
    """The markers of a JPEG up to its scan, and nothing behind its end."""
    assert data.endswith(b"\xff\xd9")
    found, at = set(), 2
    while data[at + 1] != 0xDA:
        assert data[at] == 0xFF
        found.add(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    assert data.count(b"\xff\xd9") == 1
    return found | {0xDA}


@pytest.mark.usefixtures("scanner_on")
def test_a_photo_taken_sideways_is_drawn_upright(take_in):
    facts = take_in("foto.jpg", full_jpeg(6), dossier=uuid.uuid4())
    work()
    image = Image.open(BytesIO(copy_of(facts)))
    assert image.size == (200, 320)
    red, green, _blue = image.getpixel((190, 10))
    assert red > 200 > green  # the corner moved along


@pytest.mark.usefixtures("scanner_on")
def test_a_huge_but_honest_picture_is_drawn_smaller(take_in):
    facts = take_in("groot.png", saved(Image.new("L", (6000, 5000), 200), "PNG"), dossier=uuid.uuid4())
    work()
    width, height = Image.open(BytesIO(copy_of(facts))).size
    assert 9_000_000 < width * height <= 10_000_000


@pytest.mark.usefixtures("scanner_on")
def test_of_a_long_pdf_the_first_pages_are_drawn(take_in):
    facts = take_in("lang.pdf", pdf(40), dossier=uuid.uuid4())
    work()
    row = row_of(facts)
    assert (row.pages, row.pages_in_all) == (30, 40)


@pytest.mark.usefixtures("scanner_on")
@pytest.mark.parametrize(
    "data",
    [saved(scene(), "PNG")[:200], full_jpeg()[:300], b"\x89PNG\r\n\x1a\n" + b"\0" * 100],
    ids=["half a png", "half a jpeg", "no picture"],
)
def test_what_cannot_be_drawn_stays_as_original(data, take_in):
    facts = take_in("foto.png", data, dossier=uuid.uuid4())
    work()
    row = row_of(facts)
    assert (row.state, row.pages) == (State.READY, 0)
    assert b"".join(delivery.original(row, facts)) == data


@pytest.mark.usefixtures("scanner_on")
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixel_is_drawn(mode, take_in):
    image = scene().convert("L").convert(mode) if mode in ("1", "I;16") else scene().convert(mode)
    facts = take_in("foto.png", saved(image, "PNG"), dossier=uuid.uuid4())
    work()
    assert row_of(facts).pages == 1


# --- the rules that the database keeps -------------------------------------------------------------------
@pytest.mark.parametrize("old", State)
@pytest.mark.parametrize("new", State)
def test_only_listed_moves_are_possible(old, new, take_in):
    facts = take_in("chat.txt", b"hallo", dossier=uuid.uuid4())
    for step in [State.SCANNED, old] if old == State.READY else [old]:
        put_in(facts.id, step)
    if new == old or new in NEXT[old]:
        put_in(facts.id, new)
        return
    with pytest.raises(DatabaseError), transaction.atomic():
        put_in(facts.id, new)


def put_in(file: uuid.UUID, state: State) -> None:
    box = None if state in (State.READY, State.INFECTED) else b"x"
    StoredFile.objects.filter(pk=file).update(state=state, box=box)


def test_no_file_is_born_clean():
    for state in set(State) - {State.WAITING}:
        with pytest.raises(DatabaseError), transaction.atomic():
            StoredFile.objects.create(state=state, box=b"x", dossier=uuid.uuid4())


def test_a_file_does_not_leave_its_dossier(take_in):
    facts = take_in("chat.txt", b"hallo", dossier=uuid.uuid4())
    for changes in (
        {"dossier": uuid.uuid4()},
        {"dossier": None, "expires_at": timezone.now()},
        {"expires_at": timezone.now()},
    ):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            StoredFile.objects.filter(pk=facts.id).update(**changes)


# --- the box ----------------------------------------------------------------------------------------------
def test_the_box_of_a_file_opens_for_that_file_and_that_service_alone(settings):
    file, other = uuid.uuid4(), uuid.uuid4()
    box = boxes.seal(file, b"k" * 32, "jpeg")
    assert boxes.unseal(file, box) == (b"k" * 32, "jpeg")
    with pytest.raises(Tampered):
        boxes.unseal(other, box)
    settings.VAULT_PRIVATE_KEYS = [
        one for one in settings.VAULT_PRIVATE_KEYS if not one.startswith("service:files")
    ]
    with pytest.raises(NoKey):
        boxes.unseal(file, box)


# --- nothing stays ----------------------------------------------------------------------------------------
@pytest.mark.usefixtures("scanner_on")
def test_a_draft_that_expires_takes_its_files_along(take_in):
    facts = take_in("foto.jpg", full_jpeg())
    work()
    assert store.kept(facts.id, 1).exists()
    tasks.clear_up(timezone.now())
    assert row_of(facts)
    tasks.clear_up(timezone.now() + timedelta(days=8))
    assert not StoredFile.objects.filter(pk=facts.id).exists()
    assert list(store.kept(facts.id).parent.glob(f"{facts.id.hex}*")) == []


@pytest.mark.usefixtures("scanner_off")
def test_what_is_dropped_goes_and_what_is_bound_stays(take_in):
    dropped, bound = take_in("chat.txt", b"een"), take_in("chat.txt", b"twee")
    dossier = uuid.uuid4()
    assert actions.bind([bound.id, uuid.uuid4()], dossier) == [bound.id]
    actions.drop([dropped.id, bound.id])
    actions.keep_until([bound.id], timezone.now())
    Lockbox.objects.create(dossier=dossier, reader="team:x", compartment="shared", key="k", box=b"x")
    tasks.clear_up(timezone.now())
    assert not store.incoming(dropped.id).exists()
    assert store.incoming(bound.id).exists()
    Lockbox.objects.filter(dossier=dossier).delete()  # shredded
    tasks.clear_up(timezone.now())
    assert not store.incoming(bound.id).exists()
    assert not StoredFile.objects.exists()


def test_a_file_without_a_row_goes_after_an_hour(upload, monkeypatch):
    sent = upload("chat.txt", b"hallo")
    tasks.clear_up(timezone.now())
    assert store.incoming(sent.id).exists()
    monkeypatch.setattr(store, "FORGOTTEN", -1)
    tasks.clear_up(timezone.now())
    assert not store.incoming(sent.id).exists()
