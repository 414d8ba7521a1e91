"""What each zone's database role may do, tried as that role."""

from __future__ import annotations

import uuid

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from netwerk.models import Grant, PolicyDossier, PolicyEvent, Project
from tests.conftest import owner_connection, point_at
from tests.netwerk.test_pages import ADDRESS as PAGES
from tests.netwerk.test_pages import make as make_page
from tests.vault.conftest import write_letter
from tests.vault.letters import Letter
from weerbaar.accounts.models import CacheRow, UsedCode
from weerbaar.accounts.roles import Role
from weerbaar.audit import grants
from weerbaar.audit.api import Actor, Purpose, Result, log, overview
from weerbaar.jobs.registry import KINDS
from weerbaar.vault import api as vault
from weerbaar.vault.codes import visit_reader
from weerbaar.vault.lockboxes import present
from weerbaar.vault.models import Lockbox
from weerbaar.zones import Zone

ROLES = {zone: f"portaal_{zone}" for zone in ("publiek", "mijn", "beheer", "worker")}


@pytest.fixture
def zoned(letters, monkeypatch):
    """The database of `letters` with a role a zone. `zoned("publiek")` goes on as that role."""
    with owner_connection(letters) as owner, owner.cursor() as cursor:
        known = {row[0] for row in cursor.execute("SELECT rolname FROM pg_roles").fetchall()}
        if missing := set(ROLES.values()) - known:
            pytest.skip(f"this cluster has no roles {', '.join(sorted(missing))}")
        monkeypatch.setattr(grants, "RULES", [({"publiek"}, "vault_letter", grants.ANSWER), *grants.RULES])
        own = f"id = {grants.PRESENTED}"
        monkeypatch.setattr(
            grants, "ROWS", [grants.Rows({"publiek"}, "vault_letter", own, "true"), *grants.ROWS]
        )
        grants.apply(cursor, ROLES | {"alles": connection.settings_dict["USER"]})
    app = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]
    yield lambda zone: point_at(letters, ROLES[zone], "")
    point_at(letters, *app)


def refused(statement: str) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except Exception as error:
        return "permission denied" in str(error)
    return False


def test_the_public_zone_writes_a_letter_and_follows_it_with_its_code(zoned):
    zoned("publiek")
    code = vault.new_access_code()
    letter = write_letter(code)
    with transaction.atomic():
        found = vault.find_by_code(Letter, code)
        assert found == letter
        with vault.open(found, code=code, purpose=Purpose.FOLLOW) as content:
            assert content.body == "Wat er gebeurde"
        vault.add_reader(letter, vault.ZONE_MIJN, via=code)
        vault.remove_reader(letter, vault.ZONE_MIJN)
        token = vault.start_visit(letter, code)
        assert vault.find_by_visit(Letter, token) == letter
        assert not Lockbox.objects.filter(reader__startswith="team:").exists()
    with transaction.atomic():
        vault.end_visit(token)
        assert vault.find_by_visit(Letter, token) is None
    with pytest.raises(transaction.TransactionManagementError):
        vault.find_by_code(Letter, code)


def test_the_public_zone_sees_no_dossier_but_the_one_whose_code_it_presents(zoned):
    code, other = vault.new_access_code(), vault.new_access_code()
    letter, foreign = write_letter(code), write_letter(other)
    vault.start_visit(foreign, other)
    zoned("publiek")
    assert not Letter.objects.exists()
    assert not Lockbox.objects.exists()  # nor the names of other readers, that would open more
    with transaction.atomic():
        vault.find_by_code(Letter, code)
        assert list(Letter.objects.all()) == [letter]
        assert set(Lockbox.objects.values_list("dossier", flat=True)) == {letter.pk}
    assert not Letter.objects.exists()  # what is presented goes with the transaction


def test_nobody_makes_a_key_to_the_dossier_of_another(zoned):
    """A lockbox of one's own for a dossier that is not one's own would be a reader to present."""
    foreign, mine = write_letter(vault.new_access_code()), vault.new_access_code()
    zoned("publiek")
    box = Lockbox(dossier=foreign.pk, reader=mine.reader, compartment="shared", key="x", box=b"")
    with transaction.atomic():
        present(mine.reader)
        with pytest.raises(ProgrammingError, match="row-level security"):
            box.save(force_insert=True)


def test_a_visit_that_is_over_shows_nothing(zoned):
    code = vault.new_access_code()
    token = vault.start_visit(write_letter(code), code)
    Lockbox.objects.filter(reader__startswith="visit:").update(expires_at=timezone.now())
    zoned("publiek")
    with transaction.atomic():
        present(visit_reader(token))
        assert not Letter.objects.exists()


@pytest.mark.parametrize("zone", ["publiek", "mijn"])
def test_an_outer_zone_neither_sees_nor_removes_the_teams_lockbox(zoned, zone, anna):
    code = vault.new_access_code()
    letter = write_letter(code)
    zoned(zone)
    with transaction.atomic():
        present(code.reader)
        assert not Lockbox.objects.filter(dossier=letter.pk, reader__startswith="team:").exists()
        Lockbox.objects.filter(dossier=letter.pk).delete()
    assert refused("UPDATE vault_lockbox SET box = '' WHERE true")
    zoned("beheer")
    with vault.open(letter, by=anna, purpose=Purpose.HANDLE) as content:
        assert content.body


def test_an_outer_zone_cannot_put_a_lockbox_of_its_own_in_place_of_the_teams(zoned):
    code = vault.new_access_code()
    letter = write_letter(code)
    zoned("publiek")
    box = Lockbox(dossier=letter.pk, reader="team:ondersteuning", compartment="shared", key="x", box=b"")
    with transaction.atomic():
        present(code.reader)
        with pytest.raises(IntegrityError, match="duplicate key"):
            box.save(force_insert=True)


def test_the_zone_of_accounts_gives_itself_a_key_of_what_it_holds_the_code_of_and_of_nothing_else(zoned):
    code = vault.new_access_code()
    mine, foreign = write_letter(code), write_letter(vault.new_access_code())
    zoned("mijn")
    own = Lockbox(dossier=mine.pk, reader="zone:mijn", compartment="shared", key="x", box=b"")
    for wrong in (
        Lockbox(dossier=foreign.pk, reader="zone:mijn", compartment="shared", key="x", box=b""),
        Lockbox(dossier=mine.pk, reader=vault.new_access_code().reader, compartment="shared", box=b""),
        Lockbox(dossier=mine.pk, reader="visit:x", compartment="shared", key="x", box=b""),  # not joined yet
    ):
        with transaction.atomic():
            present(code.reader)
            with pytest.raises(ProgrammingError, match="row-level security"):
                wrong.save(force_insert=True)
            transaction.set_rollback(True)
    with transaction.atomic():
        present(code.reader)
        own.save(force_insert=True)


def test_a_reporters_overview_needs_no_names(zoned):
    dossier = uuid.uuid4()
    log(
        Actor(uuid.uuid4(), "Anna", "eerste_lijn"),
        dossier=dossier,
        purpose=Purpose.HANDLE,
        result=Result.OPENED,
    )
    zoned("publiek")
    assert [(line.role, line.count) for line in overview(dossier)] == [("eerste_lijn", 1)]
    assert refused("SELECT actor_name FROM audit_accesslog")
    assert refused("SELECT actor_id FROM audit_accesslog")


def test_the_public_zone_shows_what_is_published_and_can_read_no_draft(zoned, client):
    for model in PAGES:
        for status in ("draft", "published", "withdrawn"):
            page = make_page(model, status, slug=status)
            if model is Project:
                page.grants.create(year=2020, amount=1, source=status)
            if model is PolicyDossier:
                page.events_told.create(day=timezone.localdate(), text="x", source=status)
    zoned("publiek")
    for model, folder in PAGES.items():
        assert client.get(folder).status_code == 200
        for status, code in (("draft", 404), ("published", 200), ("withdrawn", 410)):
            assert client.get(f"{folder}{status}/").status_code == code, (folder, status)
        assert set(model.objects.values_list("slug", flat=True)) == {"published", "withdrawn"}
    assert [grant.source for grant in Grant.objects.all()] == ["published"]
    assert [event.source for event in PolicyEvent.objects.all()] == ["published"]


FORBIDDEN = [
    ("publiek", "SELECT * FROM accounts_mijnsession"),
    ("publiek", "SELECT * FROM accounts_beheersession"),
    ("publiek", "INSERT INTO accounts_beheersession DEFAULT VALUES"),
    ("publiek", "SELECT password FROM accounts_user"),
    ("publiek", "UPDATE accounts_user SET is_staff = true"),
    ("publiek", "SELECT * FROM mfa_authenticator"),
    ("publiek", "SELECT * FROM django_admin_log"),
    ("publiek", "SELECT * FROM vault_blindindex"),
    ("publiek", "DELETE FROM jobs_job"),
    *[(zone, "SELECT key FROM jobs_job") for zone in ("publiek", "mijn")],  # it tells the ids of cases
    *[(zone, "INSERT INTO jobs_job (state) VALUES ('done')") for zone in ("publiek", "mijn", "beheer")],
    ("beheer", "UPDATE jobs_job SET name = 'x'"),
    ("publiek", "DELETE FROM pages_draft"),
    ("publiek", "SELECT * FROM ondersteuning_countedreport"),
    ("publiek", "SELECT case_id FROM ondersteuning_assignment"),  # nor who handles what
    ("publiek", "DELETE FROM ondersteuning_case"),
    *[
        ("publiek", f"UPDATE ondersteuning_{table} SET {column} = NULL")
        for table, columns in {
            "case": ["urgency", "wish", "narrative", "assessment", "received_at", "acknowledged_at", "line"],
            "message": ["text", "side"],
            "handover": ["to_user_id", "reason"],
            "aftercarestep": ["done_at", "due_on"],
            "organisationreport": ["narrative", "aangifte"],
            "share": ["contact_id"],
        }.items()
        for column in columns
    ],
    ("mijn", "UPDATE ondersteuning_share SET withdrawn_at = NULL"),
    ("mijn", "INSERT INTO ondersteuning_share DEFAULT VALUES"),
    ("mijn", "UPDATE ondersteuning_organisationreport SET narrative = NULL"),
    ("mijn", "UPDATE ondersteuning_organisationmessage SET side = 'reporter'"),
    ("publiek", "INSERT INTO auth_group (name) VALUES ('x')"),
    ("publiek", "UPDATE netwerk_contact SET user_id = NULL"),
    ("publiek", "UPDATE netwerk_organisation SET name = 'x'"),
    ("publiek", "SELECT * FROM netwerk_membership"),
    *[("publiek", f"SELECT {column} FROM netwerk_story") for column in ("consent_from", "consent_on", "*")],
    ("publiek", "UPDATE netwerk_project SET title = 'x'"),
    ("mijn", "UPDATE netwerk_story SET title = 'x'"),
    ("mijn", "SELECT * FROM netwerk_story"),
    ("mijn", "INSERT INTO netwerk_budget DEFAULT VALUES"),
    *[
        (zone, f"SELECT * FROM netwerk_{table}")
        for zone in ("publiek", "mijn")
        for table in ("intervention", "interventionstep", "interventionuserobjectpermission")
    ],
    ("publiek", "SELECT * FROM netwerk_accountrequest"),
    ("publiek", "SELECT email FROM accounts_user"),
    ("publiek", "SELECT is_staff FROM accounts_user"),
    ("publiek", "UPDATE ondersteuning_assignment SET ended_at = NULL"),
    ("publiek", "INSERT INTO ondersteuning_caseuserobjectpermission DEFAULT VALUES"),
    ("mijn", "INSERT INTO ondersteuning_assignment DEFAULT VALUES"),
    ("mijn", "INSERT INTO ondersteuning_caseuserobjectpermission DEFAULT VALUES"),
    ("mijn", "SELECT * FROM ondersteuning_message"),
    ("mijn", "UPDATE ondersteuning_case SET wish = 'both'"),
    ("mijn", "DELETE FROM accounts_user"),
    ("mijn", "UPDATE auth_group SET name = 'x'"),
    ("mijn", "INSERT INTO auth_group_permissions DEFAULT VALUES"),
    ("mijn", "SELECT * FROM pages_draft"),
    ("mijn", "INSERT INTO netwerk_contact DEFAULT VALUES"),
    ("mijn", "SELECT * FROM accounts_beheersession"),
    ("mijn", "SELECT * FROM vault_blindindex"),
    ("mijn", "SELECT * FROM django_admin_log"),
    ("mijn", "INSERT INTO guardian_userobjectpermission DEFAULT VALUES"),
    ("beheer", "INSERT INTO audit_seal DEFAULT VALUES"),
    ("beheer", "INSERT INTO accounts_mijnsession DEFAULT VALUES"),
    *[(zone, f"{verb} audit_accesslog") for zone in ROLES for verb in ("DELETE FROM", "TRUNCATE")],
    *[(zone, "CREATE TABLE mine (x int)") for zone in ROLES],
]


@pytest.mark.parametrize("zone", list(ROLES))
def test_what_a_zone_may_not_do_is_refused_by_the_database(zoned, zone):
    zoned(zone)
    for who, statement in FORBIDDEN:
        if who == zone and table_exists(statement):
            assert refused(statement), (who, statement)


@pytest.mark.parametrize("zone", list(Zone))
def test_a_zone_writes_down_only_the_jobs_that_are_its_own(zoned, zone):
    zoned(zone)
    for kind in list(KINDS.values()):
        if kind.do.__module__.startswith("tests."):
            continue
        statement = (
            "INSERT INTO jobs_job (key, name, queue, kwargs, due_at)"
            f" VALUES ('{uuid.uuid4()}', '{kind.name}', 'default', '{{}}', now())"
        )
        assert is_in_vain(statement) is (zone not in kind.zones), kind.name


def test_what_only_the_worker_asks_for_is_asked_for_by_no_zone():
    assert {name for name, kind in KINDS.items() if not kind.zones} >= {
        "ondersteuning.remind_aftercare",
        "ondersteuning.resume_after_waiting",
        "ondersteuning.tell_overdue",
        "weerbaar.documents.make_pdf_again",
        "weerbaar.jobs.ledger.tell_team",
    }


TAKEOVER = [  # each would open the team's desk to who holds the process of mijn
    "UPDATE accounts_user SET password = 'x' WHERE id = '{staff}' RETURNING 1",
    "UPDATE accounts_user SET email = 'x@x.invalid' WHERE id = '{staff}' RETURNING 1",
    "UPDATE accounts_user SET is_staff = true WHERE id = '{griffier}' RETURNING 1",
    "UPDATE accounts_user SET is_staff = false WHERE id = '{staff}' RETURNING 1",
    "DELETE FROM mfa_authenticator RETURNING 1",
    "INSERT INTO mfa_authenticator (user_id, type, data, created_at)"
    " VALUES ('{staff}', 'totp', '{{}}', now())",
    "UPDATE mfa_authenticator SET user_id = '{griffier}' RETURNING 1",
    "INSERT INTO accounts_passwordlink (id, kind, user_id, token_hash, expires_at)"
    " VALUES (gen_random_uuid(), 'vergeten', '{staff}', 'x', now())",
    "INSERT INTO accounts_rolegrant (user_id, role, granted_at, granted_by, confirmed_by)"
    " VALUES ('{griffier}', 'eerste_lijn', now(), '', '')",
    "INSERT INTO accounts_rolegrant (user_id, role, granted_at, granted_by, confirmed_by)"
    " VALUES ('{staff}', 'ambtsdrager', now(), '', '')",
    "DELETE FROM accounts_rolegrant WHERE user_id = '{staff}' RETURNING 1",
    "INSERT INTO accounts_user_user_permissions (user_id, permission_id)"
    " SELECT '{griffier}', id FROM auth_permission WHERE codename = 'handle_case'",
]


def test_mijn_takes_over_no_account_of_the_staff(zoned, make_user):
    staff, griffier = make_user("eerste_lijn"), make_user("organisatiecontact")
    Authenticator.objects.create(user=staff, type="totp", data={})
    zoned("mijn")
    for statement in TAKEOVER:
        assert is_in_vain(statement.format(staff=staff.pk, griffier=griffier.pk)), statement
    griffier.set_password("een ander wachtwoord")
    griffier.save(update_fields=["password"])
    Authenticator.objects.create(user=griffier, type="totp", data={})


def is_in_vain(statement: str) -> bool:
    """Refused by the rights or the policies of the database, or done to no row at all."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.rowcount == 0
    except Exception as error:
        return "permission denied" in str(error) or "row-level security" in str(error)


def table_exists(statement: str) -> bool:
    """Whether the tables of every app are there (the tests also run with fewer apps)."""
    from django.db import connection

    words = statement.replace("(", " ").split()
    names = [word for word in words if "_" in word and word in connection.introspection.table_names()]
    return bool(names) or "CREATE" in words


def test_every_table_has_a_rule_for_every_zone():
    for table in connection.introspection.table_names():
        for zone in (*ROLES, "alles"):
            assert "TRUNCATE" not in grants.rights(zone, table)


def test_the_embedded_role_only_adds_to_the_history():
    for table in grants.append_only_tables():
        assert grants.rights("alles", table) == "SELECT, INSERT"


def test_a_model_can_hide_itself_from_a_zone(monkeypatch):
    monkeypatch.setattr(Letter, "hidden_from", {"publiek"}, raising=False)
    assert grants.rights("publiek", "vault_letter") == ""
    assert grants.rights("beheer", "vault_letter") == grants.WRITE


def test_the_application_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("zone", ["publiek", "mijn", "beheer", "worker"])
def test_no_zone_hides_a_change_behind_a_table_of_the_same_name(zoned, zone):
    """The triggers that keep the history name their table as everybody does: a temporary one comes first."""
    zoned(zone)
    assert refused("CREATE TEMPORARY TABLE ondersteuning_caseevent (id bigint)")


@pytest.mark.parametrize("zone", ["publiek", "mijn"])
def test_an_outer_zone_does_not_forget_the_tries_at_the_door_of_the_desk(zoned, zone):
    """Else who took it over guesses a colleague's code as often as it likes."""
    for owner in ("publiek", "mijn", "beheer", "beheer,mijn,publiek"):
        CacheRow.objects.create(cache_key=f"{owner}|:1:{zone}", value="1", expires=timezone.now())
    zoned(zone)
    assert set(CacheRow.objects.values_list("cache_key", flat=True)) == {
        f"{zone}|:1:{zone}",
        f"beheer,mijn,publiek|:1:{zone}",
    }
    assert not CacheRow.objects.filter(cache_key__startswith="beheer|").delete()[0]
    with pytest.raises(ProgrammingError, match="row-level security"):
        CacheRow.objects.create(cache_key="beheer|:1:new", value="1", expires=timezone.now())
    zoned("beheer")
    assert CacheRow.objects.filter(cache_key__startswith="beheer|").exists()


def test_mijn_does_not_forget_that_a_code_of_the_staff_was_used(zoned, make_user):
    staff, member = make_user(Role.EERSTE_LIJN), make_user(Role.AMBTSDRAGER)
    for user in (staff, member):
        UsedCode.objects.create(user=user, code="gebruikt")
    zoned("mijn")
    UsedCode.objects.all().delete()
    zoned("beheer")
    assert list(UsedCode.objects.values_list("user", flat=True)) == [staff.pk]


def test_a_zone_writes_down_no_job_for_a_moment_that_never_comes(zoned):
    zoned("publiek")
    name = next(kind.name for kind in KINDS.values() if Zone.PUBLIEK in kind.zones)
    for moment in ("infinity", "-infinity"):
        with pytest.raises(ProgrammingError, match="row-level security"), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO jobs_job (key, name, queue, kwargs, due_at)"
                " VALUES ('x', %s, 'default', '{}', %s)",
                [name, moment],
            )
