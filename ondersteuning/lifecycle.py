"""The life of a case (zaak). Pure data: what happens at a move is in `actions`."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    RECEIVED = "received", _("Ontvangen")
    IN_TRIAGE = "in_triage", _("In triage")
    IN_GUIDANCE = "in_guidance", _("In begeleiding")
    AFTERCARE = "aftercare", _("Nazorg")
    CLOSED = "closed", _("Afgesloten")
    WITHDRAWN = "withdrawn", _("Ingetrokken")
    REFERRED = "referred", _("Doorverwezen")


NEXT: dict[Status, set[Status]] = {
    Status.RECEIVED: {Status.IN_TRIAGE, Status.WITHDRAWN},
    Status.IN_TRIAGE: {Status.IN_GUIDANCE, Status.REFERRED, Status.CLOSED, Status.WITHDRAWN},
    Status.IN_GUIDANCE: {Status.AFTERCARE, Status.REFERRED, Status.CLOSED, Status.WITHDRAWN},
    Status.AFTERCARE: {Status.IN_GUIDANCE, Status.CLOSED, Status.WITHDRAWN},
    Status.CLOSED: {Status.IN_GUIDANCE},  # reopened, e.g. after a new threat
    Status.REFERRED: {Status.IN_GUIDANCE},  # help elsewhere did not come about
    Status.WITHDRAWN: set(),
}

OPEN = frozenset({Status.RECEIVED, Status.IN_TRIAGE, Status.IN_GUIDANCE, Status.AFTERCARE})
ENDED = frozenset(Status) - OPEN
