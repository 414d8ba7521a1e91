"""Calendar files. Others read an office holder's calendar: so they say when, and neither what nor where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _


def calendar_file(moments: Iterable[tuple[str, datetime, datetime]]) -> HttpResponse:
    """An answer with a file of these moments: (a name that stays the same, begin, end)."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - not needed to start

    calendar = Calendar()
    calendar.add("prodid", "-//portaal//NL")
    calendar.add("version", "2.0")
    for name, begins_at, ends_at in moments:
        event = Event()
        event.add("uid", f"{name}@{urlsplit(settings.SITE_URL).hostname}")
        event.add("dtstamp", datetime.now(UTC))
        event.add("dtstart", begins_at.astimezone(UTC))
        event.add("dtend", ends_at.astimezone(UTC))
        event.add("summary", _("Afspraak"))
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    answer = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="afspraak.ics"'
    return answer
