"""Error pages: calm, in Dutch, with the phone number and the way out. They never repeat what was typed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from inspect import unwrap
from typing import NamedTuple, TypeVar

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weerbaar.audit.log import AuditUnavailable

View = TypeVar("View", bound=Callable[..., HttpResponse])


class Said(NamedTuple):
    title: str | Promise
    text: str | Promise


PAGES = {
    400: Said(
        _("Dit begrijpen wij niet"),
        _("Uw browser stuurde iets dat wij niet kunnen lezen. Ga terug en probeer het nog eens."),
    ),
    403: Said(
        _("Dit mag hier niet"),
        _(
            "U hebt geen toegang tot deze pagina, of uw formulier was te lang open. "
            "Ga terug en probeer het nog eens."
        ),
    ),
    404: Said(
        _("Deze pagina is er niet"),
        _("Misschien is het adres verkeerd getypt, of is de pagina weg. Begin opnieuw op de voorpagina."),
    ),
    405: Said(
        _("Dit kan hier niet"), _("Deze pagina kan zo niet gebruikt worden. Begin opnieuw op de voorpagina.")
    ),
    413: Said(
        _("Dit is te groot"),
        _(
            "U stuurde meer dan wij in één keer kunnen ontvangen. "
            "Ga terug, maak het kleiner en probeer het nog eens."
        ),
    ),
    422: Said(_("Er gaat nog iets niet goed"), _("Ga terug en kijk uw antwoorden nog eens na.")),
    429: Said(
        _("Dit ging te vaak achter elkaar"),
        _("Wacht een paar minuten en probeer het dan nog eens. Hebt u haast? Bel ons."),
    ),
    500: Said(
        _("Er ging iets mis bij ons"),
        _("Het ligt niet aan u. Probeer het over een paar minuten nog eens. Kan het niet wachten? Bel ons."),
    ),
    503: Said(
        _("De site is even niet bereikbaar"),
        _(
            "Wat u al had bewaard, is er nog. Probeer het over een paar minuten nog eens. "
            "Kan het niet wachten? Bel ons."
        ),
    ),
}
LAST_RESORT = (
    '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Er ging iets mis</title></head>'
    '<body><main><h1>Er ging iets mis bij ons</h1><p>Bent u in gevaar? Bel <a href="tel:112">112</a>.</p>'
    '<p><a href="/verlaten/">Verlaat deze site direct</a></p></main></body></html>'
)
DATABASE_GONE = (OperationalError, InterfaceError, AuditUnavailable)  # later it will be there again


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    """The page for a status; one without a page of its own gets the nearest: 400 or 500."""
    said = PAGES.get(status) or PAGES[400 if status < 500 else 500]
    try:
        body: str = render_to_string("pages/error.html", {"said": said, "status": status}, request)
    except Exception:  # an error page may not fail
        body = LAST_RESORT
    response = HttpResponse(body, status=status)
    if status == 503:
        response.headers["Retry-After"] = "60"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 413 if isinstance(exception, RequestDataTooBig | TooManyFieldsSent) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 503 if isinstance(sys.exc_info()[1], DATABASE_GONE) else 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or a lost cookie: a step is asked again, with every word in it.

    Not when another site sent it: its words would stand there as if the reader had typed them.
    """
    is_own = is_from_here(request)
    match = request.resolver_match
    from .flow import SEND_AGAIN, Flow  # noqa: PLC0415 - the engine imports this module's neighbours

    flow = getattr(unwrap(match.func), "__self__", None) if match else None
    step = match.kwargs.get("slug") if match else None
    if is_own and isinstance(flow, Flow) and step in flow.steps:
        return flow.retype(request, step, SEND_AGAIN, status=403)
    names = getattr(match.func, "asks_again", ()) if match else ()
    if is_own and any(request.POST.get(name) for name in names):
        return ask_again(request, names)
    return error_page(request, 403)


def is_from_here(request: HttpRequest) -> bool:
    """Whether a page of this site sent the form. A browser too old to say so may name another origin."""
    headers = request.headers
    ours = f"{request.scheme}://{request.get_host()}"
    here = headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    return here and headers.get("Origin", "null") in {"null", ours}


def asks_again(*names: str) -> Callable[[View], View]:
    """Decorator, on top: these fields hold words that must not be lost when the form's token is too old.

    Not for a form with a password or a code in it: what was sent comes back on the page.
    """

    def mark(view: View) -> View:
        view.asks_again = names  # type: ignore[attr-defined]  # read by csrf_failure
        return view

    return mark


def ask_again(request: HttpRequest, names: Collection[str]) -> HttpResponse:
    """What was typed, as a form to send again with a fresh token. Nothing of it was looked at or kept."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    words = [(name, value) for name, value in sent if name in names]
    rest = [(name, value) for name, value in sent if name not in {*names, "csrfmiddlewaretoken"}]
    context = {"words": words, "rest": rest, "action": request.get_full_path()}
    return render(request, "pages/again.html", context, status=403)
