"""Evidence from form to desk: added one by one, never in clear, seen by who may, taken with a reason."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ondersteuning import actions
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, Evidence
from tests.files.conftest import clamd, scanner_off, scanner_on  # noqa: F401 - fixtures
from tests.files.corpus import CORPUS, EICAR, JPEG, SVG, full_jpeg, full_png, mp4, pdf
from weerbaar.accounts.roles import Role
from weerbaar.audit.models import AccessLog
from weerbaar.files import store, uploads
from weerbaar.files.api import MOST
from weerbaar.files.models import StoredFile
from weerbaar.files.words import REASONS
from weerbaar.jobs import run_due
from weerbaar.pages.models import Draft
from weerbaar.pages.tasks import remove_expired_drafts
from weerbaar.vault import api as vault
from weerbaar.vault.codes import AccessCode

from .walk import ANSWERS, fill_in

STEP = "/melden/bewijs/"
OWN = "/volgen/melding/bewijs/"
PHOTO = full_jpeg()


def chosen(name: str = "foto.jpg", data: bytes = PHOTO, declared: str = JPEG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, declared)


def add(client: Client, *args, **more):
    return client.post(STEP, {"file": chosen(*args), "toevoegen": "1", **more})


def work(settings) -> None:
    zones, settings.ZONES = settings.ZONES, frozenset()
    while run_due():
        pass
    settings.ZONES = zones


def draft_of(client: Client) -> Draft:
    return Draft.find("melden", AccessCode.parse(client.cookies["melding"].value))


def on_disk() -> list[Path]:
    return [path for path in Path(settings.FILES_DIR).rglob("*") if path.is_file()]


@pytest.fixture
def reporter(client):
    """Somebody who has come to the step."""
    fill_in(client, until="bewijs")
    return client


# --- the step ---------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("organisation")
class TestTheStep:
    def test_nothing_is_asked_for(self, reporter):
        assert reporter.post(STEP, {})["Location"] == "/melden/contact/"

    def test_a_file_is_added_and_the_page_comes_again(self, reporter):
        answer = add(reporter, links="https://voorbeeld.invalid/bericht")
        assert (answer.status_code, answer["Location"]) == (303, STEP)
        page = reporter.get(STEP).content.decode()
        assert "foto.jpg" in page
        assert "wordt gecontroleerd" in page
        assert "https://voorbeeld.invalid/bericht" in page  # the text came along
        row = StoredFile.objects.get()
        assert (row.state, row.dossier) == ("waiting", None)
        assert row.expires_at == draft_of(reporter).expires_at

    def test_it_lies_nowhere_in_clear(self, reporter, monkeypatch):
        from django.core.files import uploadhandler

        def never(*args):
            raise AssertionError("a temporary file")

        monkeypatch.setattr(uploadhandler.TemporaryFileUploadHandler, "new_file", never)
        big = b"kanarie in een filmpje " * 500_000  # over what Django keeps in memory
        film = b"\0\0\0\x18ftypisom\0\0\2\0isommp42" + big
        assert add(reporter, "filmpje.mp4", film, "video/mp4").status_code == 303
        (path,) = on_disk()
        assert b"kanarie" not in path.read_bytes()
        assert path.name == StoredFile.objects.get().pk.hex
        assert path.stat().st_size < len(film) + 3 * 65_536

    def test_a_refused_file_costs_no_words_and_leaves_nothing(self, reporter):
        answer = add(reporter, "teken.svg", SVG, "image/svg+xml", links="https://voorbeeld.invalid/x")
        page = answer.content.decode()
        assert answer.status_code == 422
        assert page.count(str(REASONS["active"]).replace("'", "&#x27;")) == 2  # the summary and the field
        assert "https://voorbeeld.invalid/x" in page
        assert on_disk() == []
        assert not StoredFile.objects.exists()

    def test_a_file_that_is_too_large_costs_no_words(self, reporter):
        answer = add(reporter, "film.mp4", b"\0" * 30_000_000, "video/mp4", links="bewaar mij")
        assert answer.status_code == 422
        assert "groter dan 25 MB" in answer.content.decode()
        assert "bewaar mij" in answer.content.decode()
        assert on_disk() == []

    def test_beyond_all_measure_the_answer_is_a_page_too(self, reporter):
        answer = reporter.post(
            STEP, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="99000000"
        )
        assert answer.status_code == 413
        assert "112" in answer.content.decode()

    def test_no_other_page_takes_so_much(self, reporter):
        answer = reporter.post(
            "/melden/verhaal/", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="3000000"
        )
        assert answer.status_code == 413
        answer = reporter.post("/melden/verhaal/", {"narrative": "x", "file": chosen()})
        assert answer.status_code == 303
        assert on_disk() == []

    def test_the_eleventh_is_refused_and_the_ten_stay(self, reporter):
        for number in range(10):
            assert add(reporter, f"{number}.txt", b"tekst", "text/plain").status_code == 303
        answer = add(reporter, "elf.txt", b"tekst", "text/plain")
        assert answer.status_code == 422
        assert str(REASONS["too_many"]) in answer.content.decode()
        assert len(on_disk()) == StoredFile.objects.count() == 10

    def test_ten_files_of_25_mb_fit_and_one_byte_more_does_not(self, reporter):
        """Counted as Windows does: what a computer calls 25 MB is taken in."""
        film = mp4(b"isom")
        largest = film + b"\0" * (MOST - len(film))
        assert MOST == 25 * 1024 * 1024
        for number in range(10):
            assert add(reporter, f"{number}.mp4", largest, "video/mp4").status_code == 303
        held = draft_of(reporter).answers["bewijs"]["files"]
        assert [one["size"] for one in held] == [MOST] * 10
        reporter.post(STEP, {"verwijder": held[0]["id"]})
        assert add(reporter, "te-veel.mp4", largest + b"\0", "video/mp4").status_code == 422

    def test_more_links_than_fit_are_said_and_none_is_lost(self, reporter):
        links = "\n".join(f"https://voorbeeld.invalid/{number}" for number in range(31))
        answer = reporter.post(STEP, {"links": links})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Bij een melding passen 30 links." in page
        assert "https://voorbeeld.invalid/30" in page
        assert reporter.post(STEP, {"links": links.rpartition("\n")[0]}).status_code == 303

    def test_only_the_first_file_of_a_post_counts(self, reporter):
        reporter.post(STEP, {"file": [chosen("een.jpg"), chosen("twee.jpg")], "toevoegen": "1"})
        assert [one["name"] for one in draft_of(reporter).answers["bewijs"]["files"]] == ["een.jpg"]
        assert len(on_disk()) == 1

    def test_a_file_can_be_taken_away_again(self, reporter):
        add(reporter)
        held = draft_of(reporter).answers["bewijs"]["files"][0]
        answer = reporter.post(STEP, {"verwijder": held["id"], "links": "blijft"})
        assert answer["Location"] == STEP
        assert draft_of(reporter).answers["bewijs"] == {"files": [], "links": "blijft"}
        assert StoredFile.objects.get().expires_at <= timezone.now()

    def test_another_ones_file_cannot_be_taken_away(self, reporter):
        add(reporter)
        other = Client()
        fill_in(other, until="bewijs")
        held = draft_of(reporter).answers["bewijs"]["files"][0]
        other.post(STEP, {"verwijder": held["id"]})
        assert StoredFile.objects.get().expires_at > timezone.now()

    def test_a_file_chosen_but_not_added_goes_along_with_next(self, reporter):
        answer = reporter.post(STEP, {"file": chosen()})
        assert answer["Location"] == "/melden/contact/"
        assert len(draft_of(reporter).answers["bewijs"]["files"]) == 1

    def test_add_without_a_file_says_so(self, reporter):
        answer = reporter.post(STEP, {"toevoegen": "1", "links": "blijft staan"})
        assert answer.status_code == 422
        assert str(REASONS["missing"]) in answer.content.decode()
        assert "blijft staan" in answer.content.decode()

    def test_the_check_page_names_it_and_the_way_back_keeps_it(self, reporter):
        add(reporter, links="https://voorbeeld.invalid/x")
        reporter.post(STEP, {"links": "https://voorbeeld.invalid/x"})
        reporter.post("/melden/contact/", ANSWERS["contact"])
        page = reporter.get("/melden/controleren/").content.decode()
        assert "foto.jpg" in page
        assert "https://voorbeeld.invalid/x" in page
        assert "foto.jpg" in reporter.get(f"{STEP}?wijzig").content.decode()

    def test_a_name_cannot_do_anything(self, reporter):
        add(reporter, "<script>alert(1)<\\script>\u202egnp.jpg", PHOTO, JPEG)
        held = draft_of(reporter).answers["bewijs"]["files"][0]
        assert "\u202e" not in held["name"]
        assert "<script>alert" not in reporter.get(STEP).content.decode()

    def test_a_draft_that_lives_on_keeps_its_files(self, reporter):
        add(reporter)
        StoredFile.objects.update(expires_at=timezone.now() + timedelta(hours=1))
        reporter.post("/melden/verhaal/", ANSWERS["verhaal"])
        assert StoredFile.objects.get().expires_at == draft_of(reporter).expires_at

    def test_a_draft_that_expires_takes_them_along(self, reporter):
        from weerbaar.files.tasks import clear_up

        add(reporter)
        later = timezone.now() + timedelta(days=8)
        remove_expired_drafts(later)
        clear_up(later)
        assert not Draft.objects.exists()
        assert on_disk() == []
        assert not StoredFile.objects.exists()

    def test_without_a_valid_token_nothing_is_taken_in_and_the_words_stay(self, organisation):
        client = Client(enforce_csrf_checks=True)
        answer = client.post(STEP, {"file": chosen(), "links": "blijft staan", "toevoegen": "1"})
        assert answer.status_code == 403
        assert "blijft staan" in answer.content.decode()
        assert not StoredFile.objects.exists()
        assert on_disk() == []

    def test_a_file_under_another_name_of_field_leaves_nothing(self, reporter):
        assert reporter.post(STEP, {"iets": chosen()}).status_code == 303
        assert on_disk() == []

    def test_with_a_full_disk_the_report_goes_on(self, reporter, monkeypatch):
        monkeypatch.setattr(store, "LEAST_ROOM", 10**18)
        answer = add(reporter, links="blijft")
        assert answer.status_code == 422
        assert "even geen bestanden" in answer.content.decode()
        assert reporter.post(STEP, {"links": "blijft"}).status_code == 303

    def test_memory_does_not_grow_with_the_file(self, reporter):
        import tracemalloc

        film = b"\0\0\0\x18ftypisom\0\0\2\0isommp42" + b"\0" * 24_000_000
        handler = uploads.SealingHandler
        most = []
        seen = handler.receive_data_chunk

        def watched(self, raw, start):
            most.append(tracemalloc.get_traced_memory()[0])
            return seen(self, raw, start)

        tracemalloc.start()
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(handler, "receive_data_chunk", watched)
                assert add(reporter, "film.mp4", film, "video/mp4").status_code == 303
        finally:
            tracemalloc.stop()
        assert max(most) - most[0] < 2_000_000

    def test_who_only_wants_to_be_counted_leaves_no_files(self, reporter):
        add(reporter)
        reporter.post("/melden/wens/", {"wish": "count"})
        assert reporter.post("/melden/controleren/")["Location"] == "/melden/verstuurd/"
        assert StoredFile.objects.get().expires_at <= timezone.now()


# --- the report -----------------------------------------------------------------------------------------
def report(client, wish: dict | None = None, **more) -> tuple[dict, Case]:
    """A whole report with a photo and two links."""
    changes = {"wens": wish} if wish else {}
    fill_in(client, until="bewijs", **changes, **more)
    add(client, links="https://voorbeeld.invalid/1\nhttps://voorbeeld.invalid/2")
    client.post(STEP, {"links": "https://voorbeeld.invalid/1\nhttps://voorbeeld.invalid/2"})
    client.post("/melden/contact/", ANSWERS["contact"])
    assert client.post("/melden/controleren/").status_code == 303
    return client.get("/melden/verstuurd/").context["result"], Case.objects.get()


@pytest.mark.usefixtures("organisation", "scanner_off")
def test_the_report_is_taken_in_though_nobody_can_scan(client, settings):
    _result, case = report(client)
    work(settings)
    assert case.evidence.count() == 3
    assert StoredFile.objects.released().count() == 0
    assert StoredFile.objects.get().dossier == case.pk


@pytest.mark.usefixtures("organisation", "scanner_on")
def test_the_team_looks_at_a_copy_and_takes_the_original_with_a_reason(client, settings, first_line, sign_in):
    _result, case = report(client)
    work(settings)
    desk = Client()
    sign_in(desk, first_line)
    place = f"/beheer/ondersteuning/case/{case.pk}/"
    assert (
        desk.get(f"{place}bewijs/{case.evidence.files().get().pk}/").status_code == 404
    )  # not taken in hand
    desk.post(f"{place}nemen/", {"version": case.version})
    page = desk.get(f"{place}change/").content.decode()
    assert "foto.jpg" in page
    assert "https://voorbeeld.invalid/1" in page
    assert 'href="https://voorbeeld.invalid' not in page  # never a link to click on
    row = case.evidence.files().get()

    look = desk.get(f"{place}bewijs/{row.pk}/")
    assert 'src="data:image/jpeg;base64,' in look.content.decode()
    assert hashlib.sha256(PHOTO).hexdigest() in look.content.decode()
    assert "img-src 'self' data:" in look.headers["Content-Security-Policy"]

    ask = desk.get(f"{place}bewijs/{row.pk}/origineel/")
    assert "Waarom" in ask.content.decode()
    assert desk.post(f"{place}bewijs/{row.pk}/origineel/", {}).status_code == 422
    taken = desk.post(f"{place}bewijs/{row.pk}/origineel/", {"reason": "aangifte"})
    assert_only_a_download(taken)
    assert b"".join(taken.streaming_content) == PHOTO
    lines = AccessLog.objects.using("audit").filter(dossier=case.pk, result="opened")
    assert "origineel van bewijs gedownload: aangifte" in set(lines.values_list("detail", flat=True))


def assert_only_a_download(response) -> None:
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert "foto" not in response.headers["Content-Disposition"]


@pytest.mark.usefixtures("organisation", "scanner_on")
def test_a_virus_in_a_report_reaches_nobody(client, settings, first_line, sign_in):
    fill_in(client, until="bewijs")
    add(client, "virus.txt", EICAR, "text/plain")
    client.post(STEP, {})
    client.post("/melden/contact/", ANSWERS["contact"])
    client.post("/melden/controleren/")
    code = client.get("/melden/verstuurd/").context["result"]["code"]
    work(settings)
    case = Case.objects.get()
    desk = Client()
    sign_in(desk, first_line)
    place = f"/beheer/ondersteuning/case/{case.pk}/"
    desk.post(f"{place}nemen/", {"version": case.version})
    assert "zit een virus in" in desk.get(f"{place}change/").content.decode()
    row = case.evidence.get()
    assert desk.get(f"{place}bewijs/{row.pk}/").status_code == 404
    assert desk.post(f"{place}bewijs/{row.pk}/origineel/", {"reason": "aangifte"}).status_code == 404
    client.post("/volgen/", {"code": code})
    assert "zit een virus in" in client.get(OWN).content.decode()
    assert client.get(f"{OWN}{row.pk}/origineel/").status_code == 404


@pytest.mark.usefixtures("scanner_on")
def test_who_may_see_evidence(make_case, make_user, sign_in, settings, first_line, griffier, code, take):
    """Handler and reporter; a contact only of what was shared; nobody else, and never another's."""
    case = make_case(wish="both", contacts=[griffier], handler=first_line, files=[take().sealed()])
    other_code = vault.new_access_code()
    other = make_case(access_code=other_code, handler=first_line, files=[take().sealed()])
    work(settings)
    row, strange = case.evidence.get(), other.evidence.get()
    desk = f"/beheer/ondersteuning/case/{case.pk}/bewijs/"
    for role, status in {
        Role.EERSTE_LIJN: 404,
        Role.TWEEDE_LIJN: 404,
        Role.COORDINATOR: 404,
        Role.AUDITOR: 404,
        Role.NETWERKBEHEER: 404,
    }.items():
        client = Client()
        sign_in(client, make_user(role))
        for path in ("", f"{row.pk}/", f"{row.pk}/origineel/"):
            assert client.get(desk + path).status_code in (status, 403), (role, path)
        assert client.post(desk, {"file": chosen()}).status_code in (404, 403)
    handler = Client()
    sign_in(handler, first_line)
    assert handler.get(f"{desk}{row.pk}/").status_code == 200
    assert handler.get(f"{desk}{strange.pk}/").status_code == 404  # of another case

    contact = Client()
    sign_in(contact, griffier.user)
    shared = f"/mijn/organisatie/{case.organisation_report.pk}/"
    assert "foto.jpg" in contact.get(shared).content.decode()
    assert "data:image/jpeg" in contact.get(f"{shared}bewijs/{row.pk}/").content.decode()
    assert_only_a_download(contact.get(f"{shared}bewijs/{row.pk}/origineel/"))
    assert contact.get(f"{shared}bewijs/{strange.pk}/").status_code == 404

    reporter, stranger = Client(), Client()
    reporter.post("/volgen/", {"code": str(code)})
    stranger.post("/volgen/", {"code": str(other_code)})
    assert "data:image/jpeg" in reporter.get(f"{OWN}{row.pk}/").content.decode()
    assert_only_a_download(reporter.get(f"{OWN}{row.pk}/origineel/"))
    assert stranger.get(f"{OWN}{row.pk}/").status_code == 404
    assert Client().get(f"{OWN}{row.pk}/")["Location"] == "/volgen/"


@pytest.fixture
def take(settings):
    """take(name, data): a file in a draft, as `files.Facts`."""
    from tests.files.conftest import Asked
    from weerbaar.files import actions as file_actions
    from weerbaar.files.cell.formats import BY_EXTENSION, extension_of
    from weerbaar.files.forms import Examined

    def one(name: str = "foto.jpg", data: bytes = PHOTO):
        handler = uploads.SealingHandler(Asked())
        with pytest.raises(uploads.StopFutureHandlers):
            handler.new_file("file", name, "", None, None, {})
        handler.receive_data_chunk(data, 0)
        examined = Examined(handler.file_complete(len(data)), BY_EXTENSION[extension_of(name)])
        return file_actions.take_in(examined, expires_at=timezone.now() + timedelta(days=7))

    return one


def test_the_team_reads_nothing_of_a_report_for_the_organisation_alone(make_case, griffier, take, code):
    case = make_case(wish="organisation", contacts=[griffier], files=[take().sealed()], links="link")
    assert case.evidence.filter(facts_for_organisation__isnull=False).count() == 2
    with vault.open(case, by=griffier.user, purpose=vault.Purpose.SHARED) as content:
        assert content.of(case.evidence.files().get()).facts_for_organisation["name"] == "foto.jpg"


def test_what_the_team_gets_is_not_shared_with_the_organisation(make_case, griffier, take):
    case = make_case(wish="team", files=[take().sealed()], links="link")
    assert case.evidence.filter(facts_for_organisation__isnull=True).count() == 2


def test_files_that_were_gone_already_are_no_evidence(make_case, take):
    facts = take()
    StoredFile.objects.all().delete()
    case = make_case(files=[facts.sealed()])
    assert not case.evidence.exists()


def test_one_file_belongs_to_one_report(make_case, take):
    facts = take().sealed()
    first = make_case(files=[facts, facts])
    second = make_case(access_code=vault.new_access_code(), files=[facts])
    assert (first.evidence.count(), second.evidence.count()) == (1, 0)


# --- later ------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("scanner_on")
def test_a_reporter_adds_evidence_later(make_case, code, settings, first_line, client):
    case = make_case(handler=first_line)
    client.post("/volgen/", {"code": str(code)})
    assert "Uw bewijs" in client.get("/volgen/melding/").content.decode()
    answer = client.post(OWN, {"file": chosen("brief.pdf", pdf(3), "application/pdf"), "links": "link een"})
    assert answer.status_code == 303, answer.content.decode()
    assert "Toegevoegd" in client.get(answer["Location"]).content.decode()
    work(settings)
    row = case.evidence.files().get()
    page = client.get(f"{OWN}{row.pk}/?bladzijde=2").content.decode()
    assert "Bladzijde 2 van 3" in page
    for wrong in ("0", "4", "x", "-1", "99999999", "²"):
        assert client.get(f"{OWN}{row.pk}/", {"bladzijde": wrong}).status_code in (200, 404)
    from weerbaar.jobs.models import Job

    assert Job.objects.filter(
        name="ondersteuning.tell_handler", key__startswith=f"evidence:{case.pk}"
    ).exists()


def test_a_refused_file_later_costs_no_words_either(make_case, code, client):
    make_case()
    client.post("/volgen/", {"code": str(code)})
    answer = client.post(OWN, {"file": chosen("x.exe", b"MZ", ""), "links": "bewaar mij"})
    assert answer.status_code == 422
    assert "bewaar mij" in answer.content.decode()
    assert on_disk() == []
    empty = client.post(OWN, {})
    assert empty.status_code == 422


def test_the_eleventh_file_later_is_refused_too_and_its_words_stay(make_case, code, client, take):
    case = make_case(files=[take().sealed() for _ in range(10)])
    client.post("/volgen/", {"code": str(code)})
    answer = client.post(OWN, {"file": chosen(), "links": "bewaar mij"})
    assert answer.status_code == 422
    assert str(REASONS["too_many"]) in answer.content.decode()
    assert "bewaar mij" in answer.content.decode()
    assert case.evidence.count() == StoredFile.objects.count() == len(on_disk()) == 10


def test_links_that_no_longer_fit_later_are_said_and_none_is_lost(make_case, code, client):
    case = make_case(links="\n".join("link" for _ in range(29)))
    client.post("/volgen/", {"code": str(code)})
    answer = client.post(OWN, {"file": chosen(), "links": "link dertig\nlink eenendertig"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Er is nog plaats voor 1." in page
    assert "link eenendertig" in page
    assert case.evidence.count() == 29
    assert client.post(OWN, {"links": "link dertig"}).status_code == 303
    assert case.evidence.count() == 30


def test_a_withdrawn_report_takes_nothing_more(make_case, code, client):
    case = make_case(status=Status.WITHDRAWN)
    client.post("/volgen/", {"code": str(code)})
    assert "Bewijs toevoegen" not in client.get(OWN).content.decode()
    assert client.post(OWN, {"links": "te laat"}).status_code == 422
    assert not case.evidence.exists()


@pytest.mark.usefixtures("scanner_on")
def test_a_colleague_adds_what_came_by_mail(make_case, first_line, sign_in, settings, code):
    case = make_case(handler=first_line, status=Status.IN_TRIAGE)
    desk = Client()
    sign_in(desk, first_line)
    place = f"/beheer/ondersteuning/case/{case.pk}/bewijs/"
    assert desk.post(place, {"file": chosen("x.docm", b"x", "")}).status_code == 422
    answer = desk.post(place, {"file": chosen("scherm.png", full_png(), "image/png")})
    assert answer.status_code == 302, answer.content.decode()
    work(settings)
    row = case.evidence.get()
    assert (row.side, row.author) == ("team", first_line)
    reporter = Client()
    reporter.post("/volgen/", {"code": str(code)})
    assert "toegevoegd door het team" in reporter.get(OWN).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_evidence(
    make_case, first_line, sign_in, take, django_assert_num_queries
):
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    desk = Client()
    sign_in(desk, first_line)
    counts = []
    for files in (1, 10):
        case = make_case(
            handler=first_line,
            status=Status.IN_TRIAGE,
            access_code=vault.new_access_code(),
            files=[take().sealed() for _ in range(files)],
            links="\n".join("link" for _ in range(files)),
        )
        path = f"/beheer/ondersteuning/case/{case.pk}/change/"
        desk.get(path)
        with CaptureQueriesContext(connections["default"]) as seen:
            assert desk.get(path).content.decode().count("foto.jpg") >= files
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_shredding_closes_the_evidence_and_the_files_go(make_case, take, first_line):
    from weerbaar.files.tasks import clear_up

    case = make_case(handler=first_line, files=[take().sealed()])
    row = case.evidence.get()
    vault.shred(case)
    clear_up(timezone.now())
    assert on_disk() == []
    assert not Evidence.objects.filter(pk=row.pk).exists()


def test_a_report_that_is_sent_twice_has_its_evidence_once(client, organisation):
    _result, case = report(client)
    assert client.post("/melden/controleren/").status_code == 303
    assert Evidence.objects.filter(case=case).count() == 3
    with pytest.raises(PermissionDenied):
        actions.add_evidence(case, file=None, links="x", visit="geen bezoek")


# --- the whole corpus, over HTTP ---------------------------------------------------------------------------
@pytest.mark.usefixtures("scanner_on")
def test_of_the_corpus_nothing_active_is_ever_served_inline(make_case, code, client, settings, monkeypatch):
    """All that is taken in, fetched again by every address there is: downloads and our own pictures."""
    monkeypatch.setattr("ondersteuning.actions.evidence.MOST_FILES", 100)
    case = make_case()
    client.post("/volgen/", {"code": str(code)})
    taken = refused = inline = 0
    for one in CORPUS:
        answer = client.post(OWN, {"file": SimpleUploadedFile(one.name, one.data, one.declared or None)})
        assert (answer.status_code == 303) == (one.reason is None), (ascii(one.name), answer.status_code)
        taken, refused = taken + (answer.status_code == 303), refused + (answer.status_code == 422)
    work(settings)
    assert case.evidence.count() == taken
    for row in case.evidence.with_file():
        look, original = client.get(f"{OWN}{row.pk}/"), client.get(f"{OWN}{row.pk}/origineel/")
        if original.status_code == 200:
            assert_headers(original)
        else:
            assert row.file.state == "infected"
        if look.status_code == 200:
            inline += look.content.decode().count("data:image/jpeg;base64,")
            assert "<script>alert" not in look.content.decode()
    print(f"corpus of {len(CORPUS)}: {taken} taken in, {refused} refused, {inline} pictures shown")
    assert StoredFile.objects.filter(state="infected").count() == 2


def assert_headers(response) -> None:
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]
