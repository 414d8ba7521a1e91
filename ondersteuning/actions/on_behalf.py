from __future__ import annotations

from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ondersteuning import tasks
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, TimelineEvent
from ondersteuning.vocabulary import Consent, OnBehalf
from weerbaar.accounts.models import User
from weerbaar.audit import api as audit
from weerbaar.audit.api import Actor, Purpose, Result
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .locking import allow, locked, save
from .report import Contactable
from .waiting import resume


@transaction.atomic
def change_consent(
    case: Case,
    consent: str,
    *,
    by: User | None = None,
    visit: str | None = None,
    version: int | None = None,
) -> Case:
    """Say whether the person concerned agrees: the reporter (`visit`), or a colleague who was told (`by`)."""
    case = locked(case, by=by, version=version)
    if by is None:
        allow(case, visit=visit)
    if case.on_behalf == OnBehalf.SELF:
        raise ValidationError(_("Deze melding gaat over de melder zelf."))
    if Consent(consent) == case.consent:
        return case
    case.consent = Consent(consent)
    save(case, "consent")
    actor = Actor.of(by) if by else Actor.reporter()
    event = case.timeline_events.create(what=TimelineEvent.What.CONSENT_CHANGED, role=actor.role)
    if by is None:
        resume(case)
    if by is None and case.is_for_team:
        enqueue(tasks.tell_handler, key=f"consent:{event.pk}", case_id=case.pk)
    return case


def may_hand_over(case: Case) -> bool:
    """Whether there is one other person to whom the report can go, and it did not go there yet."""
    return (
        case.on_behalf == OnBehalf.OTHER
        and case.status != Status.WITHDRAWN
        and not case.timeline_events.filter(what=TimelineEvent.What.HANDED_OVER).exists()
    )


@transaction.atomic
def hand_over_report(case: Case, *, new: vault.AccessCode, keep_phone: bool, visit: str) -> None:
    """Who reported for somebody else gives it to that person: with a new code, and the old one opens nothing.

    How the first reporter could be reached goes too. Only the telephone stays when they say so
    (`keep_phone`), until the person fills in their own. Raises NoKey when the visit is over.
    """
    audit.log(
        Actor.reporter(),
        dossier=case.pk,
        purpose=Purpose.FOLLOW,
        result=Result.DONE,
        detail="overgedragen",
    )
    allow(case, visit=visit)
    with vault.open(case, visit=visit, purpose=Purpose.FOLLOW) as content:
        known = Contactable(**(content.contact or {}))
    case = locked(case)
    if not may_hand_over(case):
        raise ValidationError(_("Deze melding kan niet (meer) worden overgedragen."))
    stays = Contactable()
    if keep_phone and known.phone:
        remark = _("Dit nummer is van wie de melding deed. Vraag naar de persoon om wie het gaat.")
        stays = Contactable(
            name=known.name,
            phone=known.phone,
            moment=known.moment,
            voicemail=known.voicemail,
            remark=f"{remark}\n{known.remark}".strip(),
        )
    vault.seal(case, case, visit=visit, contact=asdict(stays))
    case.consent, case.owner = Consent.GIVEN, ""
    save(case, "contact", "consent", "owner")
    vault.hand_over(case, visit, new)
    event = case.timeline_events.create(what=TimelineEvent.What.HANDED_OVER, role=Actor.reporter().role)
    if case.is_for_team:
        enqueue(tasks.tell_handler, key=f"handed-over:{event.pk}", case_id=case.pk)
