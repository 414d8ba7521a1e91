from .aftercare import AftercareStep
from .case import Assignment, Case, CaseUserObjectPermission, CountedReport, StatusChange, TimelineEvent
from .conversation import Message, Note
from .duty import DutyShift
from .handover import Handover
from .organisation import OrganisationMessage, OrganisationReport, Share

__all__ = [
    "AftercareStep",
    "Assignment",
    "Case",
    "CaseUserObjectPermission",
    "CountedReport",
    "DutyShift",
    "Handover",
    "Message",
    "Note",
    "OrganisationMessage",
    "OrganisationReport",
    "Share",
    "StatusChange",
    "TimelineEvent",
]
