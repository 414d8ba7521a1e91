from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Max, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.functions import Function
from netwerk.lifecycle import HOLDS_A_PLACE, GatheringStatus, SignupStatus
from netwerk.moments import period
from netwerk.vocabulary import Topic
from weerbaar.audit.history import track

from .gathering import Gathering, Signup, triggers_of_gathering
from .partner import Partner

EVALUATE_WITHIN = timedelta(days=30)  # after the last session; only then are there figures
FEWEST_ANSWERS = 10  # under it, an answer could be known by who gave it


class TrainingQuerySet(models.QuerySet["Training"]):
    def published(self) -> Self:
        return self.filter(is_published=True)

    def with_coming_editions(self) -> Self:
        """As `coming`: the editions that are announced and not over."""
        coming = TrainingEdition.objects.announced().coming().with_sessions()
        return self.prefetch_related(models.Prefetch("editions", coming, to_attr="coming"))


@track()
class Training(models.Model):
    """What can be learned; when, is in its editions."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("Training")
        COURSE = "course", _("Leergang")

    slug = models.SlugField(_("in het adres"), max_length=80, unique=True)
    title = models.CharField(_("titel"), max_length=120)
    kind = models.CharField(_("soort"), max_length=10, choices=Kind, default=Kind.TRAINING)
    topic = models.CharField(_("onderwerp"), max_length=20, choices=Topic)
    summary = models.TextField(_("in het kort"), max_length=500)
    functions = ArrayField(
        models.CharField(max_length=30, choices=Function),
        verbose_name=_("voor welke functies"), default=list, blank=True,
        help_text=_("Niets gekozen: voor iedereen in het openbaar bestuur."),
    )  # fmt: skip
    learns = models.TextField(_("wat u leert"), max_length=2000, help_text=_("Een regel voor elk punt."))
    duration = models.CharField(_("hoe lang"), max_length=120)
    provider = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="trainings",
        verbose_name=_("partner die de training geeft"),
    )  # fmt: skip
    source = models.CharField(_("bron"), max_length=200, blank=True)
    is_published = models.BooleanField(_("zichtbaar"), default=False)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainingen")
        ordering = ["topic", "title", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def lessons(self) -> list[str]:
        return [line.strip() for line in self.learns.splitlines() if line.strip()]

    @property
    def for_whom(self) -> str:
        """The functions in words; "" when it is for everybody."""
        return ", ".join(str(Function(one).label) for one in self.functions)


class EditionQuerySet(models.QuerySet["TrainingEdition"]):
    def announced(self) -> Self:
        """What account holders may know about."""
        return self.filter(training__is_published=True).exclude(status=GatheringStatus.DRAFT)

    def with_period(self) -> Self:
        """From the first session to the last, as `begins_at` and `ends_at`; in that order."""
        period = {"begins_at": Min("sessions__begins_at"), "ends_at": Max("sessions__ends_at")}
        return self.annotate(**period).order_by("begins_at", "pk")

    def with_counts(self) -> Self:
        """How many places are `taken` (held ones too), and how many wait (`waiting`)."""
        of_this = Signup.objects.filter(edition=models.OuterRef("pk")).order_by()
        number = of_this.values("edition").annotate(number=models.Count("pk")).values("number")
        return self.annotate(
            taken=Coalesce(models.Subquery(number.filter(status__in=HOLDS_A_PLACE)), 0),
            waiting=Coalesce(models.Subquery(number.filter(status=SignupStatus.WAITING)), 0),
        )

    def coming(self, now: datetime | None = None) -> Self:
        """With a session that is not over yet, the first one first."""
        return self.with_period().filter(ends_at__gt=now or timezone.now())

    def with_sessions(self) -> Self:
        """And without where they are: that is for who has a place."""
        return self.prefetch_related(
            models.Prefetch("sessions", TrainingSession.objects.defer("place", "online_link"))
        )


@track()
class TrainingEdition(Gathering):
    """A training given once: one session, or several that belong together."""

    training = models.ForeignKey(
        Training, models.PROTECT, related_name="editions", verbose_name=_("training")
    )
    name = models.CharField(_("welke keer"), max_length=80, help_text=_("Bijvoorbeeld: voorjaar, Zwolle."))
    price_note = models.CharField(_("kosten"), max_length=200, blank=True)
    sessions_needed = models.PositiveSmallIntegerField(
        _("aantal sessies voor het deelnamebewijs"), default=1, validators=[MinValueValidator(1)]
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("uitvoering van een training")
        verbose_name_plural = _("uitvoeringen van trainingen")
        ordering = ["-sign_up_until", "pk"]
        triggers = triggers_of_gathering("edition_id")

    def __str__(self) -> str:
        return f"{self.training.title}, {self.name}"

    @property
    def first_moment(self) -> datetime | None:
        """When the first session begins. Uses what was prefetched."""
        return min((one.begins_at for one in self.sessions.all()), default=None)

    @property
    def last_moment(self) -> datetime | None:
        return max((one.ends_at for one in self.sessions.all()), default=None)

    def has_begun(self, at: datetime | None = None) -> bool:
        return self.first_moment is not None and self.first_moment <= (at or timezone.now())

    def is_over(self, at: datetime | None = None) -> bool:
        return self.last_moment is not None and self.last_moment <= (at or timezone.now())

    def takes_evaluations(self, at: datetime | None = None) -> bool:
        """After the last session, for a month."""
        last, now = self.last_moment, at or timezone.now()
        return self.is_published and last is not None and last <= now < last + EVALUATE_WITHIN


@track()
class TrainingSession(models.Model):
    edition = models.ForeignKey(
        TrainingEdition, models.CASCADE, related_name="sessions", verbose_name=_("training")
    )
    title = models.CharField(_("onderwerp"), max_length=160, blank=True)
    begins_at = models.DateTimeField(_("begin"))
    ends_at = models.DateTimeField(_("einde"))
    town = models.CharField(
        _("plaats, voor iedereen"), max_length=80, help_text=_("Bijvoorbeeld: Utrecht, of: online.")
    )
    place = models.CharField(_("adres, alleen voor deelnemers"), max_length=300, blank=True)
    online_link = models.URLField(_("link, alleen voor deelnemers"), blank=True)

    class Meta:
        verbose_name = _("sessie")
        verbose_name_plural = _("sessies")
        ordering = ["begins_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="session_ends_after_it_begins",
                condition=Q(ends_at__gt=F("begins_at")),
                violation_error_message=_("Het einde ligt niet na het begin."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.when

    @property
    def when(self) -> str:
        return period(self.begins_at, self.ends_at)


class Attendance(models.Model):
    """Somebody was at a session; the trainer or an editor says so."""

    session = models.ForeignKey(TrainingSession, models.CASCADE, related_name="attendances")
    signup = models.ForeignKey(Signup, models.CASCADE, related_name="attendances")

    class Meta:
        verbose_name = _("aanwezigheid")
        verbose_name_plural = _("aanwezigheid")
        constraints = [models.UniqueConstraint(name="attended_once", fields=["session", "signup"])]
        triggers = [
            pgtrigger.Trigger(
                name="attends_what_one_signed_up_for",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT FROM netwerk_signup signup
                        JOIN netwerk_trainingsession session ON session.edition_id = signup.edition_id
                        WHERE signup.id = NEW.signup_id AND session.id = NEW.session_id
                          AND signup.status = 'placed'
                    ) THEN
                        RAISE EXCEPTION 'no place at this training' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return str(self.session)


ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]


class Evaluation(models.Model):
    """What somebody thought of a training. It does not say who, nor when: only that it was once each."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # in no order
    edition = models.ForeignKey(TrainingEdition, models.CASCADE, related_name="evaluations")
    useful = models.PositiveSmallIntegerField(
        _("Hoe nuttig was de training voor uw werk?"), validators=ONE_TO_FIVE
    )
    trainer = models.PositiveSmallIntegerField(_("Wat vond u van de trainer?"), validators=ONE_TO_FIVE)
    prepared = models.PositiveSmallIntegerField(
        _("Hoe goed weet u nu wat u kunt doen?"), validators=ONE_TO_FIVE
    )

    QUESTIONS = ("useful", "trainer", "prepared")

    class Meta:
        verbose_name = _("evaluatie")
        verbose_name_plural = _("evaluaties")
        constraints = [
            models.CheckConstraint(
                name="evaluation_from_one_to_five",
                condition=Q(useful__range=(1, 5), trainer__range=(1, 5), prepared__range=(1, 5)),
            )
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
