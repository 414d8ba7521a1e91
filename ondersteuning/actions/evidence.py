from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ondersteuning import tasks
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, Evidence
from weerbaar.accounts.models import User
from weerbaar.files import api as files
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .locking import allow, locked
from .waiting import resume

MOST_FILES = 10  # of the reporter, in one report
MOST_OF_TEAM = 30
MOST_LINKS = 30


def links_in(text: str) -> list[str]:
    """Each line is a link; what is no link is kept all the same, it is the reporter's note."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def too_many_links(text: str, *, already: int = 0) -> str:
    """What to say when these do not all fit: no line is ever left out in silence. Empty when they do."""
    room = MOST_LINKS - already
    if len(links_in(text)) <= room:
        return ""
    return _(
        "Bij een melding passen %(most)s links. Er is nog plaats voor %(room)s. "
        "Zet de andere links in een bericht of in een tekstbestand, en voeg dat toe."
    ) % {"most": MOST_LINKS, "room": room}


def attach(case: Case, held: Iterable[dict[str, Any]], links: str, *, code: vault.AccessCode) -> None:
    """Seal the evidence of a report that is being made in its case; in the caller's transaction."""
    found = {one["id"]: one for one in held}
    still_there = files.bind([files.Facts.of(one).id for one in found.values()], case.pk)
    for one in found.values():
        facts = files.Facts.of(one)
        if facts.id in still_there:
            _keep(case, one, file=facts, code=code)
    for link in links_in(links):
        _keep(case, {"link": link}, code=code)


@transaction.atomic
def add_evidence(case: Case, *, file: files.Examined | None, links: str, visit: str) -> None:
    """The reporter adds a file, links or both, with the access code in hand (`visit`)."""
    case = locked(case)
    allow(case, visit=visit)
    if case.status == Status.WITHDRAWN:
        raise ValidationError({"file": _("U hebt uw melding ingetrokken. Er kan niets meer bij.")})
    theirs = case.evidence.filter(side=Evidence.Side.REPORTER)
    if too_many := too_many_links(links, already=theirs.filter(file=None).count()):
        raise ValidationError({"links": too_many})
    if file:
        if theirs.files().count() >= MOST_FILES:
            file.upload.discard()
            raise ValidationError({"file": files.REASONS["too_many"]})
        facts = files.take_in(file, dossier=case.pk)
        _keep(case, facts.sealed(), file=facts, visit=visit)
    for link in links_in(links):
        _keep(case, {"link": link}, visit=visit)
    resume(case)
    if case.is_for_team:
        enqueue(tasks.tell_handler, key=f"evidence:{case.pk}:{timezone.now():%Y%m%d%H%M}", case_id=case.pk)


@transaction.atomic
def add_evidence_by_team(case: Case, *, file: files.Examined, by: User) -> Evidence:
    """A colleague adds what came by mail or on paper; for the team and the reporter."""
    case = locked(case, by=by)
    if case.evidence.filter(side=Evidence.Side.TEAM).files().count() >= MOST_OF_TEAM:
        file.upload.discard()
        raise ValidationError(files.REASONS["too_many"])
    facts = files.take_in(file, dossier=case.pk)
    return _keep(case, facts.sealed(), file=facts, by=by)


def _keep(
    case: Case,
    facts: dict[str, Any],
    *,
    file: files.Facts | None = None,
    by: User | None = None,
    code: vault.AccessCode | None = None,
    visit: str | None = None,
) -> Evidence:
    row = Evidence(
        case=case,
        file_id=file.id if file else None,
        side=Evidence.Side.TEAM if by else Evidence.Side.REPORTER,
        author=by,
        at=file.received_at if file else timezone.now(),
    )
    vault.seal(case, row, code=code, visit=visit, facts=facts)
    if by is None and case.is_for_organisation and _reads_along(case):
        with suppress(vault.NoKey):  # whoever got a new code shares nothing more with the organisation
            vault.seal(case, row, code=code, visit=visit, facts_for_organisation=facts)
    row.save(force_insert=True)
    return row


def _reads_along(case: Case) -> bool:
    """Whether the reporter has not taken the organisation's part back."""
    part = getattr(case, "organisation_report", None)
    return part is None or part.withdrawn_at is None  # None: the report is being made right now
