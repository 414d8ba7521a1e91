"""Measures at the desk, and the checklist after online hate or doxing."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ondersteuning import actions, online
from ondersteuning.lifecycle import MEASURE_FIRST, MEASURE_NEXT, MeasureStatus
from ondersteuning.vocabulary import Domain, MeasureKind, Owner, Payer, Priority
from weerbaar.pages.forms import DayField
from weerbaar.vault.api import Content

from .desk import Desk
from .forms import DeskForm
from .legal import RowForm, chosen_in, one_of, rows_of
from .verb import Answers, Group, Verb, handles

BACK = "maatregelen"
UNKNOWN = ("", _("Nog niet bekend"))


class Euro(forms.DecimalField):
    """An amount as people write it: 1250, 1.250 or 1250,50."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            min_value=0,
            max_digits=9,
            decimal_places=2,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            error_messages={"invalid": _("Vul een bedrag in, zoals 1250 of 1250,50.")},
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        typed = re.sub(r"[\s€]", "", value or "")
        if "," in typed or re.fullmatch(r"\d{1,3}(\.\d{3})+", typed):
            typed = typed.replace(".", "").replace(",", ".")
        return super().to_python(typed)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else value


class Plan(forms.Form):
    owner = forms.ChoiceField(label=_("Wie regelt het?"), choices=Owner.choices, initial=Owner.TEAM)
    due_on = DayField(label=_("Uiterlijk op welke dag?"))
    payer = forms.ChoiceField(label=_("Wie betaalt?"), choices=[UNKNOWN, *Payer.choices], required=False)
    cost_once = Euro(label=_("Kosten eenmalig, in euro"))
    cost_yearly = Euro(label=_("Kosten per jaar, in euro"))

    def clean_due_on(self) -> date:
        return date.fromisoformat(self.cleaned_data["due_on"])


class MeasureForm(Plan, DeskForm):
    what = forms.CharField(
        label=_("Wat gaat er gebeuren?"),
        help_text=_("Zodra de maatregel is vastgesteld, leest de melder dit ook."),
        widget=forms.Textarea,
        max_length=2000,
        error_messages={"required": _("Schrijf wat er gaat gebeuren.")},
    )
    kind = forms.ChoiceField(label=_("Wat voor maatregel is het?"), choices=MeasureKind.choices)
    domain = forms.ChoiceField(
        label=_("Waar hoort hij bij?"), choices=[("", _("Geen van deze")), *Domain.choices], required=False
    )
    priority = forms.ChoiceField(
        label=_("Hoe snel?"), choices=Priority.choices, initial=Priority.MEDIUM, widget=forms.RadioSelect
    )
    status = forms.ChoiceField(
        label=_("Hoe staat het ervoor?"),
        choices=one_of(MeasureStatus, MEASURE_FIRST),
        initial=MeasureStatus.ADVISED,
        widget=forms.RadioSelect,
    )
    field_order = ["version", "what", "kind", "domain", "priority", "status"]


class MeasureMoveForm(Plan, RowForm):
    rows = "measures"
    status = forms.ChoiceField(label=_("Hoe staat het ervoor?"), widget=forms.RadioSelect)
    why_not = forms.CharField(
        label=_("Waarom wordt de maatregel niet uitgevoerd?"),
        help_text=_("Alleen nodig als dat zo is. De melder leest dit ook."),
        widget=forms.Textarea,
        required=False,
        max_length=2000,
    )
    field_order = ["version", "row", "status", "why_not"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if measure := self.chosen:
            old = MeasureStatus(measure.status)
            possible = {old} | MEASURE_NEXT[old]
            self.fields["status"].choices = one_of(MeasureStatus, possible)  # type: ignore[attr-defined]
            for name in ("status", "owner", "payer", "cost_once", "cost_yearly"):
                self.fields[name].initial = getattr(measure, name)
            self.fields["due_on"].initial = measure.due_on.isoformat()


class RemovalForm(DeskForm):
    steps = forms.MultipleChoiceField(
        label=_("Welke stappen zet u klaar?"),
        choices=[(step.name, step.text) for step in online.REMOVAL],
        initial=[step.name for step in online.REMOVAL],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies ten minste één stap.")},
    )


def _plan(desk: Desk, answers: Answers) -> object:
    return actions.plan_measure(desk.case, by=desk.user, **answers)


def _move(desk: Desk, answers: Answers) -> object:
    return actions.move_measure(answers.pop("row"), answers.pop("status"), by=desk.user, **answers)


def _plan_removal(desk: Desk, answers: Answers) -> object:
    return actions.plan_removal(desk.case, answers["steps"], by=desk.user, version=answers["version"])


VERBS = [
    Verb(
        "maatregel",
        _("Maatregel toevoegen"),
        fits=handles,
        do=_plan,
        done=_("De maatregel staat in de zaak. U krijgt op tijd een herinnering."),
        group=Group.HELP,
        form=MeasureForm,
        back_to=BACK,
    ),
    Verb(
        "online-haat",
        _("Online haat of doxing aanpakken"),
        fits=lambda desk: handles(desk) and bool(online.KINDS & set(desk.case.kinds)),
        do=_plan_removal,
        done=_("De stappen staan klaar als maatregelen."),
        group=Group.HELP,
        form=RemovalForm,
        explain=_(
            "Elke stap wordt een maatregel met een termijn. Wat niet nodig is, vinkt u uit. "
            "Bewaar eerst het bewijs: wat weg is, komt niet terug."
        ),
        back_to=BACK,
    ),
    Verb(
        "maatregel-stand",
        _("Maatregel wijzigen"),
        fits=chosen_in("measures"),
        do=_move,
        done=_("De wijziging is opgeslagen."),
        form=MeasureMoveForm,
        on_page=True,
        back_to=BACK,
    ),
]


def section(desk: Desk, content: Content) -> dict[str, Any]:
    """All measures of the case, opened; those to do first, by day."""
    rows = content.rows(rows_of(desk, "measures"))
    return {
        "measures": sorted(rows, key=lambda one: one[0].status not in MEASURE_FIRST),
    }
