"""/verlaten/: out at once. The session ends, every cookie goes, and the browser is sent to a neutral site."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from http.cookies import CookieError

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from weerbaar.accounts import devices
from weerbaar.accounts.sessions import cookie_name, cookie_options
from weerbaar.zones import Zone

log = logging.getLogger(__name__)

Farewell = Callable[[HttpRequest], None]
FAREWELLS: list[Farewell] = []


def on_leave(farewell: Farewell) -> Farewell:
    """Decorator: what an app must end when somebody leaves, such as a visit. It may not stop the leaving."""
    FAREWELLS.append(farewell)
    return farewell


@login_not_required
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Leave: the draft stays in the database, and opens again with its resume code."""
    for farewell in (end_session, *FAREWELLS):
        try:
            farewell(request)
        except DatabaseError as error:
            log.warning("leaving: %s gave %s", farewell.__name__, type(error).__name__)
    response = HttpResponseRedirect(settings.EXIT_URL)
    for name in request.COOKIES:
        with suppress(
            CookieError
        ):  # a name that cannot be answered to, such as another site may have left here
            response.delete_cookie(name, samesite="Strict")
    for zone in (Zone.MIJN, Zone.BEHEER):  # their cookies are only sent in their own folder
        for name in (cookie_name(zone), devices.cookie_name(zone)):
            response.delete_cookie(name, path=cookie_options(zone)["path"], samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def end_session(request: HttpRequest) -> None:
    if request.zone != Zone.PUBLIEK:  # type: ignore[attr-defined]  # Zones has set it
        request.session.flush()
