"""How many queries a page costs: pinned, and the same at 10 and at 1,000 rows, with 1 thing and with 50."""

from __future__ import annotations

import itertools
import uuid
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models import UniqueConstraint
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from netwerk.models import Organisation, Signup, ThemeRound
from ondersteuning import actions
from ondersteuning.models import BreakGlass, Case, DutyShift, OrganisationReport, Share
from weerbaar.accounts.models import User
from weerbaar.audit.site import beheer

from . import scene
from .policy import POLICY

# Every list and what it costs, sign-in and access log included. A new list: one line.
LISTS = {
    "/beheer/accounts/user/": 11,
    "/beheer/audit/accesslog/": 11,
    "/beheer/audit/seal/": 11,
    "/beheer/jobs/job/": 11,
    "/beheer/netwerk/contact/": 10,
    "/beheer/netwerk/keyfigure/": 10,
    "/beheer/netwerk/budget/": 10,
    "/beheer/netwerk/intervention/": 10,
    "/beheer/netwerk/item/": 10,
    "/beheer/netwerk/membership/": 10,
    "/beheer/netwerk/normsignature/": 10,
    "/beheer/netwerk/organisation/": 10,
    "/beheer/netwerk/partner/": 10,
    "/beheer/netwerk/partnermember/": 11,
    "/beheer/netwerk/reportingpoint/": 10,
    "/beheer/netwerk/startertalk/": 10,
    "/beheer/netwerk/meeting/": 10,
    "/beheer/netwerk/signup/": 13,
    "/beheer/netwerk/theme/": 11,
    "/beheer/netwerk/themeround/": 10,
    "/beheer/netwerk/training/": 10,
    "/beheer/netwerk/trainingedition/": 11,
    "/beheer/netwerk/trainingsession/": 11,
    "/beheer/netwerk/policydossier/": 10,
    "/beheer/netwerk/project/": 10,
    "/beheer/netwerk/signalcard/": 10,
    "/beheer/netwerk/story/": 10,
    "/beheer/netwerk/synonym/": 10,
    "/beheer/ondersteuning/breakglass/": 10,
    "/beheer/ondersteuning/case/": 13,
    "/beheer/ondersteuning/countedreport/": 9,
    "/beheer/ondersteuning/dutyshift/": 14,
    "/beheer/ondersteuning/erasurerequest/": 10,
    "/beheer/ondersteuning/export/": 10,
    "/beheer/ondersteuning/messagetemplate/": 10,
    "/beheer/ondersteuning/savedview/": 10,
    "/beheer/ondersteuning/signal/": 10,
    "/beheer/ondersteuning/teammember/": 10,
    "/beheer/ondersteuning/tourvisit/": 10,
    "/mijn/meldingen/": 6,
    "/mijn/organisatie/": 3,
}
ROWS = (10, 1000)

number, code, year = itertools.count(1), itertools.count(1), itertools.count(3000)


def varied(row) -> dict:
    """What must differ from row to row besides the key and unique texts, by model."""
    n = next(number)
    if isinstance(row, Case):
        return {"handler_id": None, "reference": f"WB-{n:07}", "status": "received"}
    if isinstance(row, DutyShift | BreakGlass):
        begin, end = ("starts_at", "ends_at") if isinstance(row, DutyShift) else ("at", "ends_at")
        earlier = timedelta(days=n)
        return {begin: getattr(row, begin) - earlier, end: getattr(row, end) - earlier}
    if isinstance(row, Organisation):
        return {"code": f"GM{next(code):04}"}
    if row._meta.label == "netwerk.NormSignature":
        return {"ended_at": timezone.now()}  # an organisation has one that stands
    if isinstance(row, ThemeRound):
        return {"year": next(year)}
    if isinstance(row, Signup):
        return {"status": "waiting"}  # there are three places
    if row._meta.label == "audit.Seal":
        return {"number": n + 1}
    return {}


def copies(row, count: int) -> list:
    """Rows like this one, with everything unique of its own; accounts and cases for who needs an own one."""
    made = []
    for _ in range(count):
        fields = {}
        for field in row._meta.concrete_fields:
            value = getattr(row, field.attname)
            if field.primary_key:
                value = uuid.uuid4() if field.get_internal_type() == "UUIDField" else None
            elif field.one_to_one or (field.related_model is User and _is_unique_with(row, field)):
                value = copies(field.related_model._base_manager.get(pk=value), 1)[0].pk
            elif isinstance(value, str) and (field.unique or _is_unique_with(row, field)):
                value = f"{next(number)}{value}"[: field.max_length]
            fields[field.attname] = value
        made.append(type(row)(**fields | varied(row)))
    return type(row)._base_manager.bulk_create(made)


def _is_unique_with(row, field) -> bool:
    """Whether a rule of the database says so, together with others; what is chosen from a list stays."""
    rules = (one for one in row._meta.constraints if isinstance(one, UniqueConstraint))
    return not field.choices and any(field.name in one.fields for one in rules)


def queries(browser, address: str) -> int:
    with ExitStack() as stack:
        captured = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections]
        assert browser.get(address).status_code == 200, address
        return sum(len(each) for each in captured)


@pytest.fixture
def stage(sign_in, monkeypatch):
    """Everybody at their pages; no session notes its use: a query once a minute."""
    monkeypatch.setattr("weerbaar.accounts.sessions.TOUCH_AFTER", timedelta(days=1))
    return scene.make(sign_in)


def lists():
    """The lists of the admin that show rows, and those of /mijn/."""
    for model in beheer._registry:
        address = f"/beheer/{model._meta.label_lower.replace('.', '/')}/"
        if address in POLICY:
            yield address, model


def one_who_may(address: str) -> str:
    who = [name for name, answer in POLICY[address].may.items() if answer[0] == 200]
    return "coordinator" if "coordinator" in who else who[0]


def test_every_list_costs_what_is_pinned_at_ten_and_at_a_thousand_rows(stage):
    wrong = []
    for address, model in lists():
        browser = stage.browsers[one_who_may(address)]
        row = model._base_manager.first()
        for rows in ROWS:
            try:
                with transaction.atomic():
                    copies(row, rows - model._base_manager.count())
            except IntegrityError as error:
                wrong.append(f"say in varied() what differs from row to row of {address}: {error}"[:300])
                continue
            queries(browser, address)
            wrong += differs(address, rows, queries(browser, address))
    assert not wrong, "\n".join(wrong)


def differs(address: str, rows: int, found: int) -> list[str]:
    if LISTS.get(address) == found:
        return []
    return [f'"{address}": {found},  # at {rows} rows; pinned in LISTS: {LISTS.get(address)}']


def test_the_desk_of_an_organisation_costs_the_same_at_ten_and_at_a_thousand_reports(stage):
    address, wrong = "/mijn/organisatie/", []
    case = stage.cases["taken"]
    share = Share.objects.get(report__case=case)
    for rows in ROWS:
        count = rows - Share.objects.filter(contact=share.contact).count()
        of_cases = copies(case, count)
        reports = [copy(case.organisation_report, case=one) for one in of_cases]
        OrganisationReport.objects.bulk_create(reports)
        Share.objects.bulk_create(Share(report=one, contact=share.contact) for one in reports)
        wrong += differs(address, rows, queries(stage.browsers["contact"], address))
    assert not wrong, "\n".join(wrong)


def test_an_account_with_a_thousand_reports_costs_what_one_with_ten_costs(stage):
    address, wrong = "/mijn/meldingen/", []
    case = Case.objects.exclude(owner="").get()
    for rows in ROWS:
        copies(case, rows - Case.objects.filter(owner=case.owner).count())
        queries(stage.browsers["ambtsdrager"], address)
        wrong += differs(address, rows, queries(stage.browsers["ambtsdrager"], address))
    assert not wrong, "\n".join(wrong)


def copy(row, **changes):
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(
        **fields | {"id": uuid.uuid4()} | {f"{name}_id": one.pk for name, one in changes.items()}
    )


PAGES = {"/beheer/ondersteuning/case/{}/change/": 32, "/volgen/melding/": 30, "/volgen/melding/bewijs/": 9}


def test_a_case_with_fifty_notes_fifty_messages_and_ten_files_costs_as_much_as_with_one(stage):
    case, handler = stage.cases["taken"], stage.users["first_line"]
    visit = stage.browsers["reporter"].cookies[scene.COOKIE].value

    def write(times: int) -> None:
        for _ in range(times):
            key = uuid.uuid4().hex
            actions.add_note(case, text="Gebeld.", by=handler)
            actions.send_message(case, text="Ik bel u.", submission=key, by=handler)
            actions.message_from_reporter(case, text="Dank u.", submission=f"r{key[1:]}", visit=visit)

    def costs() -> list[int]:
        found = []
        for page in PAGES:
            browser = stage.browsers["reporter" if page.startswith("/volgen/") else "first_line"]
            address = page.format(case.pk)
            queries(browser, address)  # what is new is read the first time
            found.append(queries(browser, address))
        return found

    write(1)
    assert costs() == list(PAGES.values())
    write(49)
    for _ in range(9):
        scene.add_photo(case, visit)
    assert costs() == list(PAGES.values())
