from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from weerbaar.accounts.actions import invite
from weerbaar.accounts.roles import Role
from weerbaar.audit.log import Actor


class Command(BaseCommand):
    help = "Nodig iemand uit: de eerste beheerders, en de rollen die niemand in het portaal mag geven."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("role", choices=Role.values)

    def handle(self, *args: Any, email: str, name: str, role: str, **options: Any) -> None:
        try:
            invite(email, name, Role(role), by=Actor.service("manage.py invite"))
        except ValidationError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Uitgenodigd: {email} als {Role(role).label}.")
