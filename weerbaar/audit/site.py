"""The staff's admin at /beheer/. Signing in and the second factor are allauth's, never Django's own page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from weerbaar.zones import Zone, zone_url

from .log import Actor, log
from .models import Purpose, Result


@dataclass(frozen=True)
class Tile:
    """One line of the start page: how many, of what, and where to find them."""

    label: str
    count: int | str
    url: str
    urgent: bool = False


@dataclass(frozen=True)
class Part:
    """A part of the start page that an app draws itself: its template, and what that calls `part`."""

    template: str
    part: Any


class Beheer(admin.AdminSite):
    site_header = _("Weerbaar Bestuur beheer")
    site_title = _("Weerbaar Bestuur beheer")
    index_title = _("Overzicht")
    site_url = "/"
    enable_nav_sidebar = False
    index_template = "admin/start.html"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.tiles: list[Callable[[HttpRequest], list[Tile]]] = []
        self.parts: list[Callable[[HttpRequest], Part | None]] = []

    def on_start_page(
        self, tiles: Callable[[HttpRequest], list[Tile]]
    ) -> Callable[[HttpRequest], list[Tile]]:
        """Decorator: a function of the request that gives its tiles for the start page."""
        self.tiles.append(tiles)
        return tiles

    def part_of_start_page(
        self, make: Callable[[HttpRequest], Part | None]
    ) -> Callable[[HttpRequest], Part | None]:
        """Decorator: a function of the request that gives a part of the start page, or None."""
        self.parts.append(make)
        return make

    def get_urls(self) -> list[Any]:
        """Django's, without "view on site": nothing here has a page there, and it tells which ids exist."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        tiles = [tile for make in self.tiles for tile in make(request)]
        parts = [part for make in self.parts if (part := make(request))]
        return super().index(request, {"tiles": tiles, "parts": parts, **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        url = zone_url(Zone.BEHEER, "account_login")
        return HttpResponseRedirect(f"{url}?{urlencode({'next': request.get_full_path()})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return HttpResponseRedirect(zone_url(Zone.BEHEER, "account_logout"))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return HttpResponseRedirect(zone_url(Zone.BEHEER, "account_change_password"))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        log(
            Actor.of(request.user),
            dossier=None,
            purpose=Purpose.SEARCH,
            result=Result.DONE,
            detail="keuzelijst",
        )
        return super().autocomplete_view(request)


beheer = Beheer()
