from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from netwerk.vocabulary import Topic
from weerbaar.pages.forms import LongText


class ProposalForm(forms.Form):
    """A partner proposes a theme."""

    title = forms.CharField(
        label=_("Hoe heet het thema?"),
        max_length=120,
        error_messages={"required": _("Vul in hoe het thema heet.")},
    )
    topic = forms.ChoiceField(
        label=_("Bij welk onderwerp hoort het?"),
        choices=[("", _("Kies een onderwerp")), *Topic.choices],
        required=False,
    )
    summary = LongText(
        label=_("Waar gaat het over?"),
        maximum=500,
        error_messages={"required": _("Schrijf kort op waar het over gaat.")},
    )
    reasons = LongText(
        label=_("Waarom moet het netwerk dit nu oppakken?"),
        maximum=2000,
        error_messages={"required": _("Schrijf op waarom dit thema nodig is.")},
    )
