from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from netwerk import register
from netwerk.models import Organisation


class Command(BaseCommand):
    help = (
        "Leest het register van organisaties: het meegeleverde, een CSV-bestand of een JSON-lijst van TOOI."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=register.SHIPPED)
        parser.add_argument("--if-empty", action="store_true", help="Doet niets als er al een register is.")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if options["if_empty"] and Organisation.objects.exists():
            return
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(_("Het bestand %s is niet te lezen.") % file) from error
        try:
            outcome = register.load(content, is_json=content.lstrip()[:1] in (b"[", b"{"))
        except register.Refused as refused:
            raise CommandError("\n".join([*refused.lines, _("Er is niets gewijzigd.")])) from refused
        for skipped in outcome.skipped:
            self.stdout.write(
                _("%s: niet in het register en zonder einddatum, dus overgeslagen. Bestaat deze organisatie? "
                  "Neem haar dan op met een CSV-bestand.") % skipped
            )  # fmt: skip
        self.stdout.write(
            _("%(added)d nieuw, %(changed)d gewijzigd, %(same)d ongewijzigd, %(skipped)d overgeslagen.")
            % {**vars(outcome), "skipped": len(outcome.skipped)}
        )
