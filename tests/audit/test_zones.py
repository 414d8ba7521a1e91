"""The main road walked as in production: each zone with its own database role and its own keys only."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as current
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from netwerk.models import (
    AccountRequest,
    AggressionProtocol,
    Contact,
    Membership,
    NormSignature,
    Organisation,
    StarterTalk,
    StepTick,
)
from netwerk.tasks.basis import offer_starter_package
from ondersteuning.models import Case, ErasureRequest, OrganisationReport
from tests.accounts.conftest import code_now, give_code, give_password
from tests.accounts.test_invitations import link_in
from tests.audit.test_grants import ROLES
from tests.conftest import owner_connection, point_at
from tests.ondersteuning.walk import STORY, send
from weerbaar.accounts.models import User
from weerbaar.accounts.roles import Role
from weerbaar.audit import grants
from weerbaar.jobs import run_due
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault
from weerbaar.vault.api import AccessCode
from weerbaar.vault.fresh import BE
from weerbaar.vault.models import Lockbox
from weerbaar.zones import Zone


@pytest.fixture
def cast(own_database, make_user):
    """Everybody on this road, made before the zones part."""
    organisation = Organisation.objects.create(
        code="GM9001", name="Testdam", layer="gemeente", province_code="PV26"
    )
    griffier = make_user(Role.ORGANISATIECONTACT, name="Gerda")
    Contact.objects.create(organisation=organisation, user=griffier, function="griffier", label="De griffier")
    return {"griffier": griffier, "first_line": make_user(Role.EERSTE_LIJN, name="Femke")}


@pytest.fixture
def act_as(cast, own_database, settings):
    """act_as("publiek"): go on as a process of that zone."""
    with owner_connection(own_database) as owner, owner.cursor() as cursor:
        known = {row[0] for row in cursor.execute("SELECT rolname FROM pg_roles").fetchall()}
        if missing := set(ROLES.values()) - known:
            pytest.skip(f"this cluster has no roles {', '.join(sorted(missing))}")
        grants.apply(cursor, ROLES)
    app = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]
    keys = list(current.VAULT_PRIVATE_KEYS)
    index, owner_key = current.VAULT_INDEX_KEY, current.VAULT_OWNER_KEY

    def become(process):
        settings.ZONES = frozenset() if process == "worker" else frozenset({Zone(process)})
        settings.VAULT_PRIVATE_KEYS = [key for key in keys if key.rpartition(":")[0] in BE[process]]
        settings.VAULT_INDEX_KEY = index if process in ("beheer", "worker") else ""
        settings.VAULT_OWNER_KEY = owner_key if process in ("mijn", "worker") else ""
        point_at(own_database, ROLES[process], "")

    yield become
    point_at(own_database, *app)


@pytest.fixture
def mail(settings, tmp_path):
    """The texts that went out, once what waits has run."""
    settings.MAIL_DIR = str(tmp_path)

    def texts():
        run_due()
        return [path.read_text() for path in tmp_path.glob("*.eml")]

    return texts


def ok(response, status=200):
    assert response.status_code == status, (response.status_code, response.content.decode()[:3000])
    return response.content.decode()


def test_a_report_goes_all_the_way_with_a_role_and_keys_for_each_zone(client, cast, act_as, sign_in):
    act_as("publiek")
    contact = Contact.objects.get()
    result = send(client, wens={"wish": "both"}, contacten={"contacts": [str(contact.pk)]})
    ok(client.post("/volgen/", {"code": result["code"]}), 303)
    assert STORY in ok(client.get("/volgen/melding/"))
    form = client.get("/volgen/melding/").context["message_form"]
    sent = {"text": "Hij was er weer.", "to": "team", "submission": form["submission"].value()}
    ok(client.post("/volgen/melding/bericht/", sent), 303)
    ok(client.post("/volgen/melding/document/"), 303)

    act_as("worker")
    run_due()
    assert not Job.objects.exclude(last_error="").values_list("name", "last_error")

    act_as("beheer")
    desk = client.__class__()
    sign_in(desk, cast["first_line"])
    case = Case.objects.get()
    assert case.reference in ok(desk.get("/beheer/ondersteuning/case/"))
    ok(desk.post(f"/beheer/ondersteuning/case/{case.pk}/nemen/", {"version": case.version}), 302)
    assert STORY in ok(desk.get(f"/beheer/ondersteuning/case/{case.pk}/change/"))

    act_as("mijn")
    town_hall = client.__class__()
    sign_in(town_hall, cast["griffier"])
    ok(town_hall.get("/mijn/"))
    ok(town_hall.get("/mijn/organisatie/"))
    report = OrganisationReport.objects.get()
    assert STORY in ok(town_hall.get(f"/mijn/organisatie/{report.pk}/"))

    act_as("publiek")
    assert "eerste lijn" in ok(client.get("/volgen/melding/"))
    ok(client.post("/volgen/melding/intrekken/", {"sure": "on"}), 303)


OF_A_CASE = [
    "aftercarestep",
    "handover",
    "message",
    "organisationmessage",
    "organisationreport",
]
OF_A_CASE += ["share", "statuschange", "timelineevent"]


def test_with_every_filter_taken_out_the_public_zone_gets_no_row_of_any_case(client, cast, act_as):
    act_as("publiek")
    contact = Contact.objects.get()
    codes = [
        send(client.__class__(), wens={"wish": "both"}, contacten={"contacts": [str(contact.pk)]})["code"]
        for _ in range(2)
    ]
    tables = ["ondersteuning_case", "documents_rendering", *(f"ondersteuning_{name}" for name in OF_A_CASE)]
    assert {table: rows_of(table) for table in tables} == dict.fromkeys(tables, 0)
    with transaction.atomic():
        assert vault.find_by_code(Case, AccessCode.parse(codes[0]))
        assert [rows_of(f"ondersteuning_{name}") for name in ("case", "share", "statuschange")] == [1, 1, 1]
    assert rows_of("ondersteuning_case") == 0


def rows_of(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def test_a_council_member_gets_an_account_with_the_role_of_mijn_alone(client, cast, act_as, sign_in, mail):
    act_as("mijn")
    asked = {
        "name": "Rosa",
        "email": "rosa@testdam.invalid",
        "organisation": "Testdam",
        "function": "raadslid",
    }
    ok(client.post("/mijn/account/aanvragen/", asked), 302)
    ok(client.post("/mijn/account/aanvragen/", asked | {"email": cast["first_line"].email}), 302)
    town_hall = client.__class__()
    sign_in(town_hall, cast["griffier"])
    for request in AccountRequest.objects.all():
        ok(town_hall.post(f"/mijn/organisatie/aanvragen/{request.pk}/", {"confirm": "1"}), 302)

    act_as("worker")
    (invitation,) = [link for text in mail() if "/uitnodiging/" in (link := link_in(text))]
    act_as("mijn")
    assert ok(client.post(invitation, {"password": "vier woorden achter elkaar"}), 302) == ""
    setting_up = "/mijn/account/2fa/totp/activate/"
    secret = client.get(setting_up).context["form"].secret
    ok(client.post(setting_up, {"code": code_now(secret)}), 302)
    ok(client.get("/mijn/account/"))
    ok(client.post("/mijn/account/logout/"), 302)
    rosa = User.objects.get(email=asked["email"])
    give_password(client, rosa, "vier woorden achter elkaar")
    give_code(client, rosa, code_now(secret, step=1))
    ok(client.get("/mijn/account/"))
    for email in (rosa.email, cast["first_line"].email, "niemand@testdam.invalid"):
        ok(client.post("/mijn/account/password/reset/", {"email": email}), 302)


def test_a_lost_code_is_renewed_with_a_role_and_keys_for_each_zone(client, cast, act_as, sign_in):
    act_as("publiek")
    contact = Contact.objects.get()
    result = send(client, wens={"wish": "both"}, contacten={"contacts": [str(contact.pk)]})

    act_as("beheer")
    desk = client.__class__()
    sign_in(desk, cast["first_line"])
    case = Case.objects.get()
    ok(desk.post(f"/beheer/ondersteuning/case/{case.pk}/nemen/", {"version": case.version}), 302)
    version = Case.objects.get().version
    verb = f"/beheer/ondersteuning/case/{case.pk}/tijdelijke-code/"
    given = ok(desk.post(verb, {"version": version, "text": "Teruggebeld."}))
    (temporary,) = re.findall(r'class="eenmalig">([^<]+)<', given)

    act_as("publiek")
    page = ok(client.post("/volgen/", {"code": temporary}))
    (new,) = re.findall(r'class="code">([^<]+)<', page)
    form = dict(re.findall(r'type="hidden" name="(code|seed)" value="([^"]*)"', page))
    ok(client.post("/volgen/nieuwe-code/", form), 303)
    assert STORY in ok(client.get("/volgen/melding/"))
    ok(client.post("/volgen/melding/contact/", {"form": "contact", "name": "M."}), 303)
    assert "U wijzigde hoe u te bereiken bent" in ok(client.get("/volgen/melding/"))
    ok(client.post("/volgen/", {"code": result["code"]}), 422)
    ok(client.post("/volgen/", {"code": temporary}), 422)
    ok(client.post("/volgen/", {"code": new}), 303)

    act_as("mijn")
    town_hall = client.__class__()
    sign_in(town_hall, cast["griffier"])
    report = OrganisationReport.objects.get()
    page = ok(town_hall.get(f"/mijn/organisatie/{report.pk}/"))
    assert "De melder kan berichten hier niet meer lezen." in page


def test_who_wrote_to_the_organisation_alone_gets_a_pdf_and_changes_how_to_be_reached(client, cast, act_as):
    act_as("publiek")
    contact = Contact.objects.get()
    result = send(client, wens={"wish": "organisation"}, contacten={"contacts": [str(contact.pk)]})
    ok(client.post("/volgen/", {"code": result["code"]}), 303)
    ok(client.post("/volgen/melding/contact/", {"form": "contact", "name": "M."}), 303)
    ok(client.post("/volgen/melding/document/"), 303)
    act_as("worker")
    run_due()
    run_due(queue="pdf")
    assert not Job.objects.exclude(last_error="").values_list("name", "last_error")
    act_as("publiek")
    answer = client.get("/volgen/melding/document/pdf/")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


# --- the reporter's rights

PAGE = "/volgen/melding/"


def desk_of(client, sign_in, cast):
    """The first line takes the one case that there is; gives the browser and the case."""
    desk, case = client.__class__(), Case.objects.get()
    sign_in(desk, cast["first_line"])
    ok(desk.post(f"/beheer/ondersteuning/case/{case.pk}/nemen/", {"version": case.version}), 302)
    return desk, case


def close(desk, case):
    """Through guidance to an end."""
    verb = f"/beheer/ondersteuning/case/{case.pk}"
    for slug, answers in (
        ("triage", {"urgency": "2", "kinds": ["threat"]}),
        ("begeleiding", {}),
        ("afsluiten", {"outcome": "supported"}),
    ):
        version = Case.objects.get(pk=case.pk).version
        ok(desk.post(f"{verb}/{slug}/", answers | {"version": version}), 302)


def test_a_report_for_another_is_handed_over_by_the_public_role(client, cast, act_as):
    act_as("publiek")
    wie = {"on_behalf": "other", "function": "raadslid", "organisation": "Testdam"}
    code = send(client, wie=wie)["code"]
    ok(client.post("/volgen/", {"code": code}), 303)
    ok(client.post(f"{PAGE}namens/", {"consent": "given"}), 303)
    page = ok(client.get(f"{PAGE}namens/overdragen/"))
    new = re.search(r'class="code">([^<]+)<', page)[1]
    seed = re.search(r'name="seed"[^>]*value="([^"]+)"', page)[1]
    sent = {"seed": seed, "written": "on", "keep_phone": "yes"}
    ok(client.post(f"{PAGE}namens/overdragen/", sent), 303)
    ok(client.post("/volgen/", {"code": code}), 422)
    person = client.__class__()
    ok(person.post("/volgen/", {"code": new}), 303)
    assert STORY in ok(person.get(PAGE))
    assert STORY in ok(person.get(f"{PAGE}gegevens/json/"))


def test_an_account_joins_follows_and_leaves_with_the_role_of_mijn(client, cast, act_as, sign_in, make_user):
    rosa, other = make_user(Role.AMBTSDRAGER), make_user(Role.AMBTSDRAGER)
    act_as("publiek")
    code = send(client)["code"]
    stranger_code = send(client.__class__())["code"]

    act_as("mijn")
    assert rows_of("ondersteuning_case") == 0
    browser = client.__class__()
    sign_in(browser, rosa)
    ok(browser.post("/mijn/meldingen/", {"code": code}), 302)
    with transaction.atomic():
        case = vault.owned_by(Case.objects.all(), rosa).get()
    ok(browser.get("/mijn/meldingen/"))
    ok(browser.get("/mijn/gegevens/"))
    ok(browser.get("/mijn/gegevens/json/"))
    # with every filter taken out: only what this account presents, and nothing without
    assert rows_of("ondersteuning_case") == 0
    with transaction.atomic():
        vault.owned_by(Case.objects.none(), rosa)
        assert rows_of("ondersteuning_case") == 1
    with transaction.atomic():
        vault.owned_by(Case.objects.none(), other)
        assert rows_of("ondersteuning_case") == 0
        assert Lockbox.objects.filter(reader="zone:mijn").delete()[0] == 0
    ok(browser.post(f"/mijn/meldingen/{case.pk}/volgen/"), 303)

    act_as("publiek")
    assert STORY in ok(browser.get(PAGE))

    act_as("mijn")
    ok(browser.post(f"/mijn/meldingen/{case.pk}/losmaken/"), 302)
    assert not Lockbox.objects.filter(reader="zone:mijn").exists()
    with transaction.atomic():
        foreign = vault.find_by_code(Case, AccessCode.parse(stranger_code))
        assert foreign is not None
        with connection.cursor() as cursor:  # nobody but who presents it becomes its owner
            cursor.execute("SELECT set_config('weerbaar.reader', '', true)")
            cursor.execute(
                "UPDATE ondersteuning_case SET owner = %s WHERE id = %s", [vault.pseudonym(rosa), foreign.pk]
            )
            assert cursor.rowcount == 0


def test_after_closing_the_public_role_answers_rates_and_begins_again(client, cast, act_as, sign_in):
    act_as("publiek")
    code = send(client)["code"]
    act_as("beheer")
    desk, case = desk_of(client, sign_in, cast)
    close(desk, case)
    act_as("worker")
    case.check_ins.filter(pk=case.check_ins.first().pk).update(due_on=timezone.localdate())

    act_as("publiek")
    ok(client.post("/volgen/", {"code": code}), 303)
    ok(client.post(f"{PAGE}oordeel/", {"helped": "yes", "text": "Dank."}), 303)
    assert "hoe gaat het nu?" in ok(client.get(PAGE))
    sent = {"answer": "again", "text": "Hij was er weer.", "submission": "s" * 40}
    ok(client.post(f"{PAGE}hoe-gaat-het/", sent), 303)
    assert "Hij was er weer." in ok(client.get(PAGE))
    act_as("worker")
    run_due()
    assert not Job.objects.exclude(last_error="").values_list("name", "last_error")


def test_a_report_is_erased_with_the_role_of_beheer_and_the_code_learns_it(
    client, cast, act_as, sign_in, make_user
):
    coordinator = make_user(Role.COORDINATOR)
    act_as("publiek")
    code = send(client)["code"]
    ok(client.post("/volgen/", {"code": code}), 303)
    ok(client.post(f"{PAGE}wissen/", {"sure": "on"}), 303)
    assert rows_of("ondersteuning_erasurerequest") == 0
    act_as("beheer")
    desk = client.__class__()
    sign_in(desk, coordinator)
    asked = ErasureRequest.objects.get()
    path = f"/beheer/ondersteuning/erasurerequest/{asked.pk}/change/"
    ok(desk.post(path, {"grant": "yes", "why_not": ""}), 302)
    act_as("publiek")
    assert "Uw melding is gewist" in ok(client.post("/volgen/", {"code": code}), 410)
    assert rows_of("ondersteuning_erasurerequest") == 0
    act_as("worker")
    run_due()
    assert not Job.objects.exclude(last_error="").values_list("name", "last_error")


def test_who_took_over_the_public_zone_writes_no_report_on_which_the_list_of_cases_fails(
    client, cast, act_as, sign_in
):
    """Python knows no moment without end: one such row, and nobody in the team sees any case."""
    act_as("publiek")
    code = AccessCode.parse(send(client)["code"])
    columns = [field.column for field in Case._meta.concrete_fields]
    other = {"id": "gen_random_uuid()", "reference": "'WB-AAAA-AAAA'", "submission": "'nog een'"}
    for moment in ("'infinity'", "'-infinity'", "'20000-01-01'", "'0044-03-15 BC'"):
        for name in ("contact_due_at", "received_at", "contacted_at"):
            values = [(other | {name: moment}).get(column, column) for column in columns]
            names, values = ", ".join(columns), ", ".join(values)
            statement = f"INSERT INTO ondersteuning_case ({names}) SELECT {values} FROM ondersteuning_case"
            with transaction.atomic():
                assert vault.find_by_code(Case, code)
                with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                    connection.cursor().execute(statement)
    act_as("beheer")
    Case.objects.update(kinds=["verzonnen"])
    sign_in(client, cast["first_line"])
    ok(client.get("/beheer/ondersteuning/case/"))


def test_a_norm_a_protocol_and_a_talk_go_their_way_with_the_role_of_each_zone(
    client, cast, act_as, sign_in, make_user, settings, tmp_path
):
    settings.MAIL_DIR = str(tmp_path)
    town, holder = Organisation.objects.get(), make_user(Role.AMBTSDRAGER)
    Membership.objects.create(
        organisation=town, user=holder, function="raadslid", confirmed_at=timezone.now()
    )
    act_as("mijn")
    griffier, raadslid = client.__class__(), client.__class__()
    sign_in(griffier, cast["griffier"])
    sign_in(raadslid, holder)
    norm = f"/mijn/organisatie/norm/{town.pk}/norm/"
    for _ in range(2):  # signing, and renewing
        ok(griffier.post(norm, {"agreed": "on", "is_public": "yes", "sure": "1"}), 302)
    page = ok_to(griffier.post(f"/mijn/organisatie/agressieprotocol/{town.pk}/", PROTOCOL | {"sure": "1"}))
    ok(raadslid.post("/mijn/basisprogramma/stap/training/"), 302)
    ok(raadslid.post("/mijn/starterspakket/", {"way": "phone", "moment": "evening"}), 302)
    ok(raadslid.post("/mijn/starterspakket/intrekken/"), 302)
    ok(raadslid.post("/mijn/starterspakket/", {"way": "phone", "moment": "evening"}), 302)
    assert "2 van 7" in ok(raadslid.get("/mijn/basisprogramma/"))
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AggressionProtocol.objects.update(version=9)

    act_as("worker")
    with transaction.atomic():  # as a question is asked
        offer_starter_package(timezone.now())
    run_due()
    assert not Job.objects.exclude(last_error="").values_list("name", "last_error")

    act_as("mijn")
    assert "De PDF is klaar" in ok(raadslid.get(page))
    assert raadslid.get(f"{page}pdf/").content.startswith(b"%PDF-")

    act_as("publiek")
    assert "Testdam" in ok(client.get("/norm/"))
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        list(NormSignature.objects.values("signed_by"))

    act_as("beheer")
    desk, talk = client.__class__(), StarterTalk.objects.open().get()
    sign_in(desk, cast["first_line"])
    ok(desk.post(f"/beheer/netwerk/startertalk/{talk.pk}/change/", {"move_to": "accepted"}), 302)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        list(StepTick.objects.all())  # what somebody ticked is nobody else's


PROTOCOL = {
    "report_to": "de griffier",
    "report_phone": "010 1234567",
    "register": "het register",
    "lead": "de burgemeester",
    "speaks_out": "de burgemeester",
    "decides_aangifte": "de burgemeester",
    "aftercare_by": "de griffier",
    "aftercare_within": "24",
}


def ok_to(response):
    ok(response, 302)
    return response.url
