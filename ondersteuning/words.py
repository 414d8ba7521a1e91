"""How the portal says things to a reporter: plain words, and moments in Dutch time."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weerbaar.accounts.roles import Role

from .clock import AMSTERDAM
from .lifecycle import Status
from .models import Case, TimelineEvent

STATUS_FOR_REPORTER = {
    Status.RECEIVED: _("Uw melding is binnen"),
    Status.IN_TRIAGE: _("Iemand van het team heeft uw melding aangenomen"),
    Status.IN_GUIDANCE: _("Iemand van het team helpt u"),
    Status.AFTERCARE: _("Wij vragen af en toe hoe het gaat (nazorg)"),
    Status.CLOSED: _("Uw zaak is afgesloten"),
    Status.WITHDRAWN: _("U hebt uw melding ingetrokken"),
    Status.REFERRED: _("Een andere organisatie helpt u verder"),
}
EVENT_FOR_REPORTER = {
    TimelineEvent.What.CONTACT_CHANGED: _("U wijzigde hoe u te bereiken bent"),
    TimelineEvent.What.CODE_GIVEN: _(
        "Iemand belde het team en kreeg een tijdelijke code voor uw melding. Was u dat niet? Bel ons meteen."
    ),
    TimelineEvent.What.HANDLER_LEFT: _(
        "Wie u hielp, kan uw zaak niet blijven doen. Een ander van het team neemt het over."
    ),
    TimelineEvent.What.CODE_RENEWED: _("U kreeg een nieuwe toegangscode. De oude werkt niet meer."),
    TimelineEvent.What.CONSENT_CHANGED: _("De toestemming van degene om wie het gaat is gewijzigd"),
    TimelineEvent.What.HANDED_OVER: _(
        "De melding is overgedragen aan degene om wie het gaat. De oude toegangscode werkt niet meer."
    ),
    TimelineEvent.What.ACCOUNT_JOINED: _(
        "De melding is toegevoegd aan een account. Was u dat niet? Maak hem los, en bel ons meteen."
    ),
    TimelineEvent.What.ACCOUNT_LEFT: _("De melding is losgemaakt van een account"),
    TimelineEvent.What.ERASURE_ASKED: _("U vroeg om uw melding te wissen. Was u dat niet? Bel ons meteen."),
    TimelineEvent.What.ERASURE_REFUSED: _("Uw verzoek om te wissen is afgewezen"),
    TimelineEvent.What.MADE_FOR_ONE: _(
        "Het team maakte deze zaak voor u, na een melding over meer mensen. Alles hier gaat alleen over u."
    ),
}


def timeline(case: Case, *, for_reporter: bool) -> list[tuple[datetime, str, str]]:
    """Moves of status and what else changed, oldest first: when, what, by which role (in words)."""
    lines = []
    for change in case.status_changes.all():
        said = STATUS_FOR_REPORTER[Status(change.new)] if for_reporter else change.get_new_display()
        lines.append((change.at, str(said), role_in_words(change.role)))
    for event in case.timeline_events.all():
        what = TimelineEvent.What(event.what)
        said = EVENT_FOR_REPORTER[what] if for_reporter else what.label
        lines.append((event.at, str(said), role_in_words(event.role)))
    return sorted(lines, key=lambda line: line[0])


def moment_in_words(moment: datetime) -> str:
    """A moment in Dutch time: "dinsdag 24 november om 15.30 uur"."""
    local = localtime(moment, AMSTERDAM)
    return gettext("%(day)s om %(time)s uur") % {
        "day": date_format(local, "l j F"),
        "time": date_format(local, "H.i"),
    }


def moment_in_full(moment: datetime) -> str:
    """A moment in Dutch time, with the year: "24 november 2026 om 15.30 uur"."""
    local = localtime(moment, AMSTERDAM)
    return gettext("%(day)s om %(time)s uur") % {
        "day": date_format(local, "j F Y"),
        "time": date_format(local, "H.i"),
    }


def time_in_words(moment: datetime) -> str:
    """The time of today: "15.30"."""
    return date_format(localtime(moment, AMSTERDAM), "H.i")


def day_in_words(day: date) -> str:
    """A day: "dinsdag 24 november"."""
    return date_format(day, "l j F")


def role_in_words(role: str) -> str:
    """Who looked, by role; never by name."""
    if role == "systeem":
        return gettext("het portaal zelf, automatisch")
    return str(Role(role).label) if role in Role else role


def status_in_words(case: Case) -> str:
    """Where the case stands, for the reporter."""
    return str(STATUS_FOR_REPORTER[Status(case.status)])


def next_in_words(case: Case) -> str:
    """What the reporter may expect of the team now, with the day by which; empty when nothing is to come."""
    if not (case.is_for_team and case.is_open):
        return ""
    if case.waiting_until:
        return gettext("Wij wachten op uw antwoord. U hebt de tijd tot en met %(day)s.") % {
            "day": day_in_words(case.waiting_until)
        }
    if case.contacted_at:
        return gettext("Het team en u hebben contact. Wilt u iets weten? Stuur een bericht.")
    due = {"moment": moment_in_words(case.contact_due_at)}
    if case.is_overdue:
        return (
            gettext("Wij hadden u vóór %(moment)s willen spreken. Dat is niet gelukt. Bel ons gerust zelf.")
            % due
        )
    return gettext("Het team neemt contact met u op vóór %(moment)s (Nederlandse tijd).") % due
