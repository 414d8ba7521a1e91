"""The demo of the basisprogramma."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from netwerk import actions
from netwerk.functions import Layer
from netwerk.lifecycle import TalkStatus
from netwerk.models import (
    AggressionProtocol,
    Contact,
    Declaration,
    Membership,
    NormSignature,
    Organisation,
    StarterTalk,
)
from weerbaar.accounts.models import User
from weerbaar.accounts.roles import Role


@transaction.atomic
def fill() -> None:
    """An office holder half-way the basisprogramma, and an invented town that signed and has a protocol."""
    town, _made = Organisation.objects.get_or_create(
        code="GM9998", defaults={"name": "Voorbeelddam", "layer": Layer.GEMEENTE, "province_code": "PV26"}
    )
    holder, griffier, team = (
        User.objects.filter(email=f"{role.value}@demo.invalid").first()
        for role in (Role.AMBTSDRAGER, Role.ORGANISATIECONTACT, Role.EERSTE_LIJN)
    )
    if not (holder and griffier and team) or NormSignature.objects.filter(organisation=town).exists():
        return
    Contact.objects.get_or_create(
        user=griffier, organisation=town, defaults={"function": "griffier", "label": "De griffier"}
    )
    membership, _made = Membership.objects.get_or_create(
        user=holder,
        organisation=town,
        function="raadslid",
        defaults={"valid_from": timezone.localdate() - timedelta(days=20)},
    )
    actions.confirm_membership(membership, by=griffier)
    for step in ("self_scan", "emergency_card"):
        actions.tick_step(holder, step, is_done=True)
    talk = StarterTalk.objects.create(user=holder, membership=membership, way="visit", moment="evening")
    actions.move_talk(talk, TalkStatus.ACCEPTED, by=team)
    for kind in (Declaration.NORM, Declaration.CODE):
        actions.sign_norm(town, kind, is_public=True, by=griffier)
    AggressionProtocol.objects.create(
        organisation=town,
        version=1,
        made_by=griffier,
        report_to="de griffier; voor het college de secretaris",
        report_phone="070 0000000",
        lead="de burgemeester",
        speaks_out="de burgemeester, met een brief namens de raad",
        decides_aangifte="de burgemeester, na overleg met het slachtoffer",
        aftercare_by="de griffier, met het bedrijfsmaatschappelijk werk",
        aftercare_within=24,
        register="in het meldregister van de griffie",
    )
