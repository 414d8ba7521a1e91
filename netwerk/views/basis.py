from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from netwerk import actions, basis
from netwerk.forms import EmergencyCardForm, TalkForm
from netwerk.functions import Function, Layer
from netwerk.models import Membership, StarterTalk
from weerbaar.accounts.requests import SignedInRequest
from weerbaar.pages.context import dialled, is_served


@require_GET
def programme(request: SignedInRequest) -> HttpResponse:
    """The own steps, and how far somebody is."""
    lines = basis.programme(request.user)
    context = {"lines": lines, "done": sum(line.is_done for line in lines)}
    return render(request, "netwerk/basisprogramma.html", context)


@require_POST
def tick_step(request: SignedInRequest, slug: str) -> HttpResponse:
    """Tick a step or take the tick away; what the portal knows itself cannot be ticked."""
    line = next((line for line in basis.programme(request.user) if line.step.key == slug), None)
    if line is None or line.is_known:
        raise Http404
    actions.tick_step(request.user, slug, is_done="undo" not in request.POST)
    return redirect(f"{request.path.removesuffix(f'stap/{slug}/')}#{slug}")


@require_http_methods(["GET", "POST"])
def emergency_card(request: SignedInRequest) -> HttpResponse:
    """Whom to ring. The answer to the POST is the card itself: names of others are kept nowhere."""
    form = EmergencyCardForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and "back" not in request.POST and form.is_valid():
        islands = Membership.objects.current().filter(organisation__layer=Layer.OPENBAAR_LICHAAM)
        on_island = islands.filter(user=request.user).exists()  # other numbers
        context = {
            "form": form,
            "emergency": "911" if on_island else "112",
            "police": "" if on_island else "0900-8844",
            "lines": [(title, name, phone, dialled(phone)) for title, name, phone in form.lines],
            "team": settings.TEAM_PHONE,
        }
        return render(request, "netwerk/noodkaart.html", context)
    if "back" in request.POST:  # to change something: all is still there, and no error is shown
        form = EmergencyCardForm(initial=request.POST.dict())
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "netwerk/noodkaart_maken.html", {"form": form}, status=status)


@dataclass(frozen=True)
class Part:
    """Something in the package, and where it is on this site; shown without a link where it is not there."""

    title: str | Promise
    text: str | Promise
    link: str = ""
    only: Callable[[Function], bool] = lambda function: True

    @property
    def served_link(self) -> str:
        return self.link if self.link and is_served(self.link) else ""


PACKAGE = [  # the contents of the veiligheidspakket, for whom they are (domain.md 2.3.4)
    Part(
        gettext_lazy("Zelfscan persoonlijke veiligheid"),
        gettext_lazy("Vragen over uw huis, uw gezin, onderweg en online, met tips."),
        "/zelfscan/",
    ),
    Part(
        gettext_lazy("Woningscan en veiligheidsgesprek"),
        gettext_lazy("Een adviseur komt bij u thuis. Dit kost u niets."),
        "/mijn/woningscan/",
        lambda function: function.may_home_scan,
    ),
    Part(
        gettext_lazy("Beveiliging van uw woning door uw werkgever"),
        gettext_lazy("Na een advies op maat zorgt uw organisatie voor de maatregelen die nodig zijn."),
        "/mijn/woningscan/",
        lambda function: function.may_use_regeling,
    ),
    Part(
        gettext_lazy("Training ‘Omgaan met intimidatie en bedreiging’"),
        gettext_lazy("Oefen wat u zegt en doet, en wat u daarna regelt."),
        "/trainingen/",
    ),
    Part(
        gettext_lazy("Ondersteuningsteam"),
        gettext_lazy("Dag en nacht bereikbaar, ook voor uw partner en gezin."),
        "/melden/",
    ),
    Part(
        gettext_lazy("Aangifte en schade"),
        gettext_lazy("Hoe u aangifte doet zonder uw eigen adres te noemen, en hoe u schade verhaalt."),
        "/toolkit/",
    ),
    Part(
        gettext_lazy("Bewaken en beveiligen"),
        gettext_lazy("Bij een ernstige dreiging beoordelen politie en justitie welke bescherming u krijgt."),
        "/hulp/",
    ),
    Part(
        gettext_lazy("Nazorg"),
        gettext_lazy("Een gesprek kort na een incident, en daarna nog twee keer. Ook voor getuigen."),
        "/hulp/",
    ),
    Part(
        gettext_lazy("Advies over integriteit (SIPA)"),
        gettext_lazy("Voor wie moet omgaan met een vermoeden van een schending door een ambtsdrager."),
        "/partners/sipa/",
        lambda function: function in (Function.BURGEMEESTER, Function.CDK, Function.DIJKGRAAF),
    ),
    Part(
        gettext_lazy("Tips voor een nieuwe woning"),
        gettext_lazy("Waar u op let als u verhuist: zicht, verlichting, sloten en de brievenbus."),
        "/toolkit/",
        lambda function: function.may_home_scan,
    ),
    Part(
        gettext_lazy("De collectieve norm"),
        gettext_lazy("Agressie is niet normaal. Melden helpt. U staat er niet alleen voor."),
        "/norm/",
    ),
]


@require_http_methods(["GET", "POST"])
def starter_package(request: SignedInRequest) -> HttpResponse:
    """What is ready for who takes office, and asking for the talk that comes with it."""
    held = Membership.objects.current().filter(user=request.user).values_list("function", flat=True)
    functions = {Function(function) for function in held}
    may_ask = bool(functions & basis.OFFICES)
    form = TalkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_ask:
            raise Http404
        if form.is_valid():
            actions.ask_talk(request.user, **form.cleaned_data)
            messages.success(request, _("Uw aanvraag is verstuurd."))
            return redirect("netwerk:starter_package")
    context = {
        "form": form,
        "may_ask": may_ask,
        "is_mayor": Function.BURGEMEESTER in functions,
        "parts": [part for part in PACKAGE if any(part.only(function) for function in functions)],
        "talk": StarterTalk.objects.filter(user=request.user).first(),
    }
    return render(request, "netwerk/starterspakket.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw_talk(request: SignedInRequest) -> HttpResponse:
    """Take the request for a talk back."""
    talk = StarterTalk.objects.open().filter(user=request.user).first()
    if talk is None:
        raise Http404
    actions.withdraw_talk(talk, by=request.user)
    messages.success(request, _("Uw aanvraag is ingetrokken."))
    return redirect("netwerk:starter_package")
