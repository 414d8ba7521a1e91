"""Who walks past every door, and what there is to find behind them: one of each, and another's beside it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.files.uploadhandler import StopFutureHandlers
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from netwerk import store as releases
from netwerk.actions import note_attendance, open_intervention
from netwerk.models import (
    AccountRequest,
    AggressionProtocol,
    Budget,
    Bundle,
    Contact,
    Intervention,
    Item,
    KeyFigure,
    Membership,
    NormSignature,
    Organisation,
    Partner,
    PartnerMember,
    PolicyDossier,
    Project,
    ReportingPoint,
    SignalCard,
    StarterTalk,
    Story,
    Theme,
    ThemeRound,
    TrainingEdition,
)
from ondersteuning import actions
from ondersteuning.actions import Contactable, Report, Shared
from ondersteuning.lifecycle import Status
from ondersteuning.models import (
    Assignment,
    BulkChange,
    Case,
    CountedReport,
    DutyShift,
    Evidence,
    MessageTemplate,
    SavedView,
    Share,
    Signal,
    TeamMember,
    TourVisit,
)
from ondersteuning.views.visits import COOKIE
from tests.conftest import Granter
from tests.files.conftest import Asked
from tests.files.corpus import JPEG, full_jpeg
from tests.netwerk.gatherings import make_edition, make_meeting
from tests.netwerk.library import make_item, put_file
from tests.ondersteuning.conftest import put_in
from weerbaar.accounts.actions import grant_role
from weerbaar.accounts.models import Proposal, User
from weerbaar.accounts.roles import Role
from weerbaar.audit.models import Seal
from weerbaar.files import store
from weerbaar.files.cell.formats import BY_EXTENSION
from weerbaar.files.forms import Examined
from weerbaar.files.lifecycle import State
from weerbaar.files.models import StoredFile
from weerbaar.files.tasks import _keep_page
from weerbaar.files.uploads import SealingHandler
from weerbaar.vault import api as vault
from weerbaar.zones import Zone

STORY = "Er stond een man bij mijn hek."

# name → role. Who is in no zone's list below is a stranger there.
PEOPLE = {
    "ambtsdrager": Role.AMBTSDRAGER,
    "contact": Role.ORGANISATIECONTACT,
    "contact_elsewhere": Role.ORGANISATIECONTACT,
    "partner": Role.PARTNER,
    "first_line": Role.EERSTE_LIJN,
    "colleague": Role.EERSTE_LIJN,
    "recused": Role.EERSTE_LIJN,
    "of_association": Role.EERSTE_LIJN,
    "second_line": Role.TWEEDE_LIJN,
    "second_colleague": Role.TWEEDE_LIJN,
    "coordinator": Role.COORDINATOR,
    "netwerkbeheer": Role.NETWERKBEHEER,
    "auditor": Role.AUDITOR,
    "technisch_beheer": Role.TECHNISCH_BEHEER,
    "scanadviseur": Role.SCANADVISEUR,
    "toetsadviseur": Role.TOETSADVISEUR,
    "beveiligingsautoriteit": Role.BEVEILIGINGSAUTORITEIT,
}
OF_MIJN = ["ambtsdrager", "contact", "contact_elsewhere", "partner"]
IN_ZONE = {
    Zone.PUBLIEK: ["stranger", "reporter", "staff_cookie"],
    Zone.MIJN: OF_MIJN,
    Zone.BEHEER: [name for name in PEOPLE if name not in OF_MIJN],
}
OUTSIDE = {  # nobody, somebody whose session has no second factor yet, somebody of the other zone
    Zone.PUBLIEK: [],
    Zone.MIJN: ["stranger", "half_contact", "first_line"],
    Zone.BEHEER: ["stranger", "half_first_line", "contact"],
}


@dataclass
class Scene:
    """The cast by name, a browser for each, and what stands for a variable of a path.

    `ids`: the folder before a variable and the variable itself, to the id of each thing there is to ask for.
    """

    users: dict[str, User]
    cases: dict[str, Case]
    browsers: dict[str, Client]
    ids: dict[str, dict[str, Any]]


def report(organisation: Organisation, code: vault.AccessCode, **fields: Any) -> Case:
    answers: dict[str, Any] = {
        "wish": "team",
        "kinds": ["threat"],
        "severity": "serious",
        "function": "raadslid",
        "organisation": organisation,
        "narrative": STORY,
        "contact": Contactable(name="Mila", phone="0612345678", email="mila@voorbeeld.invalid"),
    }
    case = actions.report_incident(Report(**{**answers, **fields}), submission=uuid.uuid4().hex, code=code)
    assert isinstance(case, Case)
    return case


def add_photo(case: Case, visit: str, name: str = "foto.jpg") -> Evidence:
    """A piece of evidence that was scanned and drawn, without a scanner."""

    handler, data = SealingHandler(Asked()), full_jpeg()
    with suppress(StopFutureHandlers):
        handler.new_file("file", name, JPEG, None, None, {})
    handler.receive_data_chunk(data, 0)
    examined = Examined(handler.file_complete(len(data)), BY_EXTENSION["jpg"])
    actions.add_evidence(case, file=examined, links="", visit=visit)
    row = Evidence.objects.filter(case=case, file__isnull=False).order_by("-at").first()
    assert row
    key = examined.upload.key
    store.keep(row.file_id)
    _keep_page(row.file_id, 1, key, data)
    StoredFile.objects.filter(pk=row.file_id).update(state=State.SCANNED)
    StoredFile.objects.filter(pk=row.file_id).update(state=State.READY, box=None, pages=1, pages_in_all=1)
    return row


def make(sign_in: Callable[..., Any]) -> Scene:
    """Everybody and everything; a case for each relation that a colleague can have to it."""
    users = {}
    for name, role in PEOPLE.items():
        user = User.objects.create_user(f"{name}@test.invalid", "geheim", name=name)
        grant_role(user, role, by=Granter())
        users[name] = User.objects.get(pk=user.pk)
    here = Organisation.objects.create(code="GM9001", name="Testdam", layer="gemeente", province_code="PV26")
    there = Organisation.objects.create(code="GM9002", name="Elders", layer="gemeente", province_code="PV27")
    griffier = {
        which: Contact.objects.create(organisation=place, user=users[name], function="griffier", label=name)
        for which, place, name in (("own", here, "contact"), ("other", there, "contact_elsewhere"))
    }
    membership = Membership.objects.create(
        organisation=here,
        user=users["ambtsdrager"],
        function="raadslid",
        confirmed_by=users["contact"],
        confirmed_at=timezone.now(),
    )
    StarterTalk.objects.create(
        user=users["ambtsdrager"], membership=membership, way="phone", moment="evening"
    )
    protocols = {which: basis_of(place) for which, place in (("own", here), ("other", there))}

    own, other = vault.new_access_code(), vault.new_access_code()
    cases = {
        "taken": report(here, own, wish="both", contacts=[griffier["own"]]),
        "elsewhere": report(there, other, wish="both", contacts=[griffier["other"]]),
        "new": report(here, vault.new_access_code()),
        "organisation": report(
            here, vault.new_access_code(), wish="organisation", contacts=[griffier["own"]]
        ),
    }
    mine, foreign = cases["taken"], cases["elsewhere"]
    visit = vault.start_visit(mine, own)
    photos = {"own": add_photo(mine, visit), "other": add_photo(foreign, vault.start_visit(foreign, other))}
    for case, handler in ((mine, "first_line"), (foreign, "colleague")):
        Assignment.objects.create(case=case, user=users[handler], line="first")
        put_in(case, Status.IN_GUIDANCE)
    legal = {"to": users["second_line"], "expertise": "legal", "reason": "Recht."}
    handovers = {
        "own": actions.ask_handover(mine, **legal, by=users["first_line"]),
        "other": actions.ask_handover(foreign, **legal, by=users["colleague"], reporter_agreed=True),
    }
    proposal = Proposal.objects.create(
        email="nieuw@test.invalid", name="N", role=Role.EERSTE_LIJN, proposed_by=users["coordinator"]
    )
    asked = {
        which: AccountRequest.objects.create(
            email=f"{which}@test.invalid", name="A", organisation=place, function="raadslid"
        )
        for which, place in (("own", here), ("other", there))
    }
    actions.recuse(cases["new"], reason="Ik ken deze persoon.", by=users["recused"])
    glass = actions.break_glass(foreign, reason="Niemand is er.", by=users["coordinator"])
    actions.join_account(other, by=users["ambtsdrager"])
    erasure = actions.ask_erasure(foreign, visit=vault.start_visit(foreign, other))
    actions.share_signal(Shared(kinds=["charm"], text="Steeds een etentje."), submission="x")
    export = actions.ask_export(
        Case.objects.visible_to(users["coordinator"]),
        query="", format="csv", reason="Voor het jaarverslag.", by=users["coordinator"],
    )  # fmt: skip
    views = {
        which: SavedView.objects.create(owner=users[name], name="Spoed", query="", is_shared=is_shared)
        for which, name, is_shared in (("own view", "first_line", False), ("shared view", "colleague", True))
    }
    together = BulkChange.objects.create(by=users["coordinator"], what="urgency", before=[])
    rows_of_lists(users)
    followed = followed_training(users["ambtsdrager"])

    def both(own: Any, other: Any) -> dict[str, Any]:
        return {"own": own, "other": other}

    ids = {
        "overdracht/<uuid:pk>": handovers,
        "hulp/<uuid:pk>": {
            name: actions.ask_referral(case, partner=help_from(), shares="Dit.", by=users[who])
            for name, case, who in (("own", mine, "first_line"), ("other", foreign, "colleague"))
        },
        "meelezer/<int:pk>": both(*(Share.objects.get(report__case=case) for case in (mine, foreign))),
        "bewijs/<uuid:pk>": photos,
        "meldingen/<uuid:pk>": {"in an account": foreign, "not in it": mine},
        "erasurerequest/<uuid:pk>": {"asked": erasure},
        "organisatie/<uuid:report_id>": both(mine.organisation_report, foreign.organisation_report),
        "aanvragen/<uuid:request_id>": asked,
        "norm/<int:organisation_id>": both(here, there),
        "<int:organisation_id>/<slug:kind>": {"own": SimpleNamespace(pk="norm")},
        "agressieprotocol/<int:organisation_id>": both(here, there),
        "versie/<uuid:pk>": protocols,
        "uitnodigen/<uuid:proposal_id>": {"proposal": proposal},
        "meldpunt/<int:point_id>": {
            which: ReportingPoint.objects.create(
                organisation=place, kind="all", name="Meldpunt", for_whom="iedereen", how="bij de griffie"
            )
            for which, place in (("own", here), ("other", there))
        },
        "toolkit/<slug:slug>": {"release": Named("uitgave")},
        "uitgaven/<slug:slug>": {"own release": Named("uitgave"), "of nobody": Named("van-niemand")},
        "download/<int:number>": {"release": Named("1")},
        "bundel/<uuid:bundle_id>": {
            "bundle in mijn": packed(users["ambtsdrager"]),
            "bundle in beheer": packed(users["first_line"]),
        },
        "item/<int:pk>": {"release": Item.objects.get(slug="uitgave")},
        "keys/<int:pk>": {
            "key in mijn": passkey(users["contact_elsewhere"]),
            "key in beheer": passkey(users["colleague"]),
        },
        "case/<uuid:pk>": cases,
        "signal/<uuid:pk>": {"signal": Signal.objects.get()},
        "breakglass/<uuid:pk>": {"glass": glass},
        "savedview/<path:object_id>": views,
        "samen/<uuid:pk>": {"change": together},
        "export/<uuid:pk>": {"export": export},
        "trainingen/<int:edition_id>": {"followed": followed},
        "themas/<slug:partner_slug>": {"partner": Named("hulp")},
        "voorstel/<int:year>": {"year": Named(ThemeRound.objects.get().year)},
        "bewijs/<uuid:evidence>": {"taken": photos["own"], "elsewhere": photos["other"]},
    }
    return Scene(users, cases, browsers(users, visit, sign_in), ids)


@dataclass(frozen=True)
class Named:
    """Something that an address calls by another name than its id."""

    pk: object


def packed(user: User) -> Bundle:
    """A bundle of one file, ready to be fetched."""
    version = Item.objects.get(slug="uitgave").versions.get()
    made = Bundle.objects.create(
        user=user, items=[version.item_id], versions=[version.pk], size=3, state="ready"
    )
    releases.bundle(made.pk).write_bytes(b"zip")
    return made


def passkey(user: User) -> Authenticator:
    """A passkey as it is kept. Nothing can sign in with it."""
    public = ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    known = AttestedCredentialData.create(b"\0" * 16, b"sleutel", public)
    seen = AuthenticatorData.create(b"\0" * 32, 0x41, 0, known)
    name = websafe_encode(b"sleutel")
    credential = {
        "id": name,
        "rawId": name,
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(b'{"type": "webauthn.create", "challenge": "", "origin": "x"}'),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", seen, {}))),
        },
    }
    data = {"name": "sleutel", "credential": credential}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


def basis_of(organisation: Organisation) -> AggressionProtocol:
    """What an organisation signed, and its agressieprotocol."""
    NormSignature.objects.create(
        organisation=organisation, kind="norm", valid_until="2100-01-01", signed_as="griffier"
    )
    return AggressionProtocol.objects.create(
        organisation=organisation,
        version=1,
        report_to="de griffier",
        report_phone="0101234567",
        lead="de burgemeester",
        speaks_out="de burgemeester",
        decides_aangifte="de burgemeester",
        aftercare_by="de griffier",
        aftercare_within=24,
        register="het register",
    )


def help_from() -> Partner:
    partner, _made = Partner.objects.get_or_create(
        slug="hulp", defaults={"name": "Hulp", "kind": "security", "takes_referrals": True}
    )
    return partner


def followed_training(user: User) -> TrainingEdition:
    """Somebody was there, and has not said yet what it was like."""
    edition = make_edition(begins_at=timezone.now() - timedelta(days=5))
    signup = edition.signups.create(user=user, status="placed")
    note_attendance(edition.sessions.get(), [signup])
    return edition


def rows_of_lists(users: dict[str, User]) -> None:
    """A row for each list of the admin that has none yet."""
    now = timezone.now()
    DutyShift.objects.create(
        starts_at=now,
        ends_at=now + timedelta(hours=8),
        on_duty=users["first_line"],
        backup=users["colleague"],
    )
    Seal.objects.create(
        table="audit_accesslog",
        number=1,
        from_transaction=1,
        to_transaction=2,
        rows=1,
        content=b"x",
        chain=b"x",
    )
    TeamMember.objects.create(user=users["of_association"], association="griffiers")
    KeyFigure.objects.create(
        slug="a", topic=1, question="Hoeveel?", group="allen", value=1, unit="number", source="S"
    )
    MessageTemplate.objects.create(title="Eerste contact", text="Dag,")
    Budget.objects.create(year=2017, amount=600_000, source="Bron")
    page = {"slug": "proef", "title": "Proef", "summary": "Een proef."}
    Project.objects.create(**page, kind="pilot", period="2024", source="Bron")
    PolicyDossier.objects.create(**page, spoor=1, body="Tekst.")
    SignalCard.objects.create(**page, topic="women", sees="a", means="b", does="c", calls="d")
    Story.objects.create(**page, body="Tekst.", is_composed=True)
    office = users["netwerkbeheer"]
    track = Intervention(organisation=Organisation.objects.all()[0], reason="tension", lead=office)
    open_intervention(track, by=office)
    TourVisit.objects.create(organisation=Organisation.objects.all()[0], invited_on=now.date())
    PartnerMember.objects.create(partner=help_from(), user=users["partner"])
    make_meeting()
    now_and_later = {"proposals_until": now + timedelta(days=9), "votes_until": now + timedelta(days=19)}
    year = ThemeRound.objects.create(year=2027, **now_and_later)
    Theme.objects.create(round=year, slug="thema", title="Thema", summary="S", reasons="R")
    put_file(make_item("uitgave", partner=help_from()))
    make_item("van-niemand")
    CountedReport.objects.create(submission="x", month=now.date().replace(day=1), kinds=["threat"])


def browsers(users: dict[str, User], visit: str, sign_in: Callable[..., Any]) -> dict[str, Client]:
    found = {"stranger": Client(), "reporter": Client(), "staff_cookie": Client()}
    found["reporter"].cookies[COOKIE] = visit
    for name, user in users.items():
        found[name] = Client()
        sign_in(found[name], user)
    for name in ("contact", "first_line"):
        found[f"half_{name}"] = Client()
        sign_in(found[f"half_{name}"], users[name], second_factor=False)
    for name in ("coordinator", "contact"):
        found["staff_cookie"].cookies.update(found[name].cookies)
    return found
