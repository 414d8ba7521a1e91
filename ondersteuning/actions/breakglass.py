from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ondersteuning import tasks
from ondersteuning.models import BreakGlass, Case
from ondersteuning.models.breakglass import LASTS
from weerbaar.accounts.models import User
from weerbaar.audit import api as audit
from weerbaar.jobs import enqueue


@transaction.atomic
def break_glass(case: Case, *, reason: str, by: User) -> BreakGlass:
    """Let a coordinator read one case for half an hour. Auditors and coordinators hear of it at once.

    Changes nothing for anybody else, and gives no right to change the case. The desk asks for the second
    factor first. Raises PermissionDenied to who may not, ValidationError where there is nothing to read.
    """
    may = by.has_perm("ondersteuning.break_glass")
    if not (may and Case.objects.visible_to(by).filter(pk=case.pk).exists()):
        raise PermissionDenied
    if Case.objects.openable_by(by).filter(pk=case.pk).exists():
        raise ValidationError(_("U behandelt deze zaak zelf. Noodtoegang is niet nodig."))
    if case.erased_at is not None:
        raise ValidationError(_("Deze zaak is gewist. Er is niets meer om te lezen."))
    # ahead of the lock: its row is committed by itself, also when nothing comes of this
    audit.log(
        audit.Actor.of(by),
        dossier=case.pk,
        purpose=audit.Purpose.BREAK_GLASS,
        result=audit.Result.DONE,
        detail="noodtoegang genomen",
    )
    Case.objects.select_for_update().get(pk=case.pk)  # two presses at once: one break-glass
    now = timezone.now()
    if running := BreakGlass.objects.running(now).filter(case=case, user=by).first():
        return running
    glass = BreakGlass.objects.create(case=case, user=by, reason=reason, at=now, ends_at=now + LASTS)
    for person in tasks.reviewers():
        enqueue(
            tasks.tell_break_glass,
            key=f"break_glass:{glass.pk}:{person.pk}",
            glass_id=glass.pk,
            user_id=person.pk,
        )
    return glass


@transaction.atomic
def review_break_glass(glass: BreakGlass, *, was_right: bool, by: User) -> BreakGlass:
    """Say afterwards whether it was needed: once, and never by who took it."""
    if not by.has_perm("ondersteuning.review_break_glass") or glass.user_id == by.pk:
        raise PermissionDenied
    current = BreakGlass.objects.select_for_update().get(pk=glass.pk)
    if current.reviewed_at:
        raise ValidationError(_("Deze noodtoegang is al beoordeeld."))
    current.reviewed_by, current.reviewed_at, current.was_right = by, timezone.now(), was_right
    current.save(update_fields=["reviewed_by", "reviewed_at", "was_right"])
    return current
