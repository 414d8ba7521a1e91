"""Bringing in an organisation outside the team: asked of the reporter first, each on its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from netwerk.models import Partner
from netwerk.models.partner import CHECK_AFTER
from ondersteuning import actions
from ondersteuning.lifecycle import REFERRAL_NEXT, ReferralStatus
from ondersteuning.models import Referral
from weerbaar.vault import api as vault

from . import forms
from .desk import Desk
from .verb import Answers, Group, Verb


def check_before() -> date:
    """Details of an organisation that were checked before this day may be out of date."""
    return timezone.localdate() - CHECK_AFTER


class PartnerChoice(django_forms.ModelChoiceField):
    def label_from_instance(self, partner: Partner) -> str:
        said = f"{partner.name}: {partner.for_whom}"
        if partner.checked_on < check_before():
            return gettext("%(said)s (gegevens al een half jaar niet gecontroleerd)") % {"said": said}
        return said


class AskForm(forms.DeskForm):
    partner = PartnerChoice(
        label=_("Welke organisatie?"),
        queryset=Partner.objects.none(),
        empty_label=_("Kies een organisatie"),
        error_messages={
            "required": _("Kies een organisatie."),
            "invalid_choice": _("Kies een organisatie uit de lijst."),
        },
    )
    shares = django_forms.CharField(
        label=_("Wat vertellen wij hun?"),
        help_text=_("De melder leest dit precies zo, en stemt hiermee in. Vertel niet meer dan dit."),
        error_messages={"required": _("Schrijf wat het team aan deze organisatie vertelt.")},
        widget=django_forms.Textarea,
        max_length=4000,
    )
    reporter_agreed = django_forms.BooleanField(
        label=_("De melder stemde telefonisch in"),
        help_text=_("Niet aangevinkt? Dan vraagt het portaal het eerst aan de melder."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = Partner.objects.taking_referrals()  # type: ignore[attr-defined]  # a ModelChoiceField


class ChooseForm(forms.DeskForm):
    """One of the referrals that can make a move."""

    referral = django_forms.ModelChoiceField(
        label=_("Welke doorverwijzing?"),
        queryset=Referral.objects.none(),
        empty_label=None,
        widget=django_forms.RadioSelect,
        error_messages={
            "required": _("Kies een doorverwijzing."),
            "invalid_choice": _("Deze doorverwijzing is intussen veranderd. Kies opnieuw."),
        },
    )
    to: ReferralStatus

    def __init__(self, desk: Desk, data: Any = None, **initial: Any) -> None:
        possible = able_to(desk, self.to)
        if len(possible) == 1:
            initial.setdefault("referral", possible[0].pk)
        super().__init__(desk, data, **initial)
        field: Any = self.fields["referral"]
        fitting = desk.case.referrals.filter(pk__in=[one.pk for one in possible])
        field.queryset = fitting.select_related("partner")


def choose(to: ReferralStatus) -> type[ChooseForm]:
    return type(f"Choose{to.name.title()}", (ChooseForm,), {"to": to})


def able_to(desk: Desk, to: ReferralStatus) -> list[Referral]:
    return [one for one in desk.referrals if to in REFERRAL_NEXT[ReferralStatus(one.status)]]


def _may(to: ReferralStatus) -> Any:
    return lambda desk: desk.may_open and bool(able_to(desk, to))


def _ask(desk: Desk, answers: Answers) -> object:
    return actions.ask_referral(
        desk.case,
        partner=answers["partner"],
        shares=answers["shares"],
        reporter_agreed=answers["reporter_agreed"],
        by=desk.user,
    )


def _agree(desk: Desk, answers: Answers) -> object:
    return actions.answer_referral(answers["referral"], agrees=True, by=desk.user)


def _to(status: ReferralStatus) -> Any:
    return lambda desk, answers: actions.report_back(answers["referral"], status, by=desk.user)


def section(desk: Desk, content: vault.Content) -> dict[str, Any]:
    """The referrals of an open case, with what the organisations are told."""
    return {"referrals": content.rows(desk.referrals), "check_before": check_before()}


VERBS = [
    Verb(
        "hulp-vragen",
        _("Andere organisatie inschakelen"),
        fits=lambda desk: desk.may_open and desk.case.is_open,
        do=_ask,
        done=_("De doorverwijzing staat klaar."),
        group=Group.HELP,
        form=AskForm,
        explain=_(
            "Er gaat niets naar buiten voordat de melder instemt met precies deze doorverwijzing. "
            "Daarna belt of schrijft u de organisatie zelf."
        ),
        back_to="doorverwijzing",
    ),
    Verb(
        "hulp-instemming",
        _("Doorverwijzing: de melder stemde in"),
        fits=_may(ReferralStatus.AGREED),
        do=_agree,
        done=_("De instemming is vastgelegd. U kunt de organisatie nu benaderen."),
        group=Group.HELP,
        form=choose(ReferralStatus.AGREED),
        explain=_("Leg alleen vast wat de melder u zelf vertelde."),
        back_to="doorverwijzing",
    ),
    Verb(
        "hulp-loopt",
        _("Doorverwijzing: loopt"),
        fits=_may(ReferralStatus.RUNNING),
        do=_to(ReferralStatus.RUNNING),
        done=_("Vastgelegd: de hulp loopt."),
        group=Group.HELP,
        form=choose(ReferralStatus.RUNNING),
        explain=_("Vraag de organisatie niet naar de inhoud. Alleen dat de hulp loopt, komt in de zaak."),
        back_to="doorverwijzing",
    ),
    Verb(
        "hulp-klaar",
        _("Doorverwijzing: klaar"),
        fits=_may(ReferralStatus.DONE),
        do=_to(ReferralStatus.DONE),
        done=_("Vastgelegd: de hulp is klaar."),
        group=Group.HELP,
        form=choose(ReferralStatus.DONE),
        back_to="doorverwijzing",
    ),
    Verb(
        "hulp-vervallen",
        _("Doorverwijzing: vervallen"),
        fits=_may(ReferralStatus.CANCELLED),
        do=_to(ReferralStatus.CANCELLED),
        done=_("De doorverwijzing is vervallen."),
        group=Group.HELP,
        form=choose(ReferralStatus.CANCELLED),
        explain=_("Weet de organisatie er al van? Vertel het hun dan zelf."),
        back_to="doorverwijzing",
    ),
]
