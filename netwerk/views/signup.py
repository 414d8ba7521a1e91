"""What meetings and trainings have in common for who signs up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from netwerk import actions
from netwerk.lifecycle import SignupStatus
from netwerk.models import Meeting, TrainingEdition
from netwerk.moments import moment
from weerbaar.accounts.models import User
from weerbaar.accounts.requests import SignedInRequest


def act(request: SignedInRequest, thing: Meeting | TrainingEdition) -> None:
    """Do what the pressed button says, and tell what came of it."""
    own = thing.signups.filter(user=request.user).first()
    try:
        if "sign_up" in request.POST:
            own = actions.sign_up(thing, by=request.user)
        elif own and "accept" in request.POST:
            own = actions.accept_offer(own)
        elif own and "cancel" in request.POST:
            own = actions.cancel_signup(own)
        else:
            return
    except ValidationError as error:
        messages.error(request, error.message)
        return
    words = {
        SignupStatus.PLACED: _("U bent ingeschreven."),
        SignupStatus.WAITING: _("Er is nu geen plek vrij. U staat op de wachtlijst."),
        SignupStatus.OFFERED: _("Er is een plek voor u vastgehouden."),
        SignupStatus.CANCELLED: _("U bent afgemeld."),
    }
    messages.success(request, words[SignupStatus(own.status)])


def standing(thing: Meeting | TrainingEdition, user: User) -> dict[str, Any]:
    """How it stands with somebody, for the template `inschrijving.html`."""
    own = thing.signups.filter(user=user).first()
    ahead = 0
    if own and own.status == SignupStatus.WAITING:
        ahead = list(thing.signups.waiting().values_list("pk", flat=True)).index(own.pk)
    return {
        "thing": thing,
        "own": own,
        "place_in_line": ahead + 1,
        "free": max(thing.free_places(), 0),
        "is_full": thing.free_places() <= 0,
        "until": moment(thing.sign_up_until),
        "held_until": moment(own.held_until) if own and own.held_until else "",
    }
