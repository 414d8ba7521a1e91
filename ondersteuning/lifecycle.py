"""The life of a case (zaak). Pure data: what happens at a move is in `actions`."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    RECEIVED = "received", _("Ontvangen")
    IN_TRIAGE = "in_triage", _("In triage")
    IN_GUIDANCE = "in_guidance", _("In begeleiding")
    AFTERCARE = "aftercare", _("Nazorg")
    CLOSED = "closed", _("Afgesloten")
    WITHDRAWN = "withdrawn", _("Ingetrokken")
    REFERRED = "referred", _("Doorverwezen")


NEXT: dict[Status, set[Status]] = {
    Status.RECEIVED: {Status.IN_TRIAGE, Status.WITHDRAWN},
    Status.IN_TRIAGE: {Status.IN_GUIDANCE, Status.REFERRED, Status.CLOSED, Status.WITHDRAWN},
    Status.IN_GUIDANCE: {Status.AFTERCARE, Status.REFERRED, Status.CLOSED, Status.WITHDRAWN},
    Status.AFTERCARE: {Status.IN_GUIDANCE, Status.CLOSED, Status.WITHDRAWN},
    Status.CLOSED: {Status.IN_GUIDANCE},  # reopened, e.g. after a new threat
    Status.REFERRED: {Status.IN_GUIDANCE},  # help elsewhere did not come about
    Status.WITHDRAWN: set(),
}

OPEN = frozenset({Status.RECEIVED, Status.IN_TRIAGE, Status.IN_GUIDANCE, Status.AFTERCARE})
ENDED = frozenset(Status) - OPEN


class ReferralStatus(TextChoices):
    """A referral to an organisation outside the team."""

    ASKED = "asked", _("Gevraagd aan de melder")
    AGREED = "agreed", _("De melder stemt in")
    RUNNING = "running", _("Loopt")
    DONE = "done", _("Klaar")
    REFUSED = "refused", _("De melder wil dit niet")
    CANCELLED = "cancelled", _("Vervallen")


REFERRAL_NEXT: dict[ReferralStatus, set[ReferralStatus]] = {
    ReferralStatus.ASKED: {ReferralStatus.AGREED, ReferralStatus.REFUSED, ReferralStatus.CANCELLED},
    ReferralStatus.AGREED: {ReferralStatus.RUNNING, ReferralStatus.CANCELLED},
    ReferralStatus.RUNNING: {ReferralStatus.DONE, ReferralStatus.CANCELLED},
    ReferralStatus.DONE: set(),
    ReferralStatus.REFUSED: set(),
    ReferralStatus.CANCELLED: set(),
}


class AangifteStatus(TextChoices):
    """From the first thought to the judgment."""

    NOT_WANTED = "not_wanted", _("Niet gewenst")
    CONSIDERED = "considered", _("Wordt overwogen")
    POLICE_TOLD = "police_told", _("Alleen gemeld bij de politie")
    FILED = "filed", _("Aangifte gedaan")
    INVESTIGATION = "investigation", _("Opsporing")
    PROSECUTION = "prosecution", _("Vervolging")
    DISMISSED = "dismissed", _("Geseponeerd")
    CONVICTED = "convicted", _("Veroordeling")
    ACQUITTED = "acquitted", _("Vrijspraak")
    UNKNOWN = "unknown", _("Onbekend")


AANGIFTE_NEXT: dict[AangifteStatus, set[AangifteStatus]] = {
    AangifteStatus.CONSIDERED: {
        AangifteStatus.NOT_WANTED,
        AangifteStatus.POLICE_TOLD,
        AangifteStatus.FILED,
    },
    AangifteStatus.NOT_WANTED: {AangifteStatus.CONSIDERED},
    AangifteStatus.POLICE_TOLD: {AangifteStatus.FILED, AangifteStatus.NOT_WANTED},
    AangifteStatus.FILED: {AangifteStatus.INVESTIGATION, AangifteStatus.DISMISSED, AangifteStatus.UNKNOWN},
    AangifteStatus.INVESTIGATION: {
        AangifteStatus.PROSECUTION,
        AangifteStatus.DISMISSED,
        AangifteStatus.UNKNOWN,
    },
    AangifteStatus.PROSECUTION: {
        AangifteStatus.CONVICTED,
        AangifteStatus.ACQUITTED,
        AangifteStatus.DISMISSED,
        AangifteStatus.UNKNOWN,
    },
    AangifteStatus.DISMISSED: {AangifteStatus.PROSECUTION},  # after a complaint to the court (artikel 12 Sv)
    AangifteStatus.CONVICTED: {AangifteStatus.PROSECUTION},  # appeal
    AangifteStatus.ACQUITTED: {AangifteStatus.PROSECUTION},  # appeal
    AangifteStatus.UNKNOWN: {
        AangifteStatus.INVESTIGATION,
        AangifteStatus.PROSECUTION,
        AangifteStatus.DISMISSED,
    },
}


# Where an aangifte may stand when we hear of it, and from where on there is a day on which it was filed.
AANGIFTE_FIRST = frozenset({AangifteStatus.CONSIDERED, *AANGIFTE_NEXT[AangifteStatus.CONSIDERED]})
AANGIFTE_FILED = frozenset(AangifteStatus) - {
    AangifteStatus.NOT_WANTED,
    AangifteStatus.CONSIDERED,
    AangifteStatus.POLICE_TOLD,
}


class ProcedureStatus(TextChoices):
    """A procedure that is used to intimidate."""

    ANNOUNCED = "announced", _("Aangekondigd")
    RUNNING = "running", _("Loopt")
    APPEAL = "appeal", _("In hoger beroep")
    ENDED = "ended", _("Afgelopen")


PROCEDURE_NEXT: dict[ProcedureStatus, set[ProcedureStatus]] = {
    ProcedureStatus.ANNOUNCED: {ProcedureStatus.RUNNING, ProcedureStatus.ENDED},
    ProcedureStatus.RUNNING: {ProcedureStatus.APPEAL, ProcedureStatus.ENDED},
    ProcedureStatus.APPEAL: {ProcedureStatus.ENDED},
    ProcedureStatus.ENDED: {ProcedureStatus.APPEAL},
}


PROCEDURE_FIRST = frozenset({ProcedureStatus.ANNOUNCED, ProcedureStatus.RUNNING})


class MeasureStatus(TextChoices):
    """A measure that makes the reporter safer."""

    ADVISED = "advised", _("Geadviseerd")
    SETTLED = "settled", _("Vastgesteld")
    ORDERED = "ordered", _("In opdracht")
    DONE = "done", _("Uitgevoerd")
    NOT_DONE = "not_done", _("Niet uitgevoerd, met reden")
    CANCELLED = "cancelled", _("Vervallen")


MEASURE_NEXT: dict[MeasureStatus, set[MeasureStatus]] = {
    MeasureStatus.ADVISED: {
        MeasureStatus.SETTLED,
        MeasureStatus.ORDERED,
        MeasureStatus.DONE,
        MeasureStatus.NOT_DONE,
        MeasureStatus.CANCELLED,
    },
    MeasureStatus.SETTLED: {
        MeasureStatus.ORDERED,
        MeasureStatus.DONE,
        MeasureStatus.NOT_DONE,
        MeasureStatus.CANCELLED,
    },
    MeasureStatus.ORDERED: {MeasureStatus.DONE, MeasureStatus.NOT_DONE, MeasureStatus.CANCELLED},
    MeasureStatus.DONE: set(),
    MeasureStatus.NOT_DONE: {MeasureStatus.SETTLED},
    MeasureStatus.CANCELLED: {MeasureStatus.ADVISED},
}

MEASURE_OPEN = frozenset({MeasureStatus.ADVISED, MeasureStatus.SETTLED, MeasureStatus.ORDERED})
MEASURE_FIRST = MEASURE_OPEN


class TourStatus(TextChoices):
    """A visit of the tour (as held since 2022): invitation, talk ahead, session, yield."""

    INVITED = "invited", _("Uitgenodigd")
    TALK = "talk", _("Voorgesprek")
    PLANNED = "planned", _("Bijeenkomst gepland")
    HELD = "held", _("Bijeenkomst gehouden")
    DONE = "done", _("Opbrengst vastgelegd")
    DECLINED = "declined", _("Afgezien")


TOUR_NEXT: dict[TourStatus, set[TourStatus]] = {
    TourStatus.INVITED: {TourStatus.TALK, TourStatus.DECLINED},
    TourStatus.TALK: {TourStatus.PLANNED, TourStatus.DECLINED},
    TourStatus.PLANNED: {TourStatus.HELD, TourStatus.TALK, TourStatus.DECLINED},
    TourStatus.HELD: {TourStatus.DONE},
    TourStatus.DONE: set(),
    TourStatus.DECLINED: {TourStatus.INVITED},
}


class SignalStatus(TextChoices):
    """A light signal: an attempt to influence, no incident yet."""

    NEW = "new", _("Nieuw")
    READ = "read", _("Gelezen")
    THEME = "theme", _("Meegenomen in een thema")
    CASE = "case", _("Zaak geworden")


SIGNAL_NEXT: dict[SignalStatus, set[SignalStatus]] = {
    SignalStatus.NEW: {SignalStatus.READ},
    SignalStatus.READ: {SignalStatus.THEME, SignalStatus.CASE},
    SignalStatus.THEME: {SignalStatus.CASE},
    SignalStatus.CASE: set(),
}
