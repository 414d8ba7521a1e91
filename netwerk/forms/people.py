from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.functions import Function
from netwerk.models import Contact, Organisation
from weerbaar.accounts.models import User
from weerbaar.pages.forms import DayField

from .organisation import OrganisationChoiceField

# Who asks for an account here. Griffiers and secretarissen are invited by the network office instead.
ASK = [
    function
    for function in Function
    if function
    not in {
        Function.GRIFFIER,
        Function.SECRETARIS,
        Function.CIVIL_SERVANT,
        Function.FAMILY_MEMBER,
        Function.FORMER_OFFICE_HOLDER,
    }
]


class AccountRequestForm(forms.Form):
    """Somebody asks for an account; the own organisation confirms it."""

    name = forms.CharField(
        label=_("Uw naam"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Vul uw naam in.")},
    )
    email = forms.EmailField(
        label=_("Uw werkadres"),
        max_length=254,  # as the column
        help_text=_("Het e-mailadres van uw organisatie, niet uw eigen adres."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Vul uw werkadres in."),
            "invalid": _("Vul een e-mailadres in zoals naam@gemeente.nl."),
        },
    )
    organisation = OrganisationChoiceField(label=_("Uw organisatie"))
    function = forms.ChoiceField(
        label=_("Uw functie"),
        choices=[("", _("Kies uw functie")), *((function.value, function.label) for function in ASK)],
        widget=forms.Select(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": _("Kies uw functie.")},
    )
    valid_until = DayField(label=_("Wanneer eindigt uw termijn?"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        organisation, function = cleaned.get("organisation"), cleaned.get("function")
        if organisation and function and Function(function).layer not in (None, organisation.layer):
            self.add_error(
                "function", _("Deze functie bestaat niet bij deze organisatie. Kijk beide nog eens na.")
            )
        return cleaned

    def clean_valid_until(self) -> date | None:
        text = self.cleaned_data["valid_until"]
        day = date.fromisoformat(text) if text else None
        if day and day <= timezone.localdate():
            raise ValidationError(_("Deze datum is al geweest. Vul in wanneer uw termijn eindigt."))
        return day


class InviteMemberForm(AccountRequestForm):
    """A contact invites somebody who holds a function at an organisation that the contact stands for."""

    organisation = forms.ModelChoiceField(  # type: ignore[assignment]
        label=_("Organisatie"),
        queryset=Organisation.objects.none(),
        empty_label=None,
        error_messages={
            "required": _("Kies de organisatie."),
            "invalid_choice": _("Kies uw eigen organisatie."),
        },
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Contact.objects.current().filter(user=by).values("organisation")
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=own)  # type: ignore[attr-defined]
        for name, label in WORDS_FOR_ANOTHER.items():
            self.fields[name].label = label
        self.fields["email"].help_text = _("Het e-mailadres van de organisatie, geen privéadres.")
        for name in ("name", "email", "function"):  # the browser would fill in the contact's own
            self.fields[name].widget.attrs["autocomplete"] = "off"


WORDS_FOR_ANOTHER = {
    "name": _("Naam"),
    "email": _("Werkadres"),
    "function": _("Functie"),
    "valid_until": _("Wanneer eindigt de termijn?"),
}
