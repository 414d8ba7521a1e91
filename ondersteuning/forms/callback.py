"""Bel mij terug: as little as is needed to call somebody safely."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ondersteuning.vocabulary import SafeMoment
from weerbaar.pages.forms import StepForm

from .fields import YES_NO, NameField, PhoneField


class CallbackForm(StepForm):
    phone = PhoneField(
        label=_("Op welk nummer kunnen wij u veilig bellen?"), help_text=_("Liever geen nummer van uw werk.")
    )
    moment = forms.ChoiceField(
        label=_("Wanneer kunt u veilig praten?"),
        help_text=_("Dit is Nederlandse tijd."),
        choices=SafeMoment,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wanneer u veilig kunt praten.")},
    )
    voicemail = forms.ChoiceField(
        label=_("Mogen wij een bericht inspreken als u niet opneemt?"),
        help_text=_("Wij zeggen dan alleen dat wij terugbellen."),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies of wij een bericht mogen inspreken.")},
    )
    name = NameField()
