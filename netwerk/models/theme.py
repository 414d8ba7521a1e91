from __future__ import annotations

from datetime import datetime
from typing import Self

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.lifecycle import ON_THE_SITE, THEME_NEXT, ThemeStatus
from netwerk.vocabulary import Topic
from weerbaar.audit.history import track

from .gathering import lifecycle
from .partner import Partner


class ThemeRoundQuerySet(models.QuerySet["ThemeRound"]):
    def running(self, now: datetime | None = None) -> Self:
        """Where something can still be proposed or voted for, the first one first."""
        return self.filter(votes_until__gt=now or timezone.now()).order_by("year")


@track()
class ThemeRound(models.Model):
    """The partners choose together what a year will be about: first they propose, then they vote."""

    year = models.PositiveSmallIntegerField(
        _("jaar"), unique=True, validators=[MinValueValidator(2018), MaxValueValidator(2100)]
    )
    proposals_until = models.DateTimeField(_("voorstellen tot"))
    votes_until = models.DateTimeField(_("stemmen tot"))
    votes_each = models.PositiveSmallIntegerField(
        _("stemmen per partner"), default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )

    objects = ThemeRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("keuzeronde voor thema's")
        verbose_name_plural = _("keuzerondes voor thema's")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                name="round_votes_after_proposals",
                condition=Q(votes_until__gt=F("proposals_until")),
                violation_error_message=_("Het stemmen eindigt niet na het voorstellen."),
            )
        ]

    def __str__(self) -> str:
        return str(self.year)

    def takes_proposals(self, at: datetime | None = None) -> bool:
        return (at or timezone.now()) < self.proposals_until

    def takes_votes(self, at: datetime | None = None) -> bool:
        """Once all proposals are in, so that each had the same chance."""
        return self.proposals_until <= (at or timezone.now()) < self.votes_until

    def is_over(self, at: datetime | None = None) -> bool:
        return self.votes_until <= (at or timezone.now())


class ThemeQuerySet(models.QuerySet["Theme"]):
    def on_the_site(self) -> Self:
        return self.filter(status__in=ON_THE_SITE)

    def standing(self) -> Self:
        """What is to be voted about, or was."""
        return self.exclude(status=ThemeStatus.WITHDRAWN)

    def with_votes(self) -> Self:
        """How many partners voted for each, as `votes`; most first."""
        return self.annotate(votes=Count("given")).order_by("-votes", "pk")


@track()
class Theme(models.Model):
    """What the network works on together for a year: proposed, chosen, published, and what came of it."""

    round = models.ForeignKey(ThemeRound, models.PROTECT, related_name="themes", verbose_name=_("jaar"))
    slug = models.SlugField(_("in het adres"), max_length=80, unique=True)
    title = models.CharField(_("titel"), max_length=120)
    topic = models.CharField(_("onderwerp"), max_length=20, choices=Topic, blank=True)
    summary = models.TextField(_("in het kort"), max_length=500)
    reasons = models.TextField(_("waarom dit thema"), max_length=2000)
    proposed_by = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="proposed_themes",
        verbose_name=_("voorgesteld door"),
    )  # fmt: skip
    status = models.CharField(
        _("stand"), max_length=12, choices=ThemeStatus, default=ThemeStatus.PROPOSED, editable=False
    )
    decided_because = models.TextField(_("waarom wel of niet gekozen"), max_length=1000, blank=True)
    votes_counted = models.PositiveSmallIntegerField(_("stemmen"), null=True, blank=True, editable=False)
    body = models.TextField(_("wat wij gaan doen"), max_length=10_000, blank=True)
    results = models.TextField(_("wat het heeft opgeleverd"), max_length=10_000, blank=True)
    proposed_at = models.DateTimeField(_("voorgesteld op"), default=timezone.now, editable=False)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("thema")
        verbose_name_plural = _("thema's")
        ordering = ["-round__year", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                name="theme_completed_with_results",
                condition=~Q(status=ThemeStatus.COMPLETED) | ~Q(results=""),
                violation_error_message=_("Schrijf eerst op wat het heeft opgeleverd."),
            ),
            models.CheckConstraint(
                name="theme_decided_with_reasons",
                condition=Q(status__in=[ThemeStatus.PROPOSED, ThemeStatus.WITHDRAWN])
                | ~Q(decided_because="") & Q(votes_counted__isnull=False),
                violation_error_message=_("Schrijf op waarom dit thema wel of niet is gekozen."),
            ),
        ]
        triggers = [lifecycle("theme_lifecycle", THEME_NEXT)]

    def __str__(self) -> str:
        return self.title


class ThemeVote(models.Model):
    """A partner's vote: one for each theme, and no more in a round than each partner has."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="given", verbose_name=_("thema"))
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+", verbose_name=_("partner"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("door")
    )
    at = models.DateTimeField(_("wanneer"), default=timezone.now)

    class Meta:
        verbose_name = _("stem")
        verbose_name_plural = _("stemmen")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="partner_votes_once", fields=["theme", "partner"])]
        triggers = [
            pgtrigger.Protect(
                name="vote_is_not_changed", operation=pgtrigger.UpdateOf("theme_id", "partner_id")
            ),
            pgtrigger.Trigger(
                name="no_more_votes_than_each_has",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("asked", "integer"), ("allowed", "integer"), ("given", "integer")],
                func="""
                    PERFORM pg_advisory_xact_lock(hashtext('netwerk_themevote'), NEW.partner_id::int);
                    SELECT theme.round_id, round.votes_each INTO asked, allowed
                    FROM netwerk_theme theme JOIN netwerk_themeround round ON round.id = theme.round_id
                    WHERE theme.id = NEW.theme_id;
                    SELECT count(*) INTO given
                    FROM netwerk_themevote vote JOIN netwerk_theme theme ON theme.id = vote.theme_id
                    WHERE vote.partner_id = NEW.partner_id AND theme.round_id = asked;
                    IF given >= allowed THEN
                        RAISE EXCEPTION 'this partner has no votes left' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.theme}"
