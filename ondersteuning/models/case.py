from __future__ import annotations

import secrets
import uuid
from datetime import datetime

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from netwerk.functions import Function
from netwerk.models import Organisation
from ondersteuning.lifecycle import NEXT, OPEN, Status
from ondersteuning.urgency import Urgency
from ondersteuning.vocabulary import (
    Channel,
    Consent,
    Frequency,
    Kind,
    Line,
    Motive,
    OnBehalf,
    Outcome,
    Severity,
    Source,
    Target,
    Wish,
)
from weerbaar.accounts.models import User
from weerbaar.audit.api import track
from weerbaar.pages.forms import day_text
from weerbaar.vault.api import Compartment, Dossier, SealedJSON, SealedText

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that can be misread on the phone
FOR_TEAM = Q(wish__in=[Wish.TEAM, Wish.BOTH])  # the others are between the reporter and the organisation
UNCLAIMED = Q(status__in=sorted(OPEN), handler__isnull=True)  # new, or its handler withdrew


def new_reference() -> str:
    """A random reference such as WB-7K3M-9Q2T: tells nothing about number or order of reports."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"WB-{letters[:4]}-{letters[4:]}"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> CaseQuerySet:
        """Cases this user may know about: the envelope. What is in it opens for `openable_by` only.

        Who withdrew from a case (see `Recusal`) never does. Who comes from an association finds only the
        cases of its functions in the queue.
        """
        if not (user.is_authenticated and user.is_active):
            return self.none()
        team = self.filter(FOR_TEAM).exclude(self._is_left_by(user))
        if user.has_perm("ondersteuning.see_all_cases"):
            return team
        mine = Q(handler=user) | self._is_offered_to(user) | self._is_granted_to(user)
        if user.has_perm("ondersteuning.see_queue"):
            return team.filter(mine | UNCLAIMED & self._is_for_association_of(user))
        return team.filter(mine)

    def openable_by(self, user: User) -> CaseQuerySet:
        """Cases whose content this user may read: those they handle, or were granted one by one."""
        if not (user.is_authenticated and user.is_active and user.has_perm("ondersteuning.handle_case")):
            return self.none()
        readable = self.filter(FOR_TEAM, erased_at__isnull=True).exclude(self._is_left_by(user))
        return readable.filter(Q(handler=user) | self._is_granted_to(user))

    @staticmethod
    def _is_left_by(user: User) -> Q:
        from .team import Recusal  # noqa: PLC0415 - the two modules know each other

        return Q(Exists(Recusal.objects.filter(case=OuterRef("pk"), user=user)))

    @staticmethod
    def _is_for_association_of(user: User) -> Q:
        """Everything for who comes from no association. During a duty urgent cases of all functions, too."""
        member = getattr(user, "team_member", None)
        if member is None or not member.association:
            return Q()
        theirs = Q(function__in=member.functions)
        return theirs | Q(urgency=Urgency.HIGH) if member.is_on_duty else theirs

    @staticmethod
    def _is_offered_to(user: User) -> Q:
        from .handover import Handover  # noqa: PLC0415 - the two modules know each other

        return Q(Exists(Handover.objects.offered().for_user(user).filter(case=OuterRef("pk"))))

    @staticmethod
    def _is_granted_to(user: User) -> Q:
        return Q(
            Exists(
                CaseUserObjectPermission.objects.filter(
                    content_object=OuterRef("pk"), user=user, permission__codename="read_case"
                )
            )
        )

    def open(self) -> CaseQuerySet:
        return self.filter(status__in=OPEN)

    def urgent(self) -> CaseQuerySet:
        return self.open().filter(urgency=Urgency.HIGH)

    def new(self) -> CaseQuerySet:
        return self.filter(status=Status.RECEIVED)

    def handled_by(self, user: User) -> CaseQuerySet:
        return self.filter(handler=user)

    def unclaimed(self) -> CaseQuerySet:
        """Nobody has taken it yet, or nobody took it over from who withdrew."""
        return self.filter(UNCLAIMED)

    def waiting_for_reporter(self) -> CaseQuerySet:
        return self.open().filter(waiting_since__isnull=False)

    def overdue(self, now: datetime | None = None) -> CaseQuerySet:
        """Nobody was in touch in time, and we are not waiting for the reporter."""
        return self.open().filter(
            contacted_at__isnull=True, waiting_since__isnull=True, contact_due_at__lt=now or timezone.now()
        )

    def queue_order(self) -> CaseQuerySet:
        return self.order_by("urgency", F("contact_due_at").asc(nulls_last=True), "pk")


@track()
class Case(Dossier):
    """A report of intimidation and all that the team does about it (melding, zaak).

    In clear columns: what the team needs to triage. Sealed: what was told, and how to reach the reporter.
    """

    reference = models.CharField(
        _("kenmerk"), max_length=12, unique=True, default=new_reference, editable=False
    )
    submission = models.CharField(max_length=64, unique=True, editable=False)  # one draft makes one case
    source = models.CharField(_("binnengekomen als"), max_length=10, choices=Source, default=Source.REPORT)
    received_at = models.DateTimeField(_("ontvangen"), default=timezone.now)

    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.RECEIVED)
    urgency = models.PositiveSmallIntegerField(_("urgentie"), choices=Urgency)
    urgency_is_provisional = models.BooleanField(_("urgentie is voorlopig"), default=True)
    line = models.CharField(_("lijn"), max_length=6, choices=Line, default=Line.FIRST)
    handler = models.ForeignKey(  # kept by the database from the assignments, see docs/adr/0010
        User,
        models.PROTECT,
        verbose_name=_("behandelaar"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,  # see case_of_handler
    )
    acknowledged_at = models.DateTimeField(_("gezien door een mens"), null=True, blank=True)
    contact_due_at = models.DateTimeField(_("contact uiterlijk"))
    contacted_at = models.DateTimeField(_("eerste contact"), null=True, blank=True)
    waiting_since = models.DateTimeField(_("wacht op melder sinds"), null=True, blank=True)
    waiting_until = models.DateField(_("wacht op melder tot en met"), null=True, blank=True)
    closed_at = models.DateTimeField(_("afgesloten op"), null=True, blank=True)
    outcome = models.CharField(_("uitkomst"), max_length=12, choices=Outcome, blank=True)
    erased_at = models.DateTimeField(_("gewist op verzoek"), null=True, blank=True, editable=False)

    kinds = ArrayField(models.CharField(max_length=20, choices=Kind), verbose_name=_("soort"), default=list)
    channels = ArrayField(
        models.CharField(max_length=20, choices=Channel), verbose_name=_("kanaal"), default=list, blank=True
    )
    targets = ArrayField(
        models.CharField(max_length=20, choices=Target),
        verbose_name=_("gericht op"),
        default=list,
        blank=True,
    )
    motive = models.CharField(_("motief"), max_length=20, choices=Motive, blank=True)
    occurred_on = models.CharField(
        _("datum van het voorval"), max_length=10, blank=True
    )  # as far as it is known: 2026-11-03, 2026-11 or 2026
    frequency = models.CharField(_("hoe vaak"), max_length=10, choices=Frequency, blank=True)
    severity = models.CharField(_("hoe ernstig voor de melder"), max_length=14, choices=Severity, blank=True)
    wish = models.CharField(_("wie leest mee"), max_length=14, choices=Wish, default=Wish.TEAM)
    on_behalf = models.CharField(_("voor wie"), max_length=8, choices=OnBehalf, default=OnBehalf.SELF)
    consent = models.CharField(_("toestemming"), max_length=10, choices=Consent, blank=True)
    in_danger = models.BooleanField(_("in gevaar bij het melden"), default=False, db_default=False)
    function = models.CharField(_("functie"), max_length=40, choices=Function, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisatie"), null=True, blank=True, related_name="+"
    )

    narrative = SealedText(_("wat er is gebeurd"), compartment=Compartment.SHARED)
    contact = SealedJSON(_("hoe de melder veilig te bereiken is"), compartment=Compartment.SHARED)
    people = SealedText(_("om wie het gaat"), compartment=Compartment.SHARED)
    assessment = SealedText(_("inschatting van het team"), compartment=Compartment.INTERNAL)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("zaak")
        verbose_name_plural = _("zaken")
        permissions = [
            ("see_queue", _("ziet de wachtrij")),
            ("see_all_cases", _("ziet de envelop van alle zaken")),
            ("handle_case", _("behandelt zaken")),
            ("assign_case", _("wijst zaken toe")),
            ("accept_handover", _("neemt zaken over als tweede lijn")),
            ("be_on_duty", _("heeft dienst")),
            ("plan_duty", _("plant diensten")),
            ("read_case", _("leest één zaak")),
            ("take_report", _("neemt een melding aan per telefoon of op papier")),
            ("import_report", _("leest een bestand met meldingen in")),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_closed_at_iff_closed",
                condition=Q(status=Status.CLOSED, closed_at__isnull=False)
                | ~Q(status=Status.CLOSED) & Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="case_closed_has_an_outcome", condition=~Q(status=Status.CLOSED) | ~Q(outcome="")
            ),
            models.CheckConstraint(
                name="case_waits_with_a_date",
                condition=Q(waiting_since__isnull=True, waiting_until__isnull=True)
                | Q(waiting_since__isnull=False, waiting_until__isnull=False),
            ),
            models.CheckConstraint(name="case_is_not_only_counted", condition=~Q(wish=Wish.COUNT)),
        ]
        triggers = [
            pgtrigger.FSM(
                name="case_lifecycle",
                field="status",
                transitions=[(old, new) for old in sorted(NEXT) for new in sorted(NEXT[old])],
            ),
            pgtrigger.Trigger(
                name="handler_is_assigned",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("handler_id"),
                func="""
                    IF TG_OP = 'INSERT' AND NEW.handler_id IS NULL THEN
                        RETURN NEW;  -- by the public zone, which sees no assignments
                    END IF;
                    IF NEW.handler_id IS DISTINCT FROM (
                        SELECT user_id FROM ondersteuning_assignment
                        WHERE case_id = NEW.id AND ended_at IS NULL
                    ) THEN
                        RAISE EXCEPTION 'the handler of a case follows from its assignments'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        indexes = [
            # the queue's order, four times: everybody's, mine, nobody's, late
            models.Index(
                "urgency",
                "contact_due_at",
                "id",
                name="case_queue",
                condition=Q(status__in=sorted(OPEN)) & FOR_TEAM,
            ),
            models.Index(
                "handler",
                "urgency",
                "contact_due_at",
                "id",
                name="case_of_handler",
                condition=Q(status__in=sorted(OPEN), handler__isnull=False) & FOR_TEAM,
            ),
            models.Index(
                "urgency", "contact_due_at", "id", name="case_unclaimed", condition=UNCLAIMED & FOR_TEAM
            ),
            models.Index("status", "urgency", "contact_due_at", "id", name="case_by_status"),
            models.Index(
                "urgency",
                "contact_due_at",
                "id",
                name="case_not_contacted",
                condition=Q(status__in=sorted(OPEN), contacted_at__isnull=True, waiting_since__isnull=True)
                & FOR_TEAM,
            ),
            models.Index(
                fields=["waiting_until"], name="case_waiting", condition=Q(waiting_since__isnull=False)
            ),
            models.Index(fields=["-received_at", "id"], name="case_newest"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_waiting(self) -> bool:
        return self.waiting_since is not None

    @property
    def is_for_team(self) -> bool:
        return self.wish in (Wish.TEAM, Wish.BOTH)

    @property
    def is_for_organisation(self) -> bool:
        return self.wish in (Wish.ORGANISATION, Wish.BOTH)

    @property
    def occurred_text(self) -> str:
        """When it happened, in words, as precisely as the reporter knew; empty when not."""
        return day_text(self.occurred_on) if self.occurred_on else ""

    @property
    def kind_labels(self) -> list[str]:
        """In words. One that is no kind is left out: a list of cases may not fail on a single row."""
        words = dict(Kind.choices)
        return [str(words[kind]) for kind in self.kinds if kind in words]

    @property
    def is_overdue(self) -> bool:
        return (
            self.is_open
            and not self.is_waiting
            and self.contacted_at is None
            and self.contact_due_at < timezone.now()
        )


class CaseUserObjectPermission(UserObjectPermissionBase):
    """A grant of one case to one person (guardian, without a generic foreign key)."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def active(self) -> AssignmentQuerySet:
        return self.filter(ended_at__isnull=True)


@track()
class Assignment(models.Model):
    """Who handles a case, from when until when. One handler at a time; the past stays."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="assignments")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("behandelaar"))
    line = models.CharField(_("lijn"), max_length=6, choices=Line)
    started_at = models.DateTimeField(_("vanaf"), default=timezone.now)
    ended_at = models.DateTimeField(_("tot"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="case_has_one_handler"
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="not_who_withdrew",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("case_id", "user_id", "ended_at"),
                condition=pgtrigger.Condition("NEW.ended_at IS NULL"),
                func="""
                    IF EXISTS (
                        SELECT FROM ondersteuning_recusal
                        WHERE case_id = NEW.case_id AND user_id = NEW.user_id
                    ) THEN
                        RAISE EXCEPTION 'who withdrew from a case cannot get it'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(  # as whoever changes it: a role that writes here must be able to change cases
                name="case_follows",
                when=pgtrigger.After,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("case_id", "user_id", "ended_at")
                | pgtrigger.Delete,
                func="""
                    UPDATE ondersteuning_case AS changed SET handler_id = (
                        SELECT user_id FROM ondersteuning_assignment
                        WHERE case_id = changed.id AND ended_at IS NULL
                    )
                    WHERE id IN (OLD.case_id, NEW.case_id);
                    IF NOT FOUND AND TG_OP <> 'DELETE' THEN
                        RAISE EXCEPTION 'an assignment needs a case, and who may change it'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"


class StatusChange(models.Model):
    """One line of the timeline that reporter and team see: from, to, when, by which role."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="status_changes")
    old = models.CharField(max_length=12, choices=Status, blank=True)
    new = models.CharField(max_length=12, choices=Status)
    role = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class TimelineEvent(models.Model):
    """A line of the timeline that is no move of status. Neutral: that it happened, never what it said."""

    class What(models.TextChoices):
        CONTACT_CHANGED = "contact_changed", _("De melder wijzigde de contactgegevens")
        CODE_GIVEN = "code_given", _("Tijdelijke code gegeven, na controle per telefoon")
        CODE_RENEWED = "code_renewed", _("De melder heeft een nieuwe toegangscode")
        CONSENT_CHANGED = "consent_changed", _("De toestemming van degene om wie het gaat is gewijzigd")
        HANDED_OVER = "handed_over", _("Overgedragen aan degene om wie het gaat, met een nieuwe toegangscode")
        ACCOUNT_JOINED = "account_joined", _("De melder voegde de melding toe aan een account")
        ACCOUNT_LEFT = "account_left", _("De melding is losgemaakt van een account")
        ERASURE_ASKED = "erasure_asked", _("De melder vroeg om de melding te wissen")
        ERASURE_REFUSED = "erasure_refused", _("Het verzoek om te wissen is afgewezen")
        MADE_FOR_ONE = "made_for_one", _("Zaak gemaakt door het team: één voorval, meer mensen")
        HANDLER_LEFT = "handler_left", _("De behandelaar heeft zich teruggetrokken")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="timeline_events")
    what = models.CharField(max_length=16, choices=What)
    role = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return str(self.get_what_display())


class CountedReport(models.Model):
    """A report that is only counted: no text, no contact, no case, and the month in place of the moment."""

    submission = models.CharField(max_length=64, unique=True, editable=False)
    month = models.DateField(_("maand"))
    kinds = ArrayField(models.CharField(max_length=20, choices=Kind), default=list)
    channels = ArrayField(models.CharField(max_length=20, choices=Channel), default=list)
    function = models.CharField(max_length=40, choices=Function, blank=True)
    layer = models.CharField(_("bestuurslaag"), max_length=20, blank=True)
    severity = models.CharField(max_length=14, choices=Severity, blank=True)

    class Meta:
        verbose_name = _("getelde melding")
        verbose_name_plural = _("getelde meldingen")
        constraints = [
            models.CheckConstraint(name="counted_by_month_only", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
