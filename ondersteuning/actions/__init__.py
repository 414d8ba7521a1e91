"""Verbs: the only code that changes a case. Every action is one transaction, and says why when it refuses."""

from .access import change_contact, give_temporary_code, renew_code
from .account import follow_from_account, join_account, leave_account
from .aftercare import add_care_person, complete_aftercare, plan_aftercare
from .afterwards import answer_check_in, begin_again, rate_help
from .breakglass import break_glass, review_break_glass
from .bulk import Together, change_together, may_change_together, undo_together, why_not
from .duty import acknowledge
from .erasure import answer_erasure, ask_erasure, erase_unread
from .evidence import add_evidence, add_evidence_by_team
from .export import ask_export, decide_export, may_be_taken, take_export
from .figures import publish_year
from .handling import (
    add_note,
    assess,
    assign_case,
    close_case,
    move_case,
    register_contact,
    reopen_case,
    take_case,
    triage_case,
    withdraw_case,
)
from .handover import (
    accept_handover,
    answer_for_reporter,
    ask_handover,
    cancel_handover,
    decline_handover,
)
from .intake import Intake, import_reports, take_report
from .legal import (
    cancel_date,
    change_aangifte,
    change_procedure,
    move_aangifte,
    move_date,
    open_aangifte,
    open_procedure,
    set_date,
)
from .measure import move_measure, plan_measure, plan_removal
from .messages import message_from_reporter, read_messages, send_message
from .on_behalf import change_consent, hand_over_report, may_hand_over
from .organisation import (
    decide_aangifte,
    give_feedback,
    message_from_contact,
    message_to_organisation,
    open_report,
    react_to_report,
    withdraw_share,
)
from .referral import answer_referral, ask_referral, report_back, withdraw_consent
from .related import MOST_PEOPLE, Made, Person, answer_link, link_cases, make_cases_for, undo_link
from .report import Contactable, Report, report_incident, request_callback
from .signals import Shared, make_case_of_signal, put_signal_in_theme, read_signal, share_signal
from .team import recuse
from .tour import move_visit
from .waiting import resume_case, wait_for_reporter

__all__ = [
    "MOST_PEOPLE",
    "Contactable",
    "Intake",
    "Made",
    "Person",
    "Report",
    "Shared",
    "Together",
    "accept_handover",
    "acknowledge",
    "add_care_person",
    "add_evidence",
    "add_evidence_by_team",
    "add_note",
    "answer_check_in",
    "answer_erasure",
    "answer_for_reporter",
    "answer_link",
    "answer_referral",
    "ask_erasure",
    "ask_export",
    "ask_handover",
    "ask_referral",
    "assess",
    "assign_case",
    "begin_again",
    "break_glass",
    "cancel_date",
    "cancel_handover",
    "change_aangifte",
    "change_consent",
    "change_contact",
    "change_procedure",
    "change_together",
    "close_case",
    "complete_aftercare",
    "decide_aangifte",
    "decide_export",
    "decline_handover",
    "erase_unread",
    "follow_from_account",
    "give_feedback",
    "give_temporary_code",
    "hand_over_report",
    "import_reports",
    "join_account",
    "leave_account",
    "link_cases",
    "make_case_of_signal",
    "make_cases_for",
    "may_be_taken",
    "may_change_together",
    "may_hand_over",
    "message_from_contact",
    "message_from_reporter",
    "message_to_organisation",
    "move_aangifte",
    "move_case",
    "move_date",
    "move_measure",
    "move_visit",
    "open_aangifte",
    "open_procedure",
    "open_report",
    "plan_aftercare",
    "plan_measure",
    "plan_removal",
    "publish_year",
    "put_signal_in_theme",
    "rate_help",
    "react_to_report",
    "read_messages",
    "read_signal",
    "recuse",
    "register_contact",
    "renew_code",
    "reopen_case",
    "report_back",
    "report_incident",
    "request_callback",
    "resume_case",
    "review_break_glass",
    "send_message",
    "set_date",
    "share_signal",
    "take_case",
    "take_export",
    "take_report",
    "triage_case",
    "undo_link",
    "undo_together",
    "wait_for_reporter",
    "why_not",
    "withdraw_case",
    "withdraw_consent",
    "withdraw_share",
]
