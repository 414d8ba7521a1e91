"""What editors write and the public reads: a draft first, then published, and perhaps withdrawn."""

from __future__ import annotations

from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from netwerk.lifecycle import PAGE_NEXT, PageStatus


class PageQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        """What a visitor may read."""
        return self.filter(status=PageStatus.PUBLISHED)

    def known(self) -> Self:
        """What a visitor reads, or once could read: of the latter the address answers that it is gone."""
        return self.filter(status__in=[PageStatus.PUBLISHED, PageStatus.WITHDRAWN])


class Page(models.Model):
    """The part that every such page shares. Its status moves by `actions.move_page` alone."""

    slug = models.SlugField(_("in het adres"), max_length=60, unique=True)
    title = models.CharField(_("titel"), max_length=120)
    summary = models.CharField(_("samenvatting"), max_length=300, help_text=_("Eén of twee zinnen."))
    status = models.CharField(_("stand"), max_length=10, choices=PageStatus, default=PageStatus.DRAFT)
    published_at = models.DateTimeField(_("gepubliceerd op"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("gepubliceerd door"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        abstract = True
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_published_at_a_time",
                condition=~Q(status=PageStatus.PUBLISHED) | Q(published_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="page_lifecycle",
                field="status",
                transitions=[(old, new) for old in sorted(PAGE_NEXT) for new in sorted(PAGE_NEXT[old])],
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        return self.status == PageStatus.PUBLISHED
