from .basis import EmergencyCardForm, TalkForm
from .norm import ProtocolForm, SignForm
from .organisation import MOST, OrganisationChoiceField, OrganisationField
from .people import AccountRequestForm, InviteMemberForm
from .reporting_point import FindPointForm, OwnPointForm

__all__ = [
    "MOST",
    "AccountRequestForm",
    "EmergencyCardForm",
    "FindPointForm",
    "InviteMemberForm",
    "OrganisationChoiceField",
    "OrganisationField",
    "OwnPointForm",
    "ProtocolForm",
    "SignForm",
    "TalkForm",
]
