"""Inzage of an account (AVG art. 15): what is kept of its holder, apart from what is in the reports."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from netwerk.models import (
    Bundle,
    Contact,
    Digest,
    Follow,
    Membership,
    PartnerMember,
    Signup,
    StarterTalk,
    StepTick,
    Told,
)
from weerbaar.accounts.models import User
from weerbaar.accounts.roles import Role
from weerbaar.accounts.sessions import STORES
from weerbaar.vault import api as vault

from .models import Case
from .own_data import moment
from .words import status_in_words

NOT_IN_IT = [
    _("Uw wachtwoord en de geheimen van uw tweede stap: die bewaren wij onleesbaar."),
    _("Wat in uw meldingen staat. Dat opent u per melding: u krijgt het daar als PDF en als bestand."),
    _("Meldingen die u zonder account deed en niet toevoegde: wij weten niet dat die van u zijn."),
]


def account_data(user: User) -> dict[str, Any]:
    """All by part, in words; moments in UTC (ISO 8601). Belongs in a transaction: see `vault.owned_by`."""
    own = vault.owned_by(Case.objects.order_by("received_at", "pk"), user)
    sessions = STORES[user.zone].model.objects.filter(user=user).order_by("begun_at")
    return {
        "account": {
            "naam": user.name,
            "e_mailadres": user.email,
            "aangemaakt": moment(user.created_at),
            "laatst_aangemeld": moment(user.last_login),
            "tweede_stap": _second_steps(user),
        },
        "rollen": [
            {
                "rol": str(Role(str(grant.role_id)).label),
                "sinds": moment(grant.granted_at),
                "gegeven_door": grant.granted_by,
                "bevestigd_door": grant.confirmed_by,
            }
            for grant in user.role_grants.order_by("granted_at", "pk")
        ],
        "functies": [
            _post(row) for row in Membership.objects.filter(user=user).select_related("organisation")
        ],
        "contactpersoon_van": [
            _post(row) for row in Contact.objects.filter(user=user).select_related("organisation")
        ],
        "inschrijvingen": [
            {
                "waarvoor": str(signup.thing),
                "stand": signup.get_status_display(),
                "gevraagd": moment(signup.asked_at),
                "sessies_bijgewoond": signup.attended,
            }
            for signup in Signup.objects.filter(user=user)
            .with_attendance()
            .select_related("meeting", "edition__training")
        ],
        "spreekt_voor_partner": [
            {"partner": str(row.partner), "vanaf": moment(row.valid_from), "tot": moment(row.valid_until)}
            for row in PartnerMember.objects.filter(user=user).select_related("partner")
        ],
        "basisprogramma": [
            {"stap": tick.step, "gedaan": moment(tick.done_on)}
            for tick in StepTick.objects.filter(user=user).order_by("step")
        ],
        "startgesprekken": [
            {
                "hoe": talk.get_way_display(),
                "wanneer": talk.get_moment_display(),
                "stand": talk.get_status_display(),
                "gevraagd": moment(talk.asked_at),
            }
            for talk in StarterTalk.objects.filter(user=user).order_by("asked_at")
        ],
        "volgt": _followed(user),
        "bundels": [
            {"gevraagd": moment(bundle.asked_at), "stand": bundle.get_state_display()}
            for bundle in Bundle.objects.filter(user=user).order_by("asked_at")
        ],
        "aangemeld": [
            {"sinds": moment(session.begun_at), "tot": moment(session.expires_at)} for session in sessions
        ],
        "meldingen": [
            {
                "kenmerk": case.reference,
                "ontvangen": moment(case.received_at),
                "stand": status_in_words(case),
            }
            for case in own
        ],
        "staat_er_niet_in": [str(line) for line in NOT_IN_IT],
    }


def _followed(user: User) -> dict[str, Any]:
    """What somebody follows in the toolkit, how often they hear of it, and what they heard of."""
    follows = Follow.objects.filter(user=user).select_related("item").order_by("since", "pk")
    told = Told.objects.filter(user=user).select_related("item").order_by("at", "pk")
    digest = Digest.objects.filter(user=user).first()
    return {
        "wat": [
            {
                "wat": str(one.item) if one.item else str(one.get_topic_display()),
                "sinds": moment(one.since),
            }
            for one in follows
        ],
        "overzichtsmail": digest.get_rhythm_display() if digest else "",
        "gemeld": [{"wat": str(one.item), "op": moment(one.at)} for one in told],
    }


def _second_steps(user: User) -> list[str]:
    kinds = Authenticator.objects.filter(user=user).values_list("type", flat=True)
    return sorted({str(Authenticator.Type(kind).label) for kind in kinds})


def _post(row: Membership | Contact) -> dict[str, Any]:
    return {
        "functie": row.get_function_display(),
        "organisatie": row.organisation.label,
        "vanaf": moment(row.valid_from),
        "tot": moment(row.valid_until),
        "bevestigd": moment(row.confirmed_at),
    }
