"""The basisprogramma, the emergency card, and the starter package with its talk."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from netwerk import basis
from netwerk.actions import ask_talk, move_talk, tick_step, withdraw_talk
from netwerk.functions import Function, Layer
from netwerk.lifecycle import TALK_NEXT, TalkStatus
from netwerk.models import Membership, NormSignature, Organisation, StarterOffer, StarterTalk, StepTick
from netwerk.tasks.basis import offer_starter_package
from weerbaar.accounts.roles import Role
from weerbaar.jobs import run_due
from weerbaar.jobs.models import Job


@pytest.fixture
def almere():
    return Organisation.objects.create(code="GM0034", name="Almere", layer=Layer.GEMEENTE)


@pytest.fixture
def holder(almere, make_user):
    user = make_user(Role.AMBTSDRAGER)
    hold(user, almere)
    return user


def hold(user, organisation, function=Function.RAADSLID, **fields):
    return Membership.objects.create(
        user=user, organisation=organisation, function=function, **{"confirmed_at": timezone.now()} | fields
    )


def sign(organisation, kind="norm", **fields):
    fields = {"valid_until": timezone.localdate() + timedelta(days=9), "signed_as": "griffier"} | fields
    return NormSignature.objects.create(organisation=organisation, kind=kind, **fields)


def keys(user):
    return [step.key for step in basis.steps_for(user)]


def line(user, key):
    return next(line for line in basis.programme(user) if line.step.key == key)


@pytest.mark.parametrize("function", Function)
def test_the_steps_fit_the_function(almere, make_user, function):
    user = make_user(Role.AMBTSDRAGER)
    hold(user, almere, function)
    expected = [step.key for step in basis.OWN_STEPS if step.for_whom is None or function in step.for_whom]
    assert [key for key in keys(user) if key in {step.key for step in basis.OWN_STEPS}] == expected
    assert ("home_scan" in keys(user)) == function.may_home_scan
    assert ("confidant" in keys(user)) == (function.layer is not None)


def test_who_holds_nothing_yet_still_finds_the_card(make_user):
    assert keys(make_user(Role.AMBTSDRAGER)) == ["emergency_card"]


def test_an_ended_or_unconfirmed_function_brings_no_steps(almere, make_user):
    user, today = make_user(Role.AMBTSDRAGER), timezone.localdate()
    hold(user, almere, confirmed_at=None)
    hold(user, almere, Function.WETHOUDER, valid_from=today - timedelta(days=9), valid_until=today)
    assert keys(user) == ["emergency_card"]


def test_another_app_adds_or_replaces_a_step(holder, monkeypatch):
    monkeypatch.setattr(basis, "STEPS", dict(basis.STEPS))
    known = basis.Step("home_scan", 20, "Woningscan", "…", is_done=lambda user: user == holder)
    basis.register(known)
    basis.register(basis.Step("first", 1, "Eerst", "…"))
    assert keys(holder)[0] == "first"
    assert keys(holder).count("home_scan") == 1
    assert (line(holder, "home_scan").is_done, line(holder, "home_scan").is_known) == (True, True)


def test_a_link_is_shown_only_where_there_is_a_page(holder, monkeypatch):
    steps = {"a": basis.Step("a", 1, "A", "…", "/nergens/"), "b": basis.Step("b", 2, "B", "…", "/norm/")}
    monkeypatch.setattr(basis, "STEPS", steps)
    assert [one.link for one in basis.programme(holder)] == ["", "/norm/"]


def test_the_norm_is_done_once_the_own_organisation_stands_by_it(holder, almere):
    assert (line(holder, "norm").is_done, line(holder, "norm").is_known) == (False, True)
    elsewhere = Organisation.objects.create(code="GM0184", name="Urk", layer=Layer.GEMEENTE)
    sign(elsewhere)
    sign(almere, "code")
    assert not line(holder, "norm").is_done
    signature = sign(almere)
    assert line(holder, "norm").is_done
    NormSignature.objects.filter(pk=signature.pk).update(
        valid_until=timezone.localdate(), signed_on="2020-01-01"
    )
    assert not line(holder, "norm").is_done


def test_a_talk_that_was_held_ticks_itself_and_another_is_ticked_by_hand(holder, make_user):
    assert (line(holder, "confidant").is_done, line(holder, "confidant").is_known) == (False, False)
    tick_step(holder, "confidant", is_done=True)
    assert line(holder, "confidant").is_done
    tick_step(holder, "confidant", is_done=False)
    planner = make_user(Role.EERSTE_LIJN)
    talk = ask_talk(holder, way="phone", moment="morning")
    for to in (TalkStatus.ACCEPTED, TalkStatus.DONE):
        move_talk(talk, to, by=planner)
    assert (line(holder, "confidant").is_done, line(holder, "confidant").is_known) == (True, True)


def test_ticking_twice_is_ticking_once_and_only_for_oneself(client, sign_in, holder, almere, make_user):
    neighbour = make_user(Role.AMBTSDRAGER)
    hold(neighbour, almere)
    sign_in(client, holder)
    for _ in range(2):
        answer = client.post("/mijn/basisprogramma/stap/training/")
        assert answer.url == "/mijn/basisprogramma/#training"
    assert StepTick.objects.count() == 1
    page = client.get("/mijn/basisprogramma/").content.decode()
    assert "<strong>1 van 7</strong> gedaan" in page
    assert not line(neighbour, "training").is_done
    client.post("/mijn/basisprogramma/stap/training/", {"undo": "1"})
    assert not StepTick.objects.exists()


def test_what_the_portal_knows_itself_and_what_is_not_there_cannot_be_ticked(client, sign_in, holder):
    sign_in(client, holder)
    assert client.post("/mijn/basisprogramma/stap/norm/").status_code == 404
    assert client.post("/mijn/basisprogramma/stap/onzin/").status_code == 404
    assert not StepTick.objects.exists()


def test_the_programme_costs_the_same_for_one_function_and_for_ten(client, sign_in, holder, almere):
    def cost():
        with CaptureQueriesContext(connection) as found:
            assert client.get("/mijn/basisprogramma/").status_code == 200
        return len(found)

    sign_in(client, holder)
    cost()
    before = cost()
    for number in range(10):
        place = Organisation.objects.create(
            code=f"GM01{number:02}", name=f"Plaats {number}", layer="gemeente"
        )
        hold(holder, place)
        sign(place)
        tick_step(holder, basis.OWN_STEPS[number % 3].key, is_done=True)
    assert cost() == before == 6


# --- the emergency card


def counts():
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


CARD = {"near_name": "Buurvrouw Bea", "near_phone": "06 1234 5678", "organisation_phone": "0101234567"}


def test_the_card_shows_the_numbers_and_keeps_nothing(client, sign_in, holder):
    sign_in(client, holder)
    client.get("/mijn/basisprogramma/noodkaart/")
    before = counts()
    answer = client.post("/mijn/basisprogramma/noodkaart/", CARD)
    page = answer.content.decode()
    assert counts() == before
    assert answer["Cache-Control"] == "no-store"
    for words in ("112", "0900-8844", "Buurvrouw Bea", 'href="tel:+31612345678"', 'href="tel:+31101234567"'):
        assert words in page, words
    assert "wijkagent" not in page  # what was left empty is not on it


def test_on_the_islands_the_number_is_911(client, sign_in, make_user):
    saba = Organisation.objects.create(code="COL02", name="Saba", layer=Layer.OPENBAAR_LICHAAM)
    user = make_user(Role.AMBTSDRAGER)
    hold(user, saba, Function.EILANDSRAADSLID)
    sign_in(client, user)
    page = client.post("/mijn/basisprogramma/noodkaart/", CARD).content.decode()
    card = page[page.index('class="noodkaart"') :]
    assert "911" in card
    assert "0900-8844" not in card
    assert "tel:112" not in card


def test_a_name_without_a_number_and_a_number_that_is_none_are_asked_again(client, sign_in, holder):
    sign_in(client, holder)
    answer = client.post(
        "/mijn/basisprogramma/noodkaart/", {"near_name": "Bea", "police_phone": "weet ik niet"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Vul ook het telefoonnummer in" in page
    assert "Vul een telefoonnummer in zoals" in page
    assert 'value="Bea"' in page
    assert 'value="weet ik niet"' in page


def test_going_back_from_the_card_loses_nothing(client, sign_in, holder):
    sign_in(client, holder)
    answer = client.post("/mijn/basisprogramma/noodkaart/", CARD | {"back": "1"})
    assert answer.status_code == 200
    assert 'value="Buurvrouw Bea"' in answer.content.decode()


# --- the starter package


@pytest.fixture
def as_worker(settings):
    """A worker serves no zone, and may ask for any job."""
    settings.ZONES = frozenset()


@pytest.fixture
def letters(settings, tmp_path):
    settings.MAIL_DIR = str(tmp_path)

    def sent():
        run_due()
        return sorted(
            next(row for row in path.read_text().splitlines() if row.startswith("To:"))
            for path in tmp_path.glob("*.eml")
        )

    return sent


def test_the_package_is_offered_once_when_an_office_begins(holder, letters, as_worker):
    for _ in range(3):
        offer_starter_package(timezone.now())
    assert StarterOffer.objects.count() == 1
    assert letters() == [f"To: {holder.email}"]
    assert Job.objects.filter(name="netwerk.basis.tell_starter").count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"confirmed_at": None},
        {"valid_from": timezone.localdate() + timedelta(days=1)},
        {"valid_from": timezone.localdate() - timedelta(days=90)},
        {"function": Function.GRIFFIER},
        {"function": Function.CANDIDATE_BESTUURDER},
        {"function": Function.FAMILY_MEMBER},
    ],
    ids=["unconfirmed", "later", "long ago", "griffier", "candidate", "family"],
)
def test_it_is_not_offered_otherwise(almere, make_user, fields, as_worker):
    hold(make_user(Role.AMBTSDRAGER), almere, **fields)
    offer_starter_package(timezone.now())
    assert not StarterOffer.objects.exists()


def test_an_office_that_begins_tomorrow_is_offered_it_tomorrow(almere, make_user, as_worker):
    hold(make_user(Role.AMBTSDRAGER), almere, valid_from=timezone.localdate() + timedelta(days=1))
    offer_starter_package(timezone.now() + timedelta(days=1))
    assert StarterOffer.objects.count() == 1


def test_no_mail_goes_to_who_left_in_the_meantime(holder, letters, as_worker):
    offer_starter_package(timezone.now())
    Membership.objects.update(valid_from="2020-01-01", valid_until=timezone.localdate())
    assert letters() == []


def test_a_mayor_reads_of_the_package_for_mayors(client, sign_in, almere, make_user):
    mayor = make_user(Role.AMBTSDRAGER)
    hold(mayor, almere, Function.BURGEMEESTER)
    sign_in(client, mayor)
    page = client.get("/mijn/starterspakket/").content.decode()
    assert "Starterspakket burgemeesters" in page
    assert "SIPA" in page
    assert "door uw werkgever" in page


def test_a_council_member_is_not_promised_what_is_for_the_executive(client, sign_in, holder):
    sign_in(client, holder)
    page = client.get("/mijn/starterspakket/").content.decode()
    assert "burgemeesters" not in page
    assert "door uw werkgever" not in page
    assert "SIPA" not in page


def test_asking_for_the_talk_tells_the_team_once(client, sign_in, holder, letters, settings):
    sign_in(client, holder)
    assert client.post("/mijn/starterspakket/", {"way": "phone"}).status_code == 422
    for _ in range(2):
        assert client.post("/mijn/starterspakket/", {"way": "phone", "moment": "evening"}).status_code == 302
    talk = StarterTalk.objects.get()
    assert (talk.user, talk.status, talk.way) == (holder, TalkStatus.ASKED, "phone")
    assert letters() == [f"To: {settings.TEAM_EMAIL}"]
    assert "ligt bij het team" in client.get("/mijn/starterspakket/").content.decode()


def test_who_holds_no_office_cannot_ask(client, sign_in, make_user):
    griffier = make_user(Role.ORGANISATIECONTACT)
    with pytest.raises(PermissionDenied):
        ask_talk(griffier, way="phone", moment="morning")
    sign_in(client, griffier)
    assert client.post("/mijn/starterspakket/", {"way": "phone", "moment": "evening"}).status_code == 404
    assert "voor politieke ambtsdragers" in client.get("/mijn/starterspakket/").content.decode()


@pytest.mark.parametrize(("old", "new"), list(product(TalkStatus, TalkStatus)))
def test_only_listed_moves_of_a_talk_are_possible(holder, make_user, old, new):
    planner = make_user(Role.COORDINATOR)
    talk = StarterTalk.objects.create(
        user=holder, membership=Membership.objects.get(), way="phone", moment="morning", status=old
    )
    if new in TALK_NEXT[old] and new != TalkStatus.WITHDRAWN:
        moved = move_talk(talk, new, by=planner)
        assert (moved.status, moved.taken_by) == (new, planner)
    else:
        with pytest.raises(ValidationError):
            move_talk(talk, new, by=planner)
    if new != old and new not in TALK_NEXT[old]:
        with pytest.raises(Exception, match="Invalid transition"), transaction.atomic():
            StarterTalk.objects.update(status=new)  # the database refuses it too


def test_who_asked_hears_that_it_was_taken_up_and_may_withdraw(client, sign_in, holder, make_user, letters):
    talk = ask_talk(holder, way="visit", moment="evening")
    letters()
    move_talk(talk, TalkStatus.ACCEPTED, by=make_user(Role.EERSTE_LIJN))
    assert f"To: {holder.email}" in letters()
    with pytest.raises(PermissionDenied):
        withdraw_talk(talk, by=make_user(Role.AMBTSDRAGER))
    sign_in(client, holder)
    assert client.post("/mijn/starterspakket/intrekken/").status_code == 302
    assert client.post("/mijn/starterspakket/intrekken/").status_code == 404
    talk.refresh_from_db()
    assert talk.status == TalkStatus.WITHDRAWN
    ask_talk(holder, way="phone", moment="morning")  # later perhaps
    assert StarterTalk.objects.open().count() == 1


def test_one_open_talk_a_person(holder):
    ask_talk(holder, way="phone", moment="morning")
    with pytest.raises(IntegrityError), transaction.atomic():
        StarterTalk.objects.create(
            user=holder, membership=Membership.objects.get(), way="phone", moment="evening"
        )


@pytest.mark.parametrize("role", [Role.NETWERKBEHEER, Role.TWEEDE_LIJN, Role.AUDITOR, Role.AMBTSDRAGER])
def test_only_who_plans_talks_moves_them(holder, make_user, role):
    talk = ask_talk(holder, way="phone", moment="morning")
    with pytest.raises(PermissionDenied):
        move_talk(talk, TalkStatus.ACCEPTED, by=make_user(role))
    assert not StarterTalk.objects.visible_to(make_user(role)).exists()


def test_the_first_line_takes_a_talk_up_in_the_admin(client, sign_in, holder, make_user):
    talk, planner = ask_talk(holder, way="phone", moment="morning"), make_user(Role.EERSTE_LIJN)
    sign_in(client, planner)
    address = f"/beheer/netwerk/startertalk/{talk.pk}/change/"
    assert holder.email in client.get(address).content.decode()
    assert holder.email not in client.get("/beheer/netwerk/startertalk/").content.decode()
    assert client.post(address, {"move_to": "withdrawn"}).status_code == 200  # not theirs to say
    assert client.post(address, {"move_to": "accepted"}).status_code == 302
    talk.refresh_from_db()
    assert (talk.status, talk.taken_by) == (TalkStatus.ACCEPTED, planner)
