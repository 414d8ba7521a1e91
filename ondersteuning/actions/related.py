from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ondersteuning import tasks
from ondersteuning.lifecycle import Status
from ondersteuning.models import Assignment, Case, CaseLink, TimelineEvent
from ondersteuning.urgency import Urgency, contact_due
from ondersteuning.vocabulary import Consent, Line, OnBehalf, Relation, Source, Target, Wish
from weerbaar.accounts.models import User
from weerbaar.audit.api import Actor
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .locking import allow, locked, once
from .report import Contactable
from .waiting import resume

MOST_PEOPLE = 60  # a council has 45 members at most; its board and griffie may be in it too


@transaction.atomic
def link_cases(case: Case, other: Case, *, relation: str, by: User) -> CaseLink:
    """Say that two cases belong together, and ask both reporters whether handlers may know.

    Both must be visible to who links, who handles one of them or assigns cases. That it is the same reporter
    asks nobody anything, so only who may read both can say it.
    """
    seen = set(Case.objects.visible_to(by).filter(pk__in=[case.pk, other.pk]).values_list("pk", flat=True))
    read = set(Case.objects.openable_by(by).filter(pk__in=seen).values_list("pk", flat=True))
    if seen != {case.pk, other.pk} or not (read or by.has_perm("ondersteuning.assign_case")):
        raise PermissionDenied
    if relation == Relation.SAME_REPORTER and read != seen:
        raise ValidationError(_("Alleen wie beide zaken behandelt, kan zeggen dat het dezelfde melder is."))
    first, second = sorted((case, other), key=lambda one: one.pk)
    locked(first), locked(second)
    try:
        with transaction.atomic():
            link = CaseLink.objects.create(one=first, other=second, relation=relation, by=by)
    except IntegrityError:
        raise ValidationError(_("Deze zaken zijn al met elkaar verbonden."), code="linked") from None
    if relation != Relation.SAME_REPORTER:
        for each in (first, second):
            enqueue(tasks.tell_reporter, key=f"link:{link.pk}:{each.pk}", case_id=each.pk)
    return link


@transaction.atomic
def answer_link(
    case: Case, *, relation: str, agrees: bool, by: User | None = None, visit: str | None = None
) -> None:
    """The reporter of this case says yes or no (`visit`), or said so on the phone to who handles it (`by`).

    One answer for all links of this kind, so that nobody learns how many there are. No also takes back an
    earlier yes: the link is undone.
    """
    case = locked(case)
    allow(case, by=by, visit=visit)
    links = CaseLink.objects.asked_of(case).filter(relation=relation)
    if not links.exists():
        raise ValidationError(_("Deze vraag is er niet meer."), code="answered")
    if visit is not None:
        resume(case)
    now = timezone.now()
    if not agrees:
        links.update(undone_at=now)
        return
    waiting = CaseLink.objects.unanswered_by(case).filter(relation=relation)
    answered = list(waiting.values_list("pk", "one_id", "other_id"))
    waiting.filter(one=case).update(consent_one_at=now)
    waiting.filter(other=case).update(consent_other_at=now)
    for pk in (
        CaseLink.objects.agreed().filter(pk__in=[pk for pk, *_sides in answered]).values_list("pk", flat=True)
    ):
        for side in next(sides for known, *sides in answered if known == pk):
            enqueue(tasks.tell_handler, key=f"linked:{pk}:{side}", case_id=side)


@transaction.atomic
def undo_link(link: CaseLink, *, by: User) -> None:
    """They turned out not to belong together. By who handles one of the two, or assigns cases."""
    handles = Case.objects.openable_by(by).filter(pk__in=[link.one_id, link.other_id]).exists()
    if not (handles or by.has_perm("ondersteuning.assign_case")):
        raise PermissionDenied
    CaseLink.objects.filter(pk=link.pk, undone_at__isnull=True).update(undone_at=timezone.now())


@dataclass(frozen=True)
class Person:
    """One of the people whom an incident was aimed at, as far as the colleague knows them."""

    name: str
    contact: Contactable = field(default_factory=Contactable)


@dataclass(frozen=True)
class Made:
    """A new case, with the code that is shown once."""

    person: Person
    case: Case
    code: vault.AccessCode


@transaction.atomic
def make_cases_for(
    case: Case,
    people: Sequence[Person],
    *,
    narrative: str,
    function: str = "",
    mine: bool,
    submission: str,
    by: User,
    version: int | None = None,
) -> list[Made]:
    """One incident, many persons: a case for each, with an own access code and follow-up, linked to this one.

    `mine`: who makes them handles them; else they wait in the queue. `submission` is a form's random number,
    kept nowhere: a form that is sent twice shows the same codes and makes nothing again.
    """
    already = [_made(person, _code(submission, place)) for place, person in enumerate(people)]
    if people and all(already):
        allow(case, by=by)
        return [made for made in already if made]
    case = locked(case, by=by, version=version)
    if not case.is_open:
        raise ValidationError(_("Deze zaak is niet meer open."))
    if len(people) > MOST_PEOPLE:
        raise ValidationError(_("Er kunnen hoogstens %(most)s mensen tegelijk.") % {"most": MOST_PEOPLE})
    now = timezone.now()
    made = [
        _make_case_for(case, person, narrative, function, _code(submission, place), mine, by, now)
        for place, person in enumerate(people)
    ]
    CaseLink.objects.bulk_create(
        CaseLink(
            one_id=min(case.pk, one.case.pk),
            other_id=max(case.pk, one.case.pk),
            relation=Relation.SAME_INCIDENT,
            by=by,
        )
        for one in made
    )
    if made:
        enqueue(tasks.tell_reporter, key=f"people:{made[0].case.pk}", case_id=case.pk)
        if not mine:
            enqueue(tasks.tell_team, key=f"new:{made[0].case.pk}", case_id=made[0].case.pk)
    return made


def _code(submission: str, place: int) -> vault.AccessCode:
    return vault.AccessCode.derive(hashlib.sha256(f"{submission}:{place}".encode()).digest())


def _made(person: Person, code: vault.AccessCode) -> Made | None:
    known = vault.find_by_code(Case, code)
    return Made(person, known, code) if known else None


def _make_case_for(
    case: Case,
    person: Person,
    narrative: str,
    function: str,
    code: vault.AccessCode,
    mine: bool,
    by: User,
    now: datetime,
) -> Made:
    """A case that was looked at by a human already: it wakes nobody, and its term begins now."""
    copied = ("kinds", "channels", "motive", "occurred_on", "frequency", "organisation")
    new = vault.new(
        Case,
        readers=[code, "team:ondersteuning"],
        content={"narrative": narrative, "contact": asdict(person.contact), "people": person.name},
        submission=once(case, code.reader),
        source=Source.GROUP,
        wish=Wish.TEAM,
        status=Status.IN_TRIAGE if mine else Status.RECEIVED,
        received_at=now,
        acknowledged_at=now,
        urgency=case.urgency,
        urgency_is_provisional=case.urgency_is_provisional,
        contact_due_at=contact_due(Urgency(case.urgency), now),
        on_behalf=OnBehalf.OTHER,
        consent=case.consent or Consent.NOT_ASKED,
        function=function,
        targets=[Target.PERSON],
        **{name: getattr(case, name) for name in copied},
    )
    role = Actor.of(by).role
    new.status_changes.create(new=Status.RECEIVED, role=role, at=now)
    new.timeline_events.create(what=TimelineEvent.What.MADE_FOR_ONE, role=role, at=now)
    if mine:
        new.status_changes.create(old=Status.RECEIVED, new=Status.IN_TRIAGE, role=role, at=now)
        Assignment.objects.create(case=new, user=by, line=Line(case.line))
    return Made(person, new, code)
