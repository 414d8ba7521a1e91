from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    WAITING = "waiting", _("wacht")
    DONE = "done", _("gedaan")
    PARKED = "parked", _("geparkeerd")


class JobQuerySet(models.QuerySet["Job"]):
    def parked(self) -> JobQuerySet:
        """Jobs that were given up, and wait for a person."""
        return self.filter(state=State.PARKED)

    def retry(self) -> int:
        """Let parked jobs begin anew, now; says how many."""
        return self.parked().update(
            state=State.WAITING, attempts=0, due_at=Now(), lease_until=None, token=None
        )


class Job(models.Model):
    """Something that must happen once, at or after `due_at`. The arguments are ids; no content, ever.

    A row is claimed by setting `token` (the fencing token) and `lease_until`; whoever holds another token
    by the time the work is done has lost the row, and what it wrote is rolled back.
    """

    key = models.CharField(_("sleutel"), max_length=200)
    name = models.CharField(_("soort"), max_length=100)
    queue = models.CharField(_("wachtrij"), max_length=20)
    kwargs = models.JSONField(_("gegevens"), default=dict)
    due_at = models.DateTimeField(_("uit te voeren op"), db_default=Now())
    state = models.CharField(_("stand"), max_length=10, choices=State, db_default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("pogingen"), db_default=0)
    lease_until = models.DateTimeField(_("bezet tot"), null=True)
    token = models.UUIDField(null=True)
    last_error = models.CharField(_("laatste fout"), max_length=100, db_default="")
    created_at = models.DateTimeField(_("gemaakt op"), db_default=Now())
    asked_at = models.DateTimeField(db_default=Now())  # last, to the day: a question asks again and again
    done_at = models.DateTimeField(_("gedaan op"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("opdracht")
        verbose_name_plural = _("opdrachten")
        constraints = [
            models.UniqueConstraint(name="job_once", fields=["key", "name"]),
            models.CheckConstraint(name="job_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="job_done_at_iff_done",
                condition=Q(state=State.DONE, done_at__isnull=False)
                | ~Q(state=State.DONE) & Q(done_at__isnull=True),
            ),
        ]
        indexes = [
            # small whatever the table's size; a claim changes none of its columns, so it stays untouched
            models.Index(name="job_due", fields=["queue", "due_at"], condition=Q(state=State.WAITING)),
            models.Index(name="job_parked", fields=["id"], condition=Q(state=State.PARKED)),
            models.Index(name="job_done", fields=["done_at"], condition=Q(state=State.DONE)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class Heartbeat(models.Model):
    """When something was last done: a tick of a queue, or a periodic question."""

    name = models.CharField(_("naam"), primary_key=True, max_length=120)
    at = models.DateTimeField(_("laatst"))

    class Meta:
        verbose_name = _("hartslag")
        verbose_name_plural = _("hartslagen")

    def __str__(self) -> str:
        return self.name
