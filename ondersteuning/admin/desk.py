"""One case on the desk of one colleague: what they see of it, and what they may do with it now."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef

from ondersteuning.lifecycle import NEXT, Status
from ondersteuning.models import AftercareStep, BreakGlass, Case, Handover, Referral
from ondersteuning.urgency import Urgency
from weerbaar.accounts.models import User
from weerbaar.audit.api import Purpose
from weerbaar.vault import api as vault


@dataclass
class Desk:
    case: Case  # with `may_open`, see `desk_of`
    user: User
    chosen: str = ""  # the row of the case that a verb is asked for (`?bij=`)

    @property
    def may_open(self) -> bool:
        """Whether the content may be read, and changed."""
        return bool(self.case.may_open)  # type: ignore[attr-defined]  # annotated

    @property
    def may_read(self) -> bool:
        """Whether the content may be read: also for a while, after breaking the glass."""
        return self.may_open or self.glass is not None

    @cached_property
    def glass(self) -> BreakGlass | None:
        """The break-glass under which this colleague may read a case that somebody else handles."""
        if self.may_open or not self.user.has_perm("ondersteuning.break_glass"):
            return None
        return BreakGlass.objects.running().filter(case=self.case, user=self.user).first()

    @property
    def may_break_glass(self) -> bool:
        is_there = self.case.erased_at is None
        return is_there and not self.may_read and self.user.has_perm("ondersteuning.break_glass")

    @property
    def may_take(self) -> bool:
        return (
            self.case.is_open
            and self.case.handler_id is None
            and self.user.has_perm("ondersteuning.handle_case")
            and self.user.has_perm("ondersteuning.see_queue")
        )

    @property
    def may_acknowledge(self) -> bool:
        return (
            self.case.is_open
            and self.case.urgency == Urgency.HIGH
            and self.case.acknowledged_at is None
            and self.user.has_perm("ondersteuning.be_on_duty")
        )

    @property
    def may_assign(self) -> bool:
        return self.case.is_open and self.user.has_perm("ondersteuning.assign_case")

    def may_become(self, status: Status) -> bool:
        return status in NEXT[Status(self.case.status)]

    @cached_property
    def handovers(self) -> list[Handover]:
        return list(self.case.handovers.select_related("from_user", "to_user"))

    @property
    def offer(self) -> Handover | None:
        """The handover that waits for this colleague's answer."""
        offered = (one for one in self.handovers if one.status == Handover.Status.OFFERED)
        return next((one for one in offered if one.to_user_id == self.user.pk), None)

    @property
    def running_handover(self) -> Handover | None:
        """The handover that the reporter or the second line has not answered yet."""
        running = (Handover.Status.ASKED, Handover.Status.OFFERED)
        return next((one for one in self.handovers if one.status in running), None)

    @property
    def waits_for_consent(self) -> bool:
        running = self.running_handover
        return running is not None and running.status == Handover.Status.ASKED

    @cached_property
    def referrals(self) -> list[Referral]:
        return list(self.case.referrals.select_related("partner", "by"))

    @cached_property
    def aftercare(self) -> list[AftercareStep]:
        return list(self.case.aftercare.select_related("person"))

    @property
    def next_step(self) -> AftercareStep | None:
        """The first moment of aftercare that is still to come."""
        return next((step for step in self.aftercare if not step.done_at and not step.cancelled_at), None)

    def open(self, detail: str = "") -> AbstractContextManager[vault.Content]:
        """The content, behind a committed log row. Everything is rendered inside the with."""
        if not self.may_open:
            if self.glass is None:
                raise PermissionDenied
            return vault.open(self.case, by=self.user, purpose=Purpose.BREAK_GLASS, detail=detail)
        first_look = self.case.status in (Status.RECEIVED, Status.IN_TRIAGE)
        purpose = Purpose.TRIAGE if first_look else Purpose.HANDLE
        return vault.open(self.case, by=self.user, purpose=purpose, detail=detail)


def desk_of(user: User, pk: UUID) -> Desk | None:
    """The case as this colleague may know it; None for a stranger. One query."""
    may_open = Exists(Case.objects.openable_by(user).filter(pk=OuterRef("pk")))
    case = (
        Case.objects.visible_to(user)
        .annotate(may_open=may_open)
        .select_related("handler", "organisation")
        .filter(pk=pk)
        .first()
    )
    return Desk(case, user) if case else None
