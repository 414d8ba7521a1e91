from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from netwerk.functions import Function
from netwerk.lifecycle import TalkStatus
from netwerk.models import Contact, Membership, NormSignature, StarterOffer, StarterTalk
from weerbaar.jobs import WORKER_ONLY, beat, enqueue, job, mail
from weerbaar.zones import Zone

JUST_BEGUN = timedelta(days=90)  # who has been in office for longer finds the package without a mail
BEFORE_IT_ENDS = timedelta(days=60)


@job(zones=WORKER_ONLY)
def tell_starter(membership_id: int) -> None:
    """Tell somebody who took office that something is ready; the page says what."""
    membership = Membership.objects.current().filter(pk=membership_id, user__is_active=True).first()
    if membership:  # else: the office ended in the meantime
        mail.send("organisatie_er_is_iets", to=membership.user.email, link="/mijn/")


@beat(every=timedelta(hours=1))
def offer_starter_package(now: datetime) -> None:
    """Offer the package to who took office lately and was not offered it for this term."""
    today = timezone.localtime(now).date()
    offices = [function for function in Function if function.is_office]
    began = Membership.objects.current(today).filter(
        function__in=offices, valid_from__gt=today - JUST_BEGUN, user__is_active=True, starter_offer=None
    )
    for membership in began.only("pk"):
        _offer, is_new = StarterOffer.objects.get_or_create(membership=membership)
        if is_new:
            enqueue(tell_starter, key=f"starter:{membership.pk}", membership_id=membership.pk)


@job(zones=frozenset({Zone.MIJN}))
def tell_team_of_talk(talk_id: str) -> None:
    """Tell the team that something came in."""
    if StarterTalk.objects.filter(pk=talk_id, status=TalkStatus.ASKED).exists():
        mail.send("team_nieuw", to=settings.TEAM_EMAIL, link="/beheer/")


@job(zones=frozenset({Zone.BEHEER}))
def tell_asker(talk_id: str) -> None:
    """Tell whoever asked for a talk that something changed."""
    talk = StarterTalk.objects.select_related("user").filter(pk=talk_id, user__is_active=True).first()
    if talk:
        mail.send("organisatie_er_is_iets", to=talk.user.email, link="/mijn/")


@job(zones=WORKER_ONLY)
def tell_signers(signature_id: str) -> None:
    """Tell the organisation's contacts that something waits: a signature that runs out soon."""
    signature = NormSignature.objects.current().filter(pk=signature_id).first()
    if signature is None:  # renewed or withdrawn in the meantime
        return
    contacts = Contact.objects.current().filter(organisation=signature.organisation_id)
    for email in sorted(set(contacts.values_list("user__email", flat=True))):
        mail.send("organisatie_er_is_iets", to=email, link="/mijn/")


@beat(every=timedelta(hours=1))
def ask_to_renew_norms(now: datetime) -> None:
    today = timezone.localtime(now).date()
    ending = NormSignature.objects.current(today).filter(valid_until__lte=today + BEFORE_IT_ENDS)
    for pk, until in ending.values_list("pk", "valid_until"):
        enqueue(tell_signers, key=f"norm:{pk}:{until}", signature_id=pk)
