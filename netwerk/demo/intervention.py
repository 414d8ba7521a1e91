"""One restricted track for the demo."""

from __future__ import annotations

from netwerk.actions import open_intervention
from netwerk.models import Intervention, Organisation
from weerbaar.accounts.models import User
from weerbaar.accounts.roles import Role


def fill() -> None:
    """One restricted track, with an invented organisation, for the demo account of the network office."""
    lead = User.objects.filter(email=f"{Role.NETWERKBEHEER.value}@demo.invalid").first()
    if lead is None or Intervention.objects.exists():
        return
    place, _made = Organisation.objects.get_or_create(
        code="GM9998", defaults={"name": "Voorbeelddam", "layer": "gemeente", "province_code": "PV26"}
    )
    track = Intervention(
        organisation=place,
        reason=Intervention.Reason.TENSION,
        lead=lead,
        background="Verzonnen voorbeeld. De griffier vroeg of het netwerk wil meedenken.",
    )
    open_intervention(track, by=lead)
    track.steps.create(text="Kennismaking met de griffier", is_done=True)
    track.steps.create(text="Gesprek met de fractievoorzitters")
