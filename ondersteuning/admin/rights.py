"""What the desk knows of a reporter's rights: consent, what came after closing, a request to erase."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ondersteuning import actions
from ondersteuning.models import ErasureRequest, Feedback
from ondersteuning.vocabulary import Consent, OnBehalf
from weerbaar.vault.api import Content

from .desk import Desk
from .forms import DeskForm
from .verb import Answers, Group, Verb, handles


class ConsentForm(DeskForm):
    consent = forms.ChoiceField(
        label=_("Is degene om wie het gaat het eens met deze melding?"),
        choices=Consent.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies een antwoord.")},
    )

    def __init__(self, desk: Desk, data: Any = None, **initial: Any) -> None:
        super().__init__(desk, data, consent=desk.case.consent, **initial)


def _consent(desk: Desk, answers: Answers) -> object:
    return actions.change_consent(desk.case, answers["consent"], by=desk.user, version=answers["version"])


VERBS = [
    Verb(
        "toestemming",
        _("Toestemming wijzigen"),
        fits=lambda desk: handles(desk) and desk.case.on_behalf != OnBehalf.SELF,
        do=_consent,
        done=_("De toestemming is gewijzigd. De melder ziet dat in het portaal."),
        group=Group.REPORTER,
        form=ConsentForm,
        explain=_(
            "Leg alleen vast wat de melder of degene om wie het gaat u zelf vertelde. Wil diegene de melding "
            "zelf volgen? Dan kan de melder hem overdragen bij ‘Uw melding volgen’. Belt diegene u zelf: "
            "geef na controle een tijdelijke code. De oude toegangscode werkt dan niet meer."
        ),
    ),
]


def section(desk: Desk, content: Content) -> dict[str, Any]:
    """How it was after closing, what the reporter said of our help, and whether they asked to be erased."""
    feedback = Feedback.objects.filter(case=desk.case).first()
    return {
        "feedback": feedback,
        "feedback_remark": content.of(feedback).remark if feedback else "",
        "check_ins": list(desk.case.check_ins.all()),
        "erasure": ErasureRequest.objects.filter(case=desk.case).first(),
    }
