"""Believable cases in every status, line and role. No real person, organisation or incident."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from netwerk.functions import Layer
from netwerk.models import Contact, Organisation, Partner
from weerbaar.accounts.models import User
from weerbaar.accounts.roles import Role
from weerbaar.vault import api as vault

from . import actions, demo_together
from .actions import Contactable, Report
from .lifecycle import AangifteStatus, ReferralStatus, Status, TourStatus
from .models import Case, DutyShift, MessageTemplate, SavedView, TeamMember, TourVisit
from .models.legal import moment_of
from .urgency import Urgency, contact_due
from .vocabulary import (
    Channel,
    Consent,
    Expertise,
    FiledBy,
    Frequency,
    Kind,
    LegalMoment,
    MeasureKind,
    Motive,
    OnBehalf,
    Owner,
    Payer,
    PressureKind,
    SafeMoment,
    Severity,
    Target,
)

ORGANISATIONS = [  # invented: a made-up incident must not stick to a real council
    ("GM9998", "Voorbeelddam", Layer.GEMEENTE, "PV26"),
    ("GM9999", "Demoveen", Layer.GEMEENTE, "PV22"),
    ("PV99", "Voorbeeldland", Layer.PROVINCIE, "PV99"),
    ("WS9999", "Demo-oever", Layer.WATERSCHAP, ""),
]


def fill() -> None:
    """One case for each thing that can be seen; nothing when there are cases already."""
    if Case.objects.exists():
        return
    with transaction.atomic():
        _organisations()
        _duty()
        _desk()
        _team()
        _tour()
    codes = {}
    for days_ago, tell in STORIES:
        with transaction.atomic():
            case, code = tell()
            _read(case)
            _age(case, timedelta(days=days_ago))
            codes[case.reference] = str(code)
    with transaction.atomic():
        demo_together.fill(
            _report,
            first_line=person(Role.EERSTE_LIJN),
            council=place("Demoveen"),
            town=place("Voorbeelddam"),
        )
    _keep(codes)


def person(role: Role) -> User:
    return User.objects.get(email=f"{role.value}@demo.invalid")


def place(name: str) -> Organisation:
    return Organisation.objects.get(name=name, code__contains="99")


def _organisations() -> None:
    for code, name, layer, province in ORGANISATIONS:
        Organisation.objects.get_or_create(
            code=code, defaults={"name": name, "layer": layer, "province_code": province}
        )
    Contact.objects.get_or_create(
        user=person(Role.ORGANISATIECONTACT),
        organisation=place("Voorbeelddam"),
        defaults={"function": "griffier", "label": "De griffier"},
    )


def _duty() -> None:
    start = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    DutyShift.objects.create(
        starts_at=start,
        ends_at=start + timedelta(weeks=4),
        on_duty=person(Role.EERSTE_LIJN),
        backup=person(Role.COORDINATOR),
    )


TEMPLATES = [  # for situations that come back; without a name, a place or a reference
    (
        "Eerste contact",
        "Goed dat u dit meldt. Ik help u vanaf nu en ben uw vaste contactpersoon.\n\n"
        "Wanneer kan ik u het beste spreken? U mag hier antwoorden, of ons bellen.",
    ),
    (
        "Online haat of doxing",
        "Wat vervelend dat dit gebeurt. Bewaar eerst alles: maak een schermafbeelding met de datum en het "
        "adres van de pagina erop. Reageer niet.\n\n"
        "Wij vragen het platform om het bericht weg te halen, en kijken met u of aangifte verstandig is.",
    ),
    (
        "Aangifte voorbereiden",
        "U wilt aangifte doen. Wij zetten met u op een rij wat er is gebeurd en wat u hebt bewaard.\n\n"
        "U hoeft uw eigen adres niet te noemen: u kunt vragen om domicilie bij uw werk.",
    ),
    (
        "Hoe gaat het nu?",
        "We spraken elkaar een tijdje geleden. Hoe gaat het nu met u en met wie bij u thuis is?\n\n"
        "Is er iets nieuws gebeurd? Laat het ons weten, ook als het klein lijkt.",
    ),
]


def _desk() -> None:
    """What makes the work lighter: texts to begin with, and a view that colleagues share."""
    for title, text in TEMPLATES:
        MessageTemplate.objects.get_or_create(title=title, defaults={"text": text})
    SavedView.objects.get_or_create(
        owner=person(Role.COORDINATOR),
        name="Spoed van niemand",
        defaults={"query": "urgency=1&handler=nobody", "is_shared": True},
    )


def _team() -> None:
    for role, fields in {
        Role.EERSTE_LIJN: {"function": "raadslid", "province_code": "PV29", "capacity": 12},
        Role.TWEEDE_LIJN: {
            "expertises": [Expertise.LEGAL, Expertise.FAMILY, Expertise.CRIMINAL_PROCEEDINGS],
            "capacity": 8,
        },
    }.items():
        TeamMember.objects.get_or_create(user=person(role), defaults=fields)


def _tour() -> None:
    held = timezone.now() - timedelta(days=40)
    steps: list[tuple[str, TourStatus, dict[str, Any]]] = [
        (
            "Voorbeelddam",
            TourStatus.DONE,
            {"session_at": held, "outcome": "Een agressieprotocol en een vast aanspreekpunt."},
        ),
        ("Demoveen", TourStatus.PLANNED, {"session_at": timezone.now() + timedelta(days=12)}),
        ("Demo-oever", TourStatus.INVITED, {}),
    ]
    for name, status, fields in steps:
        TourVisit.objects.create(
            organisation=place(name),
            status=status,
            invited_on=date.today() - timedelta(days=90),
            leader=person(Role.EERSTE_LIJN),
            **fields,
        )


def _report(**answers: Any) -> tuple[Case, vault.AccessCode]:
    code = vault.new_access_code()
    given: dict[str, Any] = {"wish": "team", "severity": Severity.SERIOUS, "frequency": Frequency.ONCE}
    case = actions.report_incident(
        Report(**(given | answers)), submission=f"demo-{code.reader}"[:64], code=code
    )
    assert isinstance(case, Case)
    return case, code


def new_and_urgent() -> tuple[Case, vault.AccessCode]:
    return _report(
        kinds=[Kind.HOME_VISIT, Kind.THREAT],
        channels=[Channel.HOME],
        targets=[Target.PERSON, Target.FAMILY],
        severity=Severity.VERY_SERIOUS,
        frequency=Frequency.ONGOING,
        function="wethouder",
        organisation=place("Voorbeelddam"),
        narrative=(
            "Gisteravond stonden twee mannen bij mijn voordeur. Ze zeiden dat ik nog één keer mocht nadenken "
            "over de vergunning voor het bedrijventerrein. Mijn dochter deed open. Vanochtend reed dezelfde "
            "auto weer langzaam door de straat."
        ),
        contact=Contactable(
            name="Noor",
            phone="+31600000001",
            moment=SafeMoment.EVENING,
            remark="Niet bellen als ik op het stadhuis ben.",
        ),
    )


def new_and_low() -> tuple[Case, vault.AccessCode]:
    return _report(
        kinds=[Kind.VERBAL],
        channels=[Channel.SOCIAL_MEDIA],
        targets=[Target.OFFICE],
        motive=Motive.FRUSTRATION,
        severity=Severity.ANNOYING,
        function="raadslid",
        organisation=place("Demoveen"),
        narrative="Onder mijn bericht over de sporthal staan scheldwoorden. Moet ik dat melden?",
    )


def callback() -> tuple[Case, vault.AccessCode]:
    code = vault.new_access_code()
    case = actions.request_callback(
        Contactable(name="Sam", phone="+31600000002", moment=SafeMoment.OFFICE_HOURS, voicemail=False),
        submission="demo-callback",
        code=code,
    )
    return case, code


def for_the_organisation_only() -> tuple[Case, vault.AccessCode]:
    contact = Contact.objects.get(user=person(Role.ORGANISATIECONTACT))
    case, code = _report(
        wish="organisation",
        kinds=[Kind.INTIMIDATION],
        channels=[Channel.MEETING],
        targets=[Target.GROUP],
        function="raadslid",
        organisation=contact.organisation,
        contacts=[contact],
        narrative=(
            "Na de raadsvergadering hield een groep bewoners ons tegen bij de uitgang. Er werd geduwd en "
            "geroepen dat ze wisten waar wij wonen. Ik wil dat de griffier dit weet."
        ),
    )
    actions.react_to_report(
        case.organisation_report,
        text="Dank dat u dit meldt. Ik bel de beveiliging en kom morgen bij u terug.",
        submission="demo-reaction",
        by=contact.user,
    )
    return case, code


def in_triage() -> tuple[Case, vault.AccessCode]:
    case, code = _report(
        kinds=[Kind.DOXING, Kind.ONLINE_HATE],
        channels=[Channel.SOCIAL_MEDIA],
        targets=[Target.PERSON, Target.FAMILY],
        motive=Motive.IDEOLOGY,
        function="statenlid",
        organisation=place("Voorbeeldland"),
        narrative="Mijn adres en een foto van ons huis staan in een groep met duizenden leden.",
        contact=Contactable(name="Robin", email="robin@demo.invalid"),
    )
    by = person(Role.EERSTE_LIJN)
    actions.take_case(case, by=by)
    actions.add_note(case, text="Eerst de plaatsing laten weghalen, dan aangifte doxing bespreken.", by=by)
    actions.send_message(
        case,
        text="Goed dat u dit meldt. Wij helpen u om het bericht weg te krijgen.",
        submission=f"demo-{case.pk}",
        by=by,
    )
    return case, code


def waiting() -> tuple[Case, vault.AccessCode]:
    case, code = _report(
        kinds=[Kind.LEGAL_PRESSURE],
        channels=[Channel.POST],
        targets=[Target.PERSON],
        motive=Motive.OWN_INTEREST,
        function="db_lid",
        organisation=place("Demo-oever"),
        narrative="Een ondernemer dreigt mij persoonlijk aansprakelijk te stellen: elke week een brief.",
    )
    by = person(Role.EERSTE_LIJN)
    actions.take_case(case, by=by)
    actions.triage_case(case, urgency=Urgency.LOW, kinds=[Kind.LEGAL_PRESSURE], by=by)
    procedure = actions.open_procedure(
        case,
        kind=PressureKind.LIABILITY,
        status="announced",
        description="De ondernemer wil een schadevergoeding van mij zelf, niet van het waterschap.",
        by=by,
    )
    term = moment_of(date.today() + timedelta(days=16), None)
    remark = "Antwoord op de brief van de advocaat."
    actions.set_date(procedure, kind=LegalMoment.TERM, at=term, remark=remark, by=by)
    actions.wait_for_reporter(case, until=date.today() + timedelta(days=6), by=by)
    return case, code


def handover_asked() -> tuple[Case, vault.AccessCode]:
    case, code = _report(
        kinds=[Kind.STALKING],
        channels=[Channel.EMAIL, Channel.PHONE],
        targets=[Target.PERSON],
        frequency=Frequency.ONGOING,
        on_behalf=OnBehalf.OTHER,
        consent=Consent.GIVEN,
        people="Een raadslid van mijn gemeente; zij weet van deze melding.",
        function="griffier",
        organisation=place("Demoveen"),
        narrative="Zij krijgt al weken mails en telefoontjes van dezelfde man, ook 's nachts.",
        contact=Contactable(name="De griffier", email="griffie@demo.invalid", moment=SafeMoment.OFFICE_HOURS),
    )
    by = person(Role.EERSTE_LIJN)
    actions.take_case(case, by=by)
    actions.ask_handover(
        case,
        to=person(Role.TWEEDE_LIJN),
        expertise=Expertise.CRIMINAL_PROCEEDINGS,
        reason="Een jurist kan helpen met de aangifte en een contactverbod.",
        by=by,
    )
    return case, code


def handover_offered() -> tuple[Case, vault.AccessCode]:
    case, code = _report(
        kinds=[Kind.VANDALISM],
        channels=[Channel.HOME],
        targets=[Target.FAMILY],
        function="burgemeester",
        organisation=place("Demoveen"),
        narrative="Vannacht zijn de ruiten van mijn auto ingeslagen. Mijn kinderen durven niet naar school.",
    )
    by = person(Role.EERSTE_LIJN)
    actions.take_case(case, by=by)
    actions.ask_handover(
        case,
        to=person(Role.TWEEDE_LIJN),
        expertise=Expertise.FAMILY,
        reason="Steun voor de kinderen.",
        by=by,
        reporter_agreed=True,
    )
    return case, code


def in_guidance_with_second_line() -> tuple[Case, vault.AccessCode]:
    case, code = handover_offered()
    actions.accept_handover(case.handovers.get(), by=person(Role.TWEEDE_LIJN))
    return case, code


def in_guidance() -> tuple[Case, vault.AccessCode]:
    case, code = _report(
        kinds=[Kind.BRIBERY, Kind.INTIMIDATION],
        channels=[Channel.PUBLIC],
        targets=[Target.OFFICE],
        motive=Motive.CRIMINAL,
        function="wethouder",
        organisation=place("Voorbeelddam"),
        narrative="Mij is geld geboden voor informatie over een aanbesteding. Nu ik weiger, dreigen zij.",
    )
    by = person(Role.EERSTE_LIJN)
    actions.take_case(case, by=by)
    actions.register_contact(case, by=by)
    actions.move_case(case, Status.IN_GUIDANCE, by=by)
    for slug, shares, has_agreed in (
        ("liec", "Een poging tot omkoping bij een aanbesteding, zonder namen.", True),
        ("slachtofferhulp", "Iemand wil praten over wat dit met het gezin doet.", False),
    ):
        if partner := Partner.objects.filter(slug=slug).first():
            referral = actions.ask_referral(
                case, partner=partner, shares=shares, by=by, reporter_agreed=has_agreed
            )
            if has_agreed:
                actions.report_back(referral, ReferralStatus.RUNNING, by=by)
    return case, code


def aftercare() -> tuple[Case, vault.AccessCode]:
    case, code = in_guidance()
    by = person(Role.EERSTE_LIJN)
    actions.plan_aftercare(case, by=by)
    first = case.aftercare.first()
    assert first is not None
    actions.complete_aftercare(first, report="Slaapt weer beter. Gezin ook gesproken.", by=by)
    actions.add_care_person(case, relation="partner", name="Kim", contact="Alleen overdag bellen.", by=by)
    aangifte = actions.open_aangifte(
        case,
        status=AangifteStatus.FILED,
        filed_by=FiledBy.EMPLOYER,
        filed_on=date.today() - timedelta(days=8),
        domicilie=True,
        vpt_code_asked=True,
        contact="Het team recherche van de politie-eenheid.",
        by=by,
    )
    actions.move_aangifte(aangifte, AangifteStatus.INVESTIGATION, by=by)
    hearing = moment_of(date.today() + timedelta(days=34), time(13, 30))
    remark = "Bij de rechtbank, ingang aan de zijkant."
    actions.set_date(aangifte, kind=LegalMoment.HEARING, at=hearing, remark=remark, by=by)
    actions.plan_measure(
        case,
        what="Een camera bij de voordeur.",
        status="ordered",
        kind=MeasureKind.ELECTRONIC,
        owner=Owner.EMPLOYER,
        payer=Payer.EMPLOYER,
        cost_once=Decimal("450"),
        due_on=date.today() + timedelta(days=12),
        by=by,
    )
    return case, code


def closed() -> tuple[Case, vault.AccessCode]:
    case, code = in_guidance()
    actions.close_case(case, outcome="supported", by=person(Role.EERSTE_LIJN))
    return case, code


def referred() -> tuple[Case, vault.AccessCode]:
    case, code = in_triage()
    actions.move_case(case, Status.REFERRED, by=person(Role.EERSTE_LIJN))
    return case, code


def withdrawn() -> tuple[Case, vault.AccessCode]:
    case, code = new_and_low()
    visit = vault.start_visit(case, code)
    actions.withdraw_case(case, visit=visit)
    vault.end_visit(visit)
    return case, code


STORIES: list[tuple[float, Callable[[], tuple[Case, vault.AccessCode]]]] = [  # how many days ago, what
    (0, new_and_urgent),
    (1, new_and_low),
    (0.2, callback),
    (1, for_the_organisation_only),
    (2, in_triage),
    (6, waiting),
    (3, handover_asked),
    (4, handover_offered),
    (20, in_guidance_with_second_line),
    (9, in_guidance),
    (12, aftercare),
    (60, closed),
    (35, referred),
    (15, withdrawn),
]


def _read(case: Case) -> None:
    """Let the handler open the case, to judge it and to handle it: then the log has lines to show.

    The lines are of today, however old the case: nobody writes the access log afterwards.
    """
    handler = Case.objects.get(pk=case.pk).handler
    for purpose in (vault.Purpose.TRIAGE, vault.Purpose.HANDLE) if handler else ():
        with vault.open(case, by=handler, purpose=purpose):
            pass


def _age(case: Case, by: timedelta) -> None:
    """Move a case into the past, so that terms, queues and timelines look lived in."""
    moments = ["received_at", "acknowledged_at", "contacted_at", "waiting_since", "closed_at"]
    Case.objects.filter(pk=case.pk).update(**{name: F(name) - by for name in moments})
    for rows in (case.status_changes, case.notes, case.messages):
        rows.update(at=F("at") - by)
    case.assignments.update(started_at=F("started_at") - by, ended_at=F("ended_at") - by)
    case.handovers.update(**{name: F(name) - by for name in ("asked_at", "consented_at", "answered_at")})
    case.aftercare.update(due_on=F("due_on") - by, done_at=F("done_at") - by)
    case.refresh_from_db()
    case.contact_due_at = contact_due(Urgency(case.urgency), case.received_at)  # a term keeps to the calendar
    case.save(update_fields=["contact_due_at"])


def _keep(codes: dict[str, str]) -> None:
    """Write the access codes of the demo reporters where the demo accounts are."""
    path = Path(os.environ.get("VAR", "var")) / "demo-codes.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(codes, indent=2) + "\n")
