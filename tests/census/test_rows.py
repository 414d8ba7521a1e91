"""Every filter of Python taken out: what the database itself gives to the process of an outer zone."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from ondersteuning.models import Case
from tests.audit.test_grants import ROLES
from tests.conftest import owner_connection, point_at
from weerbaar.audit import grants
from weerbaar.vault import api as vault

from . import scene

# Tables whose rows a process of the zone may see without more. What is not in here gives no row. Of the
# access log that is a role, a moment and the number of a dossier: nobody's name (see grants.LOOKED).
OPEN = {
    "accounts_user", "audit_accesslog", "netwerk_contact", "netwerk_keyfigure", "netwerk_organisation",
    "netwerk_partner", "netwerk_reportingpoint", "netwerk_themeround", "netwerk_training",
    "netwerk_trainingedition", "netwerk_trainingsession", "netwerk_budget", "netwerk_synonym",
    "netwerk_item", "netwerk_version", "netwerk_publicindex", "netwerk_publicword",  # what is out
    "netwerk_normsignature",  # those that an organisation made public
}  # fmt: skip
PLUMBING = ("auth_", "django_", "guardian_", "pages_", "accounts_cache")  # rights, migrations, drafts


@pytest.fixture
def stage(own_database, sign_in):
    return scene.make(sign_in)


@pytest.fixture
def act_as(stage, own_database):
    """act_as("publiek"): go on with the database role of that zone."""
    with owner_connection(own_database) as owner, owner.cursor() as cursor:
        known = {row[0] for row in cursor.execute("SELECT rolname FROM pg_roles").fetchall()}
        if missing := set(ROLES.values()) - known:
            pytest.skip(f"this cluster has no roles {', '.join(sorted(missing))}")
        grants.apply(cursor, ROLES)
    app = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]
    yield lambda zone: point_at(own_database, ROLES[zone], "")
    point_at(own_database, *app)


def tables() -> list[str]:
    """Every table that holds rows now and is no plumbing."""
    names = [name for name in connection.introspection.table_names() if not name.startswith(PLUMBING)]
    return [name for name in sorted(names) if rows(name)]


def rows(table: str, what: str = "count(*)") -> list:
    """Empty when there are none, or when the role may not look."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'SELECT {what} FROM "{table}"')
            found = cursor.fetchall()
    except ProgrammingError:  # permission denied
        return []
    return [] if found == [(0,)] else found


def test_the_public_zone_sees_no_row_that_tells_of_a_report(stage, act_as):
    filled = set(tables())
    act_as("publiek")
    assert {"ondersteuning_case", "ondersteuning_evidence", "vault_lockbox", "files_storedfile"} <= filled
    assert set(tables()) == OPEN


def test_with_a_code_the_public_zone_sees_the_rows_of_that_one_case(stage, act_as):
    own, visit = stage.cases["taken"], stage.browsers["reporter"].cookies[scene.COOKIE].value
    of_a_case = {name: column for name in tables() if (column := column_of_case(name))}
    act_as("publiek")
    with transaction.atomic():
        assert vault.find_by_visit(Case, visit) == own
        assert set(rows("ondersteuning_case", "id")) == {(own.pk,)}
        for table, column in of_a_case.items():
            assert set(rows(table, column)) <= {(own.pk,)}, table
    assert rows("ondersteuning_case") == []


def column_of_case(table: str) -> str:
    """Which column says of which case a row is; "" where none does, and for the access log (see OPEN)."""
    with connection.cursor() as cursor:
        names = {one.name for one in connection.introspection.get_table_description(cursor, table)}
    return "" if table in OPEN else next((name for name in ("case_id", "dossier") if name in names), "")


SHARED = {  # what reporters let their own organisation read; by which contact, is up to visible_to
    "files_storedfile",
    "ondersteuning_case",
    "ondersteuning_evidence",
    "ondersteuning_organisationreport",
    "ondersteuning_share",
    "vault_lockbox",
}


def test_the_zone_of_accounts_sees_what_was_shared_with_an_organisation_and_nothing_else(stage, act_as):
    shared = {(case.pk,) for case in stage.cases.values() if case.wish in ("both", "organisation")}
    assert len(shared) < len(stage.cases)
    act_as("mijn")
    assert {name for name in tables() if name.startswith(("ondersteuning_", "vault_", "files_"))} == SHARED
    assert set(rows("ondersteuning_case", "id")) == shared
    assert set(rows("ondersteuning_evidence", "case_id")) <= shared
    assert set(rows("files_storedfile", "dossier")) <= shared
