from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from netwerk.models import Membership
from weerbaar.accounts.models import User


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
