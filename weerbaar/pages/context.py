"""What every page needs to know of the site."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import is_valid_path
from django.utils.translation import gettext_lazy as _

from weerbaar.zones import Zone

MENU = [
    ("/melden/", _("Melden")),
    ("/volgen/", _("Uw melding volgen")),
    ("/bel-mij/", _("Bel mij terug")),
    ("/hulp/", _("Hulp")),
    ("/toolkit/", _("Toolkit")),
    ("/mijn/", _("Mijn omgeving")),  # a public page does not know who is signed in
]

# What the network has for who wants to be prepared: on the home page with a line each, and below every page.
NETWORK = [
    ("/toolkit/", _("Toolkit"), _("Handreikingen, protocollen en stappenplannen om te downloaden.")),
    ("/trainingen/", _("Trainingen"), _("Leer omgaan met agressie, druk en ondermijning.")),
    ("/agenda/", _("Agenda"), _("Bijeenkomsten van het netwerk, en wat er besloten is.")),
    ("/themas/", _("Thema’s"), _("Waar de partners dit jaar samen aan werken.")),
    ("/dossiers/", _("Dossiers"), _("Wetten, afspraken en plannen, met een tijdlijn.")),
    ("/projecten/", _("Projecten"), _("Wat er in het land gebeurt, en wat het kost.")),
    ("/signaalkaarten/", _("Signaalkaarten"), _("Herken beïnvloeding en desinformatie op tijd.")),
    ("/verhalen/", _("Verhalen"), _("Hoe het anderen verging, en wat hielp.")),
    ("/norm/", _("Collectieve norm"), _("Agressie hoort er niet bij: wie dat samen zeggen.")),
    ("/cijfers/", _("Cijfers"), _("Hoe vaak het voorkomt, met bron en jaar.")),
    ("/partners/", _("Partners"), _("Wie samen het netwerk vormen, en wat zij bieden.")),
]


def site(request: HttpRequest) -> dict[str, object]:
    """The phone number, the menu, and the way out of the zone that the reader is in."""
    zone = getattr(request, "zone", Zone.PUBLIEK)
    return {
        "portal": _site(),  # not "site": allauth fills that in with something else
        "exit_path": "/verlaten/" if zone == Zone.PUBLIEK else f"/{zone}/verlaten/",
        "TEAM_PHONE": settings.TEAM_PHONE,
        "EMBEDDED": settings.EMBEDDED,
    }


@cache
def _site() -> dict[str, object]:
    return {
        "phone": settings.TEAM_PHONE,
        "phone_link": dialled(settings.TEAM_PHONE),
        "email": settings.TEAM_EMAIL,
        "menu": [(path, name) for path, name in MENU if is_served(path)],
        "network": [line for line in NETWORK if is_served(line[0])],
    }


def is_served(path: str) -> bool:
    """Whether this site has the page: the menu and the home page never link to what is not there."""
    return bool(is_valid_path(path, urlconf=Zone.of_path(path).urlconf))


def dialled(phone: str) -> str:
    """A Dutch number as a phone dials it from anywhere: 070-1234567 becomes +31701234567."""
    digits = "".join(sign for sign in phone if sign.isdigit() or sign == "+")
    return f"+31{digits[1:]}" if digits.startswith("0") else digits
