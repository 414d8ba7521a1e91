"""What may be done with accounts and roles."""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weerbaar.audit.log import Actor
from weerbaar.jobs import enqueue
from weerbaar.zones import Zone

from .models import PasswordLink, Proposal, RoleGrant, User
from .roles import DUTIES, LINE_ROLES, MAY_INVITE, MAY_REVOKE, STAFF_ROLES, Role
from .sessions import end_sessions
from .tasks import hash_token, notify_later, send_password_link

VALID_FOR = {
    PasswordLink.Kind.INVITATION: timedelta(days=7),
    PasswordLink.Kind.FORGOTTEN: timedelta(hours=1),
}


@transaction.atomic
def grant_role(user: User, role: Role, *, by: Actor, confirmed_by: Actor | None = None) -> RoleGrant:
    """Give a role. Raises ValidationError when the roles do not go together, or a second person is needed."""
    user = User.objects.select_for_update().get(pk=user.pk)
    duties = {DUTIES.get(Role(str(name))) for name in user.role_grants.values_list("role_id", flat=True)}
    if role in DUTIES and duties - {None, DUTIES[role]}:
        raise ValidationError(_("Technisch beheer, controle en inhoud gaan niet samen in één account."))
    confirmed = confirmed_by is not None and confirmed_by.id not in (None, by.id)
    if role in LINE_ROLES and by.role == Role.COORDINATOR and not confirmed:
        raise ValidationError(_("Een tweede persoon moet deze rol bevestigen."))
    grant, created = RoleGrant.objects.get_or_create(
        user=user,
        role_id=role.value,  # type: ignore[misc]  # the group's name
        defaults={"granted_by": by.name, "confirmed_by": confirmed_by.name if confirmed_by else ""},
    )
    if created:
        _roles_changed(user)
    return grant


@transaction.atomic
def revoke_role(user: User, role: Role, *, by: Actor) -> None:
    """Take a role away; every session of the account ends."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.role_grants.filter(role=role.value).delete()[0]:  # type: ignore[misc]
        _roles_changed(user)


@transaction.atomic
def invite(email: str, name: str, role: Role, *, by: Actor, confirmed_by: Actor | None = None) -> User:
    """Make an account with a role and mail its owner a link to choose a password.

    Who has an account already gets the role; the link comes only while no password was chosen.
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email, None, name=name)
    grant_role(user, role, by=by, confirmed_by=confirmed_by)
    if user.has_usable_password():
        notify_later(user)
    else:
        _send_link(user, PasswordLink.Kind.INVITATION)
    return User.objects.get(pk=user.pk)


@transaction.atomic
def propose(email: str, name: str, role: Role, *, by: User) -> User | None:
    """Invite somebody, or for a role in a line: put it before a second person, and give None."""
    if not any(role in MAY_INVITE.get(held, ()) for held in by.roles):
        raise PermissionDenied
    if role not in LINE_ROLES:
        return invite(email, name, role, by=Actor.of(by))
    Proposal.objects.get_or_create(email=email.strip().lower(), name=name, role=role, proposed_by=by)
    return None


@transaction.atomic
def confirm(proposal: Proposal, *, by: User) -> User | None:
    """The second person agrees: the invitation goes out. None when somebody else was first."""
    if by.pk == proposal.proposed_by_id or not by.has_perm("accounts.invite_user"):
        raise PermissionDenied
    if not Proposal.objects.filter(pk=proposal.pk).delete()[0]:
        return None
    proposer, second = Actor.of(proposal.proposed_by), Actor.of(by)
    return invite(proposal.email, proposal.name, Role(proposal.role), by=proposer, confirmed_by=second)


@transaction.atomic
def withdraw_role(email: str, role: Role, *, by: User) -> bool:
    """Take a role away from somebody else; whether that account held it."""
    if not any(role in MAY_REVOKE.get(held, ()) for held in by.roles):
        raise PermissionDenied
    if email.strip().lower() == by.email:
        raise ValidationError(_("U kunt uw eigen rol niet intrekken. Vraag het een collega."))
    user = User.objects.filter(email=email.strip().lower(), groups__name=role.value).first()
    if user is None:
        return False
    revoke_role(user, role, by=Actor.of(by))
    return True


@transaction.atomic
def forgot_password(email: str, *, zone: Zone) -> None:
    """Mail a link to choose a new password, when this address has an account in this zone.

    The work is the same when it has not, so that nobody learns who has an account.
    """
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    fits = user is not None and user.zone == zone
    _send_link(user if fits else None, PasswordLink.Kind.FORGOTTEN)


def find_link(token: str, kind: PasswordLink.Kind, *, zone: Zone) -> PasswordLink | None:
    """The open link that a token belongs to; looking changes nothing, since mail scanners look too."""
    links = PasswordLink.objects.open().select_related("user")
    link = links.filter(token_hash=hash_token(token), kind=kind, user__is_active=True).first()
    return link if link and link.user and link.user.zone == zone else None


@transaction.atomic
def choose_password(link: PasswordLink, password: str) -> User | None:
    """Set the password and use the link up, together with every other open link of the account.

    None when somebody else was first.
    """
    user = link.user
    if user is None or not PasswordLink.objects.open().filter(pk=link.pk).delete()[0]:
        return None
    user.set_password(password)
    user.save(update_fields=["password"])
    PasswordLink.objects.filter(user=user).delete()
    end_sessions(user.pk)
    notify_later(user)
    return user


@transaction.atomic
def switch_account(user: User, *, on: bool) -> None:
    """Turn an account on or off; off ends its sessions at once."""
    user.is_active = on
    user.save(update_fields=["is_active"])
    if not on:
        end_sessions(user.pk)


def _send_link(user: User | None, kind: PasswordLink.Kind) -> None:
    link = PasswordLink.objects.create(user=user, kind=kind, expires_at=timezone.now() + VALID_FOR[kind])
    enqueue(send_password_link, key=str(link.pk), link_id=str(link.pk))


def _roles_changed(user: User) -> None:
    """Rights differ from here on: the desk follows the roles, and every session begins anew."""
    held = {Role(str(name)) for name in user.role_grants.values_list("role_id", flat=True)}
    is_staff = bool(held & STAFF_ROLES)
    if is_staff != user.is_staff:
        user.is_staff = is_staff
        user.save(update_fields=["is_staff"])
        _begin_anew(user, is_invited=bool(held))
    end_sessions(user.pk)


def _begin_anew(user: User, *, is_invited: bool) -> None:
    """In another zone, whose key does not open this second factor, an account that was in use starts over.

    By a link in the mail, as at the first invitation: were the password to stay, whoever knows it could
    set up a second factor of their own.
    """
    had_second_factor = Authenticator.objects.filter(user=user).delete()[0]
    if not (had_second_factor or user.last_login):
        return
    user.set_unusable_password()
    user.save(update_fields=["password"])
    PasswordLink.objects.filter(user=user).delete()
    if is_invited:
        _send_link(user, PasswordLink.Kind.INVITATION)
