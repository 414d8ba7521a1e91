from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from netwerk.models import Partner
from ondersteuning import tasks
from ondersteuning.lifecycle import ENDED, REFERRAL_NEXT, ReferralStatus, Status
from ondersteuning.models import Case, Referral
from weerbaar.accounts.models import User
from weerbaar.jobs import enqueue
from weerbaar.vault import api as vault

from .locking import allow, locked
from .waiting import resume

MOMENTS = {
    ReferralStatus.AGREED: "consented_at",
    ReferralStatus.RUNNING: "running_at",
    ReferralStatus.DONE: "done_at",
}


@transaction.atomic
def ask_referral(
    case: Case, *, partner: Partner, shares: str, by: User, reporter_agreed: bool = False
) -> Referral:
    """Ask the reporter whether the team may bring in this organisation, and tell it exactly this (`shares`).

    Each referral is asked for on its own. With reporter_agreed: asked already, on the phone.
    """
    case = locked(case, by=by)
    if case.status in ENDED - {Status.REFERRED}:
        raise ValidationError(_("Deze zaak is niet meer open."))
    if not Partner.objects.taking_referrals().filter(pk=partner.pk).exists():
        raise ValidationError({"partner": _("Naar deze organisatie kan het team niet doorverwijzen.")})
    referral = Referral(case=case, partner=partner, by=by)
    vault.seal(case, referral, shares=shares)
    try:
        with transaction.atomic():
            referral.save()
    except IntegrityError:
        raise ValidationError(
            {"partner": _("Er loopt al een doorverwijzing naar deze organisatie.")}
        ) from None
    if reporter_agreed:
        return _move(referral, ReferralStatus.AGREED)
    enqueue(tasks.tell_reporter, key=f"referral:{referral.pk}", case_id=case.pk)
    return referral


@transaction.atomic
def answer_referral(
    referral: Referral, *, agrees: bool, by: User | None = None, visit: str | None = None
) -> Referral:
    """The reporter says yes or no at /volgen/ (`visit`), or told the colleague who handles it (`by`)."""
    referral = _locked(referral, by=by, visit=visit)
    if referral.status != ReferralStatus.ASKED:
        raise ValidationError(_("Deze vraag is al beantwoord."), code="answered")
    moved = _move(referral, ReferralStatus.AGREED if agrees else ReferralStatus.REFUSED)
    if visit is not None:
        resume(locked(moved.case))
        enqueue(tasks.tell_handler, key=f"referral-answered:{moved.pk}", case_id=moved.case_id)
    return moved


@transaction.atomic
def report_back(referral: Referral, to: ReferralStatus, *, by: User) -> Referral:
    """What comes back of a referral: that it runs, that it is done, or that it will not be. Nothing else."""
    referral = _locked(referral, by=by)
    if to not in (ReferralStatus.RUNNING, ReferralStatus.DONE, ReferralStatus.CANCELLED):
        raise ValidationError(_("Alleen ‘loopt’, ‘klaar’ of ‘vervallen’ wordt vastgelegd."))
    moved = _move(referral, to)
    enqueue(tasks.tell_reporter, key=f"referral:{moved.pk}:{to}", case_id=moved.case_id)
    return moved


@transaction.atomic
def withdraw_consent(referral: Referral, *, visit: str) -> Referral:
    """The reporter changes their mind; the team must tell the organisation, when it knows already."""
    referral = _locked(referral, visit=visit)
    if referral.status not in (ReferralStatus.AGREED, ReferralStatus.RUNNING):
        raise ValidationError(_("Deze hulp is al voorbij."), code="answered")
    moved = _move(referral, ReferralStatus.CANCELLED)
    enqueue(tasks.tell_handler, key=f"referral-withdrawn:{moved.pk}", case_id=moved.case_id)
    return moved


def end_referrals(case: Case, to: Status) -> None:
    """A case that ends takes its open questions along; who withdraws the report, withdraws every consent."""
    over = [ReferralStatus.ASKED]
    if to == Status.WITHDRAWN:
        over += [ReferralStatus.AGREED, ReferralStatus.RUNNING]
    case.referrals.filter(status__in=over).update(status=ReferralStatus.CANCELLED)


def _locked(referral: Referral, *, by: User | None = None, visit: str | None = None) -> Referral:
    """The case first, then its referral: always in this order, so that nobody waits for ever."""
    case = locked(referral.case)
    allow(case, by=by, visit=visit)
    return Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk, case=case)


def _move(referral: Referral, to: ReferralStatus) -> Referral:
    old = ReferralStatus(referral.status)
    if to not in REFERRAL_NEXT[old]:
        words = {"old": old.label, "new": to.label}
        raise ValidationError(
            _("Een doorverwijzing kan niet van ‘%(old)s’ naar ‘%(new)s’.") % words, code="move"
        )
    referral.status = to
    fields = ["status"]
    if moment := MOMENTS.get(to):
        setattr(referral, moment, timezone.now())
        fields.append(moment)
    referral.save(update_fields=fields)
    return referral
