"""What the editors of the network read from a file and write to one: see `weerbaar.sheets`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netwerk import register
from netwerk.models import KeyFigure, Organisation, Partner
from weerbaar.sheets.table import Table, Text


class Code(Text):
    """The official code, in capitals; of another organisation: by its code too."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return super().clean(value).upper()

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.code if isinstance(value, Organisation) else value or ""


class OrganisationTable(Table):
    """By their rules in `register`: the layer follows from the code, a successor may stand further down."""

    also_called = register.OTHER_HEADERS
    derived = ("sort_key", "search_key", "layer")

    class Meta:
        model = Organisation
        fields = [
            "code", "name", "aliases", "layer", "province_code", "valid_from", "valid_until", "successor",
        ]  # fmt: skip
        import_id_fields = ["code"]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["code"].widget = self.fields["successor"].widget = Code()
        self.fields["successor"].attribute = "successor"  # not its number
        self.successors: dict[str, str] = {}

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("successor")

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        code = self.fields["code"]
        self.successors = {}
        self.known = set(Organisation.objects.values_list("code", flat=True))
        self.known |= {code.clean(row) for row in dataset.dict}

    def apart(self) -> set[str]:
        return {"successor"}

    def import_field(self, field: Any, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        if field is self.fields["successor"]:
            if field.column_name in row:
                self.successors[instance.code] = field.clean(row)
            return
        super().import_field(field, instance, row, is_m2m, **kwargs)

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        now = original.successor.code if original.successor else ""
        is_same = self.successors.get(instance.code, now) == now
        return is_same and bool(super().skip_row(instance, original, row, import_validation_errors))

    def fill(self, instance: Any) -> None:
        prefix = instance.code.rstrip("0123456789")
        instance.layer = instance.layer or register.LAYERS.get(prefix, "")
        instance.fill_keys()

    def faults(self, instance: Any, row: Any) -> Iterator[str]:
        values = {name: getattr(instance, name) for name in register.COLUMNS}
        one = register.Row("", instance.code, values, self.successors.get(instance.code))
        yield from register.faults_of(one, self.known)

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Name the successors, once every organisation has a key: two queries, and one for each thousand."""
        if result.has_errors() or result.has_validation_errors():
            return
        rows = {one.code: one for one in Organisation.objects.filter(code__in=self.successors)}
        heirs = dict(
            Organisation.objects.filter(code__in=set(self.successors.values())).values_list("code", "pk")
        )
        moved = []
        for code, successor in self.successors.items():
            if rows[code].successor_id != heirs.get(successor):
                rows[code].successor_id = heirs.get(successor)
                moved.append(rows[code])
        Organisation.objects.bulk_update(moved, ["successor"], batch_size=1_000)


class PartnerTable(Table):
    derived = ("sort_key",)

    class Meta:
        model = Partner
        fields = [
            "slug", "name", "kind", "for_whom", "offers", "audiences", "phone", "email", "website", "hours",
            "takes_referrals", "checked_on", "is_active",
        ]  # fmt: skip
        import_id_fields = ["slug"]

    def fill(self, instance: Any) -> None:
        instance.fill_keys()


class KeyFigureTable(Table):
    class Meta:
        model = KeyFigure
        fields = [
            "slug", "topic", "question", "group", "value", "unit", "words", "year", "source", "source_url",
            "note", "is_active",
        ]  # fmt: skip
        import_id_fields = ["slug"]

    def faults(self, instance: Any, row: Any) -> Iterator[str]:
        yield from instance.problems()
