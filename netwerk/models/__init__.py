from .organisation import Organisation, OrganisationQuerySet
from .partner import Partner
from .people import AccountRequest, Contact, Membership

__all__ = ["AccountRequest", "Contact", "Membership", "Organisation", "OrganisationQuerySet", "Partner"]
