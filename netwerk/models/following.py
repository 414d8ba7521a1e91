"""Who follows what in the toolkit, how often they hear, and what they were told of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.vocabulary import Topic

from .item import Item, ItemQuerySet, Version

if TYPE_CHECKING:
    from weerbaar.accounts.models import User

IS_NEW = timedelta(days=60)  # after that it is not news, however late somebody looks


class FollowQuerySet(models.QuerySet["Follow"]):
    def visible_to(self, user: User) -> Self:
        """One's own, without the items that one may not see any more."""
        return self.filter(Q(item=None) | Q(item__in=Item.objects.visible_to(user)), user=user)


class Follow(models.Model):
    """Somebody wants to hear of what is new: of one item, or of everything about a topic."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    item = models.ForeignKey(Item, models.CASCADE, null=True, blank=True, related_name="follows")
    topic = models.CharField(_("onderwerp"), max_length=20, choices=Topic, blank=True)
    since = models.DateTimeField(default=timezone.now)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("gevolgd")
        verbose_name_plural = _("gevolgd")
        ordering = ["topic", "item__sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                name="follow_one_thing",
                condition=Q(item=None) & ~Q(topic="") | Q(item__isnull=False, topic=""),
            ),
            models.UniqueConstraint(name="follow_item_once", fields=["user", "item"]),
            models.UniqueConstraint(
                name="follow_topic_once", fields=["user", "topic"], condition=~Q(topic="")
            ),
        ]

    def __str__(self) -> str:
        return self.get_topic_display() if self.topic else str(self.item)


class Digest(models.Model):
    """How often somebody who follows something wants mail about it."""

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly", _("Hooguit één keer per week")
        DAILY = "daily", _("Hooguit één keer per dag")
        NEVER = "never", _("Geen mail. Ik kijk zelf bij Nieuw voor u.")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="digest"
    )
    rhythm = models.CharField(
        _("hoe vaak u mail krijgt"), max_length=10, choices=Rhythm, default=Rhythm.WEEKLY
    )

    def __str__(self) -> str:
        return self.get_rhythm_display()


class Told(models.Model):
    """That somebody got a mail when this edition of an item was new. Never two of them about one edition."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()  # of the version; 0 for an item without a file
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="told_once", fields=["user", "item", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} v{self.number}"


def with_edition(items: ItemQuerySet, files: ItemQuerySet) -> models.QuerySet[Any]:
    """Published items with their latest version's `number` (0: no file) and since when that is `new_at`.

    Of items that are not among `files`, whose files the reader may not have, no version is told of.
    """
    of_item = Version.objects.filter(item=OuterRef("pk"), item__in=files.values("pk")).order_by()
    versions = of_item.values("item")
    return items.published().annotate(
        number=Coalesce(Subquery(versions.annotate(last=Max("number")).values("last")), 0),
        new_at=Greatest("published_at", Subquery(versions.annotate(last=Max("added_at")).values("last"))),
    )


def new_for(user: User, now: datetime | None = None) -> models.QuerySet[Any]:
    """What came out about what somebody follows, since they follow it, of what they may see now."""
    own = Follow.objects.filter(user=user, since__lt=OuterRef("new_at"))
    topics = own.filter(item=None).order_by().values("topic")
    return with_edition(Item.objects.visible_to(user), Item.objects.downloadable_by(user)).filter(
        Exists(own.filter(item=OuterRef("pk"))) | Q(topics__overlap=ArraySubquery(topics)),
        new_at__gt=(now or timezone.now()) - IS_NEW,
    )


def untold(user: User) -> models.QuerySet[Any]:
    """Of that, what no mail was sent about yet."""
    told = Told.objects.filter(user=user, item=OuterRef("pk"), number=OuterRef("number"))
    return new_for(user).exclude(Exists(told))


def followers_with_news(now: datetime) -> models.QuerySet[Any]:
    """Whoever has something new that no mail was sent about, whether they may see it or not.

    A question to find whom to ask about; who may see what, the mail itself asks. Rows of user and `newest`.
    """
    told = Told.objects.filter(
        user=OuterRef(OuterRef("user")), item=OuterRef("pk"), number=OuterRef("number")
    )
    news: models.QuerySet[Any] = (
        with_edition(Item.objects.all(), Item.objects.all())
        .filter(Q(pk=OuterRef("item")) | Q(topics__contains=[OuterRef("topic")]))
        .filter(new_at__gt=OuterRef("since"))
        .filter(new_at__gt=now - IS_NEW)
        .exclude(Exists(told))
    )
    follows: models.QuerySet[Any] = (
        Follow.objects.order_by()
        .filter(user__is_active=True)
        .annotate(latest=Subquery(news.order_by("-new_at").values("new_at")[:1]))
    )
    return follows.filter(latest__isnull=False).values("user").annotate(newest=Max("latest"))
