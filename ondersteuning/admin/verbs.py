"""What a colleague can do with a case: the table of all verbs. Those of one noun may stand beside it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from ondersteuning import actions, zaakdossier
from ondersteuning.lifecycle import Status
from weerbaar.documents import api as documents

from . import aftercare, breakglass, forms, legal, measure, referral, related, rights, team
from .desk import Desk
from .verb import Answers, Group, Verb, handles


def _take(desk: Desk, answers: Answers) -> object:
    return actions.take_case(desk.case, by=desk.user)


def _acknowledge(desk: Desk, answers: Answers) -> object:
    return actions.acknowledge(desk.case, by=desk.user)


def _assign(desk: Desk, answers: Answers) -> object:
    return actions.assign_case(desk.case, to=answers["to"], by=desk.user)


def _accept(desk: Desk, answers: Answers) -> object:
    return actions.accept_handover(_offered(desk), by=desk.user)


def _decline(desk: Desk, answers: Answers) -> object:
    return actions.decline_handover(_offered(desk), by=desk.user)


def _offered(desk: Desk) -> Any:
    """The handover to answer; one answered in the meantime is refused by the action."""
    mine = [one for one in desk.handovers if one.to_user_id == desk.user.pk]
    if not mine:
        raise PermissionDenied
    return desk.offer or mine[-1]


def _triage(desk: Desk, answers: Answers) -> object:
    return actions.triage_case(
        desk.case,
        urgency=answers["urgency"],
        kinds=answers["kinds"],
        by=desk.user,
        version=answers["version"],
    )


def _contact(desk: Desk, answers: Answers) -> object:
    return actions.register_contact(desk.case, by=desk.user)


def _guide(desk: Desk, answers: Answers) -> object:
    return actions.move_case(desk.case, Status.IN_GUIDANCE, by=desk.user, version=answers["version"])


def _refer(desk: Desk, answers: Answers) -> object:
    return actions.move_case(desk.case, Status.REFERRED, by=desk.user, version=answers["version"])


def _hand_over(desk: Desk, answers: Answers) -> object:
    return actions.ask_handover(
        desk.case,
        to=answers["to"],
        expertise=answers["expertise"],
        reason=answers["reason"],
        reporter_agreed=answers["reporter_agreed"],
        by=desk.user,
    )


def _agree(desk: Desk, answers: Answers) -> object:
    return actions.answer_for_reporter(_running(desk), agrees=True, by=desk.user)


def _cancel(desk: Desk, answers: Answers) -> object:
    return actions.cancel_handover(_running(desk), by=desk.user)


def _running(desk: Desk) -> Any:
    """The handover in question; one answered in the meantime is refused by the action."""
    if not desk.handovers:
        raise PermissionDenied
    return desk.running_handover or desk.handovers[-1]


def _wait(desk: Desk, answers: Answers) -> object:
    until = date.fromisoformat(answers["until"])
    return actions.wait_for_reporter(desk.case, until=until, by=desk.user, version=answers["version"])


def _resume(desk: Desk, answers: Answers) -> object:
    return actions.resume_case(desk.case, by=desk.user)


def _plan_aftercare(desk: Desk, answers: Answers) -> object:
    start = date.fromisoformat(answers["start"])
    return actions.plan_aftercare(desk.case, by=desk.user, start=start, version=answers["version"])


def _complete_step(desk: Desk, answers: Answers) -> object:
    return actions.complete_aftercare(answers["step"], report=answers["text"], by=desk.user)


def _close(desk: Desk, answers: Answers) -> object:
    return actions.close_case(desk.case, outcome=answers["outcome"], by=desk.user, version=answers["version"])


def _reopen(desk: Desk, answers: Answers) -> object:
    return actions.reopen_case(desk.case, by=desk.user, version=answers["version"])


def _withdraw(desk: Desk, answers: Answers) -> object:
    return actions.withdraw_case(desk.case, by=desk.user)


def _temporary_code(desk: Desk, answers: Answers) -> object:
    return actions.give_temporary_code(
        desk.case, checked=answers["text"], by=desk.user, version=answers["version"]
    )


def _note(desk: Desk, answers: Answers) -> object:
    return actions.add_note(desk.case, text=answers["text"], by=desk.user)


def _assess(desk: Desk, answers: Answers) -> object:
    return actions.assess(desk.case, text=answers["text"], version=answers["version"], by=desk.user)


def _print(desk: Desk, answers: Answers) -> object:
    return documents.request(desk.case, zaakdossier.KIND, audience=zaakdossier.TEAM, by=desk.user)


# In the order of the page. The first one that fits is the primary action.
VERBS = [
    Verb(
        "gezien",
        _("Ik heb het gezien"),
        fits=lambda desk: desk.may_acknowledge and not desk.may_take,
        do=_acknowledge,
        done=_("Genoteerd. De volgende in de rij wordt niet meer gewekt."),
        reads_content=False,
        at_once=True,
    ),
    Verb(
        "nemen",
        _("In behandeling nemen"),
        fits=lambda desk: desk.may_take,
        do=_take,
        done=_("U behandelt deze zaak nu."),
        reads_content=False,
        at_once=True,
    ),
    Verb(
        "overnemen",
        _("Zaak overnemen"),
        fits=lambda desk: desk.offer is not None,
        do=_accept,
        done=_("U hebt de zaak overgenomen."),
        reads_content=False,
        at_once=True,
    ),
    Verb(
        "niet-overnemen",
        _("Ik kan dit niet overnemen"),
        fits=lambda desk: desk.offer is not None,
        do=_decline,
        done=_("De eerste lijn houdt de zaak en krijgt een seintje."),
        reads_content=False,
        at_once=True,
    ),
    Verb(
        "hervatten",
        _("Niet langer wachten"),
        fits=lambda desk: handles(desk) and desk.case.is_waiting,
        do=_resume,
        done=_("De termijn loopt weer."),
        at_once=True,
    ),
    Verb(
        "triage",
        _("Triage vastleggen"),
        fits=lambda desk: handles(desk) and desk.case.urgency_is_provisional,
        do=_triage,
        done=_("De triage is vastgelegd."),
        form=forms.TriageForm,
        explain=_("De termijn voor het eerste contact volgt de urgentie."),
    ),
    Verb(
        "begeleiding",
        _("Begeleiding beginnen"),
        fits=lambda desk: handles(desk) and desk.case.status == Status.IN_TRIAGE,
        do=_guide,
        done=_(
            "De zaak is nu in begeleiding. De melder ziet dat in het portaal; "
            "met een e-mailadres volgt een mail."
        ),
        at_once=True,
    ),
    Verb(
        "nazorg",
        _("Nazorg plannen"),
        fits=lambda desk: handles(desk) and desk.case.status == Status.IN_GUIDANCE,
        do=_plan_aftercare,
        done=_("Het nazorgplan staat klaar. U krijgt op tijd een herinnering."),
        form=forms.AftercareForm,
        explain=_("We plannen vier momenten: binnen 72 uur, na 2 weken, na 6 tot 8 weken en na 3 maanden."),
        back_to="nazorg",
    ),
    Verb(
        "nazorgmoment",
        _("Nazorgmoment vastleggen"),
        fits=lambda desk: (
            handles(desk)
            and desk.next_step is not None
            and (desk.case.status == Status.AFTERCARE or desk.next_step.person is not None)
        ),
        do=_complete_step,
        done=_("Het nazorgmoment is afgerond."),
        form=forms.StepForm,
        back_to="nazorg",
    ),
    Verb(
        "afsluiten",
        _("Zaak afsluiten"),
        fits=lambda desk: desk.may_open and desk.may_become(Status.CLOSED),
        do=_close,
        done=_(
            "De zaak is afgesloten. De melder ziet dat in het portaal; met een e-mailadres volgt een mail."
        ),
        form=forms.CloseForm,
        explain=_("Wat nog gepland stond vervalt. U kunt de zaak later heropenen."),
    ),
    Verb(
        "heropenen",
        _("Zaak heropenen"),
        fits=lambda desk: desk.may_open and not desk.case.is_open and desk.may_become(Status.IN_GUIDANCE),
        do=_reopen,
        done=_("De zaak is weer in begeleiding."),
        explain=_(
            "De melder ziet dat in het portaal. Met een e-mailadres volgt een mail dat er iets is veranderd."
        ),
    ),
    Verb(
        "contact",
        _("Contact gehad"),
        fits=lambda desk: handles(desk) and desk.case.contacted_at is None,
        do=_contact,
        done=_("Het eerste contact is vastgelegd."),
        explain=_("Doe dit alleen als u de melder zelf sprak. De termijn is dan gehaald."),
    ),
    Verb(
        "urgentie",
        _("Urgentie of soort wijzigen"),
        fits=lambda desk: handles(desk) and not desk.case.urgency_is_provisional,
        do=_triage,
        done=_("De wijziging is opgeslagen."),
        form=forms.TriageForm,
    ),
    *legal.VERBS,
    *measure.VERBS,
    *aftercare.VERBS,
    Verb(
        "wachten",
        _("Wachten op de melder"),
        fits=lambda desk: handles(desk) and not desk.case.is_waiting,
        do=_wait,
        done=_("De termijn staat stil tot de melder antwoordt of de dag voorbij is."),
        form=forms.WaitForm,
    ),
    Verb(
        "overdragen",
        _("Overdragen aan de tweede lijn"),
        fits=lambda desk: handles(desk) and desk.running_handover is None,
        do=_hand_over,
        done=_("De overdracht is klaargezet."),
        form=forms.HandoverForm,
        explain=_("De zaak gaat pas over als de melder instemt en de tweede lijn haar overneemt."),
        back_to="overdracht",
    ),
    Verb(
        "instemming",
        _("De melder stemde telefonisch in"),
        fits=lambda desk: desk.may_open and desk.waits_for_consent,
        do=_agree,
        done=_("De zaak is aan de tweede lijn aangeboden."),
        explain=_("Leg alleen vast wat de melder u zelf vertelde. De tweede lijn krijgt dan een seintje."),
        back_to="overdracht",
    ),
    Verb(
        "overdracht-intrekken",
        _("Overdracht intrekken"),
        fits=lambda desk: desk.may_open and desk.running_handover is not None,
        do=_cancel,
        done=_("De overdracht is ingetrokken. U houdt de zaak."),
        explain=_("Daarna kunt u de zaak aan iemand anders aanbieden."),
        back_to="overdracht",
    ),
    Verb(
        "doorverwijzen",
        _("Doorverwijzen"),
        fits=lambda desk: desk.may_open and desk.may_become(Status.REFERRED),
        do=_refer,
        done=_(
            "De zaak is doorverwezen. De melder ziet dat in het portaal; met een e-mailadres volgt een mail."
        ),
        explain=_(
            "De melder krijgt hulp van een andere organisatie. Schrijf eerst in een bericht welke dat is. "
            "Wat nog gepland stond vervalt. Komt de hulp niet op gang, dan kunt u de zaak heropenen."
        ),
    ),
    Verb(
        "intrekken",
        _("Intrekken op verzoek van de melder"),
        fits=lambda desk: desk.may_open and desk.may_become(Status.WITHDRAWN),
        do=_withdraw,
        done=_("De melding is ingetrokken."),
        explain=_(
            "Doe dit alleen als de melder u erom vroeg. Een ingetrokken zaak kan niet worden heropend."
        ),
    ),
    Verb(
        "tijdelijke-code",
        _("Tijdelijke code geven"),
        fits=lambda desk: desk.may_open,
        do=_temporary_code,
        done=_("De tijdelijke code is gemaakt."),
        form=forms.TemporaryCodeForm,
        explain=_(
            "Voor een melder die de toegangscode kwijt is. Bel zelf terug op het nummer dat in de zaak "
            "staat. Staat er geen nummer? Vraag dan iets dat alleen de melder kan weten. Twijfelt u: geef "
            "geen code. De melder ziet in het portaal dat er een code is gegeven."
        ),
        calls=True,
        shown_once="admin/ondersteuning/case/code.html",
    ),
    Verb(
        "toewijzen",
        _("Toewijzen"),
        fits=lambda desk: desk.may_assign,
        do=_assign,
        done=_("De zaak is toegewezen. De collega krijgt een seintje."),
        form=forms.AssignForm,
        explain=_("Wie de zaak nu behandelt, ziet de inhoud daarna niet meer."),
        reads_content=False,
    ),
    Verb(
        "inschatting",
        _("Inschatting opslaan"),
        fits=handles,
        do=_assess,
        done=_("De inschatting is opgeslagen."),
        form=forms.AssessmentForm,
        on_page=True,
        back_to="inschatting",
    ),
    Verb(
        "notitie",
        _("Notitie opslaan"),
        fits=handles,
        do=_note,
        done=_("De notitie is opgeslagen."),
        form=forms.NoteForm,
        on_page=True,
        back_to="notities",
    ),
    Verb(
        "zaakdossier",
        _("Zaakdossier maken"),
        fits=lambda desk: desk.may_open,
        do=_print,
        done=_("Het zaakdossier wordt gemaakt. Dat duurt meestal minder dan een minuut."),
        at_once=True,
        on_page=True,
        back_to="document",
    ),
    *rights.VERBS,
    *referral.VERBS,
    *team.VERBS,
    *breakglass.VERBS,
    *related.VERBS,
]
BY_SLUG = {verb.slug: verb for verb in VERBS}
PRIMARY = {verb.slug for verb in VERBS[: VERBS.index(BY_SLUG["heropenen"]) + 1]} - {"niet-overnemen"}


def fitting(desk: Desk) -> tuple[Verb | None, dict[Group, list[Verb]]]:
    """The one primary action in this state, and the others that are possible, by group; none `on_page`."""
    possible = [verb for verb in VERBS if not verb.on_page and verb.fits(desk)]
    primary = next((verb for verb in possible if verb.slug in PRIMARY), None)
    others = {
        group: [verb for verb in possible if verb.group == group and verb is not primary] for group in Group
    }
    return primary, {group: verbs for group, verbs in others.items() if verbs}


def may_do(verb: Verb, desk: Desk) -> bool:
    """Whether this colleague could ever do this with this case; when not, there is no such page for them."""
    if verb.right and not desk.user.has_perm(verb.right):
        return False
    return desk.may_open if verb.reads_content else True
