"""What each zone's database role may do, put in place by the owner after every migrate.

A role may read and write a table unless a line of RULES says less; the public zone may nothing unless a line
says so. A model may say `hidden_from = {"publiek", "mijn"}`. The embedded default has one role for everything
("alles"). ROWS says which rows: the public zone sees a dossier only in a transaction that has presented (see
`weerbaar.vault.lockboxes.present`) a reader of it, whose name only a code or a visitor's cookie gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction
from django.utils.module_loading import autodiscover_modules

from weerbaar.accounts.roles import STAFF_ROLES, Role
from weerbaar.jobs.registry import KINDS
from weerbaar.zones import Zone

from .append_only import append_only_tables, protect

WRITE = "SELECT, INSERT, UPDATE, DELETE"
OUTSIDE = {"publiek", "mijn"}
ALL = OUTSIDE | {"beheer", "worker", "alles"}
LOOKED = (
    "INSERT, SELECT (id, at, transaction, role, dossier, purpose, result)"  # what a reporter's overview needs
)
ANSWER = "SELECT, INSERT, UPDATE"  # what somebody writes back, and marks as read or withdrawn
ASK = "INSERT (key, name, queue, kwargs, due_at)"  # a job; nobody outside reads what else waits
COUNTED = "SELECT (version_id, day, zone, count)"
_REPORTER_CHANGES = (
    "status, closed_at, outcome, waiting_since, waiting_until, contact_due_at, contacted_at, contact,"
    " consent, owner, version"
)
_ASKED_AGAIN = "asked_at, answer_due_on, answered_at, answered_by_id, is_granted, was_reader, why_not"
_AANGIFTE_SEEN = (  # all but the team's own remark
    "id, case_id, status, filed_by, filed_on, domicilie, under_number, vpt_code_asked, damage_claim, number,"
    " contact"
)
_LINK_ANSWER = "consent_one_at, consent_other_at, undone_at"
_LINK_SEEN = f"id, one_id, other_id, relation, {_LINK_ANSWER}"
_SIGNATURE_SEEN = "id, organisation_id, kind, signed_on, valid_until, is_public, ended_at"  # not by whom
_MEETING_SEEN = (  # all but where exactly it is
    "id, slug, title, kind, access, summary, begins_at, ends_at, town, status, capacity, sign_up_until,"
    " decisions_are_published"
)
_SESSION_SEEN = "id, edition_id, title, begins_at, ends_at, town"
_ORGANISATION_CHANGES = "reacted_at, aangifte, aangifte_decided_at, feedback_at"
_STORY_READ = (  # of a story: all but whose it is
    "id, slug, title, summary, body, status, published_at, kind, function, shown_as, is_composed,"
    " consent_until"
)
_PAGES = ["policydossier", "project", "signalcard"]
_PARTS = {  # of a page, by the column that names it
    "grant": "project",
    "project_organisations": "project",
    "project_partners": "project",
    "policyevent": "policy",
    "policylink": "policy",
    "policydossier_partners": "policydossier",
}
_PUBLISHED = [*_PAGES, *_PARTS, "budget"]

RULES: list[tuple[set[str], str, str]] = [  # zones, tables, rights: the first line that fits counts
    (ALL, "django_migrations", "SELECT"),
    (OUTSIDE, "audit_accesslog", LOOKED),
    (ALL, "audit_accesslog", "SELECT, INSERT"),
    (OUTSIDE, "audit_seal", ""),
    ({"beheer"}, "audit_seal", "SELECT"),
    (ALL, "audit_seal", "SELECT, INSERT"),
    (OUTSIDE, "*trackedevent", "INSERT"),
    (ALL, "*trackedevent", "SELECT, INSERT"),
    (OUTSIDE, "vault_blindindex", ""),
    ({"publiek"}, "vault_lockbox", "SELECT, INSERT, DELETE"),
    ({"mijn"}, "vault_lockbox", "SELECT, INSERT, DELETE"),
    ({"publiek"}, "accounts_user", "SELECT (id, is_active)"),  # whether a contact still reads; not who
    ({"publiek"}, "accounts_cache", WRITE),
    ({"publiek"}, "accounts_*", ""),
    ({"publiek"}, "account_*", ""),
    ({"publiek"}, "socialaccount_*", ""),
    ({"publiek"}, "mfa_*", ""),
    ({"mijn"}, "accounts_user", ANSWER),  # and only some rows of these: see ROWS
    (OUTSIDE, "auth_*", "SELECT"),
    (OUTSIDE, "django_content_type", "SELECT"),
    ({"publiek"}, "pages_draft", ANSWER),
    ({"mijn"}, "pages_draft", "INSERT"),  # /readyz tries whether it can write
    (OUTSIDE, "jobs_job", ASK),
    ({"beheer"}, "jobs_job", f"SELECT, {ASK}, UPDATE (state, attempts, due_at, lease_until, token)"),
    (OUTSIDE, "jobs_*", "SELECT"),
    (OUTSIDE, "guardian_*", "SELECT"),
    (OUTSIDE, "django_admin_log", ""),
    ({"mijn"}, "accounts_beheersession", ""),
    ({"beheer"}, "accounts_mijnsession", "SELECT, DELETE"),  # to sign somebody out
    ({"worker"}, "accounts_*session", "SELECT, DELETE"),  # to tidy up
    (OUTSIDE, "netwerk_organisation", "SELECT"),
    (OUTSIDE, "netwerk_contact", "SELECT"),  # who writes here chooses who reads what is shared
    ({"publiek"}, "netwerk_partner", "SELECT"),
    ({"publiek"}, "netwerk_reportingpoint", "SELECT"),
    (OUTSIDE, "netwerk_keyfigure", "SELECT"),
    ({"mijn"}, "netwerk_partner", "SELECT"),
    ({"publiek"}, "netwerk_normsignature", f"SELECT ({_SIGNATURE_SEEN})"),
    ({"mijn"}, "netwerk_normsignature", "SELECT, INSERT, UPDATE (ended_at)"),
    ({"mijn"}, "netwerk_aggressionprotocol", "SELECT, INSERT"),
    ({"mijn"}, "netwerk_starteroffer", "SELECT"),
    ({"mijn"}, "netwerk_startertalk", "SELECT, INSERT, UPDATE (status, changed_at, taken_by_id)"),
    ({"publiek"}, "netwerk_meeting", f"SELECT ({_MEETING_SEEN})"),
    ({"publiek"}, "netwerk_agendaitem", "SELECT"),
    ({"publiek"}, "netwerk_decision", "SELECT"),
    ({"publiek"}, "netwerk_training", "SELECT"),
    ({"publiek"}, "netwerk_trainingedition", "SELECT"),
    ({"publiek"}, "netwerk_trainingsession", f"SELECT ({_SESSION_SEEN})"),
    ({"publiek"}, "netwerk_theme", "SELECT"),
    ({"publiek"}, "netwerk_themeround", "SELECT"),
    ({"mijn"}, "netwerk_meeting*", "SELECT"),
    ({"mijn"}, "netwerk_agendaitem", "SELECT"),
    ({"mijn"}, "netwerk_decision", "SELECT"),
    ({"mijn"}, "netwerk_training*", "SELECT"),
    ({"mijn"}, "netwerk_signup", ANSWER),
    ({"mijn"}, "netwerk_attendance", "SELECT"),
    ({"mijn"}, "netwerk_evaluation", "INSERT"),  # nobody outside reads what others thought
    ({"mijn"}, "netwerk_themeround", "SELECT"),
    ({"mijn"}, "netwerk_themevote", "SELECT, INSERT, DELETE"),
    ({"mijn"}, "netwerk_theme", "SELECT, INSERT, UPDATE (status)"),
    # what editors publish; of a story not whose it is
    ({"publiek"}, "netwerk_story", f"SELECT ({_STORY_READ})"),
    *(({"publiek"}, f"netwerk_{table}", "SELECT") for table in _PUBLISHED),
    *(({"mijn"}, f"netwerk_{table}", "") for table in ("story", *_PUBLISHED)),
    ({"publiek"}, "netwerk_item", "SELECT"),  # only what is out: see ROWS
    ({"publiek"}, "netwerk_version", "SELECT"),
    ({"publiek"}, "netwerk_downloadcount", f"{COUNTED}, INSERT, UPDATE (count)"),
    # mijn: a partner's officer writes releases and sends files; a worker makes versions of them
    ({"mijn"}, "netwerk_item", "SELECT, INSERT, UPDATE"),
    (OUTSIDE | {"beheer"}, "netwerk_version", "SELECT"),
    ({"mijn"}, "netwerk_itemorganisation", "SELECT"),
    ({"mijn"}, "netwerk_itemuserobjectpermission", "SELECT"),
    ({"mijn"}, "netwerk_partnermember", "SELECT"),
    (OUTSIDE | {"beheer"}, "netwerk_downloadcount", "SELECT, INSERT, UPDATE (count)"),
    ({"publiek"}, "netwerk_public*", "SELECT"),  # the index of what is for everybody, and not the full one
    (OUTSIDE, "netwerk_synonym", "SELECT"),
    ({"mijn"}, "netwerk_told", "SELECT"),
    ({"publiek"}, "netwerk_*", ""),
    # what a reporter does: report, answer, withdraw; and say anew how to be reached
    ({"publiek"}, "ondersteuning_case", f"SELECT, INSERT, UPDATE ({_REPORTER_CHANGES})"),
    ({"publiek"}, "ondersteuning_countedreport", "INSERT"),
    ({"publiek"}, "ondersteuning_signal", "INSERT"),
    ({"publiek"}, "ondersteuning_yeartotal", "SELECT"),  # what is published, and no other number
    ({"publiek"}, "ondersteuning_caselink", f"SELECT ({_LINK_SEEN}), UPDATE ({_LINK_ANSWER})"),
    ({"publiek"}, "ondersteuning_statuschange", "SELECT, INSERT"),
    ({"publiek"}, "ondersteuning_timelineevent", "SELECT, INSERT"),
    ({"publiek"}, "ondersteuning_message", "SELECT, INSERT, UPDATE (read_at)"),
    ({"publiek"}, "ondersteuning_handover", "SELECT, UPDATE (status, consented_at)"),
    ({"publiek"}, "ondersteuning_referral", "SELECT, UPDATE (status, consented_at)"),
    ({"publiek"}, "ondersteuning_aftercarestep", "SELECT, UPDATE (cancelled_at)"),
    ({"publiek"}, "ondersteuning_organisationreport", "SELECT, INSERT, UPDATE (withdrawn_at, contact)"),
    ({"publiek"}, "ondersteuning_organisationmessage", "SELECT, INSERT"),
    ({"publiek"}, "ondersteuning_share", "SELECT, INSERT, UPDATE (withdrawn_at)"),
    ({"publiek"}, "ondersteuning_evidence", "SELECT, INSERT"),  # what was handed in stays
    ({"publiek"}, "ondersteuning_checkin", "SELECT, UPDATE (answer, answered_at, cancelled_at)"),
    ({"publiek"}, "ondersteuning_feedback", "SELECT, INSERT"),
    ({"publiek"}, "ondersteuning_erasurerequest", f"SELECT, INSERT, UPDATE ({_ASKED_AGAIN})"),
    ({"publiek"}, "ondersteuning_aangifte", f"SELECT ({_AANGIFTE_SEEN})"),
    ({"publiek"}, "ondersteuning_procedure", "SELECT"),
    ({"publiek"}, "ondersteuning_legaldate", "SELECT"),
    ({"publiek"}, "ondersteuning_measure", "SELECT"),
    ({"publiek"}, "ondersteuning_careperson", "SELECT"),
    ({"publiek"}, "documents_rendering", "SELECT, INSERT, UPDATE (state, error, tries)"),
    ({"mijn"}, "ondersteuning_case", "SELECT, UPDATE (owner, version)"),  # to join it to an account
    ({"mijn"}, "ondersteuning_timelineevent", "INSERT"),
    ({"mijn"}, "ondersteuning_organisationreport", f"SELECT, UPDATE ({_ORGANISATION_CHANGES})"),
    ({"mijn"}, "ondersteuning_organisationmessage", "SELECT, INSERT"),
    ({"mijn"}, "ondersteuning_share", "SELECT, UPDATE (opened_at)"),
    ({"mijn"}, "ondersteuning_evidence", "SELECT"),
    ({"mijn"}, "ondersteuning_*", ""),
    ({"mijn"}, "documents_printorder", "SELECT, INSERT, UPDATE (state, error, tries)"),
    ({"mijn"}, "documents_sheet", "SELECT"),  # the worker alone prints and seals
    ({"mijn"}, "documents_*", ""),
    ({"publiek", "beheer"}, "files_storedfile", "SELECT, INSERT, UPDATE (dossier, expires_at)"),
    ({"mijn"}, "files_storedfile", "SELECT"),  # the worker alone says that a file is clean
    ({"publiek"}, "*", ""),
    (ALL, "*", WRITE),
]


class Rows(NamedTuple):
    """Which rows of a table some zones may see, change or remove, add, and what a changed row must be (these
    two as `written` unless told)."""

    zones: set[str]
    table: str
    seen: str
    written: str
    added: str = ""
    changed: str = ""


# The one dossier whose reader this transaction presented, and whether a dossier has no lockbox yet. They run
# as the owner, because the zone that asks does not see those rows itself.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION vault_presented() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT dossier FROM vault_lockbox
    WHERE reader = current_setting('weerbaar.reader', true) AND (expires_at IS NULL OR expires_at > now())
    LIMIT 1
$$;
CREATE OR REPLACE FUNCTION vault_is_new(asked uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT FROM vault_lockbox WHERE dossier = asked)
$$
"""
PRESENTED = "(SELECT vault_presented())"  # asked once a query, not once a row


# Who sets a password, a second factor or a role of the staff, is the staff: mijn may only for its own people.
_NOT_OF_STAFF = "NOT EXISTS (SELECT FROM accounts_user person WHERE person.id = user_id AND person.is_staff)"
_STAFF_ROLES = ", ".join(f"'{role.value}'" for role in Role if role in STAFF_ROLES)
_REPORT_SEEN = "report_id IN (SELECT id FROM ondersteuning_organisationreport)"  # itself under its own policy
_OWN_PEOPLE = [
    "account_emailaddress",
    "accounts_passwordlink",
    "accounts_usedcode",  # who forgets one, lets it be used again
    "mfa_authenticator",
    "socialaccount_socialaccount",
]
_OPEN_FILES = "(SELECT id FROM netwerk_item WHERE file_access = 'public')"  # itself under its own policy
_OWN = f"case_id = {PRESENTED}"
# Python knows no moment without end: on one such row the list of all cases would fail.
_MOMENTS = (
    "received_at contact_due_at contacted_at acknowledged_at waiting_since waiting_until closed_at erased_at"
)
_IN_OUR_TIME = " AND ".join(
    f"({name} IS NULL OR {name} BETWEEN '2000-01-01' AND '2200-01-01')" for name in _MOMENTS.split()
)
_OF_LINK = f"one_id = {PRESENTED} OR other_id = {PRESENTED}"


def _counts_of(zone: str) -> str:
    """Rows of the cache that processes serving this zone made: the key begins with the zones they serve."""
    return f"'{zone}' = ANY (string_to_array(split_part(cache_key, '|', 1), ','))"


# The account that this transaction presented (`vault.owned_by`), by its keyed pseudonym; and its dossiers.
_OWNER = "current_setting('weerbaar.owner', true)"
_MINE = f"owner <> '' AND owner = {_OWNER}"
_OF_MINE = f"(SELECT id FROM ondersteuning_case WHERE {_MINE})"  # noqa: S608 - constants of ours
_KNOWN = "status IN ('published', 'withdrawn')"  # of what was withdrawn the address says that it is gone
_PAGE_OF = {"project": "project", "policy": "policydossier", "policydossier": "policydossier"}
ROWS = [
    # the outer zones may add a team's lockbox, not see or remove it; and none to a dossier not theirs to open
    Rows(
        {"publiek"},
        "vault_lockbox",
        f"reader NOT LIKE 'team:%' AND dossier = {PRESENTED}",
        "true",
        f"dossier = {PRESENTED} OR vault_is_new(dossier)",
    ),
    # its own, whether the reporter can still read an answer, and what somebody holds the code of: who joins
    # that to an account gives the zone a lockbox, and may take it away or visit with it
    Rows(
        {"mijn"},
        "vault_lockbox",
        "reader IN ('zone:mijn', current_setting('weerbaar.reader', true))"
        " OR reader LIKE 'code:%' AND compartment = 'organisation'",
        f"reader = 'zone:mijn' AND compartment = 'shared' AND dossier IN {_OF_MINE}",
        f"reader = 'zone:mijn' AND dossier = {PRESENTED} OR reader LIKE 'visit:%' AND dossier IN {_OF_MINE}",
    ),
    Rows({"publiek"}, "ondersteuning_case", f"id = {PRESENTED}", _IN_OUR_TIME),
    Rows({"publiek"}, "netwerk_keyfigure", "is_active", "false"),
    Rows(
        {"publiek"},
        "netwerk_item",
        "record_access = 'public' AND status = 'published' AND published_at <= now()",
        "false",
    ),
    Rows({"publiek"}, "netwerk_version", f"item_id IN {_OPEN_FILES}", "false"),
    Rows({"publiek"}, "netwerk_downloadcount", "zone = 'publiek'", "zone = 'publiek'"),
    Rows({"mijn"}, "netwerk_item", "true", "partner_id IS NOT NULL"),  # releases of partners, no others
    Rows({"publiek"}, "ondersteuning_message", _OWN, "true", f"{_OWN} AND side = 'reporter'"),
    *(
        Rows({"publiek"}, f"ondersteuning_{table}", _OWN, _OWN)
        for table in (
            "aftercarestep",
            "checkin",
            "feedback",
            "handover",
            "organisationreport",
            "referral",
            "statuschange",
            "timelineevent",
        )
    ),
    Rows(  # of what was erased nothing else is left to say so, to who still has the code
        {"publiek"},
        "ondersteuning_erasurerequest",
        f"{_OWN} OR was_reader <> '' AND was_reader = current_setting('weerbaar.reader', true)",
        _OWN,
    ),
    *(Rows({"publiek"}, f"ondersteuning_{table}", _OWN, "false") for table in ("aangifte", "procedure")),
    Rows({"publiek"}, "ondersteuning_legaldate", f"{_OWN} AND cancelled_at IS NULL", "false"),
    Rows({"publiek"}, "ondersteuning_measure", f"{_OWN} AND status NOT IN ('advised', 'cancelled')", "false"),
    Rows(  # who is near to the reporter; what a witness or colleague gets is theirs
        {"publiek"},
        "ondersteuning_careperson",
        f"{_OWN} AND relation IN ('partner', 'child', 'family')",
        "false",
    ),
    Rows({"publiek"}, "ondersteuning_evidence", _OWN, "false", f"{_OWN} AND side = 'reporter'"),
    Rows({"publiek"}, "ondersteuning_organisationmessage", _OWN, "false", f"{_OWN} AND side = 'reporter'"),
    Rows({"publiek"}, "ondersteuning_caselink", _OF_LINK, _OF_LINK),
    Rows({"publiek"}, "ondersteuning_share", _REPORT_SEEN, _REPORT_SEEN),
    Rows({"publiek"}, "documents_rendering", f"dossier = {PRESENTED}", f"dossier = {PRESENTED}"),
    Rows(  # of a draft (whose key only the draft holds), or of the dossier that is being followed
        {"publiek"},
        "files_storedfile",
        f"dossier IS NULL OR dossier = {PRESENTED}",
        "true",
        f"dossier IS NULL OR dossier = {PRESENTED}",
    ),
    Rows({"publiek"}, "netwerk_meeting", "access = 'public' AND status <> 'draft'", "false"),
    Rows({"publiek"}, "netwerk_agendaitem", "meeting_id IN (SELECT id FROM netwerk_meeting)", "false"),
    Rows(
        {"publiek"},
        "netwerk_decision",
        "meeting_id IN (SELECT id FROM netwerk_meeting WHERE decisions_are_published AND ends_at <= now())",
        "false",
    ),
    Rows({"publiek"}, "netwerk_training", "is_published", "false"),
    Rows(
        {"publiek"},
        "netwerk_trainingedition",
        "status <> 'draft' AND training_id IN (SELECT id FROM netwerk_training)",
        "false",
    ),
    Rows(
        {"publiek"},
        "netwerk_trainingsession",
        "edition_id IN (SELECT id FROM netwerk_trainingedition)",
        "false",
    ),
    Rows({"publiek"}, "netwerk_theme", "status IN ('published', 'completed')", "false"),
    *(Rows({"publiek"}, f"netwerk_{table}", _KNOWN, "false") for table in ("story", *_PAGES)),
    *(
        Rows(
            {"publiek"},
            f"netwerk_{part}",
            f"{page}_id IN (SELECT id FROM netwerk_{_PAGE_OF[page]} WHERE status = 'published')",  # noqa: S608
            "false",
        )
        for part, page in _PARTS.items()
    ),
    Rows({"mijn"}, "files_storedfile", "dossier IN (SELECT id FROM ondersteuning_case)", "false"),
    # an outer zone forgets its own counts of tries, and not those that guard the desk
    *(Rows({zone}, "accounts_cache", _counts_of(zone), _counts_of(zone)) for zone in sorted(OUTSIDE)),
    Rows({"publiek"}, "netwerk_normsignature", "is_public AND ended_at IS NULL", "false"),
    Rows({"mijn"}, "accounts_user", "true", "NOT is_staff"),
    Rows({"mijn"}, "accounts_rolegrant", "true", f"role NOT IN ({_STAFF_ROLES}) AND {_NOT_OF_STAFF}"),
    *(Rows({"mijn"}, table, _NOT_OF_STAFF, _NOT_OF_STAFF) for table in _OWN_PEOPLE),
    Rows({"mijn"}, "accounts_user_user_permissions", "true", "false"),
    Rows(
        {"mijn"},
        "ondersteuning_case",
        f"wish IN ('organisation', 'both') AND status <> 'withdrawn' OR {_MINE} OR id = {PRESENTED}",
        f"{_MINE} OR id = {PRESENTED}",
        added="false",
        changed=f"owner IN ('', {_OWNER})",
    ),
    Rows(
        {"mijn"},
        "ondersteuning_timelineevent",
        "false",
        "false",
        f"{_OWN} OR case_id IN {_OF_MINE}",
    ),
    Rows(
        {"mijn"},
        "ondersteuning_evidence",
        "facts_for_organisation IS NOT NULL AND case_id IN (SELECT id FROM ondersteuning_case)",
        "false",
    ),
    Rows({"mijn"}, "ondersteuning_organisationreport", "withdrawn_at IS NULL", "withdrawn_at IS NULL"),
    Rows({"mijn"}, "ondersteuning_share", f"withdrawn_at IS NULL AND {_REPORT_SEEN}", "true"),
    Rows(
        {"mijn"},
        "ondersteuning_organisationmessage",
        _REPORT_SEEN,
        "false",
        f"{_REPORT_SEEN} AND side = 'organisation'",
    ),
]


def job_rows() -> Iterator[Rows]:
    """A zone writes down the kinds of job that `@job(zones=…)` gives it, and no other."""
    autodiscover_modules("tasks")
    for zone in Zone:
        names = ", ".join(f"'{kind.name}'" for kind in KINDS.values() if zone in kind.zones)
        # a moment without end could be neither shown nor compared
        added = f"name IN ({names}) AND isfinite(due_at)" if names else "false"
        yield Rows({zone}, "jobs_job", "true", "true", added)


def rights(zone: str, table: str) -> str:
    """The privileges of a zone on a table, as GRANT spells them; "" for none."""
    model = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}.get(table)
    if zone in getattr(model, "hidden_from", ()):
        return ""
    return next(right for zones, tables, right in RULES if zone in zones and fnmatch(table, tables))


def statements(zone: str, role: str, tables: list[str]) -> Iterator[str]:
    """The SQL that gives one zone's role what it may do."""
    yield f'GRANT USAGE ON SCHEMA public TO "{role}"'
    yield f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"'
    for table in tables:
        if right := rights(zone, table):
            yield f'GRANT {right} ON "{table}" TO "{role}"'
    rows = [*ROWS, *job_rows()]
    for table in sorted({one.table for one in rows} & set(tables)):
        every = Rows({zone}, table, "true", "true")
        yield from policies(
            role, next((one for one in rows if one.table == table and zone in one.zones), every), zone
        )


def policies(role: str, rows: Rows, zone: str) -> Iterator[str]:
    """The SQL that lets a role see and write these rows of a table and no others."""
    _zones, table, seen, written, added, changed = rows
    for verb, check in [
        ("SELECT", f"USING ({seen})"),
        ("DELETE", f"USING (({seen}) AND ({written}))"),
        ("UPDATE", f"USING (({seen}) AND ({written})) WITH CHECK ({changed or written})"),
        ("INSERT", f"WITH CHECK ({added or written})"),
    ]:
        name = f"{role}_{zone}_{verb}".lower()
        yield f'DROP POLICY IF EXISTS "{name}" ON "{table}"'
        yield f'CREATE POLICY "{name}" ON "{table}" FOR {verb} TO "{role}" {check}'


def apply(cursor: Any, roles: dict[str, str]) -> None:
    """Put triggers, grants and policies in place for these roles (zone → role); the cursor is the owner's."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    tables = [row[0] for row in cursor.fetchall()]
    protect(cursor, tables)
    cursor.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    # a temporary table of the same name would be found first by the triggers that keep the history
    cursor.execute("SELECT current_database()")
    cursor.execute(f'REVOKE TEMPORARY ON DATABASE "{cursor.fetchone()[0]}" FROM PUBLIC')
    if "vault_lockbox" in tables:  # an app may be migrated alone
        cursor.execute(FUNCTIONS)
    for table in {rows.table for rows in [*ROWS, *job_rows()]} & set(tables):
        cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    for role in set(roles.values()):
        cursor.execute(f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}"')
    for zone, role in roles.items():
        for statement in statements(zone, role, tables):
            cursor.execute(statement)


def grant(using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate. Does nothing for a role that does not own the tables ."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'audit_accesslog'")
        if cursor.fetchone() == (True,):
            apply(cursor, settings.DATABASE_ROLES)


__all__ = ["append_only_tables", "apply", "grant", "rights"]
