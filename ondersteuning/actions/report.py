from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from netwerk.models import Contact, Organisation
from ondersteuning import tasks
from ondersteuning.clock import AMSTERDAM, WORKING_DAY, add_working_time
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, CountedReport, OrganisationReport, Share
from ondersteuning.urgency import Urgency, contact_due, provisional_urgency
from ondersteuning.vocabulary import OnBehalf, SafeMoment, Source, Wish
from weerbaar.accounts.models import User
from weerbaar.audit.api import Actor
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .duty import wake
from .evidence import attach
from .organisation import tell_contacts

REACT_WITHIN = WORKING_DAY
DECIDE_AANGIFTE_WITHIN = 3 * WORKING_DAY
FEEDBACK_WITHIN = timedelta(weeks=2)


@dataclass(frozen=True)
class Contactable:
    """How the reporter can be reached without danger. Everything may be empty: the access code is enough."""

    name: str = ""
    phone: str = ""
    email: str = ""
    moment: str = ""  # SafeMoment
    voicemail: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Report:
    """All answers of one report, checked by the forms. Lists hold stored values of the vocabulary."""

    wish: str
    kinds: list[str]
    in_danger: bool = False
    channels: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    motive: str = ""
    occurred_on: str = ""  # as far as it is known: 2026-11-03, 2026-11 or 2026
    frequency: str = ""
    severity: str = ""
    on_behalf: str = OnBehalf.SELF
    consent: str = ""
    people: str = ""
    function: str = ""
    organisation: Organisation | None = None
    narrative: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)  # as files.Facts seals them
    links: str = ""  # one a line
    contact: Contactable = field(default_factory=Contactable)
    contacts: list[Contact] = field(
        default_factory=list
    )  # of the own organisation, those left out are not in it


@transaction.atomic
def report_incident(
    report: Report,
    *,
    submission: str,
    code: vault.AccessCode,
    source: str = Source.REPORT,
    received_at: datetime | None = None,
    by: User | None = None,
) -> Case | CountedReport:
    """Take in a report, once for each submission (the key of its draft): a replay returns the first one.

    `by` is the colleague who took it down for the reporter, by phone or on paper (see `intake`).
    """
    if report.wish == Wish.COUNT:
        return _count(report, submission)
    if known := _known(submission, code):
        return known

    now = received_at or timezone.now()
    urgency = provisional_urgency(
        kinds=report.kinds,
        targets=report.targets,
        frequency=report.frequency,
        severity=report.severity,
        in_danger=report.in_danger,
    )
    case = vault.new(
        Case,
        readers=_readers(report.wish, code),
        content={
            "narrative": report.narrative,
            "contact": asdict(report.contact),
            "people": report.people,
        },
        submission=submission,
        source=source,
        received_at=now,
        urgency=urgency,
        contact_due_at=contact_due(urgency, now),
        wish=report.wish,
        kinds=report.kinds,
        channels=report.channels,
        targets=report.targets,
        motive=report.motive,
        occurred_on=report.occurred_on,
        frequency=report.frequency,
        severity=report.severity,
        on_behalf=report.on_behalf,
        in_danger=report.in_danger,
        consent=report.consent,
        function=report.function,
        organisation=report.organisation,
    )
    actor = Actor.of(by) if by else Actor.reporter()
    case.status_changes.create(new=Status.RECEIVED, role=actor.role, at=now)
    if case.is_for_organisation:
        _share(case, report, code)
    attach(case, report.files, report.links, code=code)
    if case.is_for_team:
        _tell_team(case)
        enqueue(tasks.index_case, key=f"{case.pk}", case_id=case.pk)
    if report.contact.email:
        enqueue(tasks.tell_reporter_received, key=f"received:{case.pk}", case_id=case.pk)
    return case


@transaction.atomic
def request_callback(contact: Contactable, *, submission: str, code: vault.AccessCode) -> Case:
    """Take in a "Bel mij terug": a case without a story; who may be called at any hour is urgent."""
    if known := _known(submission, code):
        return known
    now = timezone.now()
    urgency = Urgency.HIGH if contact.moment == SafeMoment.ANY else Urgency.MEDIUM
    case = vault.new(
        Case,
        readers=_readers(Wish.TEAM, code),
        content={"narrative": "", "contact": asdict(contact), "people": ""},
        submission=submission,
        source=Source.CALLBACK,
        received_at=now,
        urgency=urgency,
        contact_due_at=contact_due(urgency, now),
        wish=Wish.TEAM,
    )
    case.status_changes.create(new=Status.RECEIVED, role=Actor.reporter().role, at=now)
    _tell_team(case)
    enqueue(tasks.index_case, key=f"{case.pk}", case_id=case.pk)
    return case


def _known(submission: str, code: vault.AccessCode) -> Case | None:
    """The case that this draft made before. Found by its code: the public zone sees no other case."""
    case = vault.find_by_code(Case, code)
    return case if case and case.submission == submission else None


def _readers(wish: str, code: vault.AccessCode) -> list[vault.Reader]:
    """Who gets a lockbox: nobody but those whom the reporter wants to read it."""
    readers: list[vault.Reader] = [code]
    if wish in (Wish.TEAM, Wish.BOTH):
        readers.append("team:ondersteuning")
    if wish in (Wish.ORGANISATION, Wish.BOTH):
        readers.append("zone:mijn")
    return readers


def _count(report: Report, submission: str) -> CountedReport:
    """Keep only what can be counted; the day is not kept either."""
    counted = CountedReport(
        submission=submission,
        month=timezone.now().astimezone(AMSTERDAM).date().replace(day=1),
        kinds=report.kinds,
        channels=report.channels,
        function=report.function,
        layer=report.organisation.layer if report.organisation else "",
        severity=report.severity,
    )
    CountedReport.objects.bulk_create([counted], ignore_conflicts=True)  # nothing is read back: see grants.py
    return counted


def _share(case: Case, report: Report, code: vault.AccessCode) -> None:
    now = case.received_at
    part = OrganisationReport(
        case=case,
        organisation=report.organisation,
        received_at=now,
        react_due_at=add_working_time(now, REACT_WITHIN),
        aangifte_due_at=add_working_time(now, DECIDE_AANGIFTE_WITHIN),
        feedback_due_at=now + FEEDBACK_WITHIN,
    )
    vault.seal(case, part, code=code, narrative=report.narrative, contact=asdict(report.contact))
    part.save()
    Share.objects.bulk_create(Share(report=part, contact=contact) for contact in report.contacts)
    tell_contacts(part, f"shared:{part.pk}")


def _tell_team(case: Case) -> None:
    enqueue(tasks.tell_team, key=f"new:{case.pk}", case_id=case.pk)
    if case.urgency == Urgency.HIGH:
        wake(case, f"alert:{case.pk}", since=case.received_at)
