"""Whether handlers of another case about the same may know of this one: asked of its reporter."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ondersteuning.models import Case, CaseLink
from ondersteuning.vocabulary import Relation

from .fields import YES_NO

ABOUT = {  # hypothetical on purpose: whether somebody else reported is not this reporter's to know
    Relation.SAME_INCIDENT: _(
        "Meldde iemand anders hetzelfde voorval? Mag het team die zaak met de uwe verbinden?"
    ),
    Relation.SAME_ORGANISATION: _(
        "Meldde iemand anders van uw organisatie ook iets? Mag het team die zaak met de uwe verbinden?"
    ),
}
CONSENTS = ("consent_one_at", "consent_other_at")


class LinkAnswerForm(forms.Form):
    agrees = forms.ChoiceField(
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies ja of nee. U mag er ook nog over nadenken.")},
    )
    relation = forms.ChoiceField(choices=[(one.value, one.value) for one in ABOUT], widget=forms.HiddenInput)


def questions(case: Case) -> list[dict[str, object]]:
    """One question for each kind of link, never how many there are; and whether it waits for an answer."""
    waits: dict[str, bool] = {}
    for link in CaseLink.objects.asked_of(case).only("relation", "one_id", "other_id", *CONSENTS):
        waits[link.relation] = waits.get(link.relation, False) or not link.is_agreed_by(case)
    return [
        {"relation": relation, "text": ABOUT[Relation(relation)], "is_open": is_open}
        for relation, is_open in sorted(waits.items())
    ]
