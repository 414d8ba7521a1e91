from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from netwerk import actions, intake
from netwerk.models import Item
from weerbaar.files.checks import Refused
from weerbaar.files.scanner import ScannerDown


class Command(BaseCommand):
    help = (
        "Voeg een bestand toe als nieuwe versie van een hulpmiddel, ook als het te groot is voor de site. "
        "Boven 100 MB wordt het niet op virussen gescand: doe dat eerst zelf."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="het hulpmiddel, zoals in het adres")
        parser.add_argument("file", type=Path)
        parser.add_argument("--note", default="", help="wat er nieuw is")

    def handle(self, *args: Any, **options: Any) -> None:
        item = Item.objects.filter(slug=options["slug"]).first()
        if item is None:
            raise CommandError("Dit hulpmiddel is er niet.")
        if not options["file"].is_file():
            raise CommandError("Dit bestand is er niet.")
        try:
            taken = intake.take(options["file"], options["file"].name, title=item.title, is_trusted=True)
            version = actions.add_version(item, taken, note=options["note"], by=None)
        except Refused as refused:
            raise CommandError(str(intake.REASONS.get(refused.reason, refused.reason))) from None
        except ScannerDown:
            raise CommandError("De virusscanner antwoordt niet. Probeer het later nog eens.") from None
        self.stdout.write(f"Versie {version.number}: {version.sha256} ({version.size} bytes).")
