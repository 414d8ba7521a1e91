from __future__ import annotations

import uuid
from datetime import date

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from netwerk.functions import Association, Function
from ondersteuning.vocabulary import Expertise
from weerbaar.accounts.models import User
from weerbaar.audit.api import track
from weerbaar.vault.api import Compartment, SealedText

from .case import FOR_TEAM, Case
from .duty import DutyShift


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def away(self, on: date | None = None) -> TeamMemberQuerySet:
        """Those who are away on a day, today by default."""
        day = on or timezone.localdate()
        return self.filter(Q(away_until__isnull=True) | Q(away_until__gte=day), away_from__lte=day)

    def here(self, on: date | None = None) -> TeamMemberQuerySet:
        """Those who are not away on a day (today by default) and may sign in."""
        return self.filter(user__is_active=True).exclude(pk__in=self.model.objects.away(on))

    def with_load(self) -> TeamMemberQuerySet:
        """Adds `load`: how many open cases somebody handles now."""
        open_cases = Case.objects.open().filter(FOR_TEAM, handler=OuterRef("user"))  # as its index has them
        handled = open_cases.order_by().values("handler")
        counted = Subquery(handled.annotate(count=Count("pk")).values("count"))
        return self.annotate(load=Coalesce(counted, 0))


@track()
class TeamMember(models.Model):
    """What a colleague of the ondersteuningsteam knows and has room for: the matching starts from it.

    Peers are matched by the same function, another region, no conflict of interest and capacity.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="team_member", verbose_name=_("collega"))
    association = models.CharField(
        _("beroepsvereniging"),
        max_length=20,
        choices=Association,
        blank=True,
        help_text=_("Wie van een vereniging komt, ziet alleen zaken van de functies van die vereniging."),
    )
    function = models.CharField(_("eigen functie"), max_length=30, choices=Function, blank=True)
    province_code = models.CharField(_("provincie"), max_length=4, blank=True)
    expertises = ArrayField(
        models.CharField(max_length=22, choices=Expertise),
        verbose_name=_("expertise, voor de tweede lijn"),
        default=list,
        blank=True,
    )
    capacity = models.PositiveSmallIntegerField(_("hoogstens zoveel zaken tegelijk"), default=5)
    away_from = models.DateField(_("afwezig vanaf"), null=True, blank=True)
    away_until = models.DateField(_("afwezig tot en met"), null=True, blank=True)

    objects = TeamMemberQuerySet.as_manager()

    hidden_from = {"publiek", "mijn"}  # see weerbaar/audit/grants.py

    class Meta:
        verbose_name = _("teamlid")
        verbose_name_plural = _("teamleden")
        ordering = ["user__name"]
        constraints = [
            models.CheckConstraint(
                name="team_member_away_ends_after_it_begins",
                condition=Q(away_until__isnull=True)
                | Q(away_from__isnull=False, away_until__gte=F("away_from")),
                violation_error_message=_("De laatste dag ligt voor de eerste."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}"

    @property
    def functions(self) -> list[Function]:
        """The functions whose cases somebody finds in the queue: those of the association, else all."""
        return Association(self.association).functions if self.association else list(Function)

    @property
    def is_away(self) -> bool:
        day = timezone.localdate()
        return self.away_from is not None and self.away_from <= day <= (self.away_until or day)

    @cached_property
    def is_on_duty(self) -> bool:
        """Whether somebody is called for an urgent report now, as the first or as the backup."""
        return (
            DutyShift.objects.at(timezone.now()).filter(Q(on_duty=self.user) | Q(backup=self.user)).exists()
        )


@track()
class Recusal(models.Model):
    """A colleague with a conflict of interest withdrew: from then on the case does not exist for them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="recusals")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("collega"))
    at = models.DateTimeField(_("op"), default=timezone.now)
    reason = SealedText(_("waarom"), compartment=Compartment.INTERNAL)

    hidden_from = {"publiek", "mijn"}  # see weerbaar/audit/grants.py

    class Meta:
        verbose_name = _("terugtreding")
        verbose_name_plural = _("terugtredingen")
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="recused_once")]
        triggers = [
            pgtrigger.Protect(name="recusal_stays", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="no_longer_the_handler",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (
                        SELECT FROM ondersteuning_assignment
                        WHERE case_id = NEW.case_id AND user_id = NEW.user_id AND ended_at IS NULL
                    ) THEN
                        RAISE EXCEPTION 'who handles a case cannot have withdrawn from it'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d-%m-%Y}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id
