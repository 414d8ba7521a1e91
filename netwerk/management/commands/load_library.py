from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from netwerk import library


class Command(BaseCommand):
    help = "Voeg de meegeleverde hulpmiddelen toe die er nog niet zijn."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{library.load()} hulpmiddelen toegevoegd.")
