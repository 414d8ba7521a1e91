from .basis import StarterOffer, StarterTalk, StepTick
from .gathering import Gathering, Signup
from .item import Item, ItemOrganisation, ItemUserObjectPermission, Version
from .key_figure import KeyFigure
from .meeting import AgendaItem, Decision, Meeting, MeetingDocument
from .norm import Declaration, NormSignature
from .organisation import Organisation, OrganisationQuerySet
from .partner import Partner, PartnerMember
from .people import AccountRequest, Contact, Membership
from .protocol import AggressionProtocol
from .reporting_point import ReportingPoint
from .theme import Theme, ThemeRound, ThemeVote
from .training import Attendance, Evaluation, Training, TrainingEdition, TrainingSession

__all__ = [
    "AccountRequest",
    "AgendaItem",
    "AggressionProtocol",
    "Attendance",
    "Contact",
    "Decision",
    "Declaration",
    "Evaluation",
    "Gathering",
    "Item",
    "ItemOrganisation",
    "ItemUserObjectPermission",
    "KeyFigure",
    "Meeting",
    "MeetingDocument",
    "Membership",
    "NormSignature",
    "Organisation",
    "OrganisationQuerySet",
    "Partner",
    "PartnerMember",
    "ReportingPoint",
    "Signup",
    "StarterOffer",
    "StarterTalk",
    "StepTick",
    "Theme",
    "ThemeRound",
    "ThemeVote",
    "Training",
    "TrainingEdition",
    "TrainingSession",
    "Version",
]
