from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ondersteuning.clock import AMSTERDAM
from ondersteuning.vocabulary import Alert
from weerbaar.accounts.models import User
from weerbaar.audit.api import track

UNDO_WITHIN = timedelta(seconds=30)
MORNING = time(8)  # in Dutch time


@track()
class MessageTemplate(models.Model):
    """A text for a situation that comes back. It is only ever a start: what is sent is what was previewed."""

    title = models.CharField(_("situatie"), max_length=80, unique=True)
    text = models.TextField(_("tekst"), max_length=10_000)
    is_active = models.BooleanField(_("in gebruik"), default=True)

    hidden_from = {"publiek", "mijn"}  # see weerbaar/audit/grants.py

    class Meta:
        verbose_name = _("berichtsjabloon")
        verbose_name_plural = _("berichtsjablonen")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> SavedViewQuerySet:
        """One's own, and what colleagues share."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(Q(owner=user) | Q(is_shared=True))

    def watched(self, now: datetime) -> SavedViewQuerySet:
        """Those whose owner wants to hear of new cases at this moment: at once, or each morning."""
        morning = datetime.combine(now.astimezone(AMSTERDAM).date(), MORNING, AMSTERDAM)
        daily = Q(alert=Alert.DAILY, alerted_until__lt=morning) if now >= morning else Q(pk__in=[])
        return self.filter(Q(alert=Alert.AT_ONCE) | daily, owner__is_active=True).select_related("owner")


class SavedView(models.Model):
    """A filter on the list of cases under a name; with an alert its owner hears of new cases in it."""

    KNOWN = 1_000  # of a longer list the newest cases are watched

    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_views", verbose_name=_("van"))
    name = models.CharField(_("naam"), max_length=60)
    query = models.CharField(max_length=500)  # filters as the list's address has them; never search words
    is_shared = models.BooleanField(_("ook voor collega's"), default=False)
    alert = models.CharField(_("seintje"), max_length=8, choices=Alert, default=Alert.NONE)
    known = ArrayField(models.UUIDField(), default=list, editable=False)  # the cases in it when last looked
    alerted_until = models.DateTimeField(default=timezone.now, editable=False)  # when last told or set up

    objects = SavedViewQuerySet.as_manager()

    hidden_from = {"publiek", "mijn"}  # see weerbaar/audit/grants.py

    class Meta:
        verbose_name = _("bewaarde weergave")
        verbose_name_plural = _("bewaarde weergaven")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name


class BulkChange(models.Model):
    """One change of several cases at once, which can be undone for half a minute."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("door"), db_index=False
    )  # see bulk_change_of_person
    at = models.DateTimeField(_("op"), default=timezone.now)
    what = models.CharField(_("wat"), max_length=30)
    before = models.JSONField(editable=False)  # per case: its id, version after, and clear values before
    undone_at = models.DateTimeField(_("teruggedraaid"), null=True, blank=True)

    hidden_from = {"publiek", "mijn"}  # see weerbaar/audit/grants.py

    class Meta:
        verbose_name = _("wijziging van meer zaken")
        verbose_name_plural = _("wijzigingen van meer zaken")
        ordering = ["-at"]
        indexes = [models.Index(fields=["by", "-at"], name="bulk_change_of_person")]
        constraints = [
            models.CheckConstraint(
                name="bulk_change_undone_in_time",
                condition=Q(undone_at=None) | Q(undone_at__lte=F("at") + UNDO_WITHIN),
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%d-%m-%Y %H:%M}"

    @property
    def may_be_undone(self) -> bool:
        return self.undone_at is None and timezone.now() - self.at <= UNDO_WITHIN


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: User) -> ExportQuerySet:
        """All of them for who agrees to exports; else one's own."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self if user.has_perm("ondersteuning.agree_export") else self.filter(by=user)

    def to_decide(self) -> ExportQuerySet:
        """Large ones that wait for a second person."""
        return self.filter(rows__gt=Export.FREE_ROWS, agreed_at=None, refused_at=None)


@track()
class Export(models.Model):
    """Somebody asked for rows of cases to take out of the portal: why, how many, and who agreed."""

    FREE_ROWS = 50  # above this a second person must agree
    MOST_ROWS = 10_000

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("door"))
    reason = models.CharField(_("waarvoor"), max_length=500)
    query = models.CharField(max_length=500, editable=False)
    format = models.CharField(_("bestandssoort"), max_length=4, choices=[("csv", "CSV"), ("xlsx", "Excel")])
    rows = models.PositiveIntegerField(_("regels"))
    asked_at = models.DateTimeField(_("gevraagd"), default=timezone.now)
    agreed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("akkoord van")
    )
    agreed_at = models.DateTimeField(_("akkoord op"), null=True, blank=True)
    refused_at = models.DateTimeField(_("geweigerd op"), null=True, blank=True)
    taken_at = models.DateTimeField(_("opgehaald"), null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    hidden_from = {"publiek", "mijn"}  # see weerbaar/audit/grants.py

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-asked_at"]
        permissions = [("export_case", _("exporteert zaken")), ("agree_export", _("stemt in met een export"))]
        constraints = [
            models.CheckConstraint(
                name="export_agreed_by_another", condition=Q(agreed_by=None) | ~Q(agreed_by=F("by"))
            ),
            models.CheckConstraint(
                name="large_export_is_agreed",
                condition=Q(taken_at__isnull=True) | Q(rows__lte=50) | Q(agreed_at__isnull=False),
            ),
            models.CheckConstraint(name="export_has_a_cap", condition=Q(rows__lte=10_000)),
            models.CheckConstraint(
                name="export_is_agreed_or_refused",
                condition=Q(agreed_by=None, agreed_at=None)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False, refused_at=None),
            ),
            models.CheckConstraint(
                name="refused_export_stays_here", condition=Q(refused_at=None) | Q(taken_at=None)
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="export_stands", fields=["by", "reason", "query", "format", "rows", "asked_at"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%d-%m-%Y %H:%M}"
