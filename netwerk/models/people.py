from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk.functions import Function
from weerbaar.audit.history import track

from .organisation import Organisation
from .validity import ends_after_it_begins, in_force

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from weerbaar.accounts.models import User


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: date | None = None) -> Self:
        """Confirmed memberships in force on a day; they end with the organisation."""
        return self.filter(in_force(on), in_force(on, of="organisation__"), confirmed_at__isnull=False)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own; those at the own organisation for its contacts; all for who manages the network."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        if user.has_perm("netwerk.view_membership"):
            return self
        at_contact = Contact.objects.current().filter(user=user).values("organisation")
        return self.filter(Q(user=user) | Q(organisation__in=at_contact))


@track()
class Membership(models.Model):
    """That somebody with an account holds a function at an organisation, for a term."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisatie"), on_delete=models.PROTECT, related_name="memberships"
    )
    function = models.CharField(_("functie"), max_length=30, choices=Function)
    valid_from = models.DateField(_("vanaf"), default=timezone.localdate)
    valid_until = models.DateField(_("tot"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("bevestigd door"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="confirmed_memberships",
    )
    confirmed_at = models.DateTimeField(_("bevestigd op"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("lidmaatschap")
        verbose_name_plural = _("lidmaatschappen")
        ordering = ["organisation__sort_key", "function", "pk"]
        constraints = [
            ends_after_it_begins("membership_ends_after_it_begins"),
            models.UniqueConstraint(
                name="membership_once", fields=["user", "organisation", "function", "valid_from"]
            ),
            models.CheckConstraint(
                name="membership_confirmed_at_a_time",
                condition=Q(confirmed_by=None) | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="membership_not_confirmed_by_oneself",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("user")),
                violation_error_message=_("Niemand bevestigt de eigen functie."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_function_display()}, {self.organisation}"


class ContactQuerySet(models.QuerySet["Contact"]):
    def current(self, on: date | None = None) -> Self:
        """Contacts in force on a day whose account is active, and whom a second person confirmed.

        They end with the organisation: a reporter chose that very person, and nobody of its successor.
        """
        return self.filter(
            in_force(on),
            in_force(on, of="organisation__"),
            user__is_active=True,
            confirmed_at__isnull=False,
        )

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All for who may see contacts; a contact sees the contacts of the own organisation."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        if user.has_perm("netwerk.view_contact"):
            return self
        own = Contact.objects.current().filter(user=user).values("organisation")
        return self.filter(organisation__in=own)


@track()
class Contact(models.Model):
    """Who in an organisation receives what reporters choose to share with it.

    A reporter sees only the label, never a name. Who is added or changed at the desk (`added_by`) counts from
    when somebody else confirms it: whoever makes a contact chooses who reads what reporters share.
    """

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisatie"), on_delete=models.PROTECT, related_name="contacts"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="contacts",
    )
    function = models.CharField(_("functie"), max_length=30, choices=Function)
    label = models.CharField(
        _("openbare omschrijving"),
        max_length=120,
        help_text=_("Dit ziet een melder. Bijvoorbeeld: de griffier."),
    )
    valid_from = models.DateField(_("vanaf"), default=timezone.localdate)
    valid_until = models.DateField(_("tot"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("ingevoerd door"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("bevestigd door"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(_("bevestigd op"), null=True, editable=False, default=timezone.now)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contactpersoon van een organisatie")
        verbose_name_plural = _("contactpersonen van organisaties")
        ordering = ["organisation__sort_key", "label", "pk"]
        constraints = [
            ends_after_it_begins("contact_ends_after_it_begins"),
            models.UniqueConstraint(
                name="contact_once", fields=["organisation", "user", "function", "valid_from"]
            ),
            models.CheckConstraint(
                name="contact_confirmed_by_another",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("added_by")) & ~Q(confirmed_by=F("user")),
                violation_error_message=_("Een ander moet deze contactpersoon bevestigen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.organisation}"


class AccountRequestQuerySet(models.QuerySet["AccountRequest"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What a contact of the organisation decides about; never one's own request."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        own = Contact.objects.current().filter(user=user).values("organisation")
        return self.filter(organisation__in=own).exclude(email=user.email)


class AccountRequest(models.Model):
    """Somebody asks for an account with a work address. Gone once it is decided about, or after 30 days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("werkadres"))
    name = models.CharField(_("naam"), max_length=150)
    organisation = models.ForeignKey(Organisation, models.CASCADE, verbose_name=_("organisatie"))
    function = models.CharField(_("functie"), max_length=30, choices=Function)
    valid_until = models.DateField(_("einde van de termijn"), null=True, blank=True)
    asked_at = models.DateTimeField(_("gevraagd op"), default=timezone.now, db_index=True)

    objects = AccountRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("aanvraag voor een account")
        verbose_name_plural = _("aanvragen voor een account")
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(name="account_asked_once", fields=["email", "organisation", "function"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_function_display()}, {self.organisation}"
