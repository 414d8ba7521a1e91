from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from netwerk.models import Contact
from ondersteuning import tasks
from ondersteuning.models import OrganisationMessage, OrganisationReport, Share
from weerbaar.accounts.models import User
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault
from weerbaar.vault.api import Compartment

from .locking import allow, once


@transaction.atomic
def open_report(report: OrganisationReport, *, by: User) -> None:
    """A contact opens the report for the first time: the reporter can see that."""
    _contact(report, by)
    Share.objects.filter(report=report, contact__user=by, opened_at__isnull=True).update(
        opened_at=timezone.now()
    )


@transaction.atomic
def react_to_report(
    report: OrganisationReport, *, text: str, submission: str, by: User
) -> OrganisationMessage:
    """The organisation's first answer (norm: within 1 working day) and every answer after it."""
    message = message_from_contact(report, text=text, submission=submission, by=by)
    OrganisationReport.objects.filter(pk=report.pk, reacted_at__isnull=True).update(reacted_at=message.at)
    return message


@transaction.atomic
def decide_aangifte(report: OrganisationReport, *, decision: str, by: User) -> OrganisationReport:
    """What the organisation decides about aangifte (norm: within 3 working days); may be changed later."""
    report = _locked(report, by)
    if decision not in OrganisationReport.Aangifte.values or not decision:
        raise ValidationError({"decision": _("Kies wat de organisatie doet.")})
    report.aangifte, report.aangifte_decided_at = decision, timezone.now()
    report.save(update_fields=["aangifte", "aangifte_decided_at"])
    enqueue(tasks.tell_reporter, key=f"aangifte:{report.pk}:{decision}", case_id=report.case_id)
    return report


@transaction.atomic
def give_feedback(report: OrganisationReport, *, text: str, submission: str, by: User) -> OrganisationMessage:
    """Tell the reporter what came of it (norm: within 2 weeks)."""
    message = react_to_report(report, text=text, submission=submission, by=by)
    OrganisationReport.objects.filter(pk=report.pk, feedback_at__isnull=True).update(feedback_at=message.at)
    return message


@transaction.atomic
def message_from_contact(
    report: OrganisationReport, *, text: str, submission: str, by: User
) -> OrganisationMessage:
    report = _locked(report, by)
    submission = once(report, submission)
    if known := report.messages.filter(submission=submission).first():
        return known
    if not vault.has_code(report.case, Compartment.ORGANISATION):
        raise ValidationError(
            _("De melder heeft een nieuwe toegangscode en kan berichten hier niet meer lezen."), code="unread"
        )
    message = OrganisationMessage(
        report=report,
        case_id=report.case_id,
        side=OrganisationMessage.Side.ORGANISATION,
        contact=_contact(report, by),
        submission=submission,
    )
    vault.seal(report.case, message, text=text)
    message.save()
    enqueue(tasks.tell_reporter, key=f"organisation-message:{message.pk}", case_id=report.case_id)
    return message


@transaction.atomic
def message_to_organisation(
    report: OrganisationReport, *, text: str, submission: str, visit: str
) -> OrganisationMessage:
    """The reporter writes to the contacts, with the access code in hand."""
    report = OrganisationReport.objects.select_for_update().get(pk=report.pk)  # a double click waits here
    allow(report.case, visit=visit)
    submission = once(report, submission)
    if known := report.messages.filter(submission=submission).first():
        return known
    message = OrganisationMessage(
        report=report, case_id=report.case_id, side=OrganisationMessage.Side.REPORTER, submission=submission
    )
    vault.seal(report.case, message, visit=visit, text=text)
    message.save()
    tell_contacts(report, f"organisation-message:{message.pk}")
    return message


@transaction.atomic
def withdraw_share(share: Share, *, visit: str) -> None:
    """The reporter no longer wants this contact to read along; from now on it is closed to them."""
    allow(share.report.case, visit=visit)
    Share.objects.filter(pk=share.pk, withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())


def tell_contacts(report: OrganisationReport, cause: str) -> None:
    """Each contact whom the reporter chose hears that something waits: once for each cause."""
    for pk in report.shares.filter(withdrawn_at__isnull=True).values_list("pk", flat=True):
        enqueue(tasks.tell_contact, key=f"{cause}:{pk}", share_id=pk)


def _contact(report: OrganisationReport, by: User) -> Contact:
    share = (
        report.shares.filter(
            contact__in=Contact.objects.current().filter(user=by),
            withdrawn_at__isnull=True,
            report__withdrawn_at__isnull=True,
        )
        .select_related("contact")
        .first()
    )
    if share is None:
        raise PermissionDenied
    return share.contact


def _locked(report: OrganisationReport, by: User) -> OrganisationReport:
    report = OrganisationReport.objects.select_for_update().get(pk=report.pk)
    _contact(report, by)
    return report
