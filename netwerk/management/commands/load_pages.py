from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from netwerk import pages


class Command(BaseCommand):
    help = "Voeg de meegeleverde projecten, dossiers en signaalkaarten toe die er nog niet zijn, als concept."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{pages.load()} pagina’s toegevoegd.")
