"""A file on its way in: what is taken, what is refused, and that nothing tells who made it."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, timedelta

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from netwerk import actions, filenames, intake, store
from netwerk.forms.item import PublishForm
from netwerk.lifecycle import ItemStatus
from netwerk.models import Item, Partner, PartnerMember, Upload, Version
from netwerk.tasks import release as tasks
from netwerk.uploads import MOST
from netwerk.vocabulary import Access
from tests.files.corpus import full_jpeg
from weerbaar.accounts.roles import Role
from weerbaar.files import scanner
from weerbaar.files.checks import Refused
from weerbaar.files.scanner import ScannerDown
from weerbaar.jobs import run_due

from .library import MAKER, docx, make_item, pdf, put_file


@pytest.fixture
def editor(make_user):
    return make_user(Role.NETWERKBEHEER)


@pytest.fixture
def browser(editor, sign_in):
    client = Client()
    sign_in(client, editor)
    return client


@pytest.fixture
def _clean(monkeypatch):
    """A scanner that finds nothing; a real one has tests of its own."""
    monkeypatch.setattr(scanner, "is_clean", lambda content: all(content) or True)


def send(browser, item, content: bytes, name: str, declared: str = "application/octet-stream"):
    file = SimpleUploadedFile(name, content, declared)
    return browser.post(f"/beheer/netwerk/item/{item.pk}/versie/", {"file": file, "note": "Nieuw."})


@pytest.fixture
def work(settings, django_capture_on_commit_callbacks):
    """work(): what waits is done by a worker; then this is a web process again."""

    def run() -> None:
        zones, settings.ZONES = settings.ZONES, frozenset()
        with django_capture_on_commit_callbacks(execute=True):
            while run_due():
                pass
        settings.ZONES = zones

    return run


def bytes_of(version: Version) -> bytes:
    return store.path_of(version.sha256).read_bytes()


# --- from the form to a version ----------------------------------------------------------------------
@pytest.mark.usefixtures("_clean")
def test_what_an_editor_sends_becomes_the_next_version(browser, editor, work):
    item = make_item()
    put_file(item)
    assert send(browser, item, pdf(3), "Leidraad.pdf").status_code == 302
    assert item.versions.count() == 1  # a worker looks first
    assert "Wordt gecontroleerd" in browser.get(f"/beheer/netwerk/item/{item.pk}/change/").content.decode()
    work()
    version = item.versions.first()
    assert (version.number, version.note, version.added_by) == (2, "Nieuw.", editor)
    assert version.is_stripped
    assert not Upload.objects.exists()
    assert not list(store._folder("incoming").iterdir())


@pytest.mark.usefixtures("_clean")
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("kapot.pdf", b"%PDF-1.7 dit is niets", "beschadigd"),
        ("anders.pdf", b"dit is tekst", "past niet bij de naam"),
        ("pagina.txt", b"<html><script>alert(1)</script>", "Een webpagina"),
    ],
)
def test_what_a_worker_refuses_says_why(browser, work, name, content, words):
    item = make_item()
    send(browser, item, content, name)
    work()
    assert not item.versions.exists()
    page = browser.get(f"/beheer/netwerk/item/{item.pk}/change/").content.decode()
    assert "Geweigerd" in page
    assert words in page


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("pagina.html", b"<html>", "Een webpagina"),
        ("plaatje.svg", b"<svg/>", "Een webpagina"),
        ("code.js", b"x", "programma"),
        ("stuk.pdf.exe", b"MZ", "programma"),
        ("oud.doc", b"x", "oud soort"),
        ("raar.xyz", b"x", "Dit soort bestand"),
        ("leeg.pdf", b"", "leeg"),
    ],
)
def test_what_is_no_document_is_refused_at_once(browser, name, content, words):
    response = send(browser, make_item(), content, name)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Upload.objects.exists()


def test_a_file_over_the_limit_leaves_nothing_behind(browser, monkeypatch):
    monkeypatch.setattr("netwerk.uploads.MOST", 1000)
    response = send(browser, make_item(), b"x" * 2000, "groot.txt")
    assert response.status_code == 422
    assert "groter dan 100 MB" in response.content.decode()
    assert not list(store._folder("incoming").iterdir())


def test_nobody_sends_a_file_without_signing_in():
    item = make_item()
    assert send(Client(), item, b"x", "stuk.txt").status_code == 302
    assert not list(store._folder("incoming").iterdir())


@pytest.mark.usefixtures("_clean")
def test_the_same_file_again_is_refused_and_the_same_bytes_are_kept_once(browser, work):
    first, other = make_item("een"), make_item("twee")
    for item in (first, first, other):
        send(browser, item, b"hallo", "stuk.txt")
        work()
    assert first.versions.count() == other.versions.count() == 1
    assert first.uploads.get().reason == "same"
    assert len(list(store._folder("files").glob("*/*"))) == 1


def test_while_the_scanner_is_away_a_file_waits(browser, work, settings):
    settings.CLAMD_SOCKET = ""
    item = make_item()
    send(browser, item, b"hallo", "stuk.txt")
    work()
    assert item.uploads.get().state == "waiting"
    assert not item.versions.exists()


def test_a_virus_is_refused_and_gone(browser, work, monkeypatch):
    monkeypatch.setattr(scanner, "is_clean", lambda content: False)
    item = make_item()
    send(browser, item, b"hallo", "stuk.txt")
    work()
    assert item.uploads.get().reason == "virus"
    assert not store.incoming(item.uploads.get().pk).exists()


def test_a_stored_file_is_whole_or_not_there():
    def broken():
        yield b"een deel"
        raise OSError

    with pytest.raises(OSError):
        store.keep(broken())
    assert not [path for path in store._folder("files").rglob("*") if path.is_file()]


# --- who made it -----------------------------------------------------------------------------------
def taken(tmp_path, name: str, content: bytes) -> bytes:
    path = tmp_path / name
    path.write_bytes(content)
    found = intake.take(path, name, title="De titel & meer")
    assert found.is_stripped
    return store.path_of(found.stored.sha256).read_bytes()


@pytest.mark.usefixtures("_clean")
def test_a_pdf_tells_its_title_and_nothing_of_its_maker(tmp_path):
    before = pdf(3)
    assert MAKER.encode() in before or pikepdf.open(io.BytesIO(before)).docinfo
    after = taken(tmp_path, "stuk.pdf", before)
    document = pikepdf.open(io.BytesIO(after))
    assert len(document.pages) == 3
    assert "/Info" not in document.trailer
    with document.open_metadata() as found:
        assert dict(found) == {"{http://purl.org/dc/elements/1.1/}title": "De titel & meer"}
    assert MAKER not in str([repr(one) for one in document.objects])
    assert str(document.pages[0].Annots[0].Contents) == "Klopt dit?"


@pytest.mark.usefixtures("_clean")
def test_a_word_file_loses_its_makers_everywhere(tmp_path):
    after = taken(tmp_path, "stuk.docx", docx(media=full_jpeg()))
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert archive.testzip() is None
        core = archive.read("docProps/core.xml").decode()
        photo = archive.read("word/media/foto.jpeg")
    assert MAKER.encode() not in everything
    assert b'"JG"' not in everything
    assert "De titel &amp; meer" in core
    assert not Image.open(io.BytesIO(photo)).getexif()


@pytest.mark.usefixtures("_clean")
@pytest.mark.parametrize("name", ["foto.jpg", "foto.png"])
def test_a_picture_keeps_its_pixels_only(tmp_path, name):
    photo = Image.new("RGB", (40, 30), "teal")
    exif = Image.Exif()
    exif[0x013B], exif[0x8825] = MAKER, {1: "N"}
    out = io.BytesIO()
    photo.save(out, "PNG" if name.endswith("png") else "JPEG", exif=exif, comment=MAKER.encode())
    assert MAKER.encode() in out.getvalue()
    after = taken(tmp_path, name, out.getvalue())
    assert MAKER.encode() not in after
    image = Image.open(io.BytesIO(after))
    assert image.size == (40, 30)
    assert not image.getexif()


@pytest.mark.usefixtures("_clean")
def test_what_cannot_be_stripped_is_refused(tmp_path, monkeypatch):
    """A stripper that leaves something behind is caught by its own second look."""
    script = tmp_path / "strip.py"
    from weerbaar.files import room

    for each in room.CELL.iterdir():
        if each.suffix == ".py":
            (tmp_path / each.name).write_bytes(each.read_bytes())
    script.write_text(script.read_text().replace("del one[key]", "pass"))
    monkeypatch.setattr(room, "CELL", tmp_path)
    path = tmp_path / "stuk.pdf"
    path.write_bytes(pdf())
    with pytest.raises(Refused, match="not_stripped"):
        intake.take(path, "stuk.pdf", title="x")
    assert not list(store._folder("files").glob("*/*"))


# --- names ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("C:\\Users\\Jan\\stuk.pdf", "stuk.pdf"),
        ("stuk\u202egnp.pdf", "stukgnp.pdf"),
        ("a\x00b\nc\td.pdf", "ab c d.pdf"),
        ("CON.pdf", "bestand-CON.pdf"),
        ("lpt1", "bestand-lpt1"),
        ("..", "bestand"),
        ("", "bestand"),
        (".pdf", "bestand.pdf"),
        ("stuk .pdf. .", "stuk.pdf"),
        ("één “stuk”.pdf", "één “stuk”.pdf"),
        ("e\u0301e\u0301n.pdf", "één.pdf"),
    ],
)
def test_a_name_leads_nowhere_and_deceives_nobody(name, safe):
    assert filenames.safe(name) == safe


@given(st.text(max_size=400))
def test_any_name_becomes_a_safe_one(name):
    safe = filenames.safe(name)
    assert 0 < len(safe.encode()) <= 200
    assert not set(safe) & set('/\\:*?"<>|\x00')
    assert filenames.safe(safe) == safe
    assert safe not in (".", "..")


def test_equal_names_get_numbers():
    taken: set[str] = set()
    found = []
    for name in ["Stuk.pdf", "stuk.PDF", "stuk.pdf", "stuk (2).pdf", "zonder", "zonder"]:
        found.append(filenames.unique(name, taken))
        taken.add(found[-1].casefold())
    assert found == ["Stuk.pdf", "stuk (2).PDF", "stuk (3).pdf", "stuk (2) (2).pdf", "zonder", "zonder (2)"]


# --- publishing -------------------------------------------------------------------------------------
def test_the_life_of_an_item(editor):
    item = make_item(status=ItemStatus.DRAFT, published_at=None)
    later = timezone.now() + timedelta(days=2)
    assert actions.publish_item(item, at=later, by=editor).is_under_embargo
    assert actions.publish_item(item, at=later + timedelta(days=1), by=editor).is_under_embargo
    with pytest.raises(ValidationError, match="nog niet te zien"):
        actions.withdraw_item(item, because="x", by=editor)
    assert actions.take_back(item, by=editor).status == ItemStatus.DRAFT
    out = actions.publish_item(item, by=editor)
    assert out.is_visible_now()
    with pytest.raises(ValidationError, match="al te zien"):
        actions.take_back(item, by=editor)
    with pytest.raises(ValidationError, match="niet van"):
        actions.publish_item(item, at=later, by=editor)
    with pytest.raises(ValidationError, match="waarom"):
        actions.withdraw_item(item, because=" ", by=editor)
    assert actions.withdraw_item(item, because="Verouderd.", by=editor).withdrawn_at
    again = actions.publish_item(item, by=editor)
    assert (again.withdrawn_at, again.withdrawn_because) == (None, "")


def test_a_moment_that_has_been_is_now(editor):
    item = make_item(status=ItemStatus.DRAFT, published_at=None)
    before = timezone.now()
    assert actions.publish_item(item, at=before - timedelta(days=9), by=editor).published_at >= before


@pytest.mark.parametrize("act", [actions.publish_item, actions.take_back])
def test_who_may_not_edit_cannot(make_user, act):
    item = make_item(status=ItemStatus.DRAFT, published_at=None)
    for role in (Role.PARTNER, Role.COORDINATOR, Role.AMBTSDRAGER):
        with pytest.raises(PermissionDenied):
            act(item, by=make_user(role))


def test_access_is_set_together(editor):
    item = make_item()
    with pytest.raises(ValidationError):
        actions.set_access(item, record=Access.TEAM, file=Access.PUBLIC, by=editor)
    assert actions.set_access(item, record=Access.PUBLIC, file=Access.TEAM, by=editor).file_access == "team"


def test_a_grant_comes_and_goes(editor, make_user):
    item = make_item(record_access=Access.ORGANISATIONS, file_access=Access.ORGANISATIONS)
    partner = Partner.objects.create(slug="a", name="A", kind="security")
    person, officer = make_user(Role.AMBTSDRAGER), make_user(Role.PARTNER)
    PartnerMember.objects.create(partner=partner, user=officer)
    for to, reader in ((person, person), (partner, officer)):
        actions.grant_item(item, to=to, by=editor)
        actions.grant_item(item, to=to, by=editor)
        assert Item.objects.downloadable_by(reader).filter(pk=item.pk).exists()
        actions.end_grant(item, to=to, by=editor)
        assert not Item.objects.visible_to(reader).filter(pk=item.pk).exists()
    with pytest.raises(PermissionDenied):
        actions.grant_item(item, to=person, by=officer)


def moment(day: str, hour: str):
    year, month, date = day.split("-")
    form = PublishForm({"day_dag": date, "day_maand": month, "day_jaar": year, "time": hour})
    return (
        form.cleaned_data["at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
        if form.is_valid()
        else form.errors
    )


@pytest.mark.parametrize(
    ("day", "hour", "utc"),
    [
        ("2026-07-01", "9:00", "2026-07-01T07:00Z"),
        ("2026-12-01", "9.30", "2026-12-01T08:30Z"),
        ("2026-10-25", "1:59", "2026-10-24T23:59Z"),
        ("2026-10-25", "3:00", "2026-10-25T02:00Z"),
        ("2027-03-28", "1:59", "2027-03-28T00:59Z"),
        ("2027-03-28", "3:00", "2027-03-28T01:00Z"),
        ("2026-12-01", "", "2026-11-30T23:00Z"),
    ],
)
def test_an_embargo_is_dutch_time_to_the_minute(day, hour, utc):
    assert moment(day, hour) == utc


@pytest.mark.parametrize("day", ["2026-10-25", "2027-03-28"])
def test_an_hour_that_is_not_there_or_there_twice_is_asked_again(day):
    assert "klok" in str(moment(day, "2:30"))


def test_what_is_due_for_review_reminds_the_editors_once_a_month(editor, settings, tmp_path):
    settings.MAIL_DIR, settings.ZONES = str(tmp_path), frozenset()
    make_item(review_on=timezone.localdate())
    for _ in range(2):
        tasks.ask_to_review_items(timezone.now())
        run_due()
    (letter,) = tmp_path.glob("*.eml")
    assert "Leidraad" not in letter.read_text()


# --- the command -------------------------------------------------------------------------------------
@pytest.mark.usefixtures("_clean")
def test_who_runs_the_machine_adds_a_large_file(tmp_path, capsys):
    item = make_item()
    film = tmp_path / "film.mp4"
    with film.open("wb") as file:
        file.write(b"\x00\x00\x00\x18ftypisom")
        file.truncate(MOST + 1_000)
    call_command("add_version", "leidraad", str(film))
    assert item.versions.get().size == MOST + 1_000
    with pytest.raises(CommandError, match="er niet"):
        call_command("add_version", "nergens", str(film))
    with pytest.raises(CommandError, match="precies gelijk"):
        call_command("add_version", "leidraad", str(film))


def test_without_a_scanner_the_command_says_so(tmp_path, settings):
    settings.CLAMD_SOCKET = ""
    make_item()
    (tmp_path / "a.txt").write_text("hallo")
    with pytest.raises(CommandError, match="virusscanner"):
        call_command("add_version", "leidraad", str(tmp_path / "a.txt"))
    with pytest.raises(ScannerDown):
        intake.take(tmp_path / "a.txt", "a.txt", title="x")


def test_no_item_stands_in_the_way_of_a_page():
    with pytest.raises(DatabaseError), transaction.atomic():
        make_item("bundel")


def test_who_may_no_longer_keep_it_up_adds_no_version(make_user, sign_in, work):
    partner = Partner.objects.create(slug="a", name="A", kind="security")
    officer, client = make_user(Role.PARTNER), Client()
    member = PartnerMember.objects.create(partner=partner, user=officer)
    item = make_item(partner=partner)
    sign_in(client, officer)
    file = SimpleUploadedFile("stuk.txt", b"inhoud")
    sent = client.post("/mijn/organisatie/uitgaven/leidraad/bestand/", {"file": file})
    assert sent.status_code == 302
    today = timezone.localdate()
    PartnerMember.objects.filter(pk=member.pk).update(
        valid_from=today - timedelta(days=9), valid_until=today - timedelta(days=1)
    )
    work()
    assert not item.versions.exists()
    assert "niet meer bijwerken" in item.uploads.get().why
