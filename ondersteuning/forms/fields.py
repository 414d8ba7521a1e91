"""Fields that more than one of our forms asks."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

YES_NO = [("yes", _("Ja")), ("no", _("Nee"))]
NATIONAL = re.compile(r"0[1-9]\d{8}")  # the Netherlands, without the country code
ISLANDS = re.compile(r"(?:318|416|7[0-9]{2})\d{4}")  # Sint Eustatius, Saba, Bonaire, without +599
INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}")


class NameField(forms.CharField):
    """What to call the reporter; any name will do."""

    default_error_messages = {"max_length": _("Deze naam is te lang. Maak hem 100 tekens of korter.")}

    def __init__(self) -> None:
        super().__init__(
            label=_("Hoe mogen wij u noemen?"),
            help_text=_("Uw eigen naam hoeft niet."),
            max_length=100,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
        )


class PhoneField(forms.CharField):
    """A number that can be dialled, however it was written; the value is what a phone dials: +31612345678."""

    default_error_messages = {
        "required": _("Vul een telefoonnummer in."),
        "invalid": _("Dit nummer klopt niet. Vul het in zoals 06 12 34 56 78 of +599 717 1234."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})
        widget.input_type, widget.size = "tel", "half"  # type: ignore[attr-defined]
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        return _dialled(typed) if typed else ""

    def prepare_value(self, value: Any) -> Any:
        return readable_phone(value) if isinstance(value, str) else value


def _dialled(typed: str) -> str:
    number = re.sub(r"[\s().\-–/\u00a0]", "", typed.replace("(0)", ""))
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if NATIONAL.fullmatch(number):
        return f"+31{number[1:]}"
    if ISLANDS.fullmatch(number):
        return f"+599{number}"
    if number.startswith("+310"):  # +31 06…: the zero belongs to calls within the country
        number = f"+31{number[4:]}"
    is_dutch = number.startswith("+31")
    if INTERNATIONAL.fullmatch(number) and (not is_dutch or NATIONAL.fullmatch(f"0{number[3:]}")):
        return number
    raise ValidationError(PhoneField.default_error_messages["invalid"], code="invalid")


def readable_phone(number: str) -> str:
    """ "+31612345678" as "06 12 34 56 78", "+5997171234" as "+599 717 1234"; anything else as it is."""
    if match := re.fullmatch(r"\+31(6)(\d\d)(\d\d)(\d\d)(\d\d)", number):
        return "0{} {} {} {} {}".format(*match.groups())
    if match := re.fullmatch(r"\+31(\d{2})(\d{3})(\d{4})", number):
        return "0{} {} {}".format(*match.groups())
    if match := re.fullmatch(r"\+599(\d{3})(\d{4})", number):
        return "+599 {} {}".format(*match.groups())
    return number


def explained(label: str | Promise, explanation: str | Promise) -> SafeString:
    """A choice with a line of explanation under it."""
    return format_html('{} <span class="keuze__uitleg">{}</span>', label, explanation)
