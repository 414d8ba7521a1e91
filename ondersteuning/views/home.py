"""The first page after signing in at /mijn/."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from netwerk.models import Contact, PartnerMember
from weerbaar.accounts.requests import SignedInRequest


class Card(NamedTuple):
    """A way on: where to (a path, or the name of a page), and what is there."""

    to: str
    title: str | Promise
    text: str | Promise

    @property
    def url(self) -> str:
        return self.to if self.to.startswith("/") else reverse(self.to)


ORGANISATION = [
    Card(
        "ondersteuning:desk",
        _("Meldingen die met u zijn gedeeld"),
        _("Lees mee, reageer, besluit over aangifte en koppel terug."),
    ),
    Card(
        "netwerk:account_requests",
        _("Aanvragen voor een account"),
        _("Bevestig wie bij uw organisatie een functie heeft."),
    ),
    Card(
        "netwerk:invite_member",
        _("Iemand uitnodigen"),
        _("Geef een ambtsdrager van uw organisatie een account."),
    ),
    Card(
        "netwerk:own_points",
        _("Meldpunt van uw organisatie"),
        _("Laat zien waar iemand binnen uw organisatie kan melden."),
    ),
    Card(
        "netwerk:own_norms",
        _("Norm en gedragscode"),
        _("Onderteken ze namens uw organisatie, en draag ze uit."),
    ),
    Card(
        "netwerk:protocols",
        _("Agressieprotocol"),
        _("Maak in tien minuten een protocol, en bewaar het als PDF."),
    ),
]
PARTNER = [
    Card(
        "netwerk:releases", _("Uw uitgaven"), _("Publiceer in de toolkit, en zie hoe vaak het gelezen wordt.")
    ),
    Card("netwerk:my_themes", _("Thema’s kiezen"), _("Stel een thema voor, en stem over het komende jaar.")),
]
REPORTING = [
    Card(
        "/melden/",
        _("Zelf iets melden"),
        _("Dat kan zonder account. Wij zien niet dat u hier bent ingelogd."),
    ),
    Card("/volgen/", _("Een melding volgen"), _("Met de code die u bij uw melding kreeg.")),
    Card(
        "ondersteuning:mijn_meldingen",
        _("Uw meldingen in dit account"),
        _("Voeg een eerdere melding toe, en volg hem daarna zonder code."),
    ),
]
PREPARED = [
    Card("netwerk:programme", _("Mijn basisprogramma"), _("Wat u vooraf kunt regelen, en hoe ver u bent.")),
    Card(
        "netwerk:starter_package",
        _("Starterspakket"),
        _("Nieuw in uw ambt? Vraag een gesprek aan met een vertrouwenspersoon."),
    ),
    Card("netwerk:my_trainings", _("Trainingen"), _("Inschrijven, de wachtlijst en uw deelnamebewijzen.")),
    Card("netwerk:my_meetings", _("Bijeenkomsten"), _("De agenda van het netwerk, en waar u bij bent.")),
    Card("netwerk:toolkit", _("Toolkit"), _("Ook wat alleen voor mensen met een account is.")),
    Card("netwerk:news", _("Nieuw in wat u volgt"), _("Wat er bij kwam over de onderwerpen die u koos.")),
]
ACCOUNT = [
    Card(
        "ondersteuning:mijn_gegevens",
        _("Uw gegevens (inzage)"),
        _("Alles wat wij van uw account bewaren, om te bekijken en mee te nemen."),
    ),
    Card("account", _("Uw account"), _("Wachtwoord, tweede stap en overal afmelden.")),
]


@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    """What this account can do here; what others wait for comes first."""
    groups = [
        (_("Iets meegemaakt?"), REPORTING),
        (_("Voorbereid in uw ambt"), PREPARED),
        (_("Uw account"), ACCOUNT),
    ]
    if PartnerMember.objects.current().filter(user=request.user).exists():
        groups.insert(0, (_("Namens uw partnerorganisatie"), PARTNER))
    if Contact.objects.current().filter(user=request.user).exists():
        groups.insert(0, (_("Namens uw organisatie"), ORGANISATION))
    return render(request, "ondersteuning/mijn.html", {"groups": groups})
