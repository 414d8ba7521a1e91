from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from netwerk.models import Organisation
from weerbaar.zones import Zone, zone_url

MOST = 10  # matches to choose from


class OrganisationWidget(forms.Widget):
    """A text input, and radios when what was typed fits several organisations. Works without JavaScript.

    With JavaScript, static/js/zoeken.js completes the name from the address in `data-search-url`.
    """

    template_name = "netwerk/organisation_field.html"  # in the admin
    field_template = "netwerk/organisation_group.html"  # in public: with its label, hint and errors
    use_fieldset = False
    matches: list[Organisation] = []  # set by the field when it has to ask

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> tuple[str, str]:
        """What was typed, and the code of the radio that was chosen."""
        return data.get(name, "").strip(), data.get(f"{name}-keuze", "")

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data

    def format_value(self, value: Any) -> str:
        return value[0] if isinstance(value, tuple | list) else value or ""  # a list once it was kept as JSON

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | self.parts(value, id_="", name=name)

    def parts(self, value: Any, *, id_: str, name: str) -> dict[str, Any]:
        """What the template needs besides the text: the matches, and where JavaScript asks for more."""
        return {
            "matches": self.matches,
            "search_url": zone_url(Zone.PUBLIEK, "netwerk:organisation_search"),
        }


class OrganisationField(forms.Field):
    """An organisation of the register, found by its name; the value is its code ("GM0363"), "" when empty.

    A whole name or label is taken as it is; anything else is asked back with the matches as radios.
    """

    widget = OrganisationWidget
    default_error_messages = {
        "required": _("Vul de naam van de organisatie in."),
        "unknown": _("Wij kennen deze organisatie niet. Controleer de naam, of typ alleen het begin."),
        "choose": _("Kies hieronder de organisatie die u bedoelt."),
        "former": _("Deze organisatie bestaat niet meer. Kies hieronder de opvolger."),
    }

    def prepare_value(self, value: Any) -> Any:
        """Show a code that was given before as the name it stands for."""
        if isinstance(value, str) and value:
            organisation = Organisation.objects.filter(code=value).first()
            return organisation.label if organisation else ""
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != (data or ("", ""))[0]

    def clean(self, value: Any) -> str:
        text, chosen = value or ("", "")
        if not text:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return ""
        matches = list(Organisation.objects.current().search(text)[:MOST])
        whole = [one for one in matches if one.rank == 0]
        error = "choose"
        if not whole and (successors := _successors(text)):
            matches, error = successors, "former"
        for certain in ([one for one in matches if one.code == chosen], whole):
            if len(certain) == 1:
                return certain[0].code
        self.widget.matches = matches
        raise ValidationError(self.error_messages[error if matches else "unknown"], code=error)


class OrganisationChoiceField(OrganisationField):
    """The same for a model form: the value is the organisation itself, or None."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            organisation = Organisation.objects.filter(pk=value).first()
            return organisation.label if organisation else ""
        return super().prepare_value(value)

    def clean(self, value: Any) -> Organisation | None:  # type: ignore[override]
        code = super().clean(value)
        return Organisation.objects.get(code=code) if code else None


def _successors(text: str) -> list[Organisation]:
    """What the organisations of exactly this name, now gone, have become."""
    former = Organisation.objects.named(text).filter(successor__isnull=False)
    return list(Organisation.objects.current().filter(pk__in=former.values("successor")))
