"""The questions of a report (melding). Shape and cleaning only; what an answer means is in `flows`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from netwerk.forms import OrganisationField
from netwerk.functions import Function
from netwerk.models import Contact, Organisation
from ondersteuning.vocabulary import (
    Channel,
    Consent,
    Frequency,
    Kind,
    Motive,
    OnBehalf,
    SafeMoment,
    Severity,
    Target,
    Wish,
)
from weerbaar.pages.forms import DayField, LongText, StepForm

from .fields import YES_NO, NameField, PhoneField, explained

LONGEST_STORY = 10_000
Answers = Mapping[str, Mapping[str, Any]]


# --- questions about answers: which page comes, and what it asks ----------------------------------


def wish_of(answers: Answers) -> str:
    """Who reads the report, when all is said: an own organisation without contacts has nobody to read it."""
    if instead := answers.get("contacten", {}).get("instead"):
        return str(instead)
    return str(answers.get("wens", {}).get("wish", ""))


def is_in_danger(answers: Answers) -> bool:
    return answers.get("gevaar", {}).get("danger") == "yes"


def is_told(answers: Answers) -> bool:
    """Whether there is a story and a contact to ask for; not when the report is only counted."""
    return wish_of(answers) != Wish.COUNT


def is_on_behalf(answers: Answers) -> bool:
    return answers.get("wie", {}).get("on_behalf", OnBehalf.SELF) != OnBehalf.SELF


def is_for_organisation(answers: Answers) -> bool:
    """Whether the own organisation was chosen; what `contacten` made of that does not count here."""
    return answers.get("wens", {}).get("wish") in (Wish.ORGANISATION, Wish.BOTH)


def contacts_of(answers: Answers) -> list[Contact]:
    """The known contacts of the organisation that was filled in."""
    code = answers.get("wie", {}).get("organisation", "")
    return list(Contact.objects.current().filter(organisation__code=code)) if code else []


FOR_ANOTHER = {  # how a choice is called when the report is about somebody else
    Kind.DOXING: _("Gegevens zijn verspreid (doxing)"),
    Kind.VANDALISM: _("Vernieling van spullen"),
    Kind.HOME_VISIT: _("Iemand kwam aan huis"),
    Target.OFFICE: _("Het werk als ambtsdrager"),
    Target.PERSON: _("De persoon zelf"),
    Target.FAMILY: _("Het gezin of de familie"),
    Target.GROUP: _("De fractie of het college"),
    Severity.VERY_SERIOUS: _("Heel ernstig: het is niet veilig"),
}


def speak_of_another(*fields: forms.Field) -> None:
    """Let the choices of these fields speak of somebody else than the reader."""
    for field in fields:
        field.choices = [(value, FOR_ANOTHER.get(value, label)) for value, label in field.choices]  # type: ignore[attr-defined]


# --- the forms, in the order of the flow ----------------------------------------------------------


class DangerForm(StepForm):
    danger = forms.ChoiceField(
        label=_("Bent u of is iemand anders nu in gevaar?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies ja of nee. Twijfelt u? Kies dan ja.")},
    )


class CallFirstForm(StepForm):
    """No question: a page with the number to call, and the way on."""

    def summary(self) -> list[tuple[str, str]]:
        return []


class WishForm(StepForm):
    wish = forms.ChoiceField(
        label=_("Wie mag uw melding lezen?"),
        help_text=_("U bepaalt dit zelf, vóórdat u iets vertelt."),
        choices=[
            (
                Wish.TEAM,
                explained(
                    Wish.TEAM.label,
                    _("Vertrouwenspersonen die uw werk kennen. Uw organisatie ziet hier niets van."),
                ),
            ),
            (
                Wish.ORGANISATION,
                explained(
                    Wish.ORGANISATION.label,
                    _("Bijvoorbeeld de griffier of de burgemeester. U kiest straks zelf wie."),
                ),
            ),
            (
                Wish.BOTH,
                explained(
                    Wish.BOTH.label, _("Het team helpt u. Uw organisatie kan iets doen tegen de dader.")
                ),
            ),
            (
                Wish.COUNT,
                explained(
                    Wish.COUNT.label,
                    _("Wij vragen geen verhaal en geen naam. Niemand neemt contact met u op."),
                ),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wie uw melding mag lezen.")},
    )

    def summary(self) -> list[tuple[str, str]]:
        wish = self.initial["wish"]
        return [(gettext("Wie leest uw melding"), str(Wish(wish).label))]


class WhoForm(StepForm):
    on_behalf = forms.ChoiceField(
        label=_("Voor wie doet u de melding?"),
        choices=OnBehalf,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies voor wie u de melding doet.")},
    )
    function = forms.ChoiceField(
        label=_("Functie"),
        help_text=_("Van degene om wie het gaat. Dan zoeken wij iemand die dat werk kent."),
        choices=[("", _("Kies een functie")), *((one.value, one.label) for one in Function)],
        required=False,
    )
    organisation = OrganisationField(
        label=_("Organisatie"),
        help_text=_("Typ het begin van de gemeente, de provincie, het waterschap of het eiland."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_told(self.answers):
            del self.fields["on_behalf"]  # it is not counted, so it is not asked
        if is_for_organisation(self.answers):
            self.fields["organisation"].required = True

    def summary(self) -> list[tuple[str, str]]:
        answer = self.initial
        lines = []
        if "on_behalf" in self.fields:
            lines.append((gettext("Voor wie"), str(OnBehalf(answer["on_behalf"]).label)))
        function = answer["function"]
        lines.append((gettext("Functie"), str(Function(function).label) if function else ""))
        organisation = Organisation.objects.filter(code=answer["organisation"]).first()
        lines.append((gettext("Organisatie"), organisation.label if organisation else ""))
        return lines


class OnBehalfForm(StepForm):
    consent = forms.ChoiceField(
        label=_("Is degene om wie het gaat het eens met deze melding?"),
        choices=Consent,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies een antwoord. U mag ook melden als u het nog niet vroeg.")},
    )
    people = LongText(
        label=_("Om wie gaat het?"),
        help_text=_("Een naam hoeft niet. Bijvoorbeeld: een collega uit mijn fractie."),
        maximum=500,
        required=False,
    )


NOBODY = _("Niemand van hen. Stuur mijn melding toch naar het ondersteuningsteam.")
NOBODY_OF_BOTH = _("Niemand van hen. Stuur mijn melding alleen naar het ondersteuningsteam.")
NOBODY_AND_SOMEBODY = _("U vinkte iemand aan, en ook ‘Niemand van hen’. Haal één van de twee weg.")


class ContactsForm(StepForm):
    """Named contacts of the own organisation. Nobody is ticked beforehand: forgetting a tick must never show
    the report to somebody who should not see it."""

    contacts = forms.MultipleChoiceField(
        label=_("Wie van uw organisatie mag uw melding lezen?"),
        help_text=_("Vink alleen aan wie u vertrouwt. Wie u niet aanvinkt, ziet niets van uw melding."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _(
                "Vink minstens één persoon aan. Vertrouwt u dit niemand van hen toe? "
                "Vink dan het laatste vakje aan."
            ),
            "invalid_choice": _("Deze persoon kan niet meer. Kies opnieuw wie uw melding mag lezen."),
        },
    )
    nobody = forms.BooleanField(required=False)
    instead = forms.ChoiceField(
        label=_("Bij uw organisatie kan nog niemand meelezen. Wat wilt u doen?"),
        choices=[
            (Wish.TEAM, _("Stuur mijn melding naar het ondersteuningsteam")),
            (Wish.COUNT, _("Laat mijn melding alleen meetellen, zonder verhaal")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wat u wilt doen.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.known:
            del self.fields["instead"]
            self.fields["contacts"].choices = [(str(one.pk), one.label) for one in self.known]  # type: ignore[attr-defined]
            is_both = self.answers.get("wens", {}).get("wish") == Wish.BOTH
            self.fields["nobody"].label = NOBODY_OF_BOTH if is_both else NOBODY
            return
        del self.fields["contacts"], self.fields["nobody"]
        self.fields["instead"].help_text = self._why_nobody()

    @cached_property
    def known(self) -> list[Contact]:
        return contacts_of(self.answers)

    def clean(self) -> dict[str, Any]:
        """The answer says for which organisation it was given: another one asks it anew."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("nobody"):
            if cleaned.get("contacts"):
                self.add_error("nobody", ValidationError(NOBODY_AND_SOMEBODY))
            elif "contacts" not in self.data:
                self.errors.pop("contacts", None)
                cleaned |= {"contacts": [], "instead": Wish.TEAM}
        return cleaned | {"organisation": self.answers.get("wie", {}).get("organisation", "")}

    def _why_nobody(self) -> str:
        organisation = Organisation.objects.filter(
            code=self.answers.get("wie", {}).get("organisation", "")
        ).first()
        if organisation is None:
            return gettext(
                "U vulde geen organisatie in. Ga terug om dat wel te doen, of kies hier iets anders."
            )
        return gettext(
            "Van %(organisation)s kennen wij nog geen contactpersonen. Niemand kan uw melding daar lezen."
        ) % {"organisation": organisation.label}

    def summary(self) -> list[tuple[str, str]]:
        if self.initial.get("nobody"):
            return [
                (gettext("Wie van uw organisatie meeleest"), gettext("Niemand. Alleen het team leest mee."))
            ]
        if self.known:
            chosen = self.initial.get("contacts", [])
            return [
                (
                    gettext("Wie van uw organisatie meeleest"),
                    "\n".join(one.label for one in self.known if str(one.pk) in chosen),
                )
            ]
        instead = self.initial.get("instead")
        field = self.fields["instead"]
        label = dict(field.choices).get(instead, "")  # type: ignore[attr-defined]
        return [(gettext("Bij uw organisatie kan niemand meelezen"), str(label))]


class WhatForm(StepForm):
    kinds = forms.MultipleChoiceField(
        label=_("Wat is er gebeurd?"),
        help_text=_("Kies alles wat past."),
        choices=Kind,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies minstens één antwoord. Past er niets? Kies ‘Iets anders’.")},
    )
    severity = forms.ChoiceField(
        label=_("Hoe ernstig is het voor u?"),
        help_text=_("Er is geen fout antwoord. Het gaat om hoe het voor u voelt."),
        choices=Severity,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies hoe ernstig het is.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_on_behalf(self.answers):
            speak_of_another(self.fields["kinds"], self.fields["severity"])
            self.fields["severity"].label = _("Hoe ernstig is het voor degene om wie het gaat?")
            self.fields["severity"].help_text = _("Uw eigen inschatting is genoeg.")


class HowForm(StepForm):
    channels = forms.MultipleChoiceField(
        label=_("Hoe of waar gebeurde het?"),
        choices=Channel,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    targets = forms.MultipleChoiceField(
        label=_("Tegen wie of wat was het gericht?"),
        choices=Target,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    motive = forms.ChoiceField(
        label=_("Waardoor komt het, denkt u?"),
        choices=[("", _("Kies een antwoord")), *((one.value, one.label) for one in Motive)],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_told(self.answers):
            del self.fields["targets"], self.fields["motive"]
        elif is_on_behalf(self.answers):
            speak_of_another(self.fields["targets"])


class WhenForm(StepForm):
    occurred_on = DayField(
        label=_("Wanneer gebeurde het?"),
        help_text=_("Gebeurde het vaker? Vul dan de laatste keer in. Bijvoorbeeld 27 3 2026."),
        rough=True,
        future=False,
        error_messages={
            "required": _("Vul een datum in, of vink aan dat u het niet precies weet."),
            "incomplete": _("Vul dag, maand en jaar in, of vink aan dat u het niet precies weet."),
        },
    )
    frequency = forms.ChoiceField(
        label=_("Hoe vaak gebeurde het?"),
        choices=Frequency,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies hoe vaak het gebeurde.")},
    )


class StoryForm(StepForm):
    narrative = LongText(
        label=_("Vertel in uw eigen woorden wat er is gebeurd"),
        help_text=_("Zo kort of lang als u wilt. De naam van een dader is niet nodig."),
        maximum=LONGEST_STORY,
        error_messages={"required": _("Schrijf kort op wat er is gebeurd. Eén zin is genoeg.")},
    )


class ContactForm(StepForm):
    name = NameField()
    phone = PhoneField(label=_("Telefoonnummer waarop u veilig kunt praten"), required=False)
    moment = forms.ChoiceField(
        label=_("Wanneer kunt u veilig praten?"),
        help_text=_("Dit is Nederlandse tijd. Ook onze mail komt alleen op dat moment."),
        choices=[("", _("Kies een moment")), *((one.value, one.label) for one in SafeMoment)],
        required=False,
    )
    voicemail = forms.BooleanField(label=_("U mag een bericht inspreken als ik niet opneem"), required=False)
    email = forms.EmailField(
        label=_("E-mailadres"),
        help_text=_(
            "Liever geen werkadres: daar kan een ander meelezen. In onze mail staat nooit waar het over gaat."
        ),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Dit e-mailadres klopt niet. Vul het in zoals naam@voorbeeld.nl.")},
    )
    remark = LongText(
        label=_("Waar moeten wij op letten?"),
        help_text=_("Bijvoorbeeld: bel niet als de kinderen thuis zijn."),
        maximum=500,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (
            not cleaned.get("phone")
            and "phone" not in self.errors
            and (cleaned.get("voicemail") or (cleaned.get("moment") and not cleaned.get("email")))
        ):
            self.add_error(
                "phone",
                ValidationError(_("Vul ook een telefoonnummer in, of laat het moment en de voicemail leeg.")),
            )
        return cleaned
