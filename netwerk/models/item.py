"""The toolkit: items, their numbered versions, and who may see and download them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from netwerk import names
from netwerk.functions import Function
from netwerk.lifecycle import ITEM_NEXT, ItemStatus
from netwerk.vocabulary import Access, Category, ItemKind, Phase, Spoor, Topic
from weerbaar.audit.history import track

from .organisation import Organisation
from .partner import Partner, PartnerMember
from .people import Contact, Membership

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from weerbaar.accounts.models import User

# Paths of pages beside the items: no item may stand in their way.
PAGES = ["bundel", "volgen", "zoeken", "feed", "atom", "api", "schema", "onderwerp", "rubriek", "nieuw"]
AS_STRICT = Q()  # a file is never open to more people than its record
for _access in Access:
    AS_STRICT |= Q(record_access=_access, file_access__in=list(Access)[list(Access).index(_access) :])


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Items that this reader may know about. Lists, counts, facets, suggestions and feeds start here.

        What is published and no longer under embargo, by the access of the record; editors see all, and an
        officer of a partner also what that partner has in preparation.
        """
        if self._edits_all(user):
            return self
        readable = Q(status=ItemStatus.PUBLISHED, published_at__lte=Now())
        return self.filter(readable & self._open_to(user, "record_access") | self._of_own_partner(user))

    def downloadable_by(self, user: User | AnonymousUser) -> Self:
        """Of what is visible, the items whose files this reader may have."""
        visible = self.visible_to(user)
        if self._edits_all(user):
            return visible
        return visible.filter(self._open_to(user, "file_access") | self._of_own_partner(user))

    def editable_by(self, user: User | AnonymousUser) -> Self:
        """Everything for editors, the own releases for an officer of a partner."""
        return self if self._edits_all(user) else self.filter(self._of_own_partner(user))

    def withdrawn_for(self, user: User | AnonymousUser) -> Self:
        """What was withdrawn, and this reader could find before: they hear why, others learn nothing."""
        was_out = Q(status=ItemStatus.WITHDRAWN, published_at__lte=models.F("withdrawn_at"))
        return self.filter(was_out & self._open_to(user, "record_access"))

    def published(self) -> Self:
        """What readers can find now, whoever they are."""
        return self.filter(status=ItemStatus.PUBLISHED, published_at__lte=Now())

    def to_review(self, today: date) -> Self:
        """Published items whose date of review has come."""
        return self.filter(status=ItemStatus.PUBLISHED, review_on__lte=today)

    @staticmethod
    def _edits_all(user: User | AnonymousUser) -> bool:
        return user.is_authenticated and user.is_active and user.has_perm("netwerk.change_item")

    @staticmethod
    def _open_to(user: User | AnonymousUser, field: str) -> Q:
        """The rule of the access levels, for `record_access` or `file_access`."""
        if not (user.is_authenticated and user.is_active):
            return Q(**{field: Access.PUBLIC})
        levels = [Access.PUBLIC, Access.NETWORK]
        if user.has_perm("netwerk.read_team_item"):
            levels.append(Access.TEAM)
        named = Exists(ItemOrganisation.objects.for_user(user).filter(item=OuterRef("pk"))) | Exists(
            ItemUserObjectPermission.objects.filter(
                content_object=OuterRef("pk"), user=user, permission__codename="read_item"
            )
        )
        return Q(**{f"{field}__in": levels}) | Q(**{field: Access.ORGANISATIONS}) & Q(named)

    @staticmethod
    def _of_own_partner(user: User | AnonymousUser) -> Q:
        if not (user.is_authenticated and user.is_active):
            return Q(pk__in=[])
        own = PartnerMember.objects.current().filter(user=user)
        return Q(Exists(own.filter(partner=OuterRef("partner"))))


@track()
class Item(models.Model):
    """A handreiking, protocol, training or whatever else the network shares (hulpmiddel)."""

    slug = models.SlugField(_("in het adres"), max_length=80, unique=True)
    title = models.CharField(_("titel"), max_length=200)
    sort_key = models.CharField(max_length=200, editable=False)
    summary = models.TextField(_("samenvatting"), max_length=600)
    body = models.TextField(_("toelichting"), max_length=10_000, blank=True)
    kind = models.CharField(_("soort"), max_length=20, choices=ItemKind)
    category = models.CharField(_("rubriek"), max_length=20, choices=Category, blank=True)
    phases = ArrayField(
        models.CharField(max_length=10, choices=Phase), verbose_name=_("fase"), default=list, blank=True
    )
    functions = ArrayField(
        models.CharField(max_length=30, choices=Function),
        verbose_name=_("voor wie"),
        default=list,
        blank=True,
    )
    topics = ArrayField(
        models.CharField(max_length=20, choices=Topic), verbose_name=_("onderwerp"), default=list, blank=True
    )
    spoor = models.CharField(_("spoor"), max_length=5, choices=Spoor, default=Spoor.OTHER)
    year = models.PositiveSmallIntegerField(_("jaar van uitgave"), null=True, blank=True)
    source = models.CharField(_("bron"), max_length=200, blank=True)
    source_url = models.URLField(_("adres bij de bron"), blank=True)
    partner = models.ForeignKey(
        Partner, models.PROTECT, verbose_name=_("uitgave van"), null=True, blank=True, related_name="items"
    )

    record_access = models.CharField(_("wie vindt het"), max_length=15, choices=Access, default=Access.PUBLIC)
    file_access = models.CharField(
        _("wie downloadt het"), max_length=15, choices=Access, default=Access.PUBLIC
    )
    status = models.CharField(
        _("status"), max_length=10, choices=ItemStatus, default=ItemStatus.DRAFT, editable=False
    )
    published_at = models.DateTimeField(
        _("te zien vanaf"), null=True, blank=True, help_text=_("Nederlandse tijd.")
    )
    withdrawn_at = models.DateTimeField(_("ingetrokken op"), null=True, blank=True, editable=False)
    withdrawn_because = models.CharField(_("waarom ingetrokken"), max_length=300, blank=True)
    review_on = models.DateField(_("opnieuw bekijken op"), null=True, blank=True)
    created_at = models.DateTimeField(_("gemaakt"), default=timezone.now, editable=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("hulpmiddel")
        verbose_name_plural = _("hulpmiddelen")
        ordering = ["sort_key", "pk"]
        permissions = [
            ("read_item", _("leest één hulpmiddel")),
            ("read_team_item", _("leest wat voor het ondersteuningsteam is")),
            ("import_item", _("leest hulpmiddelen in uit een bestand")),
            ("export_item", _("exporteert hulpmiddelen")),
        ]
        constraints = [
            models.CheckConstraint(
                name="item_file_is_as_strict",
                condition=AS_STRICT,
                violation_error_message=_(
                    "Het bestand kan niet voor meer mensen zijn dan de beschrijving ervan."
                ),
            ),
            models.CheckConstraint(
                name="item_slug_is_no_page",
                condition=~Q(slug__in=PAGES),
                violation_error_message=_("Dit adres is al van een andere pagina. Kies een ander."),
            ),
            models.CheckConstraint(
                name="item_published_at_a_time",
                condition=~Q(status=ItemStatus.PUBLISHED) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="item_withdrawn_at_iff_withdrawn",
                condition=Q(status=ItemStatus.WITHDRAWN, withdrawn_at__isnull=False)
                | ~Q(status=ItemStatus.WITHDRAWN) & Q(withdrawn_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                name="item_newest",
                condition=Q(status=ItemStatus.PUBLISHED),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="item_lifecycle",
                field="status",
                transitions=[(old, new) for old in sorted(ITEM_NEXT) for new in sorted(ITEM_NEXT[old])],
            )
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.sort_key = names.sort_key(self.title)
        if update_fields is not None and "title" in update_fields:
            update_fields = {*update_fields, "sort_key"}
        super().save(update_fields=update_fields, **kwargs)

    @property
    def is_under_embargo(self) -> bool:
        """Published, and not to be seen yet."""
        return self.status == ItemStatus.PUBLISHED and not self.is_visible_now()

    def is_visible_now(self, now: datetime | None = None) -> bool:
        """Whether readers can find it; of an item under embargo nobody but its editors knows."""
        at = self.published_at
        return self.status == ItemStatus.PUBLISHED and at is not None and at <= (now or timezone.now())


class ItemUserObjectPermission(UserObjectPermissionBase):
    """A grant of one item to one person (guardian, without a generic foreign key)."""

    content_object = models.ForeignKey(Item, on_delete=models.CASCADE)


class ItemOrganisationQuerySet(models.QuerySet["ItemOrganisation"]):
    def for_user(self, user: User) -> Self:
        """The grants that reach somebody: by a function or a contact's place that is in force today.

        A rule and not guardian rows for each member: a term that ends takes the reading with it.
        """
        member = Membership.objects.current().filter(user=user, organisation=OuterRef("organisation"))
        contact = Contact.objects.current().filter(user=user, organisation=OuterRef("organisation"))
        officer = PartnerMember.objects.current().filter(user=user, partner=OuterRef("partner"))
        return self.filter(Exists(member) | Exists(contact) | Exists(officer))


@track()
class ItemOrganisation(models.Model):
    """An item is open to who belongs to this organisation or partner."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="granted_to")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisatie")
    )
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("partner")
    )

    objects = ItemOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("toegang voor een organisatie")
        verbose_name_plural = _("toegang voor organisaties")
        constraints = [
            models.CheckConstraint(
                name="item_granted_to_one",
                condition=Q(organisation=None, partner__isnull=False)
                | Q(organisation__isnull=False, partner=None),
                violation_error_message=_("Kies een organisatie of een partner, niet allebei."),
            ),
            models.UniqueConstraint(name="item_granted_once", fields=["item", "organisation"]),
            models.UniqueConstraint(name="item_granted_to_partner_once", fields=["item", "partner"]),
        ]

    def __str__(self) -> str:
        return str(self.organisation or self.partner)


@track()
class Version(models.Model):
    """One edition of an item's file: numbered, known by its SHA-256, and never changed afterwards.

    The bytes lie in the store under their SHA-256; two versions with the same bytes share them.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions", verbose_name=_("hulpmiddel"))
    number = models.PositiveIntegerField(_("versie"))
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveBigIntegerField(_("grootte in bytes"), editable=False)
    name = models.CharField(_("bestandsnaam"), max_length=200)
    content_type = models.CharField(max_length=100, editable=False)
    is_stripped = models.BooleanField(_("gegevens van de maker weggehaald"), default=False, editable=False)
    note = models.CharField(_("wat er nieuw is"), max_length=300, blank=True)
    added_at = models.DateTimeField(_("toegevoegd"), default=timezone.now, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("versie")
        verbose_name_plural = _("versies")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="version_number_once", fields=["item", "number"]),
            models.CheckConstraint(name="version_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="version_is_immutable",
                fields=[
                    "item",
                    "number",
                    "sha256",
                    "size",
                    "name",
                    "content_type",
                    "is_stripped",
                    "added_at",
                ],
            ),
            pgtrigger.Protect(name="version_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} v{self.number}"

    @property
    def extension(self) -> str:
        """What kind of file it is, as its name ends: PDF, DOCX."""
        return self.name.rpartition(".")[2].upper()
