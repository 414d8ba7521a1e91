from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from netwerk import partners


class Command(BaseCommand):
    help = "Voeg de meegeleverde partners toe die er nog niet zijn."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{partners.load()} partners toegevoegd.")
