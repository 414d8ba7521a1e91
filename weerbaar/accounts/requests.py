"""Types of requests, for whoever reads or checks the code."""

from django.http import HttpRequest

from weerbaar.zones import Zone

from .models import User


class ZonedRequest(HttpRequest):
    """Every request: `pages.middleware.Zones` has said which zone it is for."""

    zone: Zone


class SignedInRequest(ZonedRequest):
    """A request in mijn or beheer: the `SecondFactor` middleware lets nobody else through."""

    user: User
