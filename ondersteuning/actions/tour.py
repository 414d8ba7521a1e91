from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ondersteuning.lifecycle import TOUR_NEXT, TourStatus
from ondersteuning.models import TourVisit
from weerbaar.accounts.models import User


@transaction.atomic
def move_visit(visit: TourVisit, to: TourStatus, *, by: User) -> TourVisit:
    """Bring a visit of the tour to its next step. Says what is missing for that step."""
    if not by.has_perm("ondersteuning.plan_tour"):
        raise PermissionDenied
    visit = TourVisit.objects.select_for_update().get(pk=visit.pk)
    old = TourStatus(visit.status)
    if to not in TOUR_NEXT[old]:
        words = {"old": old.label, "new": to.label}
        raise ValidationError(_("Een bezoek kan niet van ‘%(old)s’ naar ‘%(new)s’.") % words, code="move")
    if lacks := missing(visit, to):
        raise ValidationError(lacks)
    visit.status = to
    visit.save(update_fields=["status"])
    return visit


def missing(visit: TourVisit, to: TourStatus) -> dict[str, str]:
    """What must be filled in before a visit can come this far, by field."""
    if to == TourStatus.TALK and not visit.talk_at:
        return {"talk_at": _("Vul in wanneer het voorgesprek is.")}
    if to == TourStatus.PLANNED and not visit.session_at:
        return {"session_at": _("Vul in wanneer de bijeenkomst is.")}
    if to == TourStatus.PLANNED and not visit.leader_id:
        return {"leader": _("Kies wie de bijeenkomst leidt.")}
    if to == TourStatus.HELD and visit.session_at and visit.session_at > timezone.now():
        return {"session_at": _("Deze bijeenkomst moet nog komen.")}
    if to == TourStatus.DONE and not visit.outcome:
        return {"outcome": _("Schrijf op welke afspraken er zijn gemaakt.")}
    return {}
