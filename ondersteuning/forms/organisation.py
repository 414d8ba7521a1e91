"""What a contact of the own organisation can answer to a reporter."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from ondersteuning.models import OrganisationReport
from weerbaar.pages.forms import LongText


class AnswerForm(forms.Form):
    """A message to the reporter. `submission` makes a double click one message."""

    text = LongText(
        label=_("Bericht aan de melder"),
        maximum=5000,
        error_messages={"required": _("Schrijf een bericht aan de melder.")},
    )
    submission = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=lambda: uuid.uuid4().hex)
    is_feedback = forms.BooleanField(
        label=_("Dit is de terugkoppeling: ik vertel wat er met de melding is gedaan"), required=False
    )


class AangifteForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Wat doet de organisatie?"),
        choices=[choice for choice in OrganisationReport.Aangifte.choices if choice[0]],
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wat de organisatie doet.")},
    )
