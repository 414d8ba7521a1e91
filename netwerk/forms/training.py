from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from netwerk.models import Evaluation

MARKS = [
    (5, _("5 – heel goed")),
    (4, _("4 – goed")),
    (3, _("3 – redelijk")),
    (2, _("2 – matig")),
    (1, _("1 – slecht")),
]


MISSING = {
    "useful": _("Kies hoe nuttig de training was."),
    "trainer": _("Kies wat u van de trainer vond."),
    "prepared": _("Kies hoe goed u nu weet wat u kunt doen."),
}


class EvaluationForm(forms.Form):
    """The questions of `Evaluation`, each with a mark from 1 to 5."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in Evaluation.QUESTIONS:
            self.fields[name] = forms.TypedChoiceField(
                label=Evaluation._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
                choices=MARKS,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": MISSING[name]},
            )
