from .basis import EmergencyCardForm, TalkForm
from .following import FollowForm
from .norm import ProtocolForm, SignForm
from .organisation import MOST, OrganisationChoiceField, OrganisationField
from .people import AccountRequestForm, InviteMemberForm
from .reporting_point import FindPointForm, OwnPointForm
from .theme import ProposalForm
from .training import EvaluationForm

__all__ = [
    "MOST",
    "AccountRequestForm",
    "EmergencyCardForm",
    "EvaluationForm",
    "FindPointForm",
    "FollowForm",
    "InviteMemberForm",
    "OrganisationChoiceField",
    "OrganisationField",
    "OwnPointForm",
    "ProposalForm",
    "ProtocolForm",
    "SignForm",
    "TalkForm",
]
