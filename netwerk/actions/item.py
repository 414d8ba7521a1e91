from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from netwerk import filenames
from netwerk.intake import REASONS, TakenIn
from netwerk.lifecycle import ITEM_NEXT, ItemStatus
from netwerk.models import (
    Bundle,
    BundleState,
    Item,
    ItemOrganisation,
    Organisation,
    Partner,
    Upload,
    UploadState,
    Version,
)
from netwerk.tasks.release import build_bundle, newest_files, take_in
from netwerk.uploads import ReceivedFile
from netwerk.vocabulary import Access
from weerbaar.accounts.models import User
from weerbaar.files.checks import Refused
from weerbaar.jobs import enqueue

MOST_IN_BUNDLE = 5000
LARGEST_BUNDLE = 4 * 1024**3  # bytes: what a worker packs well within its time
PACKED_WITHIN = timedelta(hours=1)  # a bundle that took longer will not come: another may be asked for


@transaction.atomic
def send_release(item: Item, file: ReceivedFile, *, note: str = "", by: User) -> Upload:
    """Take in a file for an item; a worker checks it and makes a version of it."""
    item = _to_edit(item, by)
    item.uploads.filter(state=UploadState.REFUSED).delete()  # what was said of an earlier try is read by now
    upload = Upload.objects.create(id=file.id, item=item, name=filenames.safe(file.name), note=note, by=by)
    enqueue(take_in, key=f"{upload.pk}", upload_id=upload.pk)
    file.is_taken_in = True
    return upload


@transaction.atomic
def add_version(item: Item, taken: TakenIn, *, note: str = "", by: User | None) -> Version:
    """The next numbered version of an item. Raises Refused("same") when it is the newest already."""
    item = Item.objects.select_for_update().get(pk=item.pk)
    newest = item.versions.first()
    if newest and newest.sha256 == taken.stored.sha256:
        raise Refused("same")
    return Version.objects.create(
        item=item,
        number=newest.number + 1 if newest else 1,
        sha256=taken.stored.sha256,
        size=taken.stored.size,
        name=taken.name,
        content_type=taken.content_type,
        is_stripped=taken.is_stripped,
        note=note,
        added_by=by,
    )


@transaction.atomic
def refuse_release(upload: Upload, reason: str) -> None:
    """Say why a file that came in is no version."""
    upload.state, upload.reason = UploadState.REFUSED, reason if reason in REASONS else "broken"
    upload.save(update_fields=["state", "reason"])


@transaction.atomic
def publish_item(item: Item, *, at: datetime | None = None, by: User) -> Item:
    """Let readers find it, from now or from a moment on; again, when it was withdrawn.

    Of an item that nobody could see yet, the moment may change. Raises ValidationError.
    """
    item, now = _to_edit(item, by), timezone.now()
    if not item.is_under_embargo:
        _may_become(item, ItemStatus.PUBLISHED)
    item.status, item.published_at = ItemStatus.PUBLISHED, max(at, now) if at else now
    item.withdrawn_at, item.withdrawn_because = None, ""
    item.save(update_fields=["status", "published_at", "withdrawn_at", "withdrawn_because"])
    return item


@transaction.atomic
def take_back(item: Item, *, by: User) -> Item:
    """Make it a concept again; only while nobody could see it yet. Afterwards: `withdraw_item`."""
    item = _to_edit(item, by)
    if not item.is_under_embargo:
        raise ValidationError(_("Dit is al te zien geweest. Trek het in en zeg waarom."))
    item.status, item.published_at = ItemStatus.DRAFT, None
    item.save(update_fields=["status", "published_at"])
    return item


@transaction.atomic
def withdraw_item(item: Item, *, because: str, by: User) -> Item:
    """Take it away from the readers, who hear why at its address."""
    item = _to_edit(item, by)
    _may_become(item, ItemStatus.WITHDRAWN)
    if item.is_under_embargo:
        raise ValidationError(_("Dit is nog niet te zien geweest. Maak het weer een concept."))
    if not because.strip():
        raise ValidationError(_("Schrijf op waarom u dit intrekt. Lezers zien dat."))
    item.status, item.withdrawn_at, item.withdrawn_because = ItemStatus.WITHDRAWN, timezone.now(), because
    item.save(update_fields=["status", "withdrawn_at", "withdrawn_because"])
    return item


@transaction.atomic
def set_access(item: Item, *, record: Access, file: Access, by: User) -> Item:
    """Who finds it, and who may have its files."""
    item = _to_edit(item, by)
    if list(Access).index(file) < list(Access).index(record):
        raise ValidationError(_("Het bestand kan niet voor meer mensen zijn dan de beschrijving ervan."))
    item.record_access, item.file_access = record, file
    item.save(update_fields=["record_access", "file_access"])
    return item


@transaction.atomic
def grant_item(item: Item, *, to: Organisation | Partner | User, by: User) -> None:
    """Let an organisation, a partner or one person in. Twice changes nothing."""
    if not by.has_perm("netwerk.change_item"):
        raise PermissionDenied
    if isinstance(to, User):
        assign_perm("netwerk.read_item", to, item)
    elif isinstance(to, Partner):
        ItemOrganisation.objects.get_or_create(item=item, partner=to)
    else:
        ItemOrganisation.objects.get_or_create(item=item, organisation=to)


@transaction.atomic
def end_grant(item: Item, *, to: Organisation | Partner | User, by: User) -> None:
    """Let them in no longer."""
    if not by.has_perm("netwerk.change_item"):
        raise PermissionDenied
    if isinstance(to, User):
        remove_perm("netwerk.read_item", to, item)
    elif isinstance(to, Partner):
        ItemOrganisation.objects.filter(item=item, partner=to).delete()
    else:
        ItemOrganisation.objects.filter(item=item, organisation=to).delete()


@transaction.atomic
def ask_bundle(items: list[int], *, by: User) -> Bundle:
    """Have the newest files of these items packed together. What this reader may not have, stays out.

    Somebody has one bundle at a time: the next one, once it is there, takes the place of the one before.
    Raises ValidationError when nothing is left, or too much, or when one is being packed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('netwerk_bundle'), hashtext(%s))", [str(by.pk)])
    packed_since = timezone.now() - PACKED_WITHIN
    if Bundle.objects.filter(user=by, state=BundleState.WAITING, asked_at__gt=packed_since).exists():
        raise ValidationError(_("Uw vorige bundel wordt nog gemaakt. Wacht tot die klaar is."))
    allowed = Item.objects.downloadable_by(by).filter(pk__in=items, versions__isnull=False)
    chosen = sorted(set(allowed.values_list("pk", flat=True)))
    if not chosen:
        raise ValidationError(_("Kies ten minste één hulpmiddel met een bestand."))
    if len(chosen) > MOST_IN_BUNDLE:
        raise ValidationError(_("Een bundel heeft hooguit 5.000 bestanden. Kies een onderwerp."))
    total = sum(version.size for version in newest_files(chosen, by))
    if total > LARGEST_BUNDLE:
        raise ValidationError(_("Een bundel is hooguit 4 GB. Kies minder, of download grote bestanden los."))
    Bundle.objects.filter(user=by).exclude(state=BundleState.READY).delete()
    bundle = Bundle.objects.create(user=by, items=chosen, total=total)
    enqueue(build_bundle, key=f"{bundle.pk}", bundle_id=bundle.pk)
    return bundle


def _to_edit(item: Item, by: User) -> Item:
    """The item, locked, for who may edit it. Raises PermissionDenied."""
    if not Item.objects.editable_by(by).filter(pk=item.pk).exists():
        raise PermissionDenied
    return Item.objects.select_for_update().get(pk=item.pk)


def _may_become(item: Item, to: ItemStatus) -> None:
    old = ItemStatus(item.status)
    if to not in ITEM_NEXT[old]:
        words = {"old": old.label, "new": to.label}
        raise ValidationError(_("Dit kan niet van ‘%(old)s’ naar ‘%(new)s’.") % words)
