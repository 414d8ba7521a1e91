"""The life of a file. Nobody but the worker moves it on, and nothing leads back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    WAITING = "waiting", _("wordt gecontroleerd")
    SCANNED = "scanned", _("gecontroleerd, de weergave wordt gemaakt")
    READY = "ready", _("gecontroleerd")
    INFECTED = "infected", _("niet vrijgegeven: er zit een virus in")


NEXT: dict[State, set[State]] = {
    State.WAITING: {State.SCANNED, State.INFECTED},
    State.SCANNED: {State.READY},
    State.READY: set(),
    State.INFECTED: set(),
}
RELEASED = {State.SCANNED, State.READY}  # a person may have the original
