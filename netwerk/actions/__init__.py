"""Verbs: the only code that changes a thing that has a rule."""

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
from .reporting_point import check_point, remove_point, save_point

__all__ = [
    "ask_account",
    "check_point",
    "confirm_contact",
    "confirm_membership",
    "confirm_request",
    "enter_contact",
    "invite_member",
    "move_membership",
    "refuse_request",
    "remove_point",
    "save_point",
]
