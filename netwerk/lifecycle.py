"""What may happen to the things of the network. Pure data: what happens then is in `actions`."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ItemStatus(TextChoices):
    """The life of an item of the toolkit."""

    DRAFT = "draft", _("Concept")
    PUBLISHED = "published", _("Gepubliceerd")  # to be seen from `published_at`, to the minute
    WITHDRAWN = "withdrawn", _("Ingetrokken")


ITEM_NEXT: dict[ItemStatus, set[ItemStatus]] = {
    ItemStatus.DRAFT: {ItemStatus.PUBLISHED},
    ItemStatus.PUBLISHED: {ItemStatus.DRAFT, ItemStatus.WITHDRAWN},  # back, while nobody could see it yet
    ItemStatus.WITHDRAWN: {ItemStatus.PUBLISHED},
}
