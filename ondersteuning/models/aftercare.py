from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from ondersteuning.vocabulary import CarePersonRelation
from weerbaar.audit.api import track
from weerbaar.vault.api import Compartment, SealedText

from .case import Case


class AftercareStepQuerySet(models.QuerySet["AftercareStep"]):
    def due(self, today: object) -> AftercareStepQuerySet:
        return self.filter(done_at__isnull=True, cancelled_at__isnull=True, due_on__lte=today)

    def of_reporter(self) -> AftercareStepQuerySet:
        """What the reporter sees: their own, and that of who is near. A witness's is the witness's own."""
        near = models.Q(person__relation__in=CarePersonRelation.near())
        return self.select_related("person").filter(models.Q(person__isnull=True) | near)


@track()
class CarePerson(models.Model):
    """Somebody else who gets aftercare: partner, child, witness. It happened to them as well."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="care_people")
    relation = models.CharField(_("wie"), max_length=10, choices=CarePersonRelation)
    name = SealedText(_("naam of aanduiding"), compartment=Compartment.SHARED, max_length=150)
    contact = SealedText(_("hoe veilig te bereiken"), compartment=Compartment.SHARED, max_length=500)

    class Meta:
        verbose_name = _("naaste of getuige")
        verbose_name_plural = _("naasten en getuigen")
        ordering = ["relation", "pk"]

    def __str__(self) -> str:
        return f"{self.get_relation_display()}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id


@track()
class AftercareStep(models.Model):
    """One moment of aftercare (nazorg). The four moments follow the norm for care after incidents at work."""

    class Moment(models.TextChoices):
        FIRST = "first", _("Eerste opvang, binnen 72 uur")
        TWO_WEEKS = "two_weeks", _("Vervolggesprek na 2 weken")
        EIGHT_WEEKS = "eight_weeks", _("Vervolggesprek na 6 tot 8 weken")
        THREE_MONTHS = "three_months", _("Evaluatie na 3 maanden")

    AFTER = {
        Moment.FIRST: timedelta(days=3),
        Moment.TWO_WEEKS: timedelta(weeks=2),
        Moment.EIGHT_WEEKS: timedelta(weeks=7),
        Moment.THREE_MONTHS: timedelta(days=91),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="aftercare")
    person = models.ForeignKey(
        CarePerson, models.CASCADE, null=True, blank=True, related_name="steps", verbose_name=_("voor wie")
    )  # empty for the reporter
    moment = models.CharField(_("moment"), max_length=12, choices=Moment)
    due_on = models.DateField(_("uiterlijk op"))
    done_at = models.DateTimeField(_("gedaan"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("vervallen"), null=True, blank=True)
    report = SealedText(_("kort verslag"), compartment=Compartment.INTERNAL)

    objects = AftercareStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("nazorgmoment")
        verbose_name_plural = _("nazorgplan")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person", "moment"],
                name="one_aftercare_step_a_moment",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="aftercare_to_do",
                condition=models.Q(done_at__isnull=True, cancelled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_moment_display()}"

    @property
    def dossier_id(self) -> uuid.UUID:
        return self.case_id
