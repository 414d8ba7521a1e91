from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from weerbaar.demo import fill_all


class Command(BaseCommand):
    help = "Fill the embedded portal with demo data: every role, cases in every status. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            fill_all()
        except PermissionError as error:
            raise CommandError(str(error)) from None
