from __future__ import annotations

import hashlib

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from ondersteuning.models import Case, OrganisationReport
from weerbaar.accounts.models import User
from weerbaar.vault import api as vault


def locked(case: Case, *, by: User | None = None, version: int | None = None) -> Case:
    """The case as it is now, locked until the transaction ends.

    With `by`: refuses (PermissionDenied) who does not handle it. With a version (the one the person had on
    screen): refuses (ValidationError) when a colleague changed the case since.
    """
    current = Case.objects.select_for_update().get(pk=case.pk)
    if by is not None:
        allow(case, by=by)
    if version is not None and current.version != version:
        raise ValidationError(
            _("Een collega heeft deze zaak net gewijzigd. Bekijk de zaak opnieuw; uw tekst staat er nog."),
            code="stale",
        )
    return current


def allow(case: Case, *, by: User | None = None, visit: str | None = None) -> None:
    """Refuse (PermissionDenied) everybody but who handles the case (`by`), or follows it (`visit`)."""
    if visit is not None:
        is_theirs = vault.find_by_visit(Case, visit) == case
    else:
        is_theirs = by is not None and Case.objects.openable_by(by).filter(pk=case.pk).exists()
    if not is_theirs:
        raise PermissionDenied


def once(row: Case | OrganisationReport, submission: str) -> str:
    """What is kept of a form's number: unique for each case, so that a number that was used in another case
    is no error, and tells nothing about that case."""
    return hashlib.sha256(f"{row.pk}:{submission}".encode()).hexdigest()


def save(case: Case, *fields: str) -> None:
    """Save what changed and nothing else; the version tells a colleague's stale form apart."""
    case.version += 1
    case.save(update_fields=[*fields, "version"])
