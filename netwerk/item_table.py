"""Items of the library as a sheet: their descriptions, not their files nor whether they are out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from netwerk import names
from netwerk.models import Item
from netwerk.models.item import PAGES
from netwerk.vocabulary import Access
from weerbaar.sheets.table import Table


class ItemTable(Table):
    derived = ("sort_key",)

    class Meta:
        model = Item
        fields = [
            "slug", "title", "summary", "body", "kind", "category", "phases", "functions", "topics", "spoor",
            "year", "source", "source_url", "record_access", "file_access", "review_on",
        ]  # fmt: skip
        import_id_fields = ["slug"]

    def fill(self, instance: Any) -> None:
        instance.sort_key = names.sort_key(instance.title)

    def faults(self, instance: Any, row: Any) -> Iterator[str]:
        levels = list(Access)
        if levels.index(instance.file_access) < levels.index(instance.record_access):
            yield _("Het bestand kan niet voor meer mensen zijn dan de beschrijving ervan.")
        if instance.slug in PAGES:
            yield _("Dit adres is al van een andere pagina. Kies een ander.")
