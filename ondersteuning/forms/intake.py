"""What a colleague writes down for who phones or sends a letter; and the same as lines of a file."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from netwerk.functions import Function
from netwerk.models import Organisation
from ondersteuning.actions import Contactable, Intake, Report
from ondersteuning.clock import AMSTERDAM
from ondersteuning.vocabulary import (
    Channel,
    Consent,
    Frequency,
    Kind,
    Motive,
    OnBehalf,
    SafeMoment,
    Severity,
    Source,
    Target,
    Wish,
)
from weerbaar.pages.forms import DayField, split_day

from .report import ContactForm, HowForm, OnBehalfForm, StoryForm, WhatForm, WhenForm, WhoForm

ASKED_HERE = {  # the public form's own questions, in words about the reporter
    "on_behalf": gettext_lazy("Voor wie is de melding?"),
    "severity": gettext_lazy("Hoe ernstig is het voor de melder?"),
    "motive": gettext_lazy("Waardoor komt het, denkt de melder?"),
    "narrative": gettext_lazy("Wat is er gebeurd, in de woorden van de melder?"),
    "name": gettext_lazy("Hoe mogen wij de melder noemen?"),
    "phone": gettext_lazy("Telefoonnummer waarop de melder veilig kan praten"),
    "moment": gettext_lazy("Wanneer kan de melder veilig praten?"),
    "voicemail": gettext_lazy("Wij mogen een bericht inspreken"),
    "consent": gettext_lazy("Is degene om wie het gaat het ermee eens?"),
    "people": gettext_lazy("Om wie gaat het?"),
}
PARTS = (WhoForm, OnBehalfForm, WhatForm, HowForm, WhenForm, StoryForm, ContactForm)


class Came(TextChoices):
    """How a report came to the team; the stored values are those of Source."""

    PHONE = Source.PHONE.value, gettext_lazy("Telefoon")
    PAPER = Source.PAPER.value, gettext_lazy("Papier")


class IntakeForm(forms.Form):
    """All questions of the public form on one page; only the first few must be answered."""

    secret = forms.CharField(widget=forms.HiddenInput, min_length=32, max_length=64)
    source = forms.ChoiceField(
        label=gettext_lazy("Hoe kwam de melding binnen?"),
        choices=Came,
        initial=Came.PHONE,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Kies hoe de melding binnenkwam.")},
    )
    received_on = DayField(
        label=gettext_lazy("Op welke dag?"),
        help_text=gettext_lazy(
            "Voor een brief: de dag waarop die binnenkwam. De termijn telt vanaf die dag."
        ),
        future=False,
    )
    in_danger = forms.BooleanField(
        label=gettext_lazy("De melder is of voelt zich nu in gevaar"), required=False
    )

    field_order = ("secret", "source", "received_on", "in_danger", "kinds", "severity", "narrative")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        today = timezone.localtime(timezone=AMSTERDAM).date().isoformat()
        kwargs.setdefault("initial", {"secret": secrets.token_urlsafe(32), "received_on": today})
        super().__init__(data, label_suffix="", **kwargs)
        for part in PARTS:
            for name, one in part.base_fields.items():
                self.fields[name] = deepcopy(one)
        for name, label in ASKED_HERE.items():
            self.fields[name].label = label
        self.fields["consent"].required = self.fields["people"].required = False
        self.fields["on_behalf"].initial = OnBehalf.SELF
        for name in ("on_behalf", "severity", "name"):
            self.fields[name].help_text = ""
        for one in self.fields.values():
            one.widget.attrs["autocomplete"] = "off"
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        on_behalf = cleaned.get("on_behalf", OnBehalf.SELF) != OnBehalf.SELF
        if on_behalf and not cleaned.get("consent"):
            self.add_error("consent", _("Kies of degene om wie het gaat het weet."))
        if not cleaned.get("phone") and (cleaned.get("voicemail") or cleaned.get("moment")):
            self.add_error("phone", _("Vul ook een telefoonnummer in, of laat moment en voicemail leeg."))
        return cleaned

    def intake(self, *, handles: bool = False) -> Intake:
        """The answers of a valid form, for `actions.take_report`."""
        answers = self.cleaned_data
        on_behalf = answers["on_behalf"] != OnBehalf.SELF
        contact = ("name", "phone", "email", "moment", "voicemail", "remark")
        told = ("kinds", "severity", "channels", "targets", "motive", "occurred_on", "frequency", "function")
        report = Report(
            wish=Wish.TEAM,
            in_danger=answers["in_danger"],
            narrative=answers["narrative"],
            on_behalf=answers["on_behalf"],
            consent=answers["consent"] if on_behalf else "",
            people=answers["people"] if on_behalf else "",
            organisation=Organisation.objects.filter(code=answers["organisation"]).first(),
            contact=Contactable(**{name: answers[name] for name in contact}),
            **{name: answers[name] for name in told},
        )
        return Intake(
            report,
            source=answers["source"],
            secret=answers["secret"],
            received_at=moment_of(answers["received_on"]),
            handles=handles,
        )


def moment_of(day: str) -> datetime | None:
    """The beginning of the working hours of an earlier day; None for today: then it is now."""
    now = timezone.localtime(timezone=AMSTERDAM)
    if day >= now.date().isoformat():
        return None
    return datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=AMSTERDAM)


# --- lines of a file ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Column:
    """A column of the file: its name, the field it fills in, and the words that may stand in it."""

    name: str
    field: str
    words: Any = None
    is_list: bool = False
    is_day: bool = False
    is_yes: bool = False
    default: str = ""


COLUMNS = [
    Column("Bron", "source", Came, default=Came.PAPER.value),
    Column("Ontvangen op", "received_on", is_day=True),
    Column("In gevaar", "in_danger", is_yes=True),
    Column("Soort", "kinds", Kind, is_list=True),
    Column("Hoe ernstig", "severity", Severity),
    Column("Verhaal", "narrative"),
    Column("Voor wie", "on_behalf", OnBehalf, default="Voor mijzelf"),
    Column("Toestemming", "consent", Consent),
    Column("Om wie gaat het", "people"),
    Column("Functie", "function", Function),
    Column("Organisatie", "organisation"),
    Column("Kanaal", "channels", Channel, is_list=True),
    Column("Gericht op", "targets", Target, is_list=True),
    Column("Motief", "motive", Motive),
    Column("Datum voorval", "occurred_on", is_day=True),
    Column("Hoe vaak", "frequency", Frequency),
    Column("Naam", "name"),
    Column("Telefoon", "phone"),
    Column("E-mail", "email"),
    Column("Moment", "moment", SafeMoment),
    Column("Voicemail", "voicemail", is_yes=True),
    Column("Let op", "remark"),
]


@dataclass
class Line:
    """One line of the file: what is wrong with it, or what it says."""

    number: int  # as the spreadsheet counts
    errors: list[str] = field(default_factory=list)
    intake: Intake | None = None


def check_lines(rows: Iterable[tuple[int, dict[str, str]]], *, secret: str) -> list[Line]:
    """Every line through the same form as one report by phone; `secret` makes each line's own."""
    return [_check(number, row, f"{secret}:{number}") for number, row in rows]


def _check(number: int, row: dict[str, str], secret: str) -> Line:
    line = Line(number)
    data: dict[str, Any] = {"secret": secret}
    for column in COLUMNS:
        try:
            data |= _filled_in(column, row.get(column.name, "").strip() or column.default)
        except ValueError:
            line.errors.append(_("%(column)s: dit woord kennen wij niet.") % {"column": column.name})
    form = IntakeForm(data)
    names = {column.field: column.name for column in COLUMNS}
    if not form.is_valid() or line.errors:
        known = {error.partition(":")[0] for error in line.errors}
        for name, errors in form.errors.items():
            if (place := names.get(name, name)) not in known:
                line.errors += [f"{place}: {error}" for error in errors]
        return line
    line.intake = form.intake()
    return line


def _filled_in(column: Column, text: str) -> dict[str, Any]:
    """What the form would be sent; ValueError for a word that is none of the answers."""
    if column.is_day:
        return {f"{column.field}_{part}": value for part, value in split_day(_iso(text)).items()}
    if column.is_yes:
        if text.lower() not in ("", "ja", "nee"):
            raise ValueError(text)
        return {column.field: "on"} if text.lower() == "ja" else {}
    if column.words is None:
        return {column.field: text}
    stored = {str(label).lower(): value for value, label in column.words.choices}
    stored |= {str(value).lower(): value for value in column.words.values}
    parts = [part.strip().lower() for part in text.split(";")] if column.is_list else [text.lower()]
    found = [str(stored[part]) for part in parts if part] if set(parts) - {""} <= set(stored) else None
    if found is None:
        raise ValueError(text)
    return {column.field: found if column.is_list else "".join(found)}


def _iso(text: str) -> str | None:
    """2026-11-03, 3-11-2026, 3/11/2026, or what a spreadsheet makes of a day; None for nothing."""
    if not text:
        return None
    first = text.split(" ")[0].split("T")[0].replace("/", "-").replace(".", "-")
    parts = first.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(text)
    return first if len(parts[0]) == 4 else f"{parts[2]}-{parts[1]}-{parts[0]}"


class FileForm(forms.Form):
    """The file itself; it is read in memory and kept nowhere."""

    MOST_BYTES = 1_000_000

    file = forms.FileField(
        label=gettext_lazy("Bestand met meldingen (CSV of Excel)"),
        help_text=gettext_lazy("Hoogstens 200 meldingen en 1 MB. Wij bewaren het bestand niet."),
        error_messages={
            "required": gettext_lazy("Kies een bestand van hoogstens 1 MB."),
            "empty": gettext_lazy("Dit bestand is leeg."),
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > self.MOST_BYTES:
            raise ValidationError(_("Dit bestand is te groot. Het mag hoogstens 1 MB zijn."))
        return file
