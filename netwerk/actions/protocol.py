from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from netwerk.models import AggressionProtocol, Contact, Organisation
from weerbaar.accounts.models import User


@transaction.atomic
def make_protocol(organisation: Organisation, answers: Mapping[str, Any], *, by: User) -> AggressionProtocol:
    """A new version with these agreements; the same as the last one is no new version.

    Raises PermissionDenied for who is no contact of the organisation, ValidationError when a colleague does
    the same at this moment.
    """
    if not Contact.objects.current().filter(user=by, organisation=organisation).exists():
        raise PermissionDenied
    last = AggressionProtocol.objects.filter(organisation=organisation).order_by("-version").first()
    if last and all(getattr(last, name) == value for name, value in answers.items()):
        return last
    version = last.version + 1 if last else 1
    protocol = AggressionProtocol(organisation=organisation, version=version, made_by=by, **answers)
    try:
        with transaction.atomic():
            protocol.save()
    except IntegrityError:  # the database knows each version once
        raise ValidationError(_("Een collega maakte net een nieuwe versie. Kijk die eerst na.")) from None
    return protocol
