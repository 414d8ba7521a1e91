from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from netwerk.models import Digest, Follow, Item
from netwerk.vocabulary import Topic
from weerbaar.accounts.models import User


@transaction.atomic
def follow_item(item: Item, *, by: User) -> None:
    """Hear of new versions of an item that one may see. Doing it twice changes nothing."""
    if not Item.objects.visible_to(by).filter(pk=item.pk).exists():
        raise PermissionDenied
    Follow.objects.bulk_create([Follow(user=by, item=item)], ignore_conflicts=True)


@transaction.atomic
def unfollow_item(item: Item, *, by: User) -> None:
    Follow.objects.filter(user=by, item=item).delete()


@transaction.atomic
def follow_topics(topics: list[Topic], *, by: User) -> None:
    """Follow these topics and no others. Of a topic that stays it is kept since when."""
    Follow.objects.filter(user=by, item=None).exclude(topic__in=topics).delete()
    Follow.objects.bulk_create([Follow(user=by, topic=topic) for topic in topics], ignore_conflicts=True)


@transaction.atomic
def choose_digest(rhythm: Digest.Rhythm, *, by: User) -> None:
    Digest.objects.update_or_create(user=by, defaults={"rhythm": rhythm})
