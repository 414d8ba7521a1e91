from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netwerk import names
from netwerk.functions import Function, Layer
from weerbaar.audit.history import track

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from weerbaar.accounts.models import User

LONGEST = 120  # characters of a search; no name is longer
LOOKS_LIKE = 0.5  # how much of a typed word must be found back for a misspelling to count


def in_force(on: date | None = None) -> Q:
    """Valid on a day, today by default; `valid_until` is the first day that no longer counts."""
    day = on or timezone.localdate()
    return (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_until=None) | Q(valid_until__gt=day))


def ends_after_it_begins(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
        violation_error_message=_("De einddatum ligt niet na de begindatum."),
    )


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def current(self, on: date | None = None) -> Self:
        """Organisations that exist on a day, today by default."""
        return self.filter(in_force(on))

    def search(self, text: str) -> Self:
        """Best match first: the whole name, then how it begins, then a word in it, then what looks like it.

        Accents, capitals and punctuation do not matter; other names ("Den Haag") count as names.
        """
        organisations, text = self._of_named_layer(text[:LONGEST])
        typed = names.words(text)
        if not typed:
            return self.none()
        fits = {
            "whole": Q(search_key__contains=f"|{typed}|"),
            "begin": Q(search_key__contains=f"|{typed}"),
            "word": Q(search_key__contains=f" {typed}"),
        }
        rank = Case(
            *(When(fit, then=Value(place)) for place, fit in enumerate(fits.values())),
            default=Value(len(fits)),
            output_field=IntegerField(),
        )
        return (
            organisations.annotate(likeness=TrigramWordSimilarity(typed, "search_key"), rank=rank)
            .filter(fits["begin"] | fits["word"] | Q(likeness__gte=LOOKS_LIKE))
            .order_by("rank", "-likeness", "sort_key", "code")
        )

    def named(self, text: str) -> Self:
        """Those whose whole name, or another name of theirs, this is."""
        organisations, text = self._of_named_layer(text[:LONGEST])
        return organisations.filter(search_key__contains=f"|{names.words(text) or '-'}|")

    def _of_named_layer(self, text: str) -> tuple[Self, str]:
        """ "Utrecht (gemeente)", as a label says it, means the gemeente alone."""
        name, _bracket, last = text.strip().rpartition("(")
        for layer in Layer:
            if name and last.removesuffix(")").strip().lower() == layer.label:
                return self.filter(layer=layer), name
        return self, text


@track()
class Organisation(models.Model):
    """A gemeente, provincie, waterschap or Caribbean openbaar lichaam, by its official code (TOOI)."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("naam"), max_length=120)
    aliases = models.CharField(
        _("andere namen"), max_length=200, blank=True, help_text=_("Gescheiden door een puntkomma.")
    )
    sort_key = models.CharField(max_length=120, editable=False)
    search_key = models.CharField(max_length=400, editable=False)
    layer = models.CharField(_("bestuurslaag"), max_length=20, choices=Layer)
    province_code = models.CharField(_("provincie"), max_length=4, blank=True)
    valid_from = models.DateField(_("bestaat vanaf"), null=True, blank=True)
    valid_until = models.DateField(
        _("bestaat tot"),
        null=True,
        blank=True,
        help_text=_("De eerste dag dat de organisatie er niet meer is."),
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("opvolger"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )

    rank: int  # set by search(): 0 for a whole name

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisatie")
        verbose_name_plural = _("organisaties")
        ordering = ["sort_key", "layer"]
        indexes = [
            models.Index("sort_key", "layer", name="organisation_sort"),
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="organisation_search"),
        ]
        constraints = [
            ends_after_it_begins("organisation_ends_after_it_begins"),
            models.CheckConstraint(
                name="organisation_code_fits_layer",
                condition=Q(layer=Layer.GEMEENTE, code__regex=r"^GM\d{4}$")
                | Q(layer=Layer.PROVINCIE, code__regex=r"^PV\d{2}$")
                | Q(layer=Layer.WATERSCHAP, code__regex=r"^WS\d{4}$")
                | Q(layer=Layer.OPENBAAR_LICHAAM, code__regex=r"^COL\d{2}$"),
                violation_error_message=_("De code past niet bij de bestuurslaag."),
            ),
            models.CheckConstraint(name="organisation_successor_is_another", condition=~Q(successor=F("id"))),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.fill_keys()
        if update_fields is not None and {"name", "aliases"} & set(update_fields):
            update_fields = {*update_fields, "sort_key", "search_key"}
        super().save(update_fields=update_fields, **kwargs)

    def fill_keys(self) -> None:
        """Derive what lists sort and search by; bulk writes call this themselves."""
        self.sort_key = names.sort_key(self.name)
        self.search_key = names.search_key(self.name, *self.aliases.split(";"))

    @property
    def label(self) -> str:
        """The name with its layer, since Utrecht is both a gemeente and a provincie."""
        return f"{self.name} ({self.get_layer_display()})"

    @property
    def is_caribbean(self) -> bool:
        """In Bonaire, Sint Eustatius or Saba: other emergency number, other time zone."""
        return self.layer == Layer.OPENBAAR_LICHAAM


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: date | None = None) -> Self:
        """Memberships in force on a day that the organisation has confirmed."""
        return self.filter(in_force(on), confirmed_at__isnull=False)

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
        """Contacts in force on a day whose account is active, and whom a second person confirmed."""
        return self.filter(in_force(on), user__is_active=True, confirmed_at__isnull=False)

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


class PartnerQuerySet(models.QuerySet["Partner"]):
    def taking_referrals(self) -> Self:
        """Those to whom the ondersteuningsteam may refer somebody."""
        return self.filter(is_active=True, takes_referrals=True)

    def to_check(self, today: date) -> Self:
        """Those whose details nobody checked for half a year."""
        return self.filter(is_active=True, checked_on__lt=today - CHECK_AFTER)


CHECK_AFTER = timedelta(days=182)


@track()
class Partner(models.Model):
    """An organisation of the network, or one that helps from outside: what it offers, for whom, and where."""

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("Beroepsvereniging")
        UMBRELLA = "umbrella", _("Koepel van overheden")
        GOVERNMENT = "government", _("Ministerie of overheid")
        SECURITY = "security", _("Politie, justitie en veiligheid")
        VICTIM_SUPPORT = "victim_support", _("Slachtofferhulp en nazorg")
        INTEGRITY = "integrity", _("Integriteit")
        KNOWLEDGE = "knowledge", _("Kennisinstelling")
        PARTY = "party", _("Bestuurdersvereniging van een partij")
        OTHER_GROUP = "other_group", _("Meldpunt voor een andere doelgroep")

    slug = models.SlugField(_("in het adres"), max_length=60, unique=True)
    name = models.CharField(_("naam"), max_length=120)
    sort_key = models.CharField(max_length=120, editable=False)
    kind = models.CharField(_("soort"), max_length=20, choices=Kind)
    offers = models.TextField(_("wat zij bieden"), max_length=2000)
    for_whom = models.CharField(_("voor wie"), max_length=300)
    phone = models.CharField(_("telefoon"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)
    hours = models.CharField(_("bereikbaar"), max_length=200, blank=True)
    takes_referrals = models.BooleanField(_("het team kan hierheen doorverwijzen"), default=False)
    checked_on = models.DateField(_("laatst gecontroleerd op"), default=timezone.localdate)
    is_active = models.BooleanField(_("zichtbaar"), default=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.sort_key = names.sort_key(self.name)
        if update_fields is not None and "name" in update_fields:
            update_fields = {*update_fields, "sort_key"}
        super().save(update_fields=update_fields, **kwargs)
