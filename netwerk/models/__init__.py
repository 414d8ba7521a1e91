from .basis import StarterOffer, StarterTalk, StepTick
from .item import Item, ItemOrganisation, ItemUserObjectPermission, Version
from .key_figure import KeyFigure
from .norm import Declaration, NormSignature
from .organisation import Organisation, OrganisationQuerySet
from .partner import Partner, PartnerMember
from .people import AccountRequest, Contact, Membership
from .protocol import AggressionProtocol
from .reporting_point import ReportingPoint

__all__ = [
    "AccountRequest",
    "AggressionProtocol",
    "Contact",
    "Declaration",
    "Item",
    "ItemOrganisation",
    "ItemUserObjectPermission",
    "KeyFigure",
    "Membership",
    "NormSignature",
    "Organisation",
    "OrganisationQuerySet",
    "Partner",
    "PartnerMember",
    "ReportingPoint",
    "StarterOffer",
    "StarterTalk",
    "StepTick",
    "Version",
]
