from .item import Item, ItemOrganisation, ItemUserObjectPermission, Version
from .organisation import Organisation, OrganisationQuerySet
from .partner import Partner, PartnerMember
from .people import AccountRequest, Contact, Membership

__all__ = [
    "AccountRequest",
    "Contact",
    "Item",
    "ItemOrganisation",
    "ItemUserObjectPermission",
    "Membership",
    "Organisation",
    "OrganisationQuerySet",
    "Partner",
    "PartnerMember",
    "Version",
]
