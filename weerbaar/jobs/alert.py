"""An alert makes a person look, now. It carries no content."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

from django.conf import settings
from django.utils.translation import gettext as _

from . import mail

if TYPE_CHECKING:
    from weerbaar.accounts.models import User

TIMEOUT = 5  # seconds


def send(to: User, link: str) -> None:
    """Alert one person, from within a job: by mail, or over an HTTPS gateway (SMS, push) when one is set.

    The gateway gets `{"to", "text", "id"}`; `id` is the same when an alert is sent again, so that it can be
    dropped there. Anything but a 2xx answer raises, and the job is tried again.
    """
    if not settings.ALERT_GATEWAY_URL:
        mail.send("alert", to=to.email, link=link)
        return
    if not settings.ALERT_GATEWAY_URL.startswith("https://"):
        raise ValueError("ALERT_GATEWAY_URL must be https")
    body = {
        "to": getattr(to, "phone", "") or to.email,
        "text": _("Er wacht iets dringends. Meld u aan op het portaal."),
        "id": mail.message_id_for("alert", str(to.pk), link),
    }
    request = Request(  # noqa: S310 - https only, checked above
        settings.ALERT_GATEWAY_URL, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(request, timeout=TIMEOUT):  # noqa: S310 - see above
        pass
