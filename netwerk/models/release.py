"""What happens to files around an item: on their way in, counted on their way out, and packed together."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.intake import REASONS
from weerbaar.zones import Zone

from .item import Item, Version

if TYPE_CHECKING:
    from weerbaar.accounts.models import User


class UploadState(models.TextChoices):
    WAITING = "waiting", _("Wordt gecontroleerd")
    REFUSED = "refused", _("Geweigerd")


class Upload(models.Model):
    """A file that an editor or a partner sent; a worker makes a version of it, or says why not.

    The row goes when the version is there. The bytes lie in the store's incoming/ under this id.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, models.CASCADE, related_name="uploads")
    name = models.CharField(_("bestandsnaam"), max_length=200)
    note = models.CharField(_("wat er nieuw is"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.WAITING)
    reason = models.CharField(max_length=20, blank=True)  # a key of REASONS in netwerk/intake.py
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    hidden_from = {"publiek"}

    class Meta:
        verbose_name = _("ingestuurd bestand")
        verbose_name_plural = _("ingestuurde bestanden")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.item_id}"

    @property
    def why(self) -> str:
        """What is said to who sent it, once it is refused."""
        return str(REASONS.get(self.reason, ""))


class DownloadCountQuerySet(models.QuerySet["DownloadCount"]):
    def add(self, versions: Iterable[int], zone: Zone) -> None:
        """Count one download of each of these versions today; nobody writes down whose."""
        numbers = sorted(versions)  # always in the same order: two bundles do not wait for each other
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO netwerk_downloadcount (version_id, day, zone, count)
                SELECT version, %s, %s, 1 FROM unnest(%s::bigint[]) AS version ORDER BY version
                ON CONFLICT (version_id, day, zone)
                DO UPDATE SET count = netwerk_downloadcount.count + 1
                """,
                [timezone.localdate(), zone.value, numbers],
            )

    def by_month(self, items: models.QuerySet[Item]) -> dict[date, int]:
        """Downloads of these items together, by the first day of each month, oldest first."""
        months = (
            self.filter(version__item__in=items)
            .annotate(month=models.functions.TruncMonth("day"))
            .values("month")
            .annotate(total=models.Sum("count"))
            .order_by("month")
        )
        return {row["month"]: row["total"] for row in months}


class DownloadCount(models.Model):
    """How often a version was fetched on a day, by zone: never by whom."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="counts")
    day = models.DateField(_("dag"))
    zone = models.CharField(_("zone"), max_length=10, choices=[(zone.value, zone.value) for zone in Zone])
    count = models.PositiveIntegerField(_("aantal"), default=0)

    objects = DownloadCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("aantal downloads")
        verbose_name_plural = _("aantallen downloads")
        constraints = [models.UniqueConstraint(name="download_count_once", fields=["version", "day", "zone"])]

    def __str__(self) -> str:
        return f"{self.version_id} {self.day}: {self.count}"


class BundleState(models.TextChoices):
    WAITING = "waiting", _("Wordt gemaakt")
    READY = "ready", _("Klaar")
    EMPTY = "empty", _("Leeg")


class BundleQuerySet(models.QuerySet["Bundle"]):
    def visible_to(self, user: User) -> Self:
        """Somebody's own bundles."""
        return self.filter(user=user)


class Bundle(models.Model):
    """Several items in one ZIP, made by a worker for one reader, kept for a day (bundel)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    items = ArrayField(models.BigIntegerField())  # as chosen
    versions = ArrayField(models.BigIntegerField(), default=list)  # what is in it
    total = models.PositiveBigIntegerField(default=0)  # bytes that go in, to show how far it is
    size = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=BundleState, default=BundleState.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)

    objects = BundleQuerySet.as_manager()

    hidden_from = {"publiek"}

    class Meta:
        verbose_name = _("bundel")
        verbose_name_plural = _("bundels")
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return str(self.pk)
