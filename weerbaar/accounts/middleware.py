from __future__ import annotations

from collections.abc import Callable

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from .sessions import STORES, NoSession, ZoneStore, cookie_name, cookie_options

GetResponse = Callable[[HttpRequest], HttpResponse]


class ZoneSessions(SessionMiddleware):
    """A session cookie, table and key for each zone; the public zone has no session at all."""

    def process_request(self, request: HttpRequest) -> None:
        store = STORES.get(request.zone)
        request.session = store(request.COOKIES.get(cookie_name(request.zone))) if store else NoSession()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = getattr(request, "session", None)
        if not isinstance(session, ZoneStore):
            return response
        name, options = cookie_name(session.zone), cookie_options(session.zone)
        if session.is_empty():
            if name in request.COOKIES:
                response.delete_cookie(name, path=options["path"], samesite=options["samesite"])
                patch_vary_headers(response, ("Cookie",))
        elif session.modified and response.status_code < 500:
            try:
                session.save()
            except UpdateError as error:
                raise SessionInterrupted("The session ended during the request.") from error
            response.set_cookie(name, session.session_key, **options)  # gone when the browser closes
        elif session.accessed:
            session.touch()
        if session.accessed:
            patch_vary_headers(response, ("Cookie",))
        return response


class SecondFactor:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
