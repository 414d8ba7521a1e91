from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from weerbaar.vault.keys import keyring
from weerbaar.vault.rotation import rotate


class Command(BaseCommand):
    help = "Verzegel de kluisjes opnieuw voor de nieuwste sleutel van elke lezer. Kan altijd worden herhaald."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("readers", nargs="*", help="bijvoorbeeld team:ondersteuning; anders alle lezers")

    def handle(self, *args: Any, readers: list[str], **options: Any) -> None:
        left = 0
        for reader in readers or keyring().readers:
            done = rotate(reader)
            left += done.left
            self.stdout.write(f"{reader}: {done.resealed} opnieuw verzegeld, {done.left} niet te openen")
        if left:
            raise CommandError("Voor een deel van de kluisjes ontbreekt de oude sleutel in dit proces.")
