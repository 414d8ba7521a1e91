from __future__ import annotations

from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ondersteuning import tasks
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, OrganisationReport, TimelineEvent
from weerbaar.accounts.models import User
from weerbaar.audit import api as audit
from weerbaar.audit.api import Actor, Purpose, Result
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .handling import add_note
from .locking import allow, locked, save
from .organisation import tell_contacts
from .report import Contactable
from .waiting import resume


@transaction.atomic
def change_contact(case: Case, contact: Contactable, *, visit: str, with_organisation: bool = False) -> Case:
    """The reporter says anew how to be reached (`visit`: with the access code in hand).

    The organisation's own copy changes only when the reporter says so. The timeline tells that it changed,
    never what it was.
    """
    case = locked(case)
    allow(case, visit=visit)
    if case.status == Status.WITHDRAWN:
        raise ValidationError(_("U hebt uw melding ingetrokken. Uw gegevens veranderen niet meer."))
    vault.seal(case, case, visit=visit, contact=asdict(contact))
    save(case, "contact")
    resume(case)
    event = case.timeline_events.create(what=TimelineEvent.What.CONTACT_CHANGED, role=Actor.reporter().role)
    if with_organisation:
        part = OrganisationReport.objects.select_for_update().get(case=case, withdrawn_at__isnull=True)
        vault.seal(case, part, visit=visit, contact=asdict(contact))
        part.save(update_fields=["contact"])
        tell_contacts(part, f"contact:{event.pk}")
    if case.is_for_team:
        enqueue(tasks.tell_handler, key=f"contact:{event.pk}", case_id=case.pk)
        enqueue(tasks.index_case, key=f"{case.pk}:{case.version}", case_id=case.pk)
    return case


@transaction.atomic
def give_temporary_code(case: Case, *, checked: str, by: User, version: int) -> vault.TemporaryCode:
    """A code to read aloud to a reporter who lost theirs; `checked` says how the caller was recognised.

    The lost code goes on working until this one is exchanged, so that the reporter who finds it back can see
    in the timeline that somebody called.
    """
    allow(case, by=by)
    audit.log(
        Actor.of(by), dossier=case.pk, purpose=Purpose.HANDLE, result=Result.DONE, detail="tijdelijke code"
    )
    case = locked(case, by=by, version=version)
    code = vault.give_temporary_code(case)
    note = _("Tijdelijke code gegeven. Zo is gecontroleerd wie er belde:")
    add_note(case, text=f"{note}\n{checked}", by=by)
    event = case.timeline_events.create(what=TimelineEvent.What.CODE_GIVEN, role=Actor.of(by).role)
    save(case)
    enqueue(tasks.tell_reporter, key=f"code:{event.pk}", case_id=case.pk)
    return code


@transaction.atomic
def renew_code(case: Case, temporary: vault.TemporaryCode, *, new: vault.AccessCode) -> None:
    """The reporter exchanges a temporary code for a new one; the lost one opens nothing from now on, nor the
    account that the report was joined to with it.

    Raises NoKey when the temporary code was used or is over.
    """
    audit.log(
        Actor.reporter(),
        dossier=case.pk,
        purpose=Purpose.FOLLOW,
        result=Result.DONE,
        detail="nieuwe toegangscode",
    )
    case = locked(case)
    vault.exchange(case, temporary, new)
    if case.owner:
        case.owner = ""
        save(case, "owner")
    event = case.timeline_events.create(what=TimelineEvent.What.CODE_RENEWED, role=Actor.reporter().role)
    enqueue(tasks.tell_handler, key=f"code:{event.pk}", case_id=case.pk)
    enqueue(tasks.tell_reporter, key=f"code:{event.pk}", case_id=case.pk)
