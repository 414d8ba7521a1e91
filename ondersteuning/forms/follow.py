"""What a reporter can send while following a report."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from weerbaar.pages.forms import LongText
from weerbaar.vault.api import AccessCode, TemporaryCode

from .fields import YES_NO
from .report import ContactForm

LONGEST_MESSAGE = 5_000


class CodeForm(forms.Form):
    """The access code, as somebody types it over from paper."""

    UNKNOWN = _(
        "Deze code kennen wij niet. Kijk goed naar elke letter en elk cijfer, en probeer het opnieuw. "
        "Kreeg u een tijdelijke code aan de telefoon? Die werkt één keer, en niet langer dan 24 uur."
    )
    USED = _("Deze tijdelijke code is al gebruikt, of is ouder dan 24 uur. Bel ons voor een nieuwe.")

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


class SafeContactForm(ContactForm):
    """How to be reached, asked anew: the same questions, and whether the organisation may know too."""

    share = forms.BooleanField(
        label=_("Laat dit ook zien aan wie van mijn organisatie meeleest"), required=False
    )

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["share"]


class RenewForm(forms.Form):
    """A temporary code, and the seed of the new code that stood on the page."""

    code = forms.CharField()
    seed = forms.RegexField(r"^[A-Za-z0-9_-]{43}$")

    def clean_code(self) -> TemporaryCode:
        try:
            return TemporaryCode.parse(self.cleaned_data["code"])
        except ValueError:
            raise ValidationError(CodeForm.UNKNOWN) from None


class HandoverForm(forms.Form):
    agrees = forms.ChoiceField(
        label=_("Mag deze deskundige uw zaak overnemen en uw melding lezen?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies ja of nee. U mag er ook nog over nadenken.")},
    )


class ReferralForm(forms.Form):
    agrees = forms.ChoiceField(
        label=_("Mag het team deze organisatie precies dit vertellen?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies ja of nee. U mag er ook nog over nadenken.")},
    )


class WithdrawForm(forms.Form):
    sure = forms.BooleanField(
        label=_("Ja, ik trek mijn melding in"),
        error_messages={"required": _("Zet een vinkje als u uw melding wilt intrekken.")},
    )
