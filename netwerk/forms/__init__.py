from .organisation import MOST, OrganisationChoiceField, OrganisationField
from .people import AccountRequestForm, InviteMemberForm

__all__ = ["MOST", "AccountRequestForm", "InviteMemberForm", "OrganisationChoiceField", "OrganisationField"]
