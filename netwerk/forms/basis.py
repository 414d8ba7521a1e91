from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from netwerk.models import StarterTalk

PHONE = re.compile(r"^\+?[0-9()\-\s.]{3,30}$")
TEL = {"autocomplete": "off", "inputmode": "tel"}
OFF = {"autocomplete": "off"}


class PhoneField(forms.CharField):
    """A number as people write it: spaces, dashes and +31 are welcome. 112 is one too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, widget=forms.TextInput(attrs=TEL), **kwargs)
        self.widget.input_type = "tel"
        self.widget.size = "half"  # read by the renderer

    def clean(self, value: Any) -> str:
        number: str = super().clean(value)
        if number and not PHONE.match(number):
            raise ValidationError(_("Vul een telefoonnummer in zoals 06 12345678 of 070 1234567."))
        return number


class TalkForm(forms.Form):
    """How and when somebody would like the talk. With choices only: why is for the talk itself."""

    way = forms.ChoiceField(
        label=gettext_lazy("Hoe wilt u het gesprek?"),
        choices=StarterTalk.Way.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Kies hoe u het gesprek wilt.")},
    )
    moment = forms.ChoiceField(
        label=gettext_lazy("Wanneer kunt u het liefst?"),
        choices=StarterTalk.Moment.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Kies wanneer u het liefst kunt.")},
    )


CARD = [  # who somebody may want to ring, with what the card calls them
    (
        "organisation",
        gettext_lazy("Uw organisatie"),
        gettext_lazy("Bijvoorbeeld de griffier."),
    ),
    ("police", gettext_lazy("Uw contact bij de politie"), gettext_lazy("Bijvoorbeeld de wijkagent.")),
    ("near", gettext_lazy("Iemand dichtbij"), gettext_lazy("Wie kan snel bij u zijn?")),
    ("family", gettext_lazy("Iemand voor uw gezin"), gettext_lazy("Wie kan de kinderen opvangen?")),
]


class EmergencyCardForm(forms.Form):
    """Names and numbers for a card that is shown once and kept nowhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, title, hint in CARD:
            self.fields[f"{key}_name"] = forms.CharField(
                label=title, help_text=hint, max_length=60, required=False, widget=forms.TextInput(attrs=OFF)
            )
            self.fields[f"{key}_phone"] = PhoneField(
                label=_("%(whom)s: telefoonnummer") % {"whom": title}, required=False
            )

    def clean(self) -> dict[str, Any]:
        """A name needs a number; a number alone may stand under its title."""
        answers = super().clean() or {}
        for key, _title, _hint in CARD:
            named, phone = answers.get(f"{key}_name"), answers.get(f"{key}_phone")
            if named and phone == "":
                self.add_error(f"{key}_phone", _("Vul ook het telefoonnummer in, of haal de naam weg."))
        return answers

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """Title, name and number of each that was filled in."""
        answers = self.cleaned_data
        return [
            (str(title), answers[f"{key}_name"], answers[f"{key}_phone"])
            for key, title, _hint in CARD
            if answers[f"{key}_phone"]
        ]
