"""A dossier with child rows for the vault's own tests; its tables exist in the test database only."""

from __future__ import annotations

import uuid

from django.db import connection, models

from weerbaar.vault import api as vault
from weerbaar.vault.api import Compartment


class Letter(vault.Dossier):
    colour = models.CharField(max_length=20, blank=True)
    body = vault.SealedText(compartment=Compartment.SHARED)
    verdict = vault.SealedText(compartment=Compartment.INTERNAL)
    street = vault.SealedText(compartment=Compartment.ADDRESS)
    facts = vault.SealedJSON(compartment=Compartment.SHARED)
    advice = vault.SealedText(compartment=Compartment.ORGANISATION)

    class Meta:
        app_label = "vault"


class Enclosure(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="enclosures")
    part = models.CharField(max_length=16, default=Compartment.SHARED)
    remark = vault.SealedText(compartment=Compartment.SHARED)
    other = vault.SealedText(compartment=Compartment.SHARED)
    file = vault.SealedBytes(compartment="part")

    class Meta:
        app_label = "vault"

    def __str__(self) -> str:
        return "bijlage"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.letter_id


def tables() -> str:
    """The SQL that makes the tables and grants them to the application role."""
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        for model in (Letter, Enclosure):
            editor.create_model(model)
    names = ", ".join(model._meta.db_table for model in (Letter, Enclosure))
    grant = f"GRANT SELECT, INSERT, UPDATE, DELETE ON {names} TO {connection.settings_dict['USER']};"
    return "\n".join([*map(str, editor.collected_sql), grant])
