"""The own words that the portal comes with; from here on they are the editors'."""

import csv
from pathlib import Path

from django.db import migrations

SHIPPED = Path(__file__).parent.parent / "data" / "synonyms.csv"


def fill(apps, schema_editor):
    Synonym = apps.get_model("netwerk", "Synonym")
    with SHIPPED.open(newline="", encoding="utf-8") as file:
        Synonym.objects.bulk_create(Synonym(**row) for row in csv.DictReader(file))
    schema_editor.execute("SELECT public.netwerk_index_all()")


class Migration(migrations.Migration):
    dependencies = [("netwerk", "0004_search")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
