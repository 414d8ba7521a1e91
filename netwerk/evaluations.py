"""What participants thought of a training, in numbers that give nobody away."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Avg, Count
from django.utils import timezone
from django.utils.translation import gettext as _

from netwerk.models import Evaluation, TrainingEdition
from netwerk.models.training import EVALUATE_WITHIN, FEWEST_ANSWERS


def figures(edition: TrainingEdition, at: datetime | None = None) -> str:
    """The averages in words, from ten answers on and once nobody can answer any more.

    While answers came in, the difference between two averages would be somebody's answer.
    """
    last = edition.last_moment
    if last is None or (at or timezone.now()) < last + EVALUATE_WITHIN:
        return _("Cijfers komen er een maand na de laatste sessie.")
    questions = {name: Avg(name) for name in Evaluation.QUESTIONS}
    found = edition.evaluations.aggregate(answers=Count("pk"), **questions)
    if found["answers"] < FEWEST_ANSWERS:
        return _("Minder dan tien antwoorden: geen cijfers.")
    lines = [_("Gemiddeld, op een schaal van 1 tot 5:")]
    for name in Evaluation.QUESTIONS:
        label = Evaluation._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        lines.append(f"{label} {found[name]:.1f}".replace(".", ","))
    return "\n".join(lines)
