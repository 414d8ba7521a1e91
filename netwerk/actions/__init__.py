"""Verbs: the only code that changes a thing that has a rule."""

from .basis import ask_talk, move_talk, tick_step, withdraw_talk
from .norm import sign_norm, withdraw_norm
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
from .protocol import make_protocol
from .reporting_point import check_point, remove_point, save_point

__all__ = [
    "ask_account",
    "ask_talk",
    "check_point",
    "confirm_contact",
    "confirm_membership",
    "confirm_request",
    "enter_contact",
    "invite_member",
    "make_protocol",
    "move_membership",
    "move_talk",
    "refuse_request",
    "remove_point",
    "save_point",
    "sign_norm",
    "tick_step",
    "withdraw_norm",
    "withdraw_talk",
]
