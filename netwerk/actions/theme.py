"""The partners choose the themes of a year: they propose and vote, and the network office decides."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from netwerk.lifecycle import THEME_NEXT, ThemeStatus
from netwerk.models import Partner, PartnerMember, Theme, ThemeRound, ThemeVote
from netwerk.vocabulary import Topic
from weerbaar.accounts.models import User


@transaction.atomic
def propose_theme(
    round: ThemeRound,
    *,
    partner: Partner,
    title: str,
    topic: Topic | str,
    summary: str,
    reasons: str,
    by: User,
    at: datetime | None = None,
) -> Theme:
    """A partner proposes a theme for the year of the round, with its reasons."""
    _speaks_for(partner, by)
    if not round.takes_proposals(at):
        raise ValidationError(_("Voorstellen kan niet meer."))
    slug = f"{slugify(title)[:60]}-{round.year}"
    if Theme.objects.filter(slug=slug).exists():
        slug = f"{slug}-{secrets.token_hex(3)}"
    return Theme.objects.create(
        round=round,
        proposed_by=partner,
        slug=slug,
        title=title,
        topic=topic,
        summary=summary,
        reasons=reasons,
    )


@transaction.atomic
def withdraw_theme(theme: Theme, *, partner: Partner, by: User, at: datetime | None = None) -> None:
    """The partner that proposed it takes it back, while there can still be proposed."""
    _speaks_for(partner, by)
    theme = Theme.objects.select_for_update(of=("self",)).get(pk=theme.pk)
    if theme.proposed_by_id != partner.pk:
        raise PermissionDenied
    if theme.status == ThemeStatus.WITHDRAWN:
        return
    if theme.status != ThemeStatus.PROPOSED or not theme.round.takes_proposals(at):
        raise ValidationError(_("Intrekken kan niet meer."))
    theme.status = ThemeStatus.WITHDRAWN
    theme.save(update_fields=["status"])


@transaction.atomic
def vote_for(theme: Theme, *, partner: Partner, by: User, at: datetime | None = None) -> None:
    """One of the partner's votes of this round goes to a theme. Twice is once."""
    _speaks_for(partner, by)
    _one_vote_at_a_time(partner)
    if theme.status != ThemeStatus.PROPOSED or not theme.round.takes_votes(at):
        raise ValidationError(_("Stemmen kan nu niet."))
    if ThemeVote.objects.filter(theme=theme, partner=partner).exists():
        return
    if votes_left(theme.round, partner) < 1:
        raise ValidationError(_("Uw partner heeft geen stemmen meer. Haal eerst een andere stem weg."))
    ThemeVote.objects.create(theme=theme, partner=partner, by=by, at=at or timezone.now())


@transaction.atomic
def take_back_vote(theme: Theme, *, partner: Partner, by: User, at: datetime | None = None) -> None:
    """Twice changes nothing."""
    _speaks_for(partner, by)
    if not theme.round.takes_votes(at):
        raise ValidationError(_("Stemmen kan nu niet."))
    ThemeVote.objects.filter(theme=theme, partner=partner).delete()


def votes_left(round: ThemeRound, partner: Partner) -> int:
    """How many votes of a round a partner still has."""
    return round.votes_each - ThemeVote.objects.filter(theme__round=round, partner=partner).count()


@transaction.atomic
def move_theme(theme: Theme, to: ThemeStatus, *, at: datetime | None = None) -> Theme:
    """The network office chooses from the ranking, publishes, and closes with results; says what is missing.

    The votes are counted when it is decided, and stay as they were counted.
    """
    theme = Theme.objects.select_for_update(of=("self",)).get(pk=theme.pk)
    old = ThemeStatus(theme.status)
    if to not in THEME_NEXT[old] or to == ThemeStatus.WITHDRAWN:
        words = {"old": old.label, "new": to.label}
        raise ValidationError(_("Een thema kan niet van ‘%(old)s’ naar ‘%(new)s’.") % words, code="move")
    if lacks := missing(theme, to, at):
        raise ValidationError(lacks)
    if old == ThemeStatus.PROPOSED:
        theme.votes_counted = theme.given.count()
    theme.status = to
    theme.save(update_fields=["status", "votes_counted"])
    return theme


def missing(theme: Theme, to: ThemeStatus, at: datetime | None = None) -> dict[str, str]:
    """What must be there before a theme can come this far, by field."""
    if to in (ThemeStatus.CHOSEN, ThemeStatus.NOT_CHOSEN):
        if not theme.round.is_over(at):
            return {"decided_because": _("Het stemmen loopt nog.")}
        if not theme.decided_because:
            return {"decided_because": _("Schrijf op waarom dit thema wel of niet is gekozen.")}
    if to == ThemeStatus.PUBLISHED and not theme.body:
        return {"body": _("Schrijf op wat wij gaan doen.")}
    if to == ThemeStatus.COMPLETED and not theme.results:
        return {"results": _("Schrijf op wat het heeft opgeleverd.")}
    return {}


def _speaks_for(partner: Partner, by: User) -> None:
    if not PartnerMember.objects.current().filter(user=by, partner=partner).exists():
        raise PermissionDenied


def _one_vote_at_a_time(partner: Partner) -> None:
    """The same lock as the trigger of the table: two officers together have no more votes than one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('netwerk_themevote'), %s)", [partner.pk])
