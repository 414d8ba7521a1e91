from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from netwerk.models import Contact, Organisation, ReportingPoint
from weerbaar.accounts.models import User

from .organisation import OrganisationField


class FindPointForm(forms.Form):
    """Whose place to report somebody looks for."""

    organisation = OrganisationField(
        label=_("Naam van de organisatie"), help_text=_("Een gemeente, provincie, waterschap of eiland.")
    )


class OwnPointForm(forms.ModelForm):
    """A contact says where the own organisation wants people to report."""

    organisation = forms.ModelChoiceField(
        label=_("Organisatie"),
        queryset=Organisation.objects.none(),
        empty_label=None,
        error_messages={
            "required": _("Kies de organisatie."),
            "invalid_choice": _("Kies uw eigen organisatie."),
        },
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https", max_length=200)

    class Meta:
        model = ReportingPoint
        fields = ["organisation", "kind", "name", "for_whom", "phone", "email", "website", "how"]
        labels = {
            "kind": _("Wat kan iemand hier melden?"),
            "name": _("Naam van het meldpunt"),
            "for_whom": _("Voor wie is het?"),
            "phone": _("Telefoon"),
            "email": _("E-mailadres"),
            "how": _("Hoe en wanneer bereikbaar?"),
        }
        help_texts = {
            "name": _("De naam van een functie of afdeling, niet van een persoon."),
            "for_whom": _("Bijvoorbeeld: raadsleden, wethouders en burgemeester."),
            "email": _("Een adres van de organisatie, niet van een persoon."),
        }
        error_messages = {
            "kind": {"required": _("Kies wat iemand hier kan melden.")},
            "name": {"required": _("Vul de naam van het meldpunt in.")},
            "for_whom": {"required": _("Vul in voor wie het meldpunt is.")},
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Contact.objects.current().filter(user=by).values("organisation")
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=own)  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # the browser would fill in the contact's own
