"""What a reporter can send while following a report."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from weerbaar.pages.forms import LongText
from weerbaar.vault.api import AccessCode

from .fields import YES_NO

LONGEST_MESSAGE = 5_000


class CodeForm(forms.Form):
    """The access code, as somebody types it over from paper."""

    UNKNOWN = _(
        "Deze code kennen wij niet. Kijk goed naar elke letter en elk cijfer, en probeer het opnieuw."
    )

    code = forms.CharField(
        label=_("Wat is uw toegangscode?"),
        help_text=_("Vijf groepjes van vier tekens. Hoofdletters, spaties en streepjes maken niet uit."),
        error_messages={"required": _("Vul uw toegangscode in.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> AccessCode:
        try:
            return AccessCode.parse(self.cleaned_data["code"])
        except ValueError:
            raise ValidationError(
                _("Een toegangscode heeft 20 letters en cijfers. Kijk of u er een vergat of te veel typte."),
                code="shape",
            ) from None


class MessageForm(forms.Form):
    """A message; `submission` makes a replayed POST one message."""

    text = LongText(
        label=_("Uw bericht"),
        maximum=LONGEST_MESSAGE,
        error_messages={"required": _("Schrijf eerst uw bericht.")},
    )
    to = forms.ChoiceField(
        choices=[("team", "team"), ("organisation", "organisation")], widget=forms.HiddenInput
    )
    submission = forms.RegexField(r"^[A-Za-z0-9_-]{32,64}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"].initial = secrets.token_urlsafe(32)


class HandoverForm(forms.Form):
    agrees = forms.ChoiceField(
        label=_("Mag deze deskundige uw zaak overnemen en uw melding lezen?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies ja of nee. U mag er ook nog over nadenken.")},
    )


class WithdrawForm(forms.Form):
    sure = forms.BooleanField(
        label=_("Ja, ik trek mijn melding in"),
        error_messages={"required": _("Zet een vinkje als u uw melding wilt intrekken.")},
    )
