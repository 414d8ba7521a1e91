"""What a reporter can ask and answer about the own report, besides messages."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ondersteuning.vocabulary import Again, Consent, Helped
from weerbaar.pages.forms import LongText

from .fields import YES_NO
from .follow import LONGEST_MESSAGE, CodeForm


class ConsentForm(forms.Form):
    consent = forms.ChoiceField(
        label=_("Is degene om wie het gaat het eens met deze melding?"),
        choices=Consent,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies een antwoord.")},
    )


class HandOverForm(forms.Form):
    """The seed of the new code that stands on the page, and what stays of who reported."""

    seed = forms.RegexField(r"^[A-Za-z0-9_-]{43}$", widget=forms.HiddenInput)
    keep_phone = forms.ChoiceField(
        label=_("Mag het team u nog bellen, zolang diegene zelf geen nummer invult?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies ja of nee.")},
    )
    written = forms.BooleanField(
        label=_("Degene om wie het gaat heeft de nieuwe code"),
        error_messages={"required": _("Geef eerst de code door. Zet daarna een vinkje.")},
    )

    def __init__(self, *args: Any, has_phone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seed"].initial = secrets.token_urlsafe(32)
        if not has_phone:
            del self.fields["keep_phone"]

    @property
    def shown_seed(self) -> str:
        """The seed of the code on the page: a page that is shown again shows the same code."""
        return str(self["seed"].value())


class ErasureForm(forms.Form):
    sure = forms.BooleanField(
        label=_("Ja, ik wil dat mijn melding wordt gewist"),
        error_messages={"required": _("Zet een vinkje als u uw melding wilt laten wissen.")},
    )


class RateForm(forms.Form):
    helped = forms.ChoiceField(
        label=_("Heeft onze hulp geholpen?"),
        choices=Helped,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies een antwoord.")},
    )
    text = LongText(
        label=_("Wat kan beter, of wat was goed?"),
        help_text=_("Alleen het team leest dit."),
        maximum=2000,
        required=False,
    )


class AgainForm(forms.Form):
    """It has begun again; `submission` makes the words one message however often they are sent."""

    text = LongText(
        label=_("Wat is er gebeurd?"),
        help_text=_("Een paar woorden zijn genoeg. Het team leest dit als bericht."),
        maximum=LONGEST_MESSAGE,
        required=False,
    )
    submission = forms.RegexField(r"^[A-Za-z0-9_-]{32,64}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"].initial = secrets.token_urlsafe(32)


class CheckInForm(AgainForm):
    field_order = ["answer", "text", "submission"]
    answer = forms.ChoiceField(
        label=_("Hoe gaat het nu met u?"),
        choices=Again,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies een antwoord.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Wilt u er iets bij zeggen?")


class JoinForm(CodeForm):
    TEMPORARY = _(
        "Dit is een tijdelijke code. Vul hem eerst in bij ‘Uw melding volgen’: u krijgt dan een nieuwe. "
        "Gebruik die hier."
    )
