"""Signaal delen: an attempt to influence, told lightly. Two questions, and how to be reached if one likes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from netwerk.forms import OrganisationField
from netwerk.functions import Function
from netwerk.models import Organisation
from ondersteuning.vocabulary import SignalKind
from weerbaar.pages.forms import LongText, StepForm

from .report import ContactForm

LONGEST_SIGNAL = 2_000


class NoticedForm(StepForm):
    kinds = forms.MultipleChoiceField(
        label=_("Wat valt u op?"),
        help_text=_("Kies alles wat past."),
        choices=SignalKind,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies minstens één antwoord. Past er niets? Kies ‘Iets anders’.")},
    )
    text = LongText(
        label=_("Wat gebeurt er?"),
        help_text=_("Eén of twee zinnen zijn genoeg. Namen zijn niet nodig."),
        maximum=LONGEST_SIGNAL,
        error_messages={"required": _("Schrijf kort op wat er gebeurt. Eén zin is genoeg.")},
    )


class WhereForm(StepForm):
    function = forms.ChoiceField(
        label=_("Wat is uw functie?"),
        choices=[("", _("Kies een functie")), *((one.value, one.label) for one in Function)],
        required=False,
    )
    organisation = OrganisationField(
        label=_("Bij welke organisatie?"),
        help_text=_("Typ het begin van de gemeente, de provincie, het waterschap of het eiland."),
        required=False,
    )

    def summary(self) -> list[tuple[str, str]]:
        function = self.initial["function"]
        organisation = Organisation.objects.filter(code=self.initial["organisation"]).first()
        return [
            (str(self.fields["function"].label), str(Function(function).label) if function else ""),
            (str(self.fields["organisation"].label), organisation.label if organisation else ""),
        ]


class ReachForm(ContactForm):
    """As with a report; the team seldom calls about a signal, and never without these answers."""
