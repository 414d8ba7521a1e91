from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from netwerk.models import Contact, Declaration, NormSignature, Organisation
from weerbaar.accounts.models import User

TERM = 4  # years: as long as a raad, Staten or bestuur sits


@transaction.atomic
def sign_norm(organisation: Organisation, kind: Declaration, *, is_public: bool, by: User) -> NormSignature:
    """A contact signs for the own organisation; signing again renews.

    Raises PermissionDenied for who is no contact, or when the organisation is no longer there, and
    ValidationError when a colleague does the same at this moment.
    """
    contact = _contact(organisation, by)
    _end(organisation, kind)
    today = timezone.localdate()
    signature = NormSignature(
        organisation=organisation,
        kind=kind,
        signed_on=today,
        valid_until=_years_on(today),
        signed_by=by,
        signed_as=contact.function,
        is_public=is_public,
    )
    try:
        with transaction.atomic():
            signature.save()
    except IntegrityError:  # the database keeps one standing signature of a kind
        raise ValidationError(_("Een collega ondertekende dit net.")) from None
    return signature


@transaction.atomic
def withdraw_norm(organisation: Organisation, kind: Declaration, *, by: User) -> None:
    """The organisation takes its signature back; that it once signed stays in the register."""
    _contact(organisation, by)
    _end(organisation, kind)


def _contact(organisation: Organisation, user: User) -> Contact:
    contacts = Contact.objects.current().filter(user=user, organisation__in=Organisation.objects.current())
    contact = contacts.filter(organisation=organisation).first()
    if contact is None:
        raise PermissionDenied
    return contact


def _end(organisation: Organisation, kind: Declaration) -> None:
    standing = NormSignature.objects.filter(organisation=organisation, kind=kind, ended_at=None)
    standing.update(ended_at=timezone.now())


def _years_on(day: date) -> date:
    """The same day, TERM years on; the 29th of February becomes the 1st of March."""
    try:
        return day.replace(year=day.year + TERM)
    except ValueError:
        return date(day.year + TERM, 3, 1)
