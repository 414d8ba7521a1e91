from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ondersteuning import tasks
from ondersteuning.models import Case, TimelineEvent
from weerbaar.accounts.models import User
from weerbaar.audit import api as audit
from weerbaar.audit.api import Actor, Purpose, Result
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .locking import allow, locked, save


@transaction.atomic
def join_account(code: vault.AccessCode, *, by: User) -> Case | None:
    """An earlier report joins an account, with its code; None when the code opens nothing.

    Nothing that is kept says which account: the owner is a pseudonym, and log and history say "melder".
    Refused (ValidationError) when it is in another account.
    """
    with audit.by(Actor.reporter()):
        case = vault.find_by_code(Case, code)
        if case is None or isinstance(code, vault.TemporaryCode):
            return None
        _log(case, "toegevoegd aan een account")
        case = locked(case)
        mine = vault.pseudonym(by)
        if case.owner == mine:
            return case
        if case.owner:
            raise ValidationError(
                _(
                    "Deze melding staat al in een ander account. Was u dat niet? Bel ons. "
                    "Met uw code kunt u hem daar bij ‘Uw melding volgen’ losmaken."
                ),
                code="taken",
            )
        _present(by)
        case.owner = mine
        save(case, "owner")
        vault.join_account(case, code)
        event = case.timeline_events.create(
            what=TimelineEvent.What.ACCOUNT_JOINED, role=Actor.reporter().role
        )
        enqueue(tasks.tell_reporter, key=f"account:{event.pk}", case_id=case.pk)
    return case


@transaction.atomic
def leave_account(case: Case, *, by: User | None = None, visit: str | None = None) -> None:
    """Take a report out of the account that it is in: from there (`by`), or with the code (`visit`)."""
    with audit.by(Actor.reporter()):
        if by is not None:
            if not vault.owned_by(Case.objects.filter(pk=case.pk), by).exists():
                raise PermissionDenied
        else:
            allow(case, visit=visit)
        _log(case, "losgemaakt van een account")
        case = locked(case)
        if not case.owner:
            return
        if by is not None:  # stays in sight of this transaction once it is nobody's; the token is forgotten
            vault.start_visit_from_account(case)
        vault.leave_account(case)
        case.timeline_events.create(what=TimelineEvent.What.ACCOUNT_LEFT, role=Actor.reporter().role)
        case.owner = ""
        save(case, "owner")


@transaction.atomic
def follow_from_account(case: Case, *, by: User) -> str:
    """The token of a visit, as with the code. Raises NoKey."""
    if not vault.owned_by(Case.objects.filter(pk=case.pk), by).exists():
        raise PermissionDenied
    return vault.start_visit_from_account(case)


def _present(user: User) -> None:
    vault.owned_by(Case.objects.none(), user)


def _log(case: Case, detail: str) -> None:
    audit.log(Actor.reporter(), dossier=case.pk, purpose=Purpose.FOLLOW, result=Result.DONE, detail=detail)
