from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from netwerk.models import AccountRequest, Contact, Partner
from weerbaar.accounts.backends import ByEmail
from weerbaar.jobs import WORKER_ONLY, beat, enqueue, job, mail
from weerbaar.zones import Zone

KEPT = timedelta(days=30)


@job(zones=frozenset({Zone.MIJN}))
def tell_contacts(request_id: str) -> None:
    """Tell the organisation's contacts that something waits for them."""
    asked = AccountRequest.objects.filter(pk=request_id).first()
    if asked is None:  # decided about in the meantime
        return
    contacts = Contact.objects.current().filter(organisation=asked.organisation_id)
    for email in sorted(set(contacts.values_list("user__email", flat=True))):
        mail.send("organisatie_er_is_iets", to=email, link="/mijn/")


@job(zones=WORKER_ONLY)
def remind_editors(month: str) -> None:
    """Who keeps up the partners hears, once a month, that some were not checked for half a year."""
    if not Partner.objects.to_check(timezone.localdate()).exists():
        return
    for editor in ByEmail().with_perm("netwerk.change_partner", include_superusers=False):
        mail.send("netwerk_controleren", to=editor.email, link="/beheer/")


@beat(every=timedelta(hours=1))
def ask_to_check_partners(now: datetime) -> None:
    today = timezone.localtime(now).date()
    if Partner.objects.to_check(today).exists():
        enqueue(remind_editors, key=f"partners:{today:%Y-%m}", month=f"{today:%Y-%m}")


@beat(every=timedelta(hours=1))
def clear_old_requests(now: datetime) -> None:
    """A request that nobody decided about has no reason to stay."""
    AccountRequest.objects.filter(asked_at__lt=now - KEPT).delete()
