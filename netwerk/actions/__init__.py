"""Verbs: the only code that changes a thing that has a rule."""

from .basis import ask_talk, move_talk, tick_step, withdraw_talk
from .following import choose_digest, follow_item, follow_topics, unfollow_item
from .gathering import changed_gathering, move_gathering
from .intervention import choose_people, move_intervention, open_intervention
from .item import (
    MOST_IN_BUNDLE,
    add_version,
    ask_bundle,
    end_grant,
    grant_item,
    publish_item,
    refuse_release,
    send_release,
    set_access,
    take_back,
    withdraw_item,
)
from .norm import sign_norm, withdraw_norm
from .page import move_page
from .people import (
    ask_account,
    confirm_contact,
    confirm_membership,
    confirm_request,
    enter_contact,
    invite_member,
    move_membership,
    refuse_request,
)
from .project import move_project
from .protocol import make_protocol
from .reporting_point import check_point, remove_point, save_point
from .signup import accept_offer, cancel_signup, lapse_offer, offer_places, sign_up
from .story import end_consent
from .theme import move_theme, propose_theme, take_back_vote, vote_for, withdraw_theme
from .training import evaluate, note_attendance
from .vocabulary import read_anew

__all__ = [
    "MOST_IN_BUNDLE",
    "accept_offer",
    "add_version",
    "ask_account",
    "ask_bundle",
    "ask_talk",
    "cancel_signup",
    "changed_gathering",
    "check_point",
    "choose_digest",
    "choose_people",
    "confirm_contact",
    "confirm_membership",
    "confirm_request",
    "end_consent",
    "end_grant",
    "enter_contact",
    "evaluate",
    "follow_item",
    "follow_topics",
    "grant_item",
    "invite_member",
    "lapse_offer",
    "make_protocol",
    "move_gathering",
    "move_intervention",
    "move_membership",
    "move_page",
    "move_project",
    "move_talk",
    "move_theme",
    "note_attendance",
    "offer_places",
    "open_intervention",
    "propose_theme",
    "publish_item",
    "read_anew",
    "refuse_release",
    "refuse_request",
    "remove_point",
    "save_point",
    "send_release",
    "set_access",
    "sign_norm",
    "sign_up",
    "take_back",
    "take_back_vote",
    "tick_step",
    "unfollow_item",
    "vote_for",
    "withdraw_item",
    "withdraw_norm",
    "withdraw_talk",
    "withdraw_theme",
]
