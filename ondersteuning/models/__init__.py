from .aftercare import AftercareStep, CarePerson
from .afterwards import CheckIn, ErasureRequest, Feedback
from .breakglass import BreakGlass
from .case import Assignment, Case, CaseUserObjectPermission, CountedReport, StatusChange, TimelineEvent
from .conversation import Message, Note
from .desk import BulkChange, Export, MessageTemplate, SavedView
from .duty import DutyShift
from .evidence import Evidence
from .figures import YearTotal
from .handover import Handover
from .legal import Aangifte, LegalDate, Procedure
from .measure import Measure
from .organisation import OrganisationMessage, OrganisationReport, Share
from .referral import Referral
from .related import CaseLink
from .signal import Signal
from .team import Recusal, TeamMember
from .tour import TourVisit

__all__ = [
    "Aangifte",
    "AftercareStep",
    "Assignment",
    "BreakGlass",
    "BulkChange",
    "CarePerson",
    "Case",
    "CaseLink",
    "CaseUserObjectPermission",
    "CheckIn",
    "CountedReport",
    "DutyShift",
    "ErasureRequest",
    "Evidence",
    "Export",
    "Feedback",
    "Handover",
    "LegalDate",
    "Measure",
    "Message",
    "MessageTemplate",
    "Note",
    "OrganisationMessage",
    "OrganisationReport",
    "Procedure",
    "Recusal",
    "Referral",
    "SavedView",
    "Share",
    "Signal",
    "StatusChange",
    "TeamMember",
    "TimelineEvent",
    "TourVisit",
    "YearTotal",
]
