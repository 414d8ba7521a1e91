from __future__ import annotations

from datetime import datetime, timedelta

from netwerk.models import AccountRequest, Contact
from weerbaar.jobs import beat, job, mail
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


@beat(every=timedelta(hours=1))
def clear_old_requests(now: datetime) -> None:
    """A request that nobody decided about has no reason to stay."""
    AccountRequest.objects.filter(asked_at__lt=now - KEPT).delete()
