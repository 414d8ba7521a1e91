from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from netwerk.functions import Function
from netwerk.models import AccountRequest, Membership, Organisation
from netwerk.tasks import tell_contacts
from weerbaar.accounts.actions import invite
from weerbaar.accounts.models import User
from weerbaar.accounts.roles import Role
from weerbaar.audit.log import Actor
from weerbaar.jobs import enqueue


@transaction.atomic
def confirm_membership(membership: Membership, *, by: User) -> Membership:
    """Confirm that somebody holds a function; never one's own. Doing it twice changes nothing."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.user_id == by.pk:
        raise ValidationError(_("U kunt uw eigen functie niet bevestigen. Vraag het een collega."))
    if membership.confirmed_at is None:
        membership.confirmed_by, membership.confirmed_at = by, timezone.now()
        membership.save(update_fields=["confirmed_by", "confirmed_at"])
    return membership


@transaction.atomic
def ask_account(
    *, email: str, name: str, organisation: Organisation, function: Function, valid_until: date | None
) -> None:
    """Put a request before the organisation's contacts. Asking twice is asking once; nobody is told which."""
    asked, is_new = AccountRequest.objects.get_or_create(
        email=email.strip().lower(),
        organisation=organisation,
        function=function,
        defaults={"name": name, "valid_until": valid_until},
    )
    if is_new:
        enqueue(tell_contacts, key=f"account-request:{asked.pk}", request_id=asked.pk)


@transaction.atomic
def confirm_request(asked: AccountRequest, *, by: User) -> Membership | None:
    """Confirm function and term: the account is invited. None when a colleague was first, or for staff."""
    if not AccountRequest.objects.visible_to(by).filter(pk=asked.pk).delete()[0]:
        return None
    if User.objects.filter(email=asked.email, is_staff=True).exists():
        return None  # the staff have their accounts from elsewhere, and nobody here learns who they are
    user = invite(asked.email, asked.name, Role.AMBTSDRAGER, by=Actor.of(by))
    membership, _made = Membership.objects.get_or_create(
        user=user,
        organisation=asked.organisation,
        function=asked.function,
        valid_from=timezone.localdate(),
        defaults={"valid_until": asked.valid_until},
    )
    return confirm_membership(membership, by=by)


@transaction.atomic
def refuse_request(asked: AccountRequest, *, by: User) -> None:
    """Drop a request; whoever asked hears nothing, so that a stranger learns nothing."""
    AccountRequest.objects.visible_to(by).filter(pk=asked.pk).delete()
