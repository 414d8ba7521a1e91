from typing import Any

from django.core.management.base import BaseCommand

from weerbaar.audit.seals import seal_all


class Command(BaseCommand):
    help = "Verzegel wat er nieuw is in het inzagelogboek en de wijzigingsgeschiedenis."

    def handle(self, *args: Any, **options: Any) -> None:
        made = seal_all()
        self.stdout.write(f"{len(made)} zegels, {sum(seal.rows for seal in made)} rijen")
