from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ondersteuning.vocabulary import Relation
from weerbaar.accounts.models import User
from weerbaar.audit.api import track

from .case import Case


class CaseLinkQuerySet(models.QuerySet["CaseLink"]):
    def of(self, case: Case) -> CaseLinkQuerySet:
        return self.filter(Q(one=case) | Q(other=case), undone_at__isnull=True)

    def asked_of(self, case: Case) -> CaseLinkQuerySet:
        """The links about which this case's reporter is asked, or may still say no."""
        return self.of(case).exclude(relation=Relation.SAME_REPORTER)

    def agreed(self) -> CaseLinkQuerySet:
        return self.filter(
            Q(relation=Relation.SAME_REPORTER)
            | Q(consent_one_at__isnull=False, consent_other_at__isnull=False)
        )

    def unanswered_by(self, case: Case) -> CaseLinkQuerySet:
        return self.asked_of(case).filter(
            Q(one=case, consent_one_at__isnull=True) | Q(other=case, consent_other_at__isnull=True)
        )


@track()
class CaseLink(models.Model):
    """Two cases belong together, and a colleague said so: never found by a machine, never by an offender.

    Between two reporters it counts only once both agreed; one who says no undoes it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    one = models.ForeignKey(Case, models.CASCADE, related_name="+")
    other = models.ForeignKey(Case, models.CASCADE, related_name="+")
    relation = models.CharField(_("waarom"), max_length=17, choices=Relation)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("door"))
    at = models.DateTimeField(_("op"), default=timezone.now)
    consent_one_at = models.DateTimeField(null=True, blank=True)
    consent_other_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(_("verbroken"), null=True, blank=True)

    objects = CaseLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("verband tussen zaken")
        verbose_name_plural = _("verbanden tussen zaken")
        constraints = [
            # an order by id: the same pair cannot be linked twice, the other way round
            models.CheckConstraint(name="case_link_in_order", condition=Q(one__lt=F("other"))),
            models.UniqueConstraint(
                fields=["one", "other"], condition=Q(undone_at__isnull=True), name="cases_linked_once"
            ),
        ]
        indexes = [models.Index(fields=["other"], name="case_link_other")]
        triggers = [
            pgtrigger.Trigger(  # who follows one case cannot say yes for the other's reporter
                name="own_consent_only",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("consent_one_at", "consent_other_at"),
                func="""
                    IF vault_presented() = NEW.one_id
                        AND NEW.consent_other_at IS DISTINCT FROM OLD.consent_other_at
                    OR vault_presented() = NEW.other_id
                        AND NEW.consent_one_at IS DISTINCT FROM OLD.consent_one_at
                    THEN
                        RAISE EXCEPTION 'a reporter answers for the own case only'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_relation_display()}"

    @property
    def is_agreed(self) -> bool:
        """Whether handlers of the one may know of the other."""
        if self.relation == Relation.SAME_REPORTER:
            return True
        return self.consent_one_at is not None and self.consent_other_at is not None

    def is_agreed_by(self, case: Case) -> bool:
        """Whether the reporter of this case said yes."""
        return (self.consent_one_at if case.pk == self.one_id else self.consent_other_at) is not None
