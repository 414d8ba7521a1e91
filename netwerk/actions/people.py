from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from netwerk.functions import Function
from netwerk.models import AccountRequest, Contact, Membership, Organisation
from netwerk.tasks.people import tell_contacts
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
def move_membership(membership: Membership, *, by: User) -> Membership:
    """Go on with the same function at what the organisation became; the old membership stays as history.

    From the day of the merger, or of the membership where that is later. Never by itself: with a merger most
    functions end, and a raad is elected anew. Raises ValidationError when there is nothing to go on at.
    """
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    old = membership.organisation
    heir = old.heir()
    if old.valid_until is None or heir is None:
        raise ValidationError(_("Deze organisatie heeft geen opvolger."))
    if membership.user_id == by.pk:
        raise ValidationError(_("U kunt uw eigen functie niet verplaatsen. Vraag het een collega."))
    if membership.valid_until and membership.valid_until <= old.valid_until:
        raise ValidationError(_("Deze functie eindigt al voordat de organisatie opgaat in de opvolger."))
    moved, is_new = Membership.objects.get_or_create(
        user_id=membership.user_id,
        organisation=heir,
        function=membership.function,
        valid_from=max(old.valid_until, membership.valid_from),
        defaults={"valid_until": membership.valid_until},
    )
    if membership.valid_from < old.valid_until:
        membership.valid_until = old.valid_until
        membership.save(update_fields=["valid_until"])
    return confirm_membership(moved, by=by) if is_new else moved


@transaction.atomic
def enter_contact(contact: Contact, *, by: User, ends_sooner: bool = False) -> Contact:
    """Save a contact that somebody added or changed; from then on it waits for a second person.

    Only an earlier end (`ends_sooner`) holds at once: that lets nobody read more.
    """
    if not ends_sooner:
        contact.added_by, contact.confirmed_by, contact.confirmed_at = by, None, None
    contact.save()
    return contact


@transaction.atomic
def confirm_contact(contact: Contact, *, by: User) -> Contact:
    """The second person agrees: from now on reporters can choose this contact. Twice changes nothing."""
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if by.pk in (contact.added_by_id, contact.user_id):
        raise ValidationError(_("U kunt dit niet zelf bevestigen. Vraag het een collega."))
    if contact.confirmed_at is None:
        contact.confirmed_by, contact.confirmed_at = by, timezone.now()
        contact.save(update_fields=["confirmed_by", "confirmed_at"])
    return contact


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
    return _make_member(
        email=asked.email,
        name=asked.name,
        organisation=asked.organisation,
        function=Function(asked.function),
        valid_until=asked.valid_until,
        by=by,
    )


@transaction.atomic
def invite_member(
    *,
    email: str,
    name: str,
    organisation: Organisation,
    function: Function,
    valid_until: date | None,
    by: User,
) -> Membership | None:
    """A contact invites somebody who holds a function at the own organisation, as ambtsdrager and no more.

    None when it is the address of staff: whoever invites gets the same answer. Raises PermissionDenied for
    another organisation, ValidationError for the own address.
    """
    if not Contact.objects.current().filter(user=by, organisation=organisation).exists():
        raise PermissionDenied
    if email.strip().lower() == by.email:
        raise ValidationError(_("U kunt uzelf niet uitnodigen. Vraag het een collega."))
    AccountRequest.objects.filter(email=email.strip().lower(), organisation=organisation).delete()
    return _make_member(
        email=email, name=name, organisation=organisation, function=function, valid_until=valid_until, by=by
    )


def _make_member(
    *,
    email: str,
    name: str,
    organisation: Organisation,
    function: Function,
    valid_until: date | None,
    by: User,
) -> Membership | None:
    if User.objects.filter(email=email.strip().lower(), is_staff=True).exists():
        return None  # the staff have their accounts from elsewhere, and nobody here learns who they are
    user = invite(email, name, Role.AMBTSDRAGER, by=Actor.of(by))
    membership, _made = Membership.objects.get_or_create(
        user=user,
        organisation=organisation,
        function=function,
        valid_from=timezone.localdate(),
        defaults={"valid_until": valid_until},
    )
    return confirm_membership(membership, by=by)


@transaction.atomic
def refuse_request(asked: AccountRequest, *, by: User) -> None:
    """Drop a request; whoever asked hears nothing, so that a stranger learns nothing."""
    AccountRequest.objects.visible_to(by).filter(pk=asked.pk).delete()
