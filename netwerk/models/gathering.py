"""What somebody signs up for, a meeting or an edition of a training; and the sign-ups, for both alike."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.lifecycle import (
    GATHERING_NEXT,
    HOLDS_A_PLACE,
    SIGNUP_NEXT,
    STANDS,
    GatheringStatus,
    SignupStatus,
)

if TYPE_CHECKING:
    from .meeting import Meeting
    from .training import TrainingEdition


class Gathering(models.Model):
    """A number of places, that can be asked for until a moment."""

    status = models.CharField(
        _("stand"), max_length=10, choices=GatheringStatus, default=GatheringStatus.DRAFT, editable=False
    )
    capacity = models.PositiveSmallIntegerField(_("aantal plaatsen"), validators=[MinValueValidator(1)])
    sign_up_until = models.DateTimeField(_("inschrijven tot"))

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        return self.status == GatheringStatus.PUBLISHED

    @property
    def is_cancelled(self) -> bool:
        return self.status == GatheringStatus.CANCELLED

    def takes_signups(self, at: datetime | None = None) -> bool:
        return self.is_published and (at or timezone.now()) < self.sign_up_until

    def free_places(self) -> int:
        """How many places nobody has, and that are held for nobody."""
        return self.capacity - self.signups.filter(status__in=HOLDS_A_PLACE).count()  # type: ignore[attr-defined]


def lifecycle(name: str, following: dict[Any, set[Any]]) -> pgtrigger.FSM:
    """The moves of a table, held by the database."""
    return pgtrigger.FSM(
        name=name,
        field="status",
        transitions=[(old, new) for old in sorted(following) for new in sorted(following[old])],
    )


def triggers_of_gathering(column: str) -> list[pgtrigger.Trigger]:
    """The lifecycle; and a capacity that never falls below the places that were given."""
    return [
        lifecycle("gathering_lifecycle", GATHERING_NEXT),
        pgtrigger.Trigger(
            name="room_for_who_has_a_place",
            when=pgtrigger.Before,
            operation=pgtrigger.UpdateOf("capacity"),
            condition=pgtrigger.Condition("NEW.capacity < OLD.capacity"),
            func=f"""
                PERFORM pg_advisory_xact_lock(hashtext(TG_TABLE_NAME), NEW.id::int);
                IF NEW.capacity < (
                    SELECT count(*) FROM netwerk_signup
                    WHERE {column} = NEW.id AND status IN ('placed', 'offered')
                ) THEN
                    RAISE EXCEPTION 'more places were given than that' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            """,  # noqa: S608 - the name of a column of ours
        ),
    ]


class SignupQuerySet(models.QuerySet["Signup"]):
    def standing(self) -> Self:
        """Who has a place, was offered one, or waits."""
        return self.filter(status__in=STANDS)

    def placed(self) -> Self:
        return self.filter(status=SignupStatus.PLACED)

    def waiting(self) -> Self:
        """In line: who asked first stands first."""
        return self.filter(status=SignupStatus.WAITING).order_by("asked_at", "pk")

    def lapsing(self, now: datetime) -> Self:
        """Offers that were not taken in time."""
        return self.filter(status=SignupStatus.OFFERED, held_until__lte=now)

    def with_attendance(self) -> Self:
        """How many sessions of the training somebody was at, as `attended`."""
        return self.annotate(attended=Count("attendances"))


def _count(table: str, column: str) -> str:
    """The room that there is, and the places of others, while nobody else gets one.

    The lock is one of the gathering's number, not of its row: who signs up may not change the row.
    """
    return f"""
        PERFORM pg_advisory_xact_lock(hashtext('{table}'), NEW.{column}::int);
        SELECT capacity INTO room FROM {table} WHERE id = NEW.{column};
        SELECT count(*) INTO taken FROM netwerk_signup
        WHERE {column} = NEW.{column} AND status IN ('placed', 'offered') AND id <> NEW.id;
    """  # noqa: S608 - names of ours


class Signup(models.Model):
    """Somebody asked for a place. One row for each person and gathering; who comes back moves the same row.

    Without a change history: the moment somebody handed in an evaluation would tell whose it is.
    """

    meeting = models.ForeignKey(
        "netwerk.Meeting", models.PROTECT, null=True, blank=True, related_name="signups",
        verbose_name=_("bijeenkomst"),
    )  # fmt: skip
    edition = models.ForeignKey(
        "netwerk.TrainingEdition", models.PROTECT, null=True, blank=True, related_name="signups",
        verbose_name=_("training"),
    )  # fmt: skip
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="signups", verbose_name=_("wie")
    )
    status = models.CharField(_("stand"), max_length=10, choices=SignupStatus)
    asked_at = models.DateTimeField(_("gevraagd op"), default=timezone.now)
    held_until = models.DateTimeField(_("plek vastgehouden tot"), null=True, blank=True)
    has_evaluated = models.BooleanField(_("evaluatie ingevuld"), default=False)

    attended: int  # sessions; of what came `with_attendance`

    objects = SignupQuerySet.as_manager()

    class Meta:
        verbose_name = _("inschrijving")
        verbose_name_plural = _("inschrijvingen")
        ordering = ["-asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="signup_for_one_thing",
                condition=Q(meeting=None, edition__isnull=False) | Q(meeting__isnull=False, edition=None),
            ),
            models.UniqueConstraint(name="signed_up_once_for_a_meeting", fields=["meeting", "user"]),
            models.UniqueConstraint(name="signed_up_once_for_an_edition", fields=["edition", "user"]),
            models.CheckConstraint(
                name="signup_is_held_iff_offered",
                condition=Q(status=SignupStatus.OFFERED, held_until__isnull=False)
                | ~Q(status=SignupStatus.OFFERED) & Q(held_until=None),
            ),
        ]
        indexes = [models.Index("held_until", name="signup_offers", condition=Q(status=SignupStatus.OFFERED))]
        triggers = [
            lifecycle("signup_lifecycle", SIGNUP_NEXT),
            pgtrigger.Trigger(
                name="no_more_than_there_are_places",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "meeting_id", "edition_id"),
                condition=pgtrigger.Condition("NEW.status IN ('placed', 'offered')"),
                declare=[("room", "integer"), ("taken", "integer")],
                func=f"""
                    IF NEW.meeting_id IS NOT NULL THEN {_count("netwerk_meeting", "meeting_id")}
                    ELSE {_count("netwerk_trainingedition", "edition_id")}
                    END IF;
                    IF taken >= room THEN
                        RAISE EXCEPTION 'there is no place left' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thing}: {self.get_status_display()}"

    @property
    def thing(self) -> Meeting | TrainingEdition:
        """What it is for."""
        found = self.meeting or self.edition
        assert found  # signup_for_one_thing
        return found

    @property
    def earned_certificate(self) -> bool:
        """Whether somebody was at enough sessions; of what came `with_attendance`."""
        edition = self.edition
        if edition is None or self.status != SignupStatus.PLACED or not edition.is_published:
            return False
        return edition.is_over() and self.attended >= edition.sessions_needed
