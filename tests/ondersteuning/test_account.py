"""/mijn/meldingen/: an earlier report joins an account with its code, and nothing kept says whose it is."""

from __future__ import annotations

import uuid

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from netwerk.models import Digest, Follow, Partner, PartnerMember, StepTick
from ondersteuning import actions
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case
from ondersteuning.views import visits
from weerbaar.accounts.roles import Role
from weerbaar.audit.api import AccessLog
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault
from weerbaar.vault.api import Compartment
from weerbaar.vault.models import Lockbox

LIST = "/mijn/meldingen/"
PAGE = "/volgen/melding/"
STORY = "Er stond een man bij mijn hek."


@pytest.fixture
def rosa(make_user):
    return make_user(Role.AMBTSDRAGER, name="Rosa Raadslid")


@pytest.fixture
def case(make_case, first_line):
    return make_case(status=Status.IN_GUIDANCE, handler=first_line)


@pytest.fixture
def hers(client, sign_in, rosa):
    sign_in(client, rosa)
    return client


def text(response, status=200) -> str:
    assert response.status_code == status, response.status_code
    return response.content.decode()


def join(browser, code):
    return browser.post(LIST, {"code": str(code)})


def test_a_report_joins_with_its_code_and_is_followed_without_it(hers, case, code):
    assert case.reference not in text(hers.get(LIST))
    assert join(hers, code)["Location"] == f"{LIST}?toegevoegd"
    page = text(hers.get(f"{LIST}?toegevoegd"))
    assert case.reference in page
    assert "Iemand van het team helpt u" in page
    answer = hers.post(f"{LIST}{case.pk}/volgen/")
    assert answer["Location"] == PAGE
    cookie = answer.cookies[visits.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", 1800)
    page = text(hers.get(PAGE))
    assert STORY in page
    assert "Uw melding losmaken van een account" in page
    assert Client().post("/volgen/", {"code": str(code)})["Location"] == PAGE  # the code goes on working


def test_the_list_holds_no_word_of_what_was_told_and_opens_nothing(hers, case, code):
    join(hers, code)
    before = AccessLog.objects.filter(result="opened").count()
    assert STORY not in text(hers.get(LIST))
    assert AccessLog.objects.filter(result="opened").count() == before


def test_a_wrong_code_is_refused_as_at_the_other_door(hers, case, monkeypatch):
    monkeypatch.setattr(visits, "WRONG_A_MINUTE", 1)
    wrong = vault.new_access_code()
    assert "Deze code kennen wij niet" in text(join(hers, wrong), 422)
    assert join(hers, wrong).status_code == 429
    row = AccessLog.objects.get(result="refused")
    assert (row.role, row.actor_id, row.dossier) == ("melder", None, None)


def test_a_temporary_code_joins_nothing(hers, case, first_line):
    temporary = actions.give_temporary_code(case, checked="Gebeld.", by=first_line, version=case.version)
    assert "Dit is een tijdelijke code." in text(join(hers, temporary), 422)
    assert Case.objects.get(pk=case.pk).owner == ""


def test_a_report_is_in_one_account(hers, case, code, make_user, sign_in):
    join(hers, code)
    assert join(hers, code).status_code == 302  # twice by the same is once
    assert case.timeline_events.filter(what="account_joined").count() == 1
    other = Client()
    sign_in(other, make_user(Role.AMBTSDRAGER))
    assert "staat al in een ander account" in text(join(other, code), 422)
    assert case.reference not in text(other.get(LIST))


@pytest.mark.parametrize("what", ["volgen", "losmaken"])
def test_the_reports_of_another_do_not_exist(hers, case, code, make_user, sign_in, what):
    join(hers, code)
    stranger = Client()
    sign_in(stranger, make_user(Role.ORGANISATIECONTACT))
    assert stranger.post(f"{LIST}{case.pk}/{what}/").status_code == 404
    assert stranger.post(f"{LIST}{uuid.uuid4()}/{what}/").status_code == 404
    assert visits.COOKIE not in stranger.cookies
    assert Case.objects.get(pk=case.pk).owner
    anonymous = Client().post(f"{LIST}{case.pk}/{what}/")
    assert anonymous["Location"].startswith("/mijn/account/login/")


def test_only_the_owner_acts(case, code, rosa, make_user):
    actions.join_account(code, by=rosa)
    for act in (actions.leave_account, actions.follow_from_account):
        with pytest.raises(PermissionDenied):
            act(case, by=make_user(Role.AMBTSDRAGER))


def test_the_zone_gets_a_key_to_what_is_shared_of_this_one_report(hers, case, code, make_case):
    other = make_case(access_code=vault.new_access_code())
    join(hers, code)
    boxes = Lockbox.objects.filter(reader="zone:mijn")
    assert [(box.dossier, box.compartment) for box in boxes] == [(case.pk, Compartment.SHARED)]
    assert not boxes.filter(dossier=other.pk).exists()


def test_nothing_that_is_kept_says_which_account(hers, case, code, rosa):
    join(hers, code)
    hers.post(f"{LIST}{case.pk}/volgen/")
    hers.post(f"{LIST}{case.pk}/losmaken/")
    owner = vault.pseudonym(rosa)
    assert str(rosa.pk) not in owner
    for row in AccessLog.objects.filter(dossier=case.pk):
        assert (row.actor_id, row.actor_name) != (rosa.pk, rosa.name)
    for event in case.events.all():
        assert event.pgh_context is None or str(rosa.pk) not in str(event.pgh_context)
    for job in Job.objects.all():
        assert str(rosa.pk) not in str(job.kwargs) + job.key


def test_joining_and_leaving_are_told_to_who_holds_the_code(hers, case, code):
    join(hers, code)
    assert Job.objects.filter(name__endswith="tell_reporter", key__startswith="account:").count() == 1
    reporter = Client()
    reporter.post("/volgen/", {"code": str(code)})
    assert "Was u dat niet?" in text(reporter.get(PAGE))
    assert "losmaken" in text(reporter.get(f"{PAGE}account/"))
    assert reporter.post(f"{PAGE}account/")["Location"] == f"{PAGE}?gedaan=losgemaakt"
    assert case.reference not in text(hers.get(LIST))
    assert hers.post(f"{LIST}{case.pk}/volgen/").status_code == 404
    assert not Lockbox.objects.filter(reader="zone:mijn").exists()
    assert [event.what for event in case.timeline_events.all()] == ["account_joined", "account_left"]


def test_who_leaves_is_asked_whether_the_code_is_still_there(hers, case, code):
    join(hers, code)
    assert "Hebt u die code nog?" in text(hers.get(f"{LIST}{case.pk}/losmaken/"))
    assert hers.post(f"{LIST}{case.pk}/losmaken/")["Location"] == f"{LIST}?losgemaakt"
    assert case.reference not in text(hers.get(LIST))


@pytest.mark.parametrize("how", ["renewed", "handed over"])
def test_a_new_code_ends_the_account_of_who_held_the_old_one(hers, make_case, first_line, code, rosa, how):
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line, on_behalf="other", consent="given")
    join(hers, code)
    if how == "renewed":
        version = Case.objects.get(pk=case.pk).version
        temporary = actions.give_temporary_code(case, checked="Gebeld.", by=first_line, version=version)
        actions.renew_code(case, temporary, new=vault.new_access_code())
    else:
        visit = vault.start_visit(case, code)
        actions.hand_over_report(case, new=vault.new_access_code(), keep_phone=False, visit=visit)
    assert Case.objects.get(pk=case.pk).owner == ""
    assert not Lockbox.objects.filter(reader="zone:mijn").exists()
    assert case.reference not in text(hers.get(LIST))


def test_an_account_does_not_bring_back_what_a_renewed_code_does_not_open(
    hers, make_case, first_line, griffier, code
):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line, wish="both", contacts=[griffier])
    version = Case.objects.get(pk=case.pk).version
    temporary = actions.give_temporary_code(case, checked="Gebeld.", by=first_line, version=version)
    new = vault.new_access_code()
    actions.renew_code(case, temporary, new=new)
    join(hers, new)
    hers.post(f"{LIST}{case.pk}/volgen/")
    assert "Met uw nieuwe code kunt u deze berichten niet meer lezen" in text(hers.get(PAGE))
    assert not Lockbox.objects.filter(reader__startswith="visit:", compartment="organisation").exists()


def test_what_is_shared_with_the_organisation_stays_readable_for_it(
    hers, make_case, first_line, griffier, code, sign_in
):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line, wish="both", contacts=[griffier])
    join(hers, code)
    hers.post(f"{LIST}{case.pk}/losmaken/")
    town_hall = Client()
    sign_in(town_hall, griffier.user)
    assert STORY in text(town_hall.get(f"/mijn/organisatie/{case.organisation_report.pk}/"))


def test_ten_reports_cost_as_many_questions_as_one(hers, make_case, rosa, first_line):
    def add(count):
        for _ in range(count):
            code = vault.new_access_code()
            make_case(access_code=code)
            actions.join_account(code, by=rosa)

    def asked(path):
        with CaptureQueriesContext(connection) as queries:
            text(hers.get(path))
        return len(queries)

    add(1)
    one = {path: asked(path) for path in (LIST, "/mijn/gegevens/")}
    add(9)
    assert {path: asked(path) for path in one} == one


def test_an_account_sees_and_takes_along_what_is_kept_of_it(hers, case, code, rosa):
    join(hers, code)
    page = text(hers.get("/mijn/gegevens/"))
    assert rosa.email in page
    assert case.reference in page
    answer = hers.get("/mijn/gegevens/json/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="gegevens.json"'
    found = answer.json()
    assert found["account"]["e_mailadres"] == rosa.email
    assert [role["rol"] for role in found["rollen"]] == ["politieke ambtsdrager"]
    assert [report["kenmerk"] for report in found["meldingen"]] == [case.reference]
    assert STORY not in answer.content.decode()
    answer = hers.post(f"{LIST}{case.pk}/volgen/", {"naar": "gegevens"})
    assert answer["Location"] == f"{PAGE}gegevens/"
    assert "Download alles als JSON" in text(hers.get(f"{PAGE}gegevens/"))


def test_what_the_network_keeps_of_somebody_is_in_the_copy_too(hers, rosa):
    ccv = Partner.objects.create(slug="ccv", name="CCV", kind="knowledge", offers="Kennis", for_whom="allen")
    PartnerMember.objects.create(partner=ccv, user=rosa)
    StepTick.objects.create(user=rosa, step="training")
    Follow.objects.create(user=rosa, topic="online")
    Digest.objects.create(user=rosa, rhythm="daily")
    found = hers.get("/mijn/gegevens/json/").json()
    assert [one["partner"] for one in found["spreekt_voor_partner"]] == ["CCV"]
    assert [one["stap"] for one in found["basisprogramma"]] == ["training"]
    assert [one["wat"] for one in found["volgt"]["wat"]] == ["Online veiligheid"]
    assert found["volgt"]["overzichtsmail"]
    assert "Online veiligheid" in text(hers.get("/mijn/gegevens/"))


def test_a_new_table_about_somebody_is_thought_of():
    """Whoever adds one: show it in account_data.py, then name it here."""
    about = {
        model.__name__
        for model in apps.get_app_config("netwerk").get_models()
        if any(field.name == "user" for field in model._meta.fields) and "event" not in model.__name__.lower()
    }
    assert about == {
        "Bundle", "Contact", "Digest", "Follow", "InterventionUserObjectPermission",
        "ItemUserObjectPermission", "Membership", "PartnerMember", "Signup", "StarterTalk", "StepTick",
        "Told",
    }  # fmt: skip
