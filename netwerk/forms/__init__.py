from .organisation import MOST, OrganisationChoiceField, OrganisationField
from .people import AccountRequestForm, InviteMemberForm
from .reporting_point import FindPointForm, OwnPointForm

__all__ = [
    "MOST",
    "AccountRequestForm",
    "FindPointForm",
    "InviteMemberForm",
    "OrganisationChoiceField",
    "OrganisationField",
    "OwnPointForm",
]
