"""Form fields of the house: long text with a count, and a day that may be known by halves."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.boundfield import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MONTHS = ["januari", "februari", "maart", "april", "mei", "juni", "juli"]
MONTHS += ["augustus", "september", "oktober", "november", "december"]


class StepForm(forms.Form):
    """A form in a flow: it may look at the answers that were given before."""

    def __init__(self, *args: Any, answers: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        self.answers = answers or {}
        super().__init__(*args, **kwargs)

    @property
    def stays(self) -> bool:
        """Whether the same page comes again after this: something was added to a list."""
        return False

    def answer(self) -> dict[str, Any]:
        """What the draft keeps, once the form is valid."""
        return self.cleaned_data

    def summary(self) -> list[tuple[str, str]] | None:
        """Lines (question, answer) for the check page; None: one line a field."""
        return None


class LongText(forms.CharField):
    """Free text with a maximum that is counted, never enforced while typing. Newlines count as one sign."""

    widget = forms.Textarea

    def __init__(self, *, maximum: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.counted = maximum
        message = _("Uw tekst is te lang. Maak de tekst %(limit_value)d tekens of korter.")
        self.validators.append(MaxLengthValidator(maximum, message))

    def to_python(self, value: Any) -> str | None:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class Part(NamedTuple):
    """One box of a day."""

    id: str
    name: str
    label: str
    value: str
    is_year: bool = False


class DayInput(forms.Widget):
    """Day, month and year apart, and perhaps a tick for who does not know exactly."""

    field_template = "forms/day.html"
    use_fieldset = True

    def __init__(self, *, rough: bool = False) -> None:
        super().__init__()
        self.rough = rough

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str] | None:
        typed = {part: (data.get(f"{name}_{part}") or "").strip() for part in ("dag", "maand", "jaar", "ruw")}
        return typed if any(typed.values()) else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in ("dag", "maand", "jaar"))

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_dag"

    def parts(self, value: Any, *, id_: str, name: str) -> dict[str, Any]:
        """The boxes and the tick, for the template."""
        if not isinstance(value, dict):
            value = split_day(value)
        labels = {"dag": _("Dag"), "maand": _("Maand"), "jaar": _("Jaar")}
        return {
            "boxes": [
                Part(f"{id_}_{part}", f"{name}_{part}", str(label), value.get(part, ""), part == "jaar")
                for part, label in labels.items()
            ],
            "rough": Part(
                f"{id_}_ruw", f"{name}_ruw", gettext("Ik weet het niet precies"), value.get("ruw", "")
            )
            if self.rough
            else None,
        }


class DayField(forms.Field):
    """A day as text: "2026-11-02"; with `rough=True` also "2026-11", "2026", or "" for not known at all.

    What is missing at the end is what the reader does not know (ISO 8601, reduced precision).
    """

    default_error_messages = {
        "required": _("Vul een datum in."),
        "incomplete": _("Vul dag, maand en jaar in, bijvoorbeeld 27 3 2026."),
        "invalid": _("Deze datum bestaat niet. Kijk de datum nog eens na."),
        "future": _("Deze datum is nog niet geweest. Kijk de datum nog eens na."),
    }

    def __init__(self, *, rough: bool = False, future: bool = True, **kwargs: Any) -> None:
        super().__init__(widget=DayInput(rough=rough), **kwargs)
        self.rough, self.future = rough, future

    def to_python(self, value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return value
        day, month, year = (value.get(part, "") for part in ("dag", "maand", "jaar"))
        if value.get("ruw"):
            return self._rough(month, year)
        if not (day and month and year):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        return self._known(day, month, year).isoformat()

    def _rough(self, month: str, year: str) -> str:
        if not year:
            return ""
        return self._known("1", month or "1", year).isoformat()[: 7 if month else 4]

    def _known(self, day: str, month: str, year: str) -> datetime.date:
        number = month_number(month)
        try:
            date = datetime.date(int(year), number, int(day))
        except (ValueError, OverflowError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if date.year < 1900 or date.year > 2200:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if not self.future and date > datetime.datetime.now(tz=datetime.UTC).date() + datetime.timedelta(1):
            raise ValidationError(self.error_messages["future"], code="future")
        return date

    def describe(self, value: str | None) -> str:
        return day_text(value)

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")


def month_number(text: str) -> int:
    """3, "03", "maart" and "mrt" are all March; 0 when it is no month."""
    text = text.strip(" .").lower()
    if text.isdecimal():
        return int(text) if len(text) < 3 else 0
    if text == "mrt":
        return 3
    found = [number for number, month in enumerate(MONTHS, 1) if len(text) >= 3 and month.startswith(text)]
    return found[0] if len(found) == 1 else 0


def split_day(value: str | None) -> dict[str, str]:
    """The boxes of a day that was stored as text."""
    if value is None:
        return {}
    year, month, day = [*value.split("-"), "", "", ""][:3]
    return {
        "dag": day.lstrip("0"),
        "maand": month.lstrip("0"),
        "jaar": year,
        "ruw": "" if day else "1",
    }


def day_text(value: str | None) -> str:
    """A day in words: "2 november 2026", "november 2026", "2026", or "weet ik niet precies"."""
    if value is None:
        return ""
    if not value:
        return gettext("Weet ik niet precies")
    parts = [int(part) for part in value.split("-")]
    date = datetime.date(*[*parts, 1, 1][:3])
    return date_format(date, {3: "j F Y", 2: "F Y", 1: "Y"}[len(parts)])


def answer_text(field: BoundField) -> str:
    """An answer in words, for the check page; empty when nothing was filled in."""
    value = field.value()
    if describe := getattr(field.field, "describe", None):
        return str(describe(value))
    if isinstance(value, bool):
        return gettext("Ja") if value else gettext("Nee")
    if isinstance(field.field, forms.ChoiceField):
        chosen = value if isinstance(value, list | tuple) else [value]
        wanted = {str(one) for one in chosen if one not in (None, "")}
        options = field.options  # type: ignore[attr-defined]  # every field of ours is a rendering.Field
        return "\n".join(str(option.label) for option in options if option.value in wanted)
    return "" if value is None else str(value)
