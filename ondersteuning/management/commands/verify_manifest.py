from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ondersteuning.manifest import Verdict, digest, verify


class Command(BaseCommand):
    """Needs no database and no keys: whoever has the manifest and the files can check them."""

    help = "Controleert of de bestanden in een map nog precies die van het manifest zijn."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("manifest", type=Path, help="manifest.sha256, gedownload uit de zaak")
        parser.add_argument("map", type=Path, help="de map met de gedownloade originelen")

    def handle(self, *args: Any, **options: Any) -> None:
        manifest, folder = options["manifest"], options["map"]
        if not folder.is_dir():
            raise CommandError(f"Geen map: {folder}")
        try:
            text = manifest.read_text()
            found = list(verify(text, folder))
        except (OSError, UnicodeDecodeError, ValueError):
            raise CommandError(f"Geen manifest: {manifest}") from None
        for verdict, name in found:
            self.stdout.write(f"{verdict}: {name}")
        self.stdout.write(f"SHA-256 van het manifest: {digest(text)}")
        wrong = [name for verdict, name in found if verdict in (Verdict.CHANGED, Verdict.MISSING)]
        if wrong:
            raise CommandError(f"{len(wrong)} van de bestanden klopt niet of ontbreekt.")
