from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from netwerk.models import AggressionProtocol

from .basis import OFF, PhoneField

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class SignForm(forms.Form):
    """A contact declares to sign for the organisation."""

    agreed = forms.BooleanField(
        label=_("Ons bestuur heeft dit besloten, en ik mag dit namens onze organisatie ondertekenen."),
        error_messages={"required": _("Bevestig dat u namens uw organisatie mag ondertekenen.")},
    )
    is_public = forms.ChoiceField(
        label=_("Mag iedereen op deze site zien dat uw organisatie heeft ondertekend?"),
        choices=[("yes", _("Ja, zet onze organisatie op de lijst")), ("no", _("Nee, niet op de lijst"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies of uw organisatie op de lijst mag.")},
    )


def who(label: _StrPromise, hint: _StrPromise, missing: _StrPromise) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=120,
        widget=forms.TextInput(attrs=OFF),
        error_messages={"required": missing},
    )


class ProtocolForm(forms.Form):
    """Who does what when somebody is aggressive. Functions, no names: the next one has the same function."""

    report_to = who(
        _("Bij wie meldt u agressie?"),
        _("Bijvoorbeeld: de griffier, en voor het college de secretaris."),
        _("Vul in bij wie u agressie meldt."),
    )
    report_phone = PhoneField(
        label=_("Telefoonnummer van dit meldpunt"),
        error_messages={"required": _("Vul het telefoonnummer van het meldpunt in.")},
    )
    evening_phone = PhoneField(label=_("Telefoonnummer buiten kantoortijd"), required=False)
    register = who(
        _("Waar legt u meldingen vast?"),
        _("Bijvoorbeeld: in het register van de griffie."),
        _("Vul in waar u meldingen vastlegt."),
    )
    lead = who(
        _("Wie roept het regie-overleg bij elkaar?"),
        _("In dit overleg besluit u samen wat er gebeurt. Bijvoorbeeld: de burgemeester."),
        _("Vul in wie het regie-overleg bij elkaar roept."),
    )
    speaks_out = who(
        _("Wie spreekt de veroorzaker aan?"),
        _("Namens de organisatie, nooit het slachtoffer zelf. Bijvoorbeeld: de burgemeester."),
        _("Vul in wie de veroorzaker aanspreekt."),
    )
    decides_aangifte = who(
        _("Wie beslist of de organisatie aangifte doet?"),
        _("Het slachtoffer mag ook altijd zelf aangifte doen."),
        _("Vul in wie over aangifte beslist."),
    )
    aftercare_by = who(
        _("Wie verzorgt de nazorg?"),
        _("Bijvoorbeeld: de griffier, samen met het bedrijfsmaatschappelijk werk."),
        _("Vul in wie de nazorg verzorgt."),
    )
    aftercare_within = forms.TypedChoiceField(
        label=_("Wanneer is het eerste gesprek?"),
        help_text=_("Liefst dezelfde dag, en uiterlijk binnen 72 uur."),
        choices=AggressionProtocol.Within.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wanneer het eerste gesprek is.")},
    )


GROUPS = [  # how the form and the check page are divided
    (_("Melden"), ["report_to", "report_phone", "evening_phone", "register"]),
    (_("Regie en aangifte"), ["lead", "speaks_out", "decides_aangifte"]),
    (_("Nazorg"), ["aftercare_by", "aftercare_within"]),
]
