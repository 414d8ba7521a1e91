"""Moments in words, in Dutch time."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def period(begins_at: datetime, ends_at: datetime) -> str:
    """From when until when: "donderdag 3 december 2026, 14.00 tot 16.00 uur"."""
    begin, end = timezone.localtime(begins_at), timezone.localtime(ends_at)
    if begin.date() == end.date():
        words = {"day": _day(begin), "from": _clock(begin), "until": _clock(end)}
        return _("%(day)s, %(from)s tot %(until)s uur") % words
    return _("%(from)s tot %(until)s") % {"from": moment(begins_at), "until": moment(ends_at)}


def moment(at: datetime) -> str:
    """A day with the time: "donderdag 3 december 2026, 14.00 uur"."""
    local = timezone.localtime(at)
    return _("%(day)s, %(time)s uur") % {"day": _day(local), "time": _clock(local)}


def _day(local: datetime) -> str:
    return date_format(local, "l j F Y")


def _clock(local: datetime) -> str:
    """The hour that comes twice, when summer time ends, says which of the two it is."""
    text = f"{local:%H.%M}"
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return text
    return text + (" " + (_("(wintertijd)") if local.fold else _("(zomertijd)")))
