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


class TalkStatus(TextChoices):
    ASKED = "asked", _("gevraagd")
    ACCEPTED = "accepted", _("opgepakt")
    DONE = "done", _("gehouden")
    DECLINED = "declined", _("niet opgepakt")
    WITHDRAWN = "withdrawn", _("ingetrokken")


TALK_NEXT: dict[TalkStatus, set[TalkStatus]] = {
    TalkStatus.ASKED: {TalkStatus.ACCEPTED, TalkStatus.DECLINED, TalkStatus.WITHDRAWN},
    TalkStatus.ACCEPTED: {TalkStatus.DONE, TalkStatus.DECLINED, TalkStatus.WITHDRAWN},
    TalkStatus.DONE: set(),
    TalkStatus.DECLINED: set(),
    TalkStatus.WITHDRAWN: set(),
}
