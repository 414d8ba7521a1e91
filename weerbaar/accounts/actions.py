"""What may be done with accounts and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .models import RoleGrant, User
from .roles import DUTIES, LINE_ROLES, STAFF_ROLES, Role
from .sessions import end_sessions

if TYPE_CHECKING:
    from weerbaar.audit import Actor


@transaction.atomic
def grant_role(user: User, role: Role, *, by: Actor, confirmed_by: Actor | None = None) -> RoleGrant:
    """Give a role. Raises ValidationError when the roles do not go together, or a second person is needed."""
    user = User.objects.select_for_update().get(pk=user.pk)
    duties = {DUTIES.get(Role(name)) for name in user.role_grants.values_list("role_id", flat=True)}
    if role in DUTIES and duties - {None, DUTIES[role]}:
        raise ValidationError(_("Technisch beheer, controle en inhoud gaan niet samen in één account."))
    confirmed = confirmed_by is not None and confirmed_by.id not in (None, by.id)
    if role in LINE_ROLES and by.role == Role.COORDINATOR and not confirmed:
        raise ValidationError(_("Een tweede persoon moet deze rol bevestigen."))
    grant, created = RoleGrant.objects.get_or_create(
        user=user,
        role_id=role.value,
        defaults={"granted_by": by.name, "confirmed_by": confirmed_by.name if confirmed_by else ""},
    )
    if created:
        _roles_changed(user)
    return grant


@transaction.atomic
def revoke_role(user: User, role: Role, *, by: Actor) -> None:
    """Take a role away; every session of the account ends."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if RoleGrant.objects.filter(user=user, role_id=role.value).delete()[0]:
        _roles_changed(user)


def _roles_changed(user: User) -> None:
    """Rights differ from here on: the desk follows the roles, and every session begins anew."""
    held = user.role_grants.values_list("role_id", flat=True)
    user.is_staff = any(Role(name) in STAFF_ROLES for name in held)
    user.save(update_fields=["is_staff"])
    end_sessions(user.pk)
