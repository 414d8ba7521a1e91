"""A device that signed in before has tries of its own: a stranger who guesses does not keep its owner out.

Tries of a password are counted by account, whoever types. The cookie of a device that signed in there before
moves its tries to a count of its own; without it (a new device, or after "Verlaat deze site direct") one
counts along with every stranger, and a link in the mail ("Wachtwoord vergeten") stays the other way in.
"""

from __future__ import annotations

import time
from datetime import timedelta
from hmac import compare_digest
from secrets import token_urlsafe

from django.http import HttpResponse

from weerbaar.zones import Zone

from .requests import ZonedRequest
from .sealing import keyed_hash
from .sessions import cookie_options

KNOWN_FOR = timedelta(days=90)


def cookie_name(zone: Zone) -> str:
    return f"toestel_{zone}"


def remember(response: HttpResponse, *, email: str, zone: Zone) -> None:
    """Let this browser be known as one that this account signed in with."""
    name, until = token_urlsafe(12), int(time.time() + KNOWN_FOR.total_seconds())
    value = f"{name}.{until}.{_proof(zone, email, name, until)}"
    response.set_cookie(
        cookie_name(zone), value, max_age=int(KNOWN_FOR.total_seconds()), **cookie_options(zone)
    )


def known(request: ZonedRequest, email: str) -> str:
    """The name of the device when this account signed in with it before; else "", whatever was sent."""
    name, _dot, rest = request.COOKIES.get(cookie_name(request.zone), "").partition(".")
    until, _dot, proof = rest.partition(".")
    if not (until.isascii() and until.isdigit() and len(until) < 12 and int(until) > time.time()):
        return ""
    return (
        name if compare_digest(proof.encode(), _proof(request.zone, email, name, int(until)).encode()) else ""
    )


def _proof(zone: Zone, email: str, name: str, until: int) -> str:
    return keyed_hash(zone, f"{name}:{until}:{email.strip().lower()}", about="device")
