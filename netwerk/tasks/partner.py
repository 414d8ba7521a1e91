from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from netwerk.models import Partner
from weerbaar.accounts.backends import ByEmail
from weerbaar.jobs import WORKER_ONLY, beat, enqueue, job, mail


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
