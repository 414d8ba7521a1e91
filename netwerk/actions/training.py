from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from netwerk.models import Attendance, Evaluation, Signup, TrainingSession


@transaction.atomic
def note_attendance(session: TrainingSession, present: Iterable[Signup]) -> None:
    """Write down who was at a session, and nobody else."""
    TrainingSession.objects.select_for_update().get(pk=session.pk)
    there = {signup.pk for signup in present}
    session.attendances.exclude(signup__in=there).delete()
    known = set(session.attendances.values_list("signup", flat=True))
    for pk in sorted(there - known):
        Attendance.objects.create(session=session, signup_id=pk)


@transaction.atomic
def evaluate(signup: Signup, scores: dict[str, int], *, at: datetime | None = None) -> None:
    """Keep what a participant thought, apart from who it was; once each."""
    signup = Signup.objects.placed().select_for_update(of=("self",)).get(pk=signup.pk)
    if signup.edition is None or not signup.edition.takes_evaluations(at):
        raise ValidationError(_("Deze training kunt u nu niet beoordelen."))
    if signup.has_evaluated:
        raise ValidationError(_("U hebt deze training al beoordeeld. Dank u wel."))
    signup.has_evaluated = True
    signup.save(update_fields=["has_evaluated"])
    Evaluation.objects.create(edition=signup.edition, **scores)
