"""Aftercare at the desk for partner, children and witnesses: it happened to them as well."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ondersteuning import actions
from ondersteuning.law import who_of
from ondersteuning.lifecycle import Status
from ondersteuning.vocabulary import CarePersonRelation
from weerbaar.pages.forms import DayField
from weerbaar.vault.api import Content

from .desk import Desk
from .forms import DeskForm
from .verb import Answers, Group, Verb, handles


class CarePersonForm(DeskForm):
    relation = forms.ChoiceField(
        label=_("Voor wie is de nazorg?"),
        choices=CarePersonRelation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies voor wie de nazorg is.")},
    )
    name = forms.CharField(
        label=_("Naam of aanduiding"),
        help_text=_("Niet meer dan nodig, zoals ‘de jongste’. De melder kan dit lezen."),
        required=False,
        max_length=150,
    )
    contact = forms.CharField(
        label=_("Hoe is deze persoon veilig te bereiken?"),
        help_text=_("Bij een kind: via wie."),
        widget=forms.Textarea,
        required=False,
        max_length=500,
    )
    start = DayField(label=_("Vanaf welke dag tellen we?"))

    def __init__(self, desk: Desk, data: Any = None, **initial: Any) -> None:
        super().__init__(desk, data, start=timezone.localdate().isoformat(), **initial)

    def clean_start(self) -> date:
        return date.fromisoformat(self.cleaned_data["start"])


def _add(desk: Desk, answers: Answers) -> object:
    return actions.add_care_person(desk.case, by=desk.user, **answers)


VERBS = [
    Verb(
        "naaste",
        _("Nazorg voor naaste of getuige"),
        fits=lambda desk: handles(desk) and desk.case.status in (Status.IN_GUIDANCE, Status.AFTERCARE),
        do=_add,
        done=_("De nazorg is gepland. U krijgt op tijd een herinnering."),
        group=Group.HELP,
        form=CarePersonForm,
        explain=_("Voor partner, kinderen, familie, getuigen en collega's: dezelfde vier momenten."),
        back_to="nazorg",
    ),
]


def shown(desk: Desk, content: Content) -> list[tuple[Any, Any, str, str]]:
    """Every moment of aftercare, opened, with for whom it is and how to reach them; the reporter first."""
    rows = [
        (
            step,
            content.of(step),
            who_of(step, content),
            (content.of(step.person).contact or "") if step.person else "",
        )
        for step in desk.aftercare
    ]
    return sorted(rows, key=lambda row: (row[2] != "", row[2]))  # stable: by day within
