"""A member waits, is offered a place, takes it, was there, says what it was like, and gets a certificate."""

from __future__ import annotations

import re
import time

from tests.e2e.face import all_of_it

FULL = "Omgaan met agressie en intimidatie, kleine groep, Utrecht"
WENT_BY = """
from datetime import timedelta
from netwerk.actions import note_attendance
from netwerk.models import TrainingEdition
edition = TrainingEdition.objects.get(name="kleine groep, Utrecht")
for session in edition.sessions.all():
    session.begins_at -= timedelta(days=30)
    session.ends_at -= timedelta(days=30)
    session.save()
    note_attendance(session, edition.signups.placed())
"""
PROPOSING = """
from datetime import timedelta
from django.utils import timezone
from netwerk.models import ThemeRound
year = timezone.localdate().year + 2
now = timezone.now()
ThemeRound.objects.get_or_create(
    year=year, proposals_until=now + timedelta(days=9), votes_until=now + timedelta(days=19)
)
"""


def looked_at(walk, name: str) -> None:
    walk.look(name)
    assert all_of_it(walk.page) == []


def test_the_public_reads_the_agenda_the_trainings_and_the_themes(visit):
    reader = visit()
    for path, name in (("/agenda/", "agenda"), ("/trainingen/", "trainingen"), ("/themas/", "themas")):
        reader.go(path)
        looked_at(reader, name)
    reader.follow("Veilig vergaderen")
    looked_at(reader, "thema")
    reader.go("/agenda/")
    reader.follow("Kennissessie: veilig vergaderen")
    assert "Besluiten" in reader.text()
    looked_at(reader, "bijeenkomst-met-besluiten")
    reader.go("/trainingen/")
    reader.follow("Leergang Ondermijning")
    assert "Bestuurlijke middelen" in reader.text()
    looked_at(reader, "leergang")


def test_a_member_waits_is_offered_the_place_and_gets_a_certificate(visit, portal):
    member, other = visit(), visit()
    member.sign_in("ambtsdrager")
    other.sign_in("organisatiecontact")

    member.go("/mijn/trainingen/")
    looked_at(member, "mijn-trainingen")
    member.follow(FULL)
    member.press("Op de wachtlijst")
    assert "op plaats 1" in member.text()
    looked_at(member, "training-wachtlijst")

    other.go("/mijn/trainingen/")
    other.follow(FULL)
    assert "Download de afspraken" in other.text()
    looked_at(other, "training-ingeschreven")
    other.press("Afmelden")
    assert "U bent afgemeld." in other.text()

    member.go("/mijn/trainingen/")
    looked_at(member, "mijn-trainingen-aanbod")
    member.follow(FULL)
    assert "Wij houden de plek vast tot" in member.text()
    looked_at(member, "training-aanbod")
    member.press("Plek aannemen")
    assert "U bent ingeschreven." in member.text()

    portal.manage("shell", "-c", WENT_BY)
    member.go("/mijn/trainingen/")
    member.follow(re.compile("^geef uw oordeel"))
    member.press("Oordeel versturen")
    assert member.page.title().startswith("Fout:")
    looked_at(member, "oordeel-fout")
    for name in ("useful", "trainer", "prepared"):
        member.page.check(f"input[name={name}][value='4']")
    member.press("Oordeel versturen")
    assert "Dank u wel" in member.text()
    member.press("Deelnamebewijs maken (PDF)")
    until = time.monotonic() + 120
    while "PDF downloaden" not in member.text() and time.monotonic() < until:
        time.sleep(2)
        member.page.reload()
    looked_at(member, "training-gevolgd")
    with member.page.expect_download() as got:
        member.page.get_by_role("link", name="PDF downloaden").click()
    assert got.value.path().read_bytes().startswith(b"%PDF-")
    got.value.save_as(member.pictures / "deelnamebewijs.pdf")


def test_a_member_signs_up_for_a_meeting_without_javascript(visit):
    member = visit(javascript_enabled=False)
    member.sign_in("ambtsdrager")
    member.go("/mijn/agenda/")
    assert "Overleg van de partners" not in member.text()
    member.follow(re.compile("^Netwerkbijeenkomst: aan de slag"))
    assert "Het adres staat hier" not in member.text()
    member.press("Inschrijven")
    assert "Het adres staat hier" in member.text()
    member.press("Afmelden")
    assert "U bent afgemeld." in member.text()


def test_a_partner_proposes_and_votes(visit, portal):
    portal.manage("shell", "-c", PROPOSING)
    officer = visit()
    officer.sign_in("partner")
    officer.go("/mijn/agenda/")
    assert "Overleg van de partners" in officer.text()
    looked_at(officer, "mijn-agenda")
    officer.go("/mijn/themas/")
    officer.press(re.compile("^Stemmen namens"))
    assert "nog 2 van de 3 stemmen" in officer.text()
    looked_at(officer, "mijn-themas")
    officer.follow(re.compile("^Thema voorstellen"))
    looked_at(officer, "thema-voorstellen")
    officer.press("Voorstel indienen")
    assert officer.page.title().startswith("Fout:")


def test_the_office_works_on_a_meeting_and_a_training(visit):
    office = visit()
    office.sign_in("netwerkbeheer")
    office.go("/beheer/netwerk/trainingedition/")
    office.look("beheer-uitvoeringen")
    office.page.locator("#result_list tbody th a").first.click()
    office.look("beheer-uitvoering")
    office.go("/beheer/netwerk/meeting/")
    office.page.locator("#result_list tbody th a").first.click()
    office.look("beheer-bijeenkomst")
    office.go("/beheer/netwerk/signup/")
    office.look("beheer-inschrijvingen")
    office.go("/beheer/netwerk/trainingsession/")
    office.page.locator("#result_list tbody th a").first.click()
    office.look("beheer-sessie")
    office.go("/beheer/netwerk/theme/")
    office.page.locator("#result_list tbody th a").first.click()
    office.look("beheer-thema")
