from typing import Any

from django.core.management.base import BaseCommand, CommandError

from weerbaar.audit.models import Seal
from weerbaar.audit.seals import verify


class Command(BaseCommand):
    help = "Controleer het inzagelogboek en de wijzigingsgeschiedenis tegen de zegels."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = verify()
        for finding in findings:
            self.stderr.write(str(finding))
        if findings:
            raise CommandError(f"{len(findings)} afwijkingen gevonden.")
        self.stdout.write(f"{Seal.objects.count()} zegels gecontroleerd, alles klopt.")
