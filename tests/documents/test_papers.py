"""A paper of no dossier: ordered in the zone of accounts, printed by the worker, sealed, once a page."""

from __future__ import annotations

import io
import subprocess
from datetime import timedelta

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils import timezone

from weerbaar.audit.api import AccessLog, Purpose, Result
from weerbaar.documents import api as documents
from weerbaar.documents import papers, tasks
from weerbaar.documents.models import PrintOrder, Sheet, State
from weerbaar.documents.render import PangoMissing
from weerbaar.jobs import run_due
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault
from weerbaar.vault.models import Lockbox
from weerbaar.zones import Zone


@pytest.fixture(autouse=True)
def names(monkeypatch):
    """Whom a certificate is about, by id; who is taken out is gone."""
    found = {"7": "Mila de Boer"}

    def context(subject):
        return {"name": found[subject]}

    kind = papers.PaperKind("certificate", "certificate_pdf.html", context, "Bewijs", "bewijs")
    monkeypatch.setitem(papers.PAPERS, "certificate", kind)
    return found


@pytest.fixture
def fake_press(monkeypatch):
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


def order_of(subject="7") -> PrintOrder:
    return documents.order_paper("certificate", subject)


def test_a_paper_is_printed_by_a_job_and_fetched_with_a_line_in_the_log(make_user):
    order = order_of(7)
    assert (order.state, order.is_ready) == (State.WAITING, False)
    assert run_pdfs() == 1
    order.refresh_from_db()
    assert order.is_ready
    assert documents.last_order("certificate", 7) == order
    reader = make_user()
    response = documents.fetch_paper(order, by=reader)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="bewijs-{order.pk.hex[:8]}.pdf"'
    found = subprocess.run(["pdftotext", "-", "-"], input=response.content, capture_output=True, check=True)
    assert "Mila de Boer" in found.stdout.decode()
    with pikepdf.open(io.BytesIO(response.content)) as pdf, pdf.open_metadata() as meta:
        assert meta["pdfuaid:part"] == "1"
        assert pdf.Root.Lang == "nl"
    row = AccessLog.objects.get(dossier=order.sheet.pk)
    assert (row.actor_id, row.purpose, row.result) == (reader.pk, Purpose.PDF, Result.OPENED)


def test_the_database_holds_no_word_of_it(fake_press):
    order_of()
    run_pdfs()
    tables = [PrintOrder, Sheet, Job, Lockbox]
    assert "Mila" not in "".join(repr(list(table.objects.values())) for table in tables)
    assert b"Mila" not in Sheet.objects.get().pdf._ciphertext
    assert set(Lockbox.objects.values_list("reader", "compartment")) == {("zone:mijn", "organisation")}


def test_no_other_zone_can_open_it(fake_press, settings, make_user):
    order = order_of()
    run_pdfs()
    settings.VAULT_PRIVATE_KEYS = [key for key in settings.VAULT_PRIVATE_KEYS if key.startswith("team:")]
    with pytest.raises(vault.NoKey):
        documents.fetch_paper(order, by=make_user())


def test_the_same_page_is_printed_once_and_another_replaces_it(fake_press, names):
    first = order_of()
    assert order_of() == first
    run_pdfs()
    assert order_of() == first
    assert run_pdfs() == 0
    names["7"] = "Mila Bakker"
    second = order_of()
    assert second.digest != first.digest
    run_pdfs()
    assert list(PrintOrder.objects.all()) == [second]
    assert set(Lockbox.objects.values_list("dossier", flat=True)) == {Sheet.objects.get().pk}
    assert len(fake_press) == 2


def test_two_subjects_with_equal_pages_have_each_their_own(fake_press, names):
    names["8"] = names["7"]
    assert order_of("7").digest != order_of("8").digest


def test_the_digest_cannot_be_made_without_the_key(settings):
    first = order_of().digest
    PrintOrder.objects.all().delete()
    with override_settings(VAULT_OWNER_KEY="A" * 43 + "="):
        assert order_of().digest != first


def test_what_cannot_be_printed_says_why_and_is_tried_when_asked_again(no_pango, monkeypatch):
    order = order_of()
    run_pdfs()
    run_pdfs()
    order.refresh_from_db()
    assert (order.has_failed, order.is_ready) == (True, False)
    assert "ontbreekt pango" in order.error
    jobs = Job.objects.filter(queue="pdf").order_by("id").values_list("name", "state")
    assert list(jobs) == [
        ("weerbaar.documents.print_paper", "done"),
        ("weerbaar.documents.print_paper_again", "parked"),
    ]
    monkeypatch.setattr(tasks, "render_pdf", lambda html: b"%PDF-")
    again = order_of()
    assert (again.pk, again.state, again.error) == (order.pk, State.WAITING, "")
    run_pdfs()
    again.refresh_from_db()
    assert again.is_ready
    Job.objects.filter(state="parked").retry()
    run_pdfs()  # a person presses retry too: it is there already
    assert Sheet.objects.count() == 1


def test_what_it_was_about_went_away(fake_press, names):
    order_of()
    del names["7"]
    run_pdfs()
    assert not PrintOrder.objects.exists()
    assert fake_press == []


def test_who_knows_no_such_paper_gets_none():
    with pytest.raises(LookupError):
        documents.order_paper("brief", 7)
    with pytest.raises(LookupError):
        order_of("9")


@pytest.mark.parametrize("zone", [Zone.PUBLIEK, Zone.BEHEER])
def test_the_other_zones_cannot_order(zone, settings):
    settings.ZONES = frozenset({zone})
    with pytest.raises(PermissionDenied), transaction.atomic():
        order_of()


def test_a_paper_and_its_key_are_gone_after_a_day(fake_press):
    order = order_of()
    run_pdfs()
    now = timezone.now()
    tasks.drop_old_papers(now + timedelta(hours=23))
    assert PrintOrder.objects.filter(pk=order.pk).exists()
    tasks.drop_old_papers(now + timedelta(hours=25))
    assert not PrintOrder.objects.exists()
    assert not Sheet.objects.exists()
    assert not Lockbox.objects.exists()
    assert order_of().pk != order.pk
    run_pdfs()
    assert len(fake_press) == 2


def test_the_database_refuses_a_finished_order_without_a_time():
    with pytest.raises(IntegrityError), transaction.atomic():
        PrintOrder.objects.create(kind="certificate", subject="7", digest="x", state=State.DONE)
