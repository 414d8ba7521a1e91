"""Which part of a dossier a value belongs to, and which kind of reader may ever get the key of that part."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _


class Compartment(models.TextChoices):
    SHARED = "shared", _("melder en team")
    INTERNAL = "internal", _("alleen het team")
    ADDRESS = "address", _("adres")
    ORGANISATION = "organisation", _("melder en contactpersonen van de eigen organisatie")


class Team(models.TextChoices):
    ONDERSTEUNING = "team:ondersteuning", _("ondersteuningsteam")
    WONINGSCAN = "team:woningscan", _("woningscan")
    INTEGRITEIT = "team:integriteit", _("integriteit")


ZONE_MIJN = "zone:mijn"
READERS = [*Team.values, ZONE_MIJN]  # readers with a key pair of their own; codes and visits carry theirs

SHARED, INTERNAL, ADDRESS, ORGANISATION = Compartment
READS: dict[str, frozenset[Compartment]] = {  # kind of reader → what it may have a lockbox for, at most
    "team": frozenset({SHARED, INTERNAL, ADDRESS}),
    "zone": frozenset({ORGANISATION, SHARED}),
    "code": frozenset({SHARED, ORGANISATION, ADDRESS}),
    "visit": frozenset({SHARED, ORGANISATION, ADDRESS}),
    "temporary": frozenset({SHARED, ADDRESS}),  # given by the team, which has no key of ORGANISATION
}
GIVEN = READS | {"zone": frozenset({ORGANISATION})}  # what it gets unless the caller asks for more


def compartments_for(reader: str, asked: Collection[Compartment] | None = None) -> list[Compartment]:
    """The compartments this reader gets, in a fixed order; ValueError when more is asked than may be."""
    kind = reader.partition(":")[0]
    if kind not in READS:
        raise ValueError(f"Unknown kind of reader: {kind}")
    if asked is None:
        return [compartment for compartment in Compartment if compartment in GIVEN[kind]]
    if not set(asked) <= READS[kind]:
        raise ValueError(f"A reader of kind {kind} may not have all of these compartments.")
    return [compartment for compartment in Compartment if compartment in asked]
