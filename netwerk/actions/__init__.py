"""Verbs: the only code that changes a thing that has a rule."""

from .people import (
    ask_account,
    confirm_contact,
    confirm_membership,
    confirm_request,
    enter_contact,
    invite_member,
    refuse_request,
)

__all__ = [
    "ask_account",
    "confirm_contact",
    "confirm_membership",
    "confirm_request",
    "enter_contact",
    "invite_member",
    "refuse_request",
]
