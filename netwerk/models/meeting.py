from __future__ import annotations

from datetime import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.lifecycle import GatheringStatus
from netwerk.moments import period
from weerbaar.accounts.models import User
from weerbaar.audit.history import track

from .gathering import Gathering, triggers_of_gathering
from .item import Item
from .partner import Partner, PartnerMember

PRIVATE = ("place", "online_link")  # for who has a place; the public zone cannot read these columns


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def for_the_public(self) -> Self:
        """What stands on the public site; without where it is."""
        return self.filter(access=Meeting.Access.PUBLIC).exclude(status=GatheringStatus.DRAFT).defer(*PRIVATE)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All for who edits the meetings; else by what somebody is in the network, and no drafts."""
        if not (user.is_authenticated and user.is_active):
            return self.for_the_public()
        if user.has_perm("netwerk.view_meeting"):
            return self
        open_to = Q(access__in=[Meeting.Access.PUBLIC, Meeting.Access.NETWORK])
        speaks = Exists(PartnerMember.objects.current().filter(user=user))
        return self.exclude(status=GatheringStatus.DRAFT).filter(
            open_to | Q(speaks, access=Meeting.Access.PARTNERS)
        )

    def coming(self, now: datetime | None = None) -> Self:
        """Not over yet, the first one first."""
        return self.filter(ends_at__gt=now or timezone.now()).order_by("begins_at", "pk")

    def past(self, now: datetime | None = None) -> Self:
        """Over, and went on; the last one first."""
        over = self.filter(ends_at__lte=now or timezone.now(), status=GatheringStatus.PUBLISHED)
        return over.order_by("-begins_at", "pk")


@track()
class Meeting(Gathering):
    """The network meets: on an agenda, with documents and, afterwards, what was decided."""

    class Kind(models.TextChoices):
        NETWORK = "network", _("Netwerkbijeenkomst")
        DAY = "day", _("Dag van Weerbaar Bestuur")
        KNOWLEDGE = "knowledge", _("Kennissessie")
        PEERS = "peers", _("Intervisie")

    class Access(models.TextChoices):
        """Who a meeting is for. Each level sees those before it too."""

        PUBLIC = "public", _("Openbaar")
        NETWORK = "network", _("Iedereen met een account")
        PARTNERS = "partners", _("Wie voor een partner spreekt")

    slug = models.SlugField(_("in het adres"), max_length=80, unique=True)
    title = models.CharField(_("titel"), max_length=120)
    kind = models.CharField(_("soort"), max_length=20, choices=Kind)
    access = models.CharField(_("voor wie"), max_length=10, choices=Access, default=Access.NETWORK)
    summary = models.TextField(_("waar het over gaat"), max_length=1000)
    begins_at = models.DateTimeField(_("begin"))
    ends_at = models.DateTimeField(_("einde"))
    town = models.CharField(
        _("plaats, voor iedereen"), max_length=80, help_text=_("Bijvoorbeeld: Utrecht, of: online.")
    )
    place = models.TextField(_("adres, alleen voor wie een plek heeft"), max_length=500, blank=True)
    online_link = models.URLField(_("link, alleen voor wie een plek heeft"), blank=True)
    decisions_are_published = models.BooleanField(
        _("besluiten tonen"), default=False, help_text=_("Na afloop, als de besluiten zijn nagelezen.")
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("bijeenkomst")
        verbose_name_plural = _("bijeenkomsten")
        ordering = ["-begins_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="meeting_ends_after_it_begins",
                condition=Q(ends_at__gt=F("begins_at")),
                violation_error_message=_("Het einde ligt niet na het begin."),
            ),
            models.CheckConstraint(
                name="meeting_signed_up_for_before_it_ends",
                condition=Q(sign_up_until__lte=F("ends_at")),
                violation_error_message=_("Inschrijven kan niet tot na het einde."),
            ),
        ]
        triggers = triggers_of_gathering("meeting_id")

    def __str__(self) -> str:
        return self.title

    @property
    def when(self) -> str:
        return period(self.begins_at, self.ends_at)

    def has_begun(self, at: datetime | None = None) -> bool:
        return self.begins_at <= (at or timezone.now())

    def is_over(self, at: datetime | None = None) -> bool:
        return self.ends_at <= (at or timezone.now())

    @property
    def shows_decisions(self) -> bool:
        return self.is_over() and self.decisions_are_published


@track()
class AgendaItem(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    number = models.PositiveSmallIntegerField(_("nummer"), default=1)
    title = models.CharField(_("onderwerp"), max_length=160)
    explanation = models.TextField(_("toelichting"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("agendapunt")
        verbose_name_plural = _("agenda")
        ordering = ["number", "pk"]

    def __str__(self) -> str:
        return self.title


@track()
class Decision(models.Model):
    """What a meeting decided, who sees to it, and by when."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField(_("nummer"), default=1)
    text = models.TextField(_("besluit"), max_length=1000)
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("partner")
    )
    owner = models.CharField(
        _("of: wie anders het doet"), max_length=120, blank=True, help_text=_("Geen naam van een persoon.")
    )
    due_on = models.DateField(_("voor"), null=True, blank=True)

    class Meta:
        verbose_name = _("besluit")
        verbose_name_plural = _("besluiten")
        ordering = ["number", "pk"]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def who(self) -> str:
        return self.partner.name if self.partner else self.owner


@track()
class MeetingDocument(models.Model):
    """An item of the toolkit that belongs to a meeting; who may not see the item does not see it here."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="documents")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("hulpmiddel"))

    class Meta:
        verbose_name = _("stuk")
        verbose_name_plural = _("stukken")
        constraints = [models.UniqueConstraint(name="meeting_document_once", fields=["meeting", "item"])]

    def __str__(self) -> str:
        return str(self.item)
