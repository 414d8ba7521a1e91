from .item import Item, ItemOrganisation, ItemUserObjectPermission, Version
from .key_figure import KeyFigure
from .organisation import Organisation, OrganisationQuerySet
from .partner import Partner, PartnerMember
from .people import AccountRequest, Contact, Membership
from .reporting_point import ReportingPoint

__all__ = [
    "AccountRequest",
    "Contact",
    "Item",
    "ItemOrganisation",
    "ItemUserObjectPermission",
    "KeyFigure",
    "Membership",
    "Organisation",
    "OrganisationQuerySet",
    "Partner",
    "PartnerMember",
    "ReportingPoint",
    "Version",
]
