from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from weerbaar.audit.history import track
from weerbaar.zones import Zone

from .roles import DUTIES, Duty, Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """An account that signs in with its e-mail address (stored in lower case)."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account. Rights come from roles (`roles.py`); nobody is superuser."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mailadres"), unique=True)
    name = models.CharField(_("naam"), max_length=150)
    groups = models.ManyToManyField(  # type: ignore[assignment]  # through a model of our own
        Group,
        verbose_name=_("rollen"),
        through="RoleGrant",
        related_name="user_set",
        related_query_name="user",  # ModelBackend.with_perm asks by this name
        blank=True,
    )
    is_staff = models.BooleanField(_("medewerker"), default=False, editable=False)  # see grant_role
    is_active = models.BooleanField(_("actief"), default=True)
    created_at = models.DateTimeField(_("aangemaakt"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        permissions = [
            ("invite_user", _("mag iemand uitnodigen")),
            ("revoke_role", _("mag een rol intrekken")),
        ]
        constraints = [
            models.CheckConstraint(name="nobody_is_superuser", condition=Q(is_superuser=False)),
            models.CheckConstraint(
                name="email_in_lower_case", condition=Q(email=models.functions.Lower("email"))
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles held now; none while the account is off. Read once for each instance."""
        if not self.is_active:
            return frozenset()
        return frozenset(Role(str(name)) for name in self.role_grants.values_list("role_id", flat=True))

    def has_role(self, role: Role) -> bool:
        """Whether this account holds the role and is switched on."""
        return role in self.roles

    @property
    def main_role(self) -> Role | None:
        """The one role to name in a log: the weightiest, which is the last of the table."""
        return max(self.roles, key=list(Role).index, default=None)

    @property
    def zone(self) -> Zone:
        """Where this account signs in. A leak of one zone's secret does not open the other."""
        return Zone.BEHEER if self.is_staff else Zone.MIJN


@track()
class RoleGrant(models.Model):
    """Somebody holds a role: since when, and on whose word. Made by `actions.grant_role`."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants", verbose_name=_("account"))
    role = models.ForeignKey(
        Group, models.PROTECT, to_field="name", db_column="role", related_name="+", verbose_name=_("rol")
    )
    granted_at = models.DateTimeField(_("sinds"), default=timezone.now)
    granted_by = models.CharField(_("gegeven door"), max_length=150)
    confirmed_by = models.CharField(_("bevestigd door"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("rol van een account")
        verbose_name_plural = _("rollen van accounts")
        constraints = [
            models.UniqueConstraint(name="a_role_is_held_once", fields=["user", "role"]),
            ExclusionConstraint(
                name="nobody_holds_two_duties",
                expressions=[
                    ("user", "="),
                    (
                        Case(
                            *(
                                When(
                                    role__in=sorted(
                                        role.value for role, held in DUTIES.items() if held == duty
                                    ),
                                    then=Value(duty.value),
                                )
                                for duty in Duty
                            ),
                            output_field=models.TextField(),
                        ),
                        "<>",
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return str(Role(self.role_id).label)


class Proposal(models.Model):
    """A coordinator wants somebody in the team; a second person confirms before anything happens."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mailadres"))
    name = models.CharField(_("naam"), max_length=150)
    role = models.CharField(_("rol"), max_length=30, choices=Role)
    proposed_by = models.ForeignKey(
        User, models.CASCADE, related_name="+", verbose_name=_("voorgesteld door")
    )
    proposed_at = models.DateTimeField(_("voorgesteld op"), default=timezone.now)

    hidden_from = frozenset({"publiek", "mijn"})  # see weerbaar.audit.grants

    class Meta:
        verbose_name = _("voorstel voor een uitnodiging")
        verbose_name_plural = _("voorstellen voor een uitnodiging")
        ordering = ["proposed_at"]

    def __str__(self) -> str:
        return str(self.get_role_display())


class ZoneSession(models.Model):
    """A session: found by a keyed hash of its cookie, its content sealed with the zone's secret."""

    key_hash = models.CharField(primary_key=True, max_length=64)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    data = models.BinaryField()
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager[Self]]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.begun_at)


class MijnSession(ZoneSession):
    class Meta:
        verbose_name = _("sessie op mijn")


class BeheerSession(ZoneSession):
    class Meta:
        verbose_name = _("sessie op beheer")


class PasswordLinkQuerySet(models.QuerySet["PasswordLink"]):
    def open(self) -> Self:
        """Links that may still be used."""
        return self.filter(expires_at__gt=timezone.now())


class PasswordLink(models.Model):
    """A link in a mail with which somebody chooses a password, once. Only its hash is kept.

    Without a user: somebody typed an address that has no account. It costs the same work and does nothing.
    """

    class Kind(models.TextChoices):
        INVITATION = "uitnodiging", _("uitnodiging")
        FORGOTTEN = "vergeten", _("wachtwoord vergeten")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, null=True)  # known once the mail is made
    expires_at = models.DateTimeField(db_index=True)

    objects = PasswordLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.get_kind_display())


class UsedCode(models.Model):
    """A one-time code that was used. The database lets it in once, however many ask at a time."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    code = models.CharField(max_length=64)  # a keyed hash
    used_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="a_code_is_used_once", fields=["user", "code"])]

    def __str__(self) -> str:
        return str(self.used_at)


class CacheRow(models.Model):
    """The table behind `cache.LimitCache`: rate limits outlive Redis and are shared by all workers."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_cache"

    def __str__(self) -> str:
        return self.cache_key
