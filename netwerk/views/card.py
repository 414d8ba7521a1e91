"""Signal cards: one sheet each, to read now or to hang on a wall."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from netwerk.models import SignalCard
from weerbaar.pages.context import is_served

from .page import find, gone


@require_safe
def card_list(request: HttpRequest) -> HttpResponse:
    """Cards by topic, in the order of the topics."""
    cards = list(SignalCard.objects.published())
    groups = [(topic, [one for one in cards if one.topic == topic]) for topic in SignalCard.Topic]
    return render(request, "netwerk/signaalkaarten.html", {"groups": [group for group in groups if group[1]]})


@require_safe
def card_detail(request: HttpRequest, slug: str) -> HttpResponse:
    card = find(SignalCard.objects.all(), slug)
    return show_card(request, card) if card.is_published else gone(request, "/signaalkaarten/")


def show_card(request: HttpRequest, card: SignalCard, *, is_preview: bool = False) -> HttpResponse:
    """A card as a visitor sees it; an editor sees it so before it is published."""
    parts = [
        (_("Wat u ziet"), card.sees, False),
        (_("Wat het kan betekenen"), card.means, False),
        (_("Wat u doet"), card.does, True),
        (_("Wie u belt"), card.calls, False),
    ]
    context = {
        "card": card,
        "is_preview": is_preview,
        "parts": [(title, lines(text), is_ordered) for title, text, is_ordered in parts],
        "has_signal_form": is_served("/signaal/"),
    }
    return render(request, "netwerk/signaalkaart.html", context)


def lines(text: str) -> list[str]:
    """The points of a part: a line each."""
    return [line.strip() for line in text.splitlines() if line.strip()]
