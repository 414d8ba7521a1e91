"""Asking for a document, having it made by a job, and reading it: once for each content, sealed, in parts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.documents.papers import Paper
from tests.documents.pdf import text_of
from weerbaar.audit.api import AccessLog, Purpose, Result
from weerbaar.documents import api as documents
from weerbaar.documents import tasks
from weerbaar.documents.api import Rendering, State
from weerbaar.documents.kinds import kind_of
from weerbaar.documents.render import PangoMissing
from weerbaar.jobs import run_due
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault


@pytest.fixture
def fake_press(monkeypatch):
    """Counts pages in place of printing them."""
    pages = []

    def press(html):
        pages.append(html)
        return b"%PDF-" + html.encode()

    monkeypatch.setattr(tasks, "render_pdf", press)
    return pages


@pytest.fixture
def no_pango(monkeypatch):
    def press(html):
        raise PangoMissing

    monkeypatch.setattr(tasks, "render_pdf", press)


def run_pdfs() -> int:
    return run_due(timezone.now() + timedelta(hours=1), queue="pdf")


def test_a_document_is_made_by_a_job_and_read_by_whom_it_is_for(paper, code, handler):
    rendering = documents.request(paper, "paper", audience="melder", code=code)
    assert (rendering.state, rendering.is_ready) == (State.WAITING, False)
    assert run_pdfs() == 1
    rendering.refresh_from_db()
    assert rendering.is_ready
    with vault.open(paper, code=code, purpose=Purpose.PDF) as content:
        found = text_of(documents.read(rendering, content))
        response = documents.download(rendering, content)
    assert "Er stond iemand bij de deur." in found
    assert "Alleen voor het team" not in found
    assert "Gemaakt op" in found
    assert response["Content-Disposition"] == f'attachment; filename="document-{rendering.pk.hex[:8]}.pdf"'
    assert response["Content-Type"] == "application/pdf"


def test_the_reporter_cannot_open_what_is_for_the_team(paper, code, handler, fake_press):
    rendering = documents.request(paper, "paper", audience="team", by=handler)
    run_pdfs()
    rendering.refresh_from_db()
    with vault.open(paper, by=handler, purpose=Purpose.PDF) as content:
        assert b"Alleen voor het team" in documents.read(rendering, content)
    with (
        vault.open(paper, code=code, purpose=Purpose.PDF) as content,
        pytest.raises(vault.NoKey),
    ):
        documents.read(rendering, content)


def test_the_database_holds_no_word_of_it(paper, handler, fake_press):
    documents.request(paper, "paper", audience="team", by=handler)
    run_pdfs()
    row = repr(list(Rendering.objects.values())) + repr(list(Job.objects.values()))
    assert "deur" not in row
    pdf = Rendering.objects.get().pdf
    assert b"deur" not in pdf._ciphertext
    assert str(pdf) == "•••"


def test_the_same_content_is_printed_once(paper, code, handler, fake_press):
    first = documents.request(paper, "paper", audience="melder", code=code)
    assert documents.request(paper, "paper", audience="melder", by=handler) == first
    run_pdfs()
    again = documents.request(paper, "paper", audience="melder", code=code)
    assert again == first
    assert again.is_ready
    assert run_pdfs() == 0
    assert len(fake_press) == 1


def test_another_content_another_audience_or_another_dossier_is_another_document(
    paper, code, handler, fake_press
):
    melder = documents.request(paper, "paper", audience="melder", by=handler)
    team = documents.request(paper, "paper", audience="team", by=handler)
    vault.write(paper, body="Later kwam hij terug.")
    later = documents.request(paper, "paper", audience="melder", by=handler)
    assert len({melder.digest, team.digest, later.digest}) == 3
    run_pdfs()
    # the version that was overtaken is gone, so no old copy lies about
    assert set(Rendering.objects.values_list("pk", flat=True)) == {team.pk, later.pk}
    assert documents.latest(paper, "paper", audience="melder") == later
    assert documents.latest(paper, "paper", audience="team") == team


def test_readers_of_another_compartment_get_a_row_of_their_own_even_for_equal_pages(handler):
    paper = vault.new(Paper, readers=[vault.Team.ONDERSTEUNING], content={"body": "Gelijk", "remark": ""})
    rows = [documents.request(paper, "paper", audience=one, by=handler) for one in ("melder", "team")]
    assert [row.compartment for row in rows] == ["shared", "internal"]


def test_what_is_compared_does_not_hold_the_time(paper, handler):
    with vault.open(paper, by=handler, purpose=Purpose.PDF) as content:
        compared = kind_of("paper").page(paper, content, "team")
        printed = kind_of("paper").page(paper, content, "team", made_on=timezone.now())
    assert "Gemaakt op" not in compared
    assert "Gemaakt op" in printed


def test_two_dossiers_with_the_same_content_do_not_show_it(handler, fake_press):
    papers = [
        vault.new(Paper, readers=[vault.Team.ONDERSTEUNING], content={"body": "Gelijk", "remark": ""})
        for _ in range(2)
    ]
    digests = {documents.request(one, "paper", audience="team", by=handler).digest for one in papers}
    assert len(digests) == 2


def test_asking_and_making_are_both_in_the_access_log(paper, handler, fake_press):
    documents.request(paper, "paper", audience="team", by=handler)
    run_pdfs()
    rows = AccessLog.objects.filter(dossier=paper.pk, purpose=Purpose.PDF, result=Result.OPENED).order_by(
        "id"
    )
    assert [(row.actor_name, row.role) for row in rows] == [
        ("Anna", "eerste_lijn"),
        ("documenten", "systeem"),
    ]


def test_without_pango_the_row_says_so_and_the_job_is_parked_at_once(paper, handler, no_pango):
    rendering = documents.request(paper, "paper", audience="team", by=handler)
    for _ in range(5):
        run_pdfs()
    rendering.refresh_from_db()
    assert rendering.state == State.FAILED
    assert "ontbreekt pango" in rendering.error
    jobs = list(
        Job.objects.filter(queue="pdf").order_by("id").values_list("name", "state", "attempts", "last_error")
    )
    assert jobs == [
        ("weerbaar.documents.make_pdf", "done", 1, ""),
        ("weerbaar.documents.make_pdf_again", "parked", 1, "PangoMissing"),
    ]


def test_what_failed_is_made_when_it_is_asked_for_again(paper, handler, no_pango, monkeypatch):
    rendering = documents.request(paper, "paper", audience="team", by=handler)
    run_pdfs()
    monkeypatch.setattr(tasks, "render_pdf", lambda html: b"%PDF-")
    again = documents.request(paper, "paper", audience="team", by=handler)
    assert (again.pk, again.state, again.error) == (rendering.pk, State.WAITING, "")
    run_pdfs()
    again.refresh_from_db()
    assert (again.state, again.error) == (State.DONE, "")


def test_what_failed_is_made_when_the_parked_job_is_retried(paper, handler, no_pango, monkeypatch):
    rendering = documents.request(paper, "paper", audience="team", by=handler)
    run_pdfs()
    run_pdfs()
    monkeypatch.setattr(tasks, "render_pdf", lambda html: b"%PDF-")
    assert Job.objects.filter(queue="pdf", state="parked").retry() == 1
    run_pdfs()
    rendering.refresh_from_db()
    assert rendering.is_ready


def test_a_dossier_that_was_shredded_meanwhile_gets_no_document(paper, handler, fake_press):
    documents.request(paper, "paper", audience="team", by=handler)
    vault.shred(paper)
    run_pdfs()
    assert not Rendering.objects.exists()
    assert fake_press == []


def test_typed_html_stays_text(handler, fake_press):
    paper = vault.new(
        Paper,
        readers=[vault.Team.ONDERSTEUNING],
        content={"body": '<img src="file:///etc/passwd">', "remark": ""},
    )
    documents.request(paper, "paper", audience="team", by=handler)
    run_pdfs()
    assert "&lt;img" in fake_press[0]
    assert "<img" not in fake_press[0]


def test_an_unknown_kind_or_audience_is_refused_before_anything_is_opened(paper, handler):
    with pytest.raises(LookupError):
        documents.request(paper, "brief", audience="team", by=handler)
    with pytest.raises(LookupError):
        documents.request(paper, "paper", audience="buren", by=handler)
    assert not AccessLog.objects.filter(dossier=paper.pk).exists()


def test_the_database_refuses_a_finished_document_without_a_pdf(paper):
    with pytest.raises(IntegrityError), transaction.atomic():
        Rendering.objects.create(
            dossier=paper.pk,
            kind="paper",
            audience="team",
            digest="x",
            compartment="shared",
            state=State.DONE,
        )


def test_a_document_is_gone_after_a_day_and_made_again_when_asked(paper, handler, fake_press):
    first = documents.request(paper, "paper", audience="team", by=handler)
    run_pdfs()
    now = timezone.now()
    tasks.drop_old_documents(now + timedelta(hours=23))
    assert Rendering.objects.filter(pk=first.pk).exists()
    tasks.drop_old_documents(now + timedelta(hours=25))
    assert not Rendering.objects.exists()
    again = documents.request(paper, "paper", audience="team", by=handler)
    run_pdfs()
    again.refresh_from_db()
    assert again.is_ready
