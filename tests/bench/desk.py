"""B3 to B6: the team's queue at 20,000 and 1,000,000 cases, a handler with many cases, one full case.

Ratios are of the best of many runs: on a machine with company the median says more about the company.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.test import Client

from netwerk.models import Organisation
from ondersteuning import actions
from ondersteuning.actions import Contactable, Report
from ondersteuning.lifecycle import Status
from ondersteuning.models import TeamMember
from weerbaar.accounts.actions import grant_role
from weerbaar.accounts.models import User
from weerbaar.accounts.roles import Role
from weerbaar.accounts.sessions import STORES, cookie_name
from weerbaar.audit.api import Actor
from weerbaar.vault import api as vault
from weerbaar.vault import content as vault_content

from .database import as_owner
from .frame import Line, Timing, figure, measure, scale

LIST = "/beheer/ondersteuning/case/"
TABLES = ("ondersteuning_case", "ondersteuning_assignment", "ondersteuning_recusal")
PEERS = "crt-portal 248 ms, 90 queries; Signalen 295 ms, 122 queries"


def colleague(role: Role, name: str) -> User:
    """An account that holds this role."""
    user = User.objects.create_user(f"{name}@bench.invalid", None, name=name.capitalize())
    grant_role(user, role, by=Actor.service("bench"))
    return User.objects.get(pk=user.pk)


def browser_of(user: User) -> Client:
    """Signed in with a second factor, as the site's own pages leave it."""
    session = STORES[user.zone]()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            "account_authentication_methods": [
                {"method": method, "at": time.time()} for method in ("password", "mfa")
            ],
            "account_authentication_methods_user": str(user.pk),
        }
    )
    session.create()
    client = Client(headers={"host": "127.0.0.1"})
    client.cookies[cookie_name(user.zone)] = session.session_key
    return client


def fill(first: int, last: int, handlers: list[User]) -> None:
    """Envelopes as a team has them after years: 3 in 10 open, 1 in 20 of those not taken yet; from 1 in 500 a
    colleague withdrew."""
    if first == 0:
        places = [
            Organisation(code=f"GM{8000 + n}", name=f"Meetdam {n}", layer="gemeente") for n in range(100)
        ]
        for place in places:
            place.fill_keys()
        Organisation.objects.bulk_create(places)
    at = Organisation.objects.order_by("pk").values_list("pk", flat=True)[0]
    ids = ", ".join(f"'{user.pk}'" for user in handlers)
    handler = f"(ARRAY[{ids}]::uuid[])[1 + (n / 200) % {len(handlers)}]"
    as_owner(
        *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES),
        f"""
        INSERT INTO ondersteuning_case (id, version, owner, reference, submission, source, received_at,
            status, urgency, urgency_is_provisional, line, contact_due_at, contacted_at, closed_at, outcome,
            kinds, channels, targets, motive, occurred_on, frequency, severity, wish, on_behalf, consent,
            function, organisation_id, handler_id)
        SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 1, '',
            'M' || lpad(n::text, 11, '0'), 'm' || n, 'report', now() - n * interval '1 min',
            CASE WHEN n % 200 < 3 THEN 'received' WHEN n % 200 < 20 THEN 'in_triage'
                 WHEN n % 200 < 45 THEN 'in_guidance' WHEN n % 200 < 60 THEN 'aftercare' ELSE 'closed' END,
            1 + n % 3, false, 'first', now() - n * interval '1 min' + interval '8 hours',
            CASE WHEN n % 200 >= 20 THEN now() END, CASE WHEN n % 200 >= 60 THEN now() END,
            CASE WHEN n % 200 >= 60 THEN 'advice' ELSE '' END,
            ARRAY[(ARRAY['threat', 'doxing', 'verbal', 'smear'])[1 + n % 4]], ARRAY['home'], ARRAY['office'],
            '', '', '', '', 'team', 'self', '', (ARRAY['raadslid', 'wethouder'])[1 + n % 2], {at} + n % 100,
            CASE WHEN n % 200 >= 3 THEN {handler} END
        FROM generate_series({first}, {last - 1}) n
        """,
        f"""
        INSERT INTO ondersteuning_assignment (case_id, user_id, line, started_at)
        SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
            {handler}, 'first', now()
        FROM generate_series({first}, {last - 1}) n WHERE n % 200 >= 3
        """,
        f"""
        INSERT INTO ondersteuning_recusal (id, case_id, user_id, at)
        SELECT gen_random_uuid(), ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
            (ARRAY[{ids}]::uuid[])[1 + (n / 200 + 1) % {len(handlers)}], now()
        FROM generate_series({first}, {last - 1}) n WHERE n % 500 = 1
        """,
        *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TABLES),
        *(f"VACUUM ANALYZE {table}" for table in TABLES),
        "ANALYZE netwerk_organisation",
        "ANALYZE accounts_user",
    )


def shown(browser: Client, path: str, *, runs: int = 30) -> Timing:
    """The whole page, from URL to HTML."""

    def once() -> None:
        answer = browser.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    return measure(once, runs=runs)


@figure("B3", what="queue of 25 rows at 20,000 cases", goal="≤ 60 ms CPU, ≤ 12 queries", peer=PEERS)
def queue() -> Iterator[Line]:
    coordinator, handlers = team()
    fill(0, scale("CASES", 20_000), handlers)
    for user, name in ((coordinator, "coordinator"), (handlers[0], "first line")):
        browser = browser_of(user)
        for path, what in ((LIST, "queue"), ("/beheer/", "start page")):
            found = shown(browser, path)
            limit = 12 if path == LIST else 20
            ok = found.cpu_median <= 60 and found.queries <= limit
            yield Line(f"{what}, {name}", found.cpu_median, None, "ms", ok=ok, note=str(found))


@figure(
    "B4",
    what="the same at 1,000,000 cases",
    goal="≤ 1.5 × its time at 10,000; deep page ≤ 1.5 × page 1",
    peer="Django admin as it comes 3–4 s, search 35 s; tuned 75 ms",
)
def many_cases() -> Iterator[Line]:
    coordinator, handlers = team()
    browser = browser_of(coordinator)
    looks = {
        "page 1": LIST,
        "page 40, the last": f"{LIST}?p=40",
        "all, newest first": f"{LIST}?status=all",
        "filter on status and urgency": f"{LIST}?status=in_guidance&urgency=2",
        "filter on kind": f"{LIST}?kind=doxing",
        "nobody's": f"{LIST}?handler=nobody",
        "overdue": f"{LIST}?term=overdue",
        "search a reference": f"{LIST}?status=all&q=M00000001234",
        "search an organisation": f"{LIST}?q=meetdam+7",
        "start page": "/beheer/",
    }
    few, many = 10_000, scale("CASES", 1_000_000)
    fill(0, few, handlers)
    TeamMember.objects.create(user=handlers[0], association="wethouders")
    browsers = dict.fromkeys(looks, browser) | {"first line of an association": browser_of(handlers[0])}
    looks["first line of an association"] = LIST
    small = {what: shown(browsers[what], path, runs=15) for what, path in looks.items()}
    fill(few, many, handlers)
    for what, path in looks.items():
        large = shown(browsers[what], path, runs=15)
        ok = large.wall <= 1.5 * small[what].wall
        yield Line(what, large.wall, small[what].wall, "ms", ok=ok, note=str(large))
        if what == "page 1":
            first = large
        elif what.startswith("page 40"):
            ok = large.wall <= 1.5 * first.wall
            yield Line("page 40 over page 1", large.wall, first.wall, "ms", ok=ok)


@figure(
    "B5",
    what="the queue of a handler with 100,000 visible cases",
    goal="≤ 1.5 × the list without restriction",
    peer="guardian rows 0.6–9 s; assignment with EXISTS 72 ms",
)
def handler_with_many() -> Iterator[Line]:
    coordinator, handlers = team(count=2)
    fill(0, scale("VISIBLE", 200_000), handlers)
    free = shown(browser_of(coordinator), LIST)
    own = shown(browser_of(handlers[0]), LIST)
    yield Line(
        "queue, first line",
        own.wall,
        free.wall,
        "ms",
        ok=own.wall <= 1.5 * free.wall,
        note=str(own),
    )


@figure(
    "B6",
    what="open a case with 20 notes and messages",
    goal="≤ 60 ms CPU, ≤ 20 queries; decryption ≤ 15 % of it",
    peer="crt-portal 244 ms, 72 queries",
)
def one_case() -> Iterator[Line]:
    _coordinator, (handler, *_others) = team()
    case = conversation(handler)
    browser = browser_of(handler)
    path = f"{LIST}{case.pk}/change/"
    found = shown(browser, path, runs=50)
    ok = found.cpu_median <= 60 and found.queries <= 20
    yield Line("open a case", found.cpu_median, None, "ms", ok=ok, note=str(found))
    share = measure(lambda: with_clock(lambda: browser.get(path)), runs=20)
    part = sum(CLOCK) / len(CLOCK)
    yield Line(
        "of which decryption",
        part,
        share.cpu_median,
        "ms",
        ok=part <= 0.15 * share.cpu_median,
        note=f"{part / share.cpu_median:.1%}",
    )


CLOCK: list[float] = []


def with_clock(run: Any) -> None:
    """Run it, and note in CLOCK how many milliseconds of CPU went into opening sealed values."""
    plain, spent = vault_content.decrypt, 0.0

    def timed(*args: Any) -> bytes:
        nonlocal spent
        began = time.process_time()
        try:
            return plain(*args)
        finally:
            spent += time.process_time() - began

    vault_content.decrypt = timed
    try:
        run()
    finally:
        vault_content.decrypt = plain
    CLOCK.append(spent * 1000)


def team(count: int = 20) -> tuple[User, list[User]]:
    """A coordinator and the first line."""
    with transaction.atomic():
        coordinator = colleague(Role.COORDINATOR, "coordinator")
        return coordinator, [colleague(Role.EERSTE_LIJN, f"handler{n}") for n in range(count)]


def conversation(handler: User) -> Any:
    """A case in guidance with 20 notes and 20 messages of some length."""
    text = "Wij spraken over wat er gebeurde en over wat u nu nodig heeft. " * 6
    with transaction.atomic():
        case = actions.report_incident(
            Report(
                wish="team",
                kinds=["threat", "home_visit"],
                narrative=text * 5,
                contact=Contactable(name="Mila", phone="0612345678", moment="evening"),
            ),
            submission=uuid.uuid4().hex,
            code=vault.new_access_code(),
        )
        actions.take_case(case, by=handler)
        for number in range(20):
            actions.send_message(case, text=text, submission=f"b{number}", by=handler)
            actions.add_note(case, text=text, by=handler)
        actions.move_case(case, Status.IN_GUIDANCE, by=handler)
        actions.plan_aftercare(case, by=handler)
    return case
