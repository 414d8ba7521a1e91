"""Trainings: sign up, be there, say what you thought of it, get the certificate."""

from __future__ import annotations

import io
import subprocess
from datetime import timedelta

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from netwerk import certificates
from netwerk.actions import evaluate, move_gathering, note_attendance, sign_up
from netwerk.evaluations import figures
from netwerk.lifecycle import GatheringStatus
from netwerk.models import Attendance, Evaluation, Signup, TrainingSession
from netwerk.models.training import EVALUATE_WITHIN
from weerbaar.accounts.roles import Role
from weerbaar.jobs import run_due

from .gatherings import make_edition, make_training

GOOD = {"useful": 5, "trainer": 4, "prepared": 3}


@pytest.fixture
def member(make_user):
    return make_user(Role.AMBTSDRAGER, name="Mila de Boer")


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def past_edition(days: int = 20, **fields):
    return make_edition(begins_at=timezone.now() - timedelta(days=days), **fields)


def test_the_public_page_tells_everything_but_where_and_who(client, member):
    edition = make_edition(price_note="Zonder kosten.")
    sign_up(edition, by=member)
    page = text(client.get(f"/trainingen/{edition.training.slug}/"))
    assert "grenzen stellen" in page
    assert "Zwolle" in page
    assert "Zonder kosten." in page
    assert "Kamer 9" not in page
    assert "Mila" not in page
    assert edition.training.title in text(client.get("/trainingen/?onderwerp=personal_safety"))
    make_training(topic="integrity", title="Dilemma's")
    assert edition.training.title not in text(client.get("/trainingen/?onderwerp=integrity"))
    assert edition.training.title in text(client.get("/trainingen/?onderwerp=onzin"))


@pytest.mark.parametrize("hidden", ["training", "edition"])
def test_what_is_not_published_is_not_there(client, member, as_user, hidden):
    if hidden == "training":
        edition = make_edition(training=make_training(is_published=False))
        assert client.get(f"/trainingen/{edition.training.slug}/").status_code == 404
    else:
        edition = make_edition(status="draft")
    assert as_user(member).get(f"/mijn/trainingen/{edition.pk}/").status_code == 404
    assert as_user(member).post(f"/mijn/trainingen/{edition.pk}/", {"sign_up": "1"}).status_code == 404


def test_mijn_shows_ones_own_and_nobody_elses(make_user, member, as_user):
    other = make_user(Role.AMBTSDRAGER, name="Karel Ander")
    edition = make_edition()
    sign_up(edition, by=other)
    browser = as_user(member)
    path = f"/mijn/trainingen/{edition.pk}/"
    assert "Karel" not in text(browser.get(path))
    assert "U bent ingeschreven" not in text(browser.get(path))
    for end in ("afspraken.ics", "deelnamebewijs/", "oordeel/"):
        assert browser.get(path + end).status_code == 404
    assert "Kamer 9" not in text(browser.get(path))
    assert "Kamer 9" in text(browser.post(path, {"sign_up": "1"}, follow=True))
    assert text(browser.get(path + "afspraken.ics")).count("BEGIN:VEVENT") == 1
    assert "Ingeschreven" in text(browser.get("/mijn/trainingen/"))


def test_attendance_is_of_who_has_a_place_at_this_training(member, make_user):
    edition, other = past_edition(), past_edition()
    placed = edition.signups.create(user=member, status="placed")
    waits = edition.signups.create(user=make_user(Role.AMBTSDRAGER), status="waiting")
    for session, signup in ((other.sessions.get(), placed), (edition.sessions.get(), waits)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attendance.objects.create(session=session, signup=signup)
    session = edition.sessions.get()
    for _ in range(2):
        note_attendance(session, [placed])
    assert session.attendances.count() == 1
    note_attendance(session, [])
    assert session.attendances.count() == 0


def test_the_trainer_ticks_who_was_there_by_name_and_function(member, make_user, as_user):
    edition = past_edition()
    placed = edition.signups.create(user=member, status="placed")
    edition.signups.create(user=make_user(Role.AMBTSDRAGER, name="Wachtende"), status="waiting")
    session = edition.sessions.get()
    desk = as_user(make_user(Role.NETWERKBEHEER))
    path = f"/beheer/netwerk/trainingsession/{session.pk}/change/"
    page = text(desk.get(path))
    assert "Mila de Boer" in page
    assert member.email not in page
    assert "Wachtende" not in page
    assert desk.post(path, {"present": [placed.pk]}).status_code == 302
    assert list(session.attendances.values_list("signup", flat=True)) == [placed.pk]
    assert "checked" in text(desk.get(path))


@pytest.mark.parametrize(("attended", "earned"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_certificate_is_for_who_was_at_enough_sessions(member, as_user, attended, earned):
    edition = past_edition(sessions=3, days=30, sessions_needed=2)
    signup = edition.signups.create(user=member, status="placed")
    for session in list(edition.sessions.all())[:attended]:
        note_attendance(session, [signup])
    assert Signup.objects.with_attendance().get().earned_certificate == earned
    answer = as_user(member).post(f"/mijn/trainingen/{edition.pk}/deelnamebewijs/")
    assert answer.status_code == (302 if earned else 404)
    if not earned:
        with pytest.raises(LookupError):
            certificates.context(str(signup.pk))


def test_no_certificate_before_the_last_session_is_over(member):
    edition = make_edition(sessions=2, begins_at=timezone.now() - timedelta(days=2))
    signup = edition.signups.create(user=member, status="placed")
    note_attendance(edition.sessions.first(), [signup])
    assert not Signup.objects.with_attendance().get().earned_certificate


def test_the_certificate_is_a_tagged_pdf_with_the_name_and_the_sessions(member, as_user, make_user):
    edition = past_edition(sessions=2, days=30, sessions_needed=1)
    signup = edition.signups.create(user=member, status="placed")
    note_attendance(edition.sessions.first(), [signup])
    browser = as_user(member)
    path = f"/mijn/trainingen/{edition.pk}/deelnamebewijs/"
    assert browser.get(path).status_code == 404
    browser.post(path)
    run_due(timezone.now() + timedelta(hours=1), queue="pdf")
    answer = browser.get(path)
    assert answer["Content-Type"] == "application/pdf"
    found = subprocess.run(["pdftotext", "-", "-"], input=answer.content, capture_output=True, check=True)
    words = found.stdout.decode()
    for word in ("Deelnamebewijs", "Mila de Boer", "Omgaan met agressie", "grenzen stellen"):
        assert word in words
    with pikepdf.open(io.BytesIO(answer.content)) as pdf, pdf.open_metadata() as meta:
        assert meta["pdfuaid:part"] == "1"
        assert pdf.Root.Lang == "nl"
    assert "PDF downloaden" in text(browser.get(f"/mijn/trainingen/{edition.pk}/"))
    assert as_user(make_user(Role.AMBTSDRAGER)).get(path).status_code == 404


def test_an_evaluation_says_not_who_gave_it_and_is_given_once(member, as_user):
    edition = past_edition()
    edition.signups.create(user=member, status="placed")
    browser = as_user(member)
    path = f"/mijn/trainingen/{edition.pk}/oordeel/"
    page = text(browser.post(path, {"useful": "5"}), 422)
    assert "Kies wat u van de trainer vond." in page
    assert "<title>Fout:" in page
    assert browser.post(path, GOOD).status_code == 302
    assert browser.get(path).status_code == 404
    given = Evaluation.objects.get()
    fields = {field.name for field in Evaluation._meta.get_fields()}
    assert fields == {"id", "edition", "useful", "trainer", "prepared"}
    assert (given.useful, given.trainer, given.prepared) == (5, 4, 3)
    with pytest.raises(ValidationError):
        evaluate(Signup.objects.get(), GOOD)
    assert Evaluation.objects.count() == 1


@pytest.mark.parametrize(("days", "can"), [(-3, False), (1, True), (29, True), (31, False)])
def test_an_evaluation_is_possible_for_a_month_after_the_last_session(member, days, can):
    edition = past_edition(days=days)
    signup = edition.signups.create(user=member, status="placed")
    if can:
        evaluate(signup, GOOD)
    else:
        with pytest.raises(ValidationError):
            evaluate(signup, GOOD)


@pytest.mark.parametrize(("answers", "is_shown"), [(0, False), (9, False), (10, True)])
def test_figures_show_from_ten_answers_and_once_nobody_can_answer(answers, is_shown):
    edition = past_edition()
    Evaluation.objects.bulk_create(Evaluation(edition=edition, **GOOD) for _ in range(answers))
    assert "4,0" not in figures(edition)  # the difference of two averages is an answer
    later = timezone.now() + EVALUATE_WITHIN
    assert ("4,0" in figures(edition, later)) == is_shown


def test_an_edition_is_published_with_the_sessions_that_it_needs():

    for edition in (
        make_edition(status="draft", sessions=0),
        make_edition(status="draft", sessions_needed=2),
    ):
        with pytest.raises(ValidationError):
            move_gathering(edition, GatheringStatus.PUBLISHED)
    assert TrainingSession.objects.count() == 1


def test_a_cancelled_training_says_so(member, as_user):
    edition = make_edition(status="cancelled")
    edition.signups.create(user=member, status="placed")
    page = text(as_user(member).get(f"/mijn/trainingen/{edition.pk}/"))
    assert "gaat niet door" in page
    assert "gaat niet door" in text(as_user(member).get("/mijn/trainingen/"))


def test_who_asks_what_is_kept_of_the_account_sees_the_signups(member, as_user):
    sign_up(make_edition(), by=member)
    browser = as_user(member)
    assert "Omgaan met agressie, voorjaar (ingeschreven)" in text(browser.get("/mijn/gegevens/"))
    [one] = browser.get("/mijn/gegevens/json/").json()["inschrijvingen"]
    assert (one["stand"], one["sessies_bijgewoond"]) == ("ingeschreven", 0)
