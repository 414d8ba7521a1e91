"""What the start page of /beheer/ says about cases: what waits, what is urgent, who has duty now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ondersteuning.models import AftercareStep, Case, DutyShift, Handover
from weerbaar.accounts.models import User
from weerbaar.audit.site import Part, Tile, beheer

from .listing import CAP, may_see_cases

SHOWN = 10  # rows of a short list


@beheer.on_start_page
def tiles(request: HttpRequest) -> list[Tile]:
    """A number for each queue; never counts further than 1,000."""
    user: Any = request.user
    if not may_see_cases(user):
        return []
    cases = Case.objects.visible_to(user).queue_order()  # so that the index of the queue counts them
    queues: list[tuple[str, Any, dict[str, str]]] = [
        (_("Nieuw"), cases.new(), {"status": "received"}),
        (_("Spoed"), cases.urgent(), {"urgency": "1"}),
        (_("Over termijn"), cases.overdue(), {"term": "overdue"}),
        (_("Wacht op melder"), cases.waiting_for_reporter(), {"term": "waiting"}),
    ]
    if user.has_perm("ondersteuning.handle_case"):
        queues.insert(2, (_("Van mij"), cases.open().handled_by(user), {"handler": "me"}))
    if user.has_perm("ondersteuning.accept_handover"):
        offered = Handover.objects.offered().for_user(user)
        queues.append((_("Aangeboden aan mij"), offered, {"handler": "offered"}))
    url = reverse("admin:ondersteuning_case_changelist")
    found = [(label, capped(queue), f"{url}?{urlencode(choice)}", choice) for label, queue, choice in queues]
    return [
        Tile(label, count, url, urgent=bool(count) and ("urgency" in choice or choice == {"term": "overdue"}))
        for label, count, url, choice in found
    ]


def capped(queryset: Any) -> int | str:
    """How many, as far as 1,000."""
    found: int = queryset.values("pk")[: CAP + 1].count()
    return found if found <= CAP else "1.000+"


@beheer.part_of_start_page
def desk(request: HttpRequest) -> Part | None:
    """The short lists under the numbers: urgent cases nobody saw yet first, and this week's aftercare."""
    user: Any = request.user
    if not may_see_cases(user):
        return None
    return Part(
        "admin/ondersteuning/start.html",
        {
            "duty": DutyShift.objects.at(timezone.now()).select_related("on_duty", "backup").first(),
            "gaps": gaps(user),
            "urgent": urgent_first_unseen(user),
            "may_acknowledge": user.has_perm("ondersteuning.be_on_duty"),
            "aftercare": aftercare_of(user)[:SHOWN],
            "today": timezone.localdate(),
        },
    )


def gaps(user: User) -> Any:
    """When nobody has duty in the coming week: for who plans it."""
    now = timezone.now().replace(second=0, microsecond=0)  # shifts are planned by the minute
    plans = user.has_perm("ondersteuning.plan_duty")
    return DutyShift.objects.gaps(now, now + timedelta(days=7)) if plans else []


def urgent_first_unseen(user: User) -> list[Case]:
    """Urgent cases: those that nobody acknowledged, then the others. Two short looks in the queue's index."""
    cases = Case.objects.visible_to(user).select_related("handler", "organisation")
    urgent = cases.urgent().queue_order()
    unseen = list(urgent.filter(acknowledged_at__isnull=True)[:SHOWN])
    return unseen + list(urgent.filter(acknowledged_at__isnull=False)[: SHOWN - len(unseen)])


def aftercare_of(user: User) -> Any:
    """The moments of aftercare in this colleague's own cases, due this week or earlier."""
    week = timezone.localdate() + timedelta(days=7)
    mine = AftercareStep.objects.due(week).filter(case__handler=user)
    return mine.select_related("case").order_by("due_on", "pk")
