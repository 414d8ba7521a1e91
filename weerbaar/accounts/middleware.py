from __future__ import annotations

from collections.abc import Callable

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


class ZoneSessions(SessionMiddleware):
    """A session cookie, table and key for each zone; the public zone has no session at all."""

    def process_request(self, request: HttpRequest) -> None:
        request.session = SessionBase()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        return response


class SecondFactor:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
