"""The pages that belong to nobody else: the front page, the duties, the way out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from .context import is_served

WAYS = [
    (
        "/melden/",
        _("Meld wat er gebeurd is"),
        _("In ongeveer tien minuten. Zonder account. U kiest zelf wie het leest."),
    ),
    (
        "/bel-mij/",
        _("Laat u terugbellen"),
        _("Liever praten dan schrijven? Laat alleen een telefoonnummer achter en een veilig moment."),
    ),
    (
        "/volgen/",
        _("Volg uw melding"),
        _("Hebt u een toegangscode? Lees berichten, antwoord, en zie wie uw melding opende."),
    ),
    (
        "/signaal/",
        _("Deel een signaal"),
        _("Er is nog niets gebeurd, maar het voelt niet goed. In twee minuten, zonder naam."),
    ),
    ("/hulp/", _("Vind hulp"), _("Voor u, uw partner en uw gezin: wie helpt waarbij, en hoe bereikt u ze.")),
]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Danger first, then what a frightened reader can do here; only what exists is named."""
    ways = [
        {"path": path, "title": title, "text": text, "is_first": path == "/melden/"}
        for path, title, text in WAYS
        if is_served(path)
    ]
    return render(request, "pages/home.html", {"ways": ways})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/about.html")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to tell us about a weak spot (RFC 9116); it stays valid for half a year from now."""
    expires = (datetime.now(tz=UTC) + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
