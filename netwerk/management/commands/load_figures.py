from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from netwerk import figures


class Command(BaseCommand):
    help = "Voeg de meegeleverde kerncijfers toe die er nog niet zijn."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{figures.load()} kerncijfers toegevoegd.")
