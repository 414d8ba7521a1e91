"""A model as the columns of a sheet, on django-import-export: read as a whole, written harmless."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import tablib
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export import resources, widgets
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import RowResult

from .reading import Row
from .writing import CHUNK, as_typed, harmless

TOO_LARGE = 12  # digits; what no column holds


@dataclass
class Report:
    """What reading a file did, or would do. `faults`: (number of the line, what is wrong with it)."""

    new: int = 0
    changed: int = 0
    same: int = 0
    faults: list[tuple[int | None, list[str]]] = field(default_factory=list)


class Text(widgets.Widget):
    says: Any = gettext_lazy("tekst")  # what may stand in the column, for who makes the file

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return as_typed(value or "")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return harmless(str(value)) if value not in (None, "") else ""


class Day(Text):
    """2027-01-01 or 1-1-2027; a workbook gives the first with a time behind it."""

    says = gettext_lazy("een dag, zoals 2027-01-31")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            if text[:4].isdigit():
                return date.fromisoformat(text[:10])
            day, month, year = text.split("-")
            return date(int(year), int(month), int(day))
        except ValueError:
            raise ValueError(_("‘%s’ is geen datum zoals 2027-01-31.") % text[:40]) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.isoformat() if value else ""


class Number(Text):
    """With a comma or a point for the decimals, and nothing between the thousands."""

    says = gettext_lazy("een getal")

    def __init__(self, *, is_whole: bool) -> None:
        super().__init__()
        self.is_whole = is_whole

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            number = Decimal(text.replace(",", "."))
            if not number.is_finite() or number.adjusted() > TOO_LARGE:
                raise ValueError
            if self.is_whole and number != number.to_integral_value():
                raise ValueError
        except (InvalidOperation, ValueError):
            raise ValueError(_("‘%s’ is geen getal.") % text[:40]) from None
        return int(number) if self.is_whole else number

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


class YesNo(Text):
    says = gettext_lazy("ja of nee")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = super().clean(value).casefold()
        if text in {"ja", "1", "true", "waar"}:
            return True
        if text in {"nee", "0", "false", "onwaar", ""}:
            return False
        raise ValueError(_("‘%s’ is geen ja of nee.") % text[:40])

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return _("ja") if value else _("nee")


class Word(Text):
    """One of a list, by its label or by what is stored."""

    def __init__(self, choices: Any) -> None:
        super().__init__()
        self.labels = {value: str(label) for value, label in choices if value not in (None, "")}
        self.values = {label.casefold(): value for value, label in self.labels.items()}
        self.says = " · ".join(self.labels.values())
        self.values |= {str(value).casefold(): value for value in self.labels}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = super().clean(value)
        return self.one(text) if text else ""

    def one(self, text: str) -> Any:
        if (found := self.values.get(text.casefold())) is None:
            choices = ", ".join(self.labels.values())
            raise ValueError(_("‘%(text)s’ kan niet. Kies uit: %(choices)s.") % {
                "text": text[:40], "choices": choices,
            })  # fmt: skip
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.labels.get(value, "")


class Words(Word):
    """Some of a list, with semicolons between them."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        parts = [part.strip() for part in as_typed(value or "").split(";")]
        return [self.one(part) for part in parts if part]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "; ".join(self.labels.get(one, "") for one in value or [])


class ByKey(BaseInstanceLoader):
    """Every row of the table that the file speaks of, fetched and locked in one query."""

    def __init__(self, table: Table, dataset: Any = None) -> None:
        super().__init__(table, dataset)
        self.key = table.fields[table.key]
        wanted = {self.key.clean(row) for row in dataset.dict if self.key.column_name in row}
        found = table.get_queryset().filter(**{f"{table.key}__in": wanted}).select_for_update(of=("self",))
        self.known = {getattr(one, table.key): one for one in found}

    def get_instance(self, row: Any) -> Any:
        return self.known.get(self.key.clean(row))


class Unshown:
    """Stands in for the difference in HTML that nobody looks at."""

    def __init__(self, *args: Any) -> None: ...

    def compare_with(self, *args: Any) -> None: ...


class Table(resources.ModelResource):
    """Base of the tables of the admin: `Meta` with `model`, `fields` and the one key in `import_id_fields`.

    A column that the file lacks stays as it is, as does a row that the file lacks. Columns are named after
    the model's; `also_called` gives other names that a file may use. `derived`: what `fill` computes.
    """

    also_called: Mapping[str, str] = {}  # another name, to the name of the field
    derived: tuple[str, ...] = ()

    class Meta:
        use_bulk = True
        batch_size = 1_000
        use_transactions = True
        skip_unchanged = True
        report_skipped = False
        skip_html_diff = True
        clean_model_instances = True
        instance_loader_class = ByKey

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.given: set[str] = set()
        self.seen: dict[Any, int] = {}
        self.declared = set(type(self).__dict__) & set(self.fields)
        for name, one in self.fields.items():
            column = self._meta.model._meta.get_field(name)
            one.column_name = str(capfirst(column.verbose_name))
            if name not in self.declared:
                one.widget = widget_for(column)

    @property
    def key(self) -> str:
        """The name of the field by which a row of the file finds its row of the table."""
        (name,) = self.get_import_id_fields()
        return str(name)

    def fill(self, instance: Any) -> None:
        """Derive what bulk writing does not: it calls no `save`."""

    def faults(self, instance: Any, row: Any) -> Iterator[str]:
        """What is wrong with a row besides what its own columns say; asks the database nothing."""
        yield from ()

    # --- in

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Not the library's own: that sets the sequences anew, which is the owner's to do."""

    def headers(self) -> dict[str, str]:
        """Every name that a file may use for a column, to the name that it gets."""
        names = {one.column_name: one.column_name for one in self.fields.values()}
        names |= {name: one.column_name for name, one in self.fields.items()}
        names |= {name: self.fields[field].column_name for name, field in self.also_called.items()}
        return {name.lower(): column for name, column in names.items()} | names

    def read(self, rows: list[Row], *, dry_run: bool) -> Report:
        """Read the lines of a file into the table: all, or none when one is wrong (or in a dry run)."""
        columns = list(dict.fromkeys(name for _number, row in rows for name in row))
        numbers = [number for number, _row in rows]
        self.given = {name for name, one in self.fields.items() if one.column_name in columns}
        self.seen = {}
        if self.key not in self.given:
            missing = self.fields[self.key].column_name
            return Report(faults=[(1, [_("De kolom %s ontbreekt.") % missing])])
        dataset = tablib.Dataset(headers=columns)
        for _number, row in rows:
            dataset.append([row.get(name, "") for name in columns])
        result = self.import_data(
            dataset, dry_run=dry_run, rollback_on_validation_errors=True, numbers=numbers
        )
        report = Report(
            new=result.totals[RowResult.IMPORT_TYPE_NEW],
            changed=result.totals[RowResult.IMPORT_TYPE_UPDATE],
            same=result.totals[RowResult.IMPORT_TYPE_SKIP],
        )
        for wrong in result.invalid_rows:
            report.faults.append((numbers[wrong.number - 1], self._in_words(wrong.error)))
        for broken in result.error_rows:
            words = _("Deze regel kunnen wij niet lezen.")
            report.faults.append((numbers[broken.number - 1], [words]))
        report.faults.sort()
        if result.base_errors and not report.faults:
            report.faults = [(None, [self._refused(one.error)]) for one in result.base_errors]
        return report

    def get_queryset(self) -> Any:
        return self._meta.model._default_manager.all()

    def get_diff_class(self) -> Any:
        return Unshown

    def get_bulk_update_fields(self) -> list[str]:
        """Only what the file speaks of, so that nothing else of a row is touched."""
        return sorted((self.given | set(self.derived)) - {self.key} - self.apart())

    def apart(self) -> set[str]:
        """Fields of the file that are written by `after_import` and not with their row."""
        return set()

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """The rules of the columns, and `faults`. Django's own check of constraints asks the database for
        each row; the database holds them itself when the rows are written, in a dry run too."""
        self.fill(instance)
        errors: dict[str, Any] = dict(import_validation_errors or {})
        skipped = {one.name for one in instance._meta.concrete_fields if one.is_relation}
        skipped |= self.apart() | (set(self.derived) - self.given)
        try:
            instance.full_clean(
                exclude={*errors, *skipped},
                validate_unique=False,
                validate_constraints=False,
            )
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)
        if faults := list(self.faults(instance, self.row)):
            raise ValidationError(faults)

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        self.row = row
        number = kwargs["numbers"][kwargs["row_number"] - 1]
        key = self.fields[self.key].clean(row)
        if key and (first := self.seen.setdefault(key, number)) != number:
            words = {"key": str(key)[:60], "line": first}
            raise ValidationError(_("%(key)s staat ook op regel %(line)d.") % words)

    def _in_words(self, error: ValidationError) -> list[str]:
        if not hasattr(error, "error_dict"):
            return list(error.messages)
        names = {name: one.column_name for name, one in self.fields.items()}
        return [
            f"{names[name]}: {message}" if name in names else message
            for name, messages in error.message_dict.items()
            for message in messages
        ]

    def _refused(self, error: Any) -> str:
        """Why the database refuses the whole: the words of its rule, where it has some."""
        cause = getattr(error, "__cause__", None)
        broken = getattr(getattr(cause, "diag", None), "constraint_name", "")
        if isinstance(error, IntegrityError):
            for one in self._meta.model._meta.constraints:
                if one.name == broken:
                    return str(one.get_violation_error_message())
        return _("De regels passen niet bij wat er al is. Controleer of een code of adres dubbel voorkomt.")

    # --- out

    def lines(self, rows: models.QuerySet) -> Iterator[list[str]]:
        """The names of the columns, then each row: one query, fetched in chunks."""
        chosen = self.get_export_fields()
        yield [str(one.column_name) for one in chosen]
        for row in rows.iterator(chunk_size=CHUNK):
            yield [one.widget.render(one.get_value(row)) for one in chosen]


def widget_for(column: Any) -> widgets.Widget:
    """How the column of a model stands in a sheet."""
    if isinstance(column, ArrayField):
        return Words(column.base_field.choices)
    if column.choices:
        return Word(column.flatchoices)
    if isinstance(column, models.BooleanField):
        return YesNo()
    if isinstance(column, models.DateField):
        return Day()
    if isinstance(column, models.DecimalField | models.IntegerField):
        return Number(is_whole=isinstance(column, models.IntegerField))
    return Text()
