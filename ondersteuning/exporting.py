"""What leaves the portal in an export of cases: which columns, in which words.

Only envelopes, and not the whole envelope: no text, no contact, and in place of the organisation its province
and layer, because a function at a small organisation is a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import CharField, DateTimeField, Expression, F, Func, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from import_export import fields, resources, widgets

from netwerk.functions import Function, Layer
from weerbaar.sheets.writing import CHUNK, csv_of, harmless, xlsx_of

from .lifecycle import Status
from .urgency import Urgency
from .vocabulary import (
    Channel,
    Frequency,
    Kind,
    Line,
    Motive,
    OnBehalf,
    Outcome,
    Severity,
    Source,
    Target,
)


class Word(widgets.Widget):
    """A stored value in words."""

    def __init__(self, choices: Any) -> None:
        super().__init__()
        self.words: Mapping[Any, str] = {value: str(label) for value, label in choices.choices}

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.words.get(value, "")


class Words(Word):
    """A list of stored values in words."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "; ".join([self.words.get(one, "") for one in value])


class Text(widgets.Widget):
    """What people typed. Everything else that leaves is a word or a moment of our own."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return harmless(value) if value else ""


class YesNo(widgets.Widget):
    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return gettext("ja") if value else gettext("nee")


class Plain(widgets.Widget):
    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value or ""


def moment(name: str) -> Expression:
    """A moment in Dutch time, written by the database: ten thousand rows take it half the time."""
    return Func(
        Func(Value("Europe/Amsterdam"), F(name), function="timezone", output_field=DateTimeField()),
        Value("YYYY-MM-DD HH24:MI"),
        function="to_char",
        output_field=CharField(),
    )


COMPUTED = {
    "received": moment("received_at"),
    "due": moment("contact_due_at"),
    "contacted": moment("contacted_at"),
    "closed": moment("closed_at"),
    "handler_name": F("handler__name"),
    "layer": F("organisation__layer"),
    "province": F("organisation__province_code"),
}


def column(attribute: str, name: Any, widget: widgets.Widget) -> fields.Field:
    return fields.Field(attribute=attribute, column_name=name, widget=widget, readonly=True)


class CaseResource(resources.Resource):
    """The columns, in their order."""

    reference = column("reference", _("Kenmerk"), Plain())
    received = column("received", _("Ontvangen"), Plain())
    source = column("source", _("Binnengekomen als"), Word(Source))
    status = column("status", _("Status"), Word(Status))
    urgency = column("urgency", _("Urgentie"), Word(Urgency))
    line = column("line", _("Lijn"), Word(Line))
    handler = column("handler_name", _("Behandelaar"), Text())
    due = column("due", _("Contact uiterlijk"), Plain())
    contacted = column("contacted", _("Eerste contact"), Plain())
    closed = column("closed", _("Afgesloten"), Plain())
    outcome = column("outcome", _("Uitkomst"), Word(Outcome))
    kinds = column("kinds", _("Soort"), Words(Kind))
    channels = column("channels", _("Kanaal"), Words(Channel))
    targets = column("targets", _("Gericht op"), Words(Target))
    motive = column("motive", _("Motief"), Word(Motive))
    occurred_on = column("occurred_on", _("Datum van het voorval"), Text())
    frequency = column("frequency", _("Hoe vaak"), Word(Frequency))
    severity = column("severity", _("Hoe ernstig voor de melder"), Word(Severity))
    on_behalf = column("on_behalf", _("Voor wie"), Word(OnBehalf))
    in_danger = column("in_danger", _("In gevaar bij het melden"), YesNo())
    function = column("function", _("Functie"), Word(Function))
    layer = column("layer", _("Bestuurslaag"), Word(Layer))
    province = column("province", _("Provincie"), Text())


def lines(cases: Any, *, most: int) -> Iterator[list[str]]:
    """The names of the columns, then each case: one query, fetched in chunks, never more than `most` rows."""
    chosen = CaseResource().get_export_fields()
    yield [str(field.column_name) for field in chosen]
    renders: list[Callable[[Any], str]] = [field.widget.render for field in chosen]
    named = {name: how for name, how in COMPUTED.items() if name in {field.attribute for field in chosen}}
    rows = cases.annotate(**{f"out_{name}": how for name, how in named.items()}).values_list(
        *(f"out_{field.attribute}" if field.attribute in named else field.attribute for field in chosen)
    )
    for row in rows.order_by("-received_at", "pk")[:most].iterator(chunk_size=CHUNK):
        yield [render(value) for render, value in zip(renders, row, strict=True)]


def as_csv(cases: Any, *, most: int) -> Iterator[str]:
    """CSV for a Dutch spreadsheet."""
    return csv_of(lines(cases, most=most))


def as_xlsx(cases: Any, *, most: int) -> bytes:
    """A workbook of one sheet."""
    return xlsx_of(lines(cases, most=most), sheet=gettext("Zaken"))
