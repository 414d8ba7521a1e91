from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from weerbaar.vault import fresh


class Command(BaseCommand):
    help = "Maak nieuwe sleutels: print de hele omgeving, of schrijf met --folder per proces een bestand."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reader", help="alleen een nieuw sleutelpaar voor deze lezer, om vooraan te zetten"
        )
        parser.add_argument(
            "--folder", type=Path, help="map voor publiek.env, mijn.env, beheer.env, worker.env"
        )

    def handle(
        self, *args: Any, folder: Path | None = None, reader: str | None = None, **options: Any
    ) -> None:
        if reader:
            public, private = fresh.pair(reader)
            self.stdout.write(f"VAULT_PUBLIC_KEYS={public},…\nVAULT_PRIVATE_KEYS={private},…")
            return
        environment = fresh.environment()
        if folder is None:
            self.stdout.write(fresh.lines(environment), ending="")
            return
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for process in fresh.PROCESSES:
            path = folder / f"{process}.env"
            path.touch(mode=0o600, exist_ok=False)  # never overwrite keys
            path.write_text(fresh.lines(fresh.share(environment, process)))
            self.stdout.write(str(path))
