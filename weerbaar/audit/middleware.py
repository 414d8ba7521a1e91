from __future__ import annotations

from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse


class Changes:
    """Changes made during a request carry the account and the zone in the change history."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return self.get_response(request)
        user = request.user
        with pghistory.context(
            actor=str(user.pk) if user.pk else None, zone=str(getattr(request, "zone", ""))
        ):
            return self.get_response(request)
