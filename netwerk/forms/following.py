from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from netwerk.models import Digest
from netwerk.vocabulary import Topic


class FollowForm(forms.Form):
    """Which topics somebody follows, and how often mail may come."""

    topics = forms.MultipleChoiceField(
        label=_("Onderwerpen die u volgt"),
        choices=Topic.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    rhythm = forms.ChoiceField(
        label=_("Hoe vaak wilt u mail?"),
        choices=Digest.Rhythm.choices,
        widget=forms.RadioSelect,
        help_text=_("In de mail staat alleen dat er iets nieuws is, nooit wat."),
        error_messages={"required": _("Kies hoe vaak u mail wilt.")},
    )
