"""When a reporter can be reached without danger: what everything that leaves the house for them obeys.

An address that was not given is not used: who left no telephone number is not called, who left no e-mail
address gets no mail. The hours hold for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from .clock import AMSTERDAM, is_working_day
from .vocabulary import SafeMoment

BETWEEN = {  # in Dutch time; from the first, until the second
    SafeMoment.ANY: (time.min, time.max),
    SafeMoment.OFFICE_HOURS: (time(9), time(17)),
    SafeMoment.MORNING: (time(9), time(12)),
    SafeMoment.AFTERNOON: (time(12), time(17)),
    SafeMoment.EVENING: (time(17), time(21)),
}


def is_safe_moment(moment: str, now: datetime) -> bool:
    """Whether the reporter said that a call is safe now; when nothing was said, it is not known to be."""
    if not moment:
        return False
    local = now.astimezone(AMSTERDAM)
    begins, ends = BETWEEN[SafeMoment(moment)]
    return _is_day_for(moment, local) and begins <= local.time() < ends


def whether_to_call(contact: Mapping[str, Any], now: datetime) -> str:
    """Whether the reporter can be called now, in words: stands wherever somebody sees the number."""
    moment = contact.get("moment", "")
    if not contact.get("phone"):
        return _("De melder gaf geen telefoonnummer.")
    if not moment:
        return _("De melder noemde geen veilig moment. Vraag eerst of het gelegen komt.")
    if is_safe_moment(moment, now):
        return _("U kunt nu veilig bellen.")
    return _("Bel nu niet: dit is geen moment dat de melder noemde.")


def mail_may_leave_at(contact: Mapping[str, Any], now: datetime) -> datetime:
    """Now, or the first moment that the reporter called safe.

    When nothing was said a mail leaves at once: the address was given for it, and it says nothing.
    """
    moment = contact.get("moment", "")
    if not moment or is_safe_moment(moment, now):
        return now
    local = now.astimezone(AMSTERDAM)
    begins, _ends = BETWEEN[SafeMoment(moment)]
    opens = datetime.combine(local.date(), begins, AMSTERDAM)
    while opens <= now or not _is_day_for(moment, opens):
        opens = datetime.combine(opens.date() + timedelta(days=1), begins, AMSTERDAM)
    return opens


def _is_day_for(moment: str, local: datetime) -> bool:
    return moment != SafeMoment.OFFICE_HOURS or is_working_day(local.date())
