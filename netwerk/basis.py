"""The steps of the basisprogramma persoonlijke veiligheid. Other apps add theirs in AppConfig.ready:

    from netwerk import basis
    basis.register(basis.Step("home_scan", 20, _("Vraag een woningscan aan"), _("…"), "/mijn/woningscan/",
                              for_whom=basis.HOME_SCAN, is_done=has_a_report))

A step is done when the app knows so, or when the person ticked it. `is_done(user)` gives True or False where
the app knows, None where only the person does; without it the person always ticks. A key that is registered
again replaces the step: the app that comes later knows more. A link is shown only where this site serves it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from netwerk.functions import Function
from netwerk.lifecycle import TalkStatus
from netwerk.models import Declaration, Membership, NormSignature, StarterTalk, StepTick
from weerbaar.accounts.models import User
from weerbaar.pages.context import is_served

Words = str | Promise

OFFICES = frozenset(function for function in Function if function.is_office)
CANDIDATES = frozenset({Function.CANDIDATE_BESTUURDER, Function.CANDIDATE_REPRESENTATIVE})
HOME_SCAN = frozenset(function for function in Function if function.may_home_scan)


@dataclass(frozen=True)
class Step:
    """One thing to do; lower `place` comes first."""

    key: str
    place: int
    title: Words
    text: Words
    link: str = ""
    link_words: Words = ""
    for_whom: frozenset[Function] | None = OFFICES  # None: for whoever has an account
    is_done: Callable[[User], bool | None] | None = None


@dataclass(frozen=True)
class Line:
    """A step as it stands for one person."""

    step: Step
    is_done: bool
    is_known: bool  # the portal knows; else the person ticks
    done_on: date | None
    link: str


STEPS: dict[str, Step] = {}


def register(step: Step) -> None:
    """Add a step to the programme, or replace the one of the same key."""
    STEPS[step.key] = step


def steps_for(user: User) -> list[Step]:
    """The steps that belong to what somebody is now, in their order. One query."""
    held = set(Membership.objects.current().filter(user=user).values_list("function", flat=True))
    fitting = [step for step in STEPS.values() if step.for_whom is None or step.for_whom & held]
    return sorted(fitting, key=lambda step: step.place)


def programme(user: User) -> list[Line]:
    """Each step with how it stands for this person."""
    ticked = dict(StepTick.objects.filter(user=user).values_list("step", "done_on"))
    lines = []
    for step in steps_for(user):
        known = step.is_done(user) if step.is_done else None
        done = step.key in ticked if known is None else known
        link = step.link if step.link and is_served(step.link) else ""
        lines.append(Line(step, done, known is not None, ticked.get(step.key) if done else None, link))
    return lines


def own_organisation_signed(user: User) -> bool:
    """Whether an organisation where somebody holds a function stands by the collective norm."""
    own = Membership.objects.current().filter(user=user).values("organisation")
    return NormSignature.objects.current().filter(kind=Declaration.NORM, organisation__in=own).exists()


def had_the_talk(user: User) -> bool | None:
    """Whether a talk that was asked for here was held; who had one elsewhere says so."""
    return StarterTalk.objects.filter(user=user, status=TalkStatus.DONE).exists() or None


OWN_STEPS = [
    Step(
        "self_scan", 10, _("Doe de zelfscan"),
        _("Vragen over uw huis, uw gezin, onderweg en online. U krijgt meteen tips."),
        "/zelfscan/", _("Naar de zelfscan"), OFFICES | CANDIDATES,
    ),
    Step(
        "home_scan", 20, _("Laat een woningscan doen"),
        _("Een adviseur komt bij u langs en kijkt met u hoe veilig u woont. Dit kost u niets."),
        "/mijn/woningscan/", _("Naar de woningscan"), HOME_SCAN,
    ),
    Step(
        "training", 30, _("Volg een training"),
        _("Bijvoorbeeld over omgaan met intimidatie en bedreiging, of over integriteit."),
        "/trainingen/", _("Bekijk de trainingen"), OFFICES | CANDIDATES,
    ),
    Step(
        "norm", 40, _("De norm van uw organisatie"),
        _("Uw organisatie ondertekent de collectieve norm: emotie mag, agressie niet. Staat dit nog open? "
          "Vraag er uw griffier of secretaris naar."),
        "/norm/", _("Lees de norm"), OFFICES, own_organisation_signed,
    ),
    Step(
        "emergency_card", 50, _("Maak een noodkaart"),
        _("Wie belt u als het misgaat? Zet de nummers op één kaart en leg hem bij de telefoon."),
        "/mijn/basisprogramma/noodkaart/", _("Maak uw noodkaart"), None,
    ),
    Step(
        "confidant", 60, _("Praat met een vertrouwenspersoon"),
        _("Een gesprek voordat er iets is. U weet dan wie u kunt bellen en wat er daarna gebeurt."),
        "/mijn/starterspakket/", _("Gesprek aanvragen"), OFFICES, had_the_talk,
    ),
    Step(
        "online", 70, _("Kijk wat er over u online staat"),
        _("Zoek op uw naam, adres, telefoonnummer en geboortedatum. Laat weghalen wat niemand hoeft te "
          "weten."),
        "/hulp/online/", _("Hulp bij online haat"), OFFICES | CANDIDATES,
    ),
]  # fmt: skip


def register_own() -> None:
    """The programme as the network gives it, before the apps that know more."""
    for step in OWN_STEPS:
        register(step)
