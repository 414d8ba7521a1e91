from .basis import StarterOffer, StarterTalk, StepTick
from .card import SignalCard
from .finding import FullIndex, FullWord, PublicIndex, PublicWord, Synonym
from .following import Digest, Follow, Told
from .gathering import Gathering, Signup
from .intervention import Intervention, InterventionStep, InterventionUserObjectPermission
from .item import Item, ItemOrganisation, ItemUserObjectPermission, Version
from .key_figure import KeyFigure
from .meeting import AgendaItem, Decision, Meeting, MeetingDocument
from .norm import Declaration, NormSignature
from .organisation import Organisation, OrganisationQuerySet
from .page import Page, PageQuerySet
from .partner import Partner, PartnerMember
from .people import AccountRequest, Contact, Membership
from .policy import PolicyDossier, PolicyEvent, PolicyLink
from .project import Budget, Grant, Project, YearOfMoney
from .protocol import AggressionProtocol
from .release import Bundle, BundleState, DownloadCount, Upload, UploadState
from .reporting_point import ReportingPoint
from .story import Story
from .theme import Theme, ThemeRound, ThemeVote
from .training import Attendance, Evaluation, Training, TrainingEdition, TrainingSession

__all__ = [
    "AccountRequest",
    "AgendaItem",
    "AggressionProtocol",
    "Attendance",
    "Budget",
    "Bundle",
    "BundleState",
    "Contact",
    "Decision",
    "Declaration",
    "Digest",
    "DownloadCount",
    "Evaluation",
    "Follow",
    "FullIndex",
    "FullWord",
    "Gathering",
    "Grant",
    "Intervention",
    "InterventionStep",
    "InterventionUserObjectPermission",
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
    "Page",
    "PageQuerySet",
    "Partner",
    "PartnerMember",
    "PolicyDossier",
    "PolicyEvent",
    "PolicyLink",
    "Project",
    "PublicIndex",
    "PublicWord",
    "ReportingPoint",
    "SignalCard",
    "Signup",
    "StarterOffer",
    "StarterTalk",
    "StepTick",
    "Story",
    "Synonym",
    "Theme",
    "ThemeRound",
    "ThemeVote",
    "Told",
    "Training",
    "TrainingEdition",
    "TrainingSession",
    "Upload",
    "UploadState",
    "Version",
    "YearOfMoney",
]
