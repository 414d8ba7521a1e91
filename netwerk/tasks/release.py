"""What workers do with the toolkit's files: check what came in, pack bundles, tidy up, ask for a review."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from netwerk import intake, store
from netwerk.models import Bundle, BundleState, Item, Upload, UploadState, Version
from weerbaar.accounts.backends import ByEmail
from weerbaar.files import scanner
from weerbaar.files.checks import Refused
from weerbaar.jobs import WORKER_ONLY, beat, enqueue, job, mail
from weerbaar.zones import Zone

if TYPE_CHECKING:
    from weerbaar.accounts.models import User

SIGNED_IN = frozenset({Zone.MIJN, Zone.BEHEER})
LEASE = timedelta(minutes=4)
KEPT = timedelta(days=1)  # a bundle


@job(queue="pdf", zones=SIGNED_IN, lease=LEASE)
def take_in(upload_id: str) -> None:
    """Make a version of what came in, or say why not. While the scanner is away this is tried again."""
    from netwerk.actions.item import add_version, refuse_release  # noqa: PLC0415 - they ask for this job

    upload = Upload.objects.filter(pk=upload_id, state=UploadState.WAITING).select_related("item").first()
    if upload is None:
        return
    path = store.incoming(upload.pk)
    try:
        if not upload.by or not Item.objects.editable_by(upload.by).filter(pk=upload.item_id).exists():
            raise Refused("no_longer")  # a term ended, or the item went to another partner
        if not path.exists():
            raise Refused("broken")
        taken = intake.take(path, upload.name, title=upload.item.title)
        add_version(upload.item, taken, note=upload.note, by=upload.by)
    except Refused as refused:
        refuse_release(upload, refused.reason)
    else:
        upload.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


@beat(every=timedelta(minutes=1))
def take_in_what_waits(now: datetime) -> None:
    """The scanner is back: what waited for it is tried at once, not when its turn comes."""
    late = Upload.objects.filter(state=UploadState.WAITING, at__lt=now - timedelta(minutes=2))
    waiting = list(late.order_by("at").values_list("pk", flat=True)[:100])
    if waiting and scanner.answers():
        for pk in waiting:
            enqueue(take_in, key=f"{pk}:{now:%Y%m%d%H}", upload_id=pk)


@job(queue="pdf", zones=SIGNED_IN, lease=LEASE)
def build_bundle(bundle_id: str) -> None:
    """Pack the newest files of what was chosen, of what its reader may have now. How far it is shows in the
    size of the half file: what this transaction writes, nobody sees before it is done."""
    from netwerk import bundles  # noqa: PLC0415 - only workers pack

    waiting = Bundle.objects.filter(pk=bundle_id, state=BundleState.WAITING).select_related("user")
    bundle = waiting.select_for_update(of=("self",)).first()
    if bundle is None:
        return
    versions = newest_files(bundle.items, bundle.user)
    bundle.versions = [version.pk for version in versions]
    if versions:
        half, target = store.bundle_in_the_making(bundle.pk), store.bundle(bundle.pk)
        bundle.size = bundles.pack(half, target, list(bundles.named(versions)))
    bundle.state = BundleState.READY if versions else BundleState.EMPTY
    bundle.save(update_fields=["versions", "size", "state"])
    throw_away(Bundle.objects.filter(user=bundle.user).exclude(pk=bundle.pk))


def throw_away(bundles: QuerySet[Bundle]) -> None:
    for bundle in bundles:
        store.bundle(bundle.pk).unlink(missing_ok=True)
    bundles.delete()


def newest_files(items: list[int], user: User) -> list[Version]:
    """The newest version of each of these items that this reader may have, by title; one query."""
    allowed = Item.objects.downloadable_by(user).filter(pk__in=items)
    newest = Version.objects.filter(item__in=allowed).order_by("item_id", "-number").distinct("item_id")
    found = Version.objects.filter(pk__in=newest.values("pk")).select_related("item")
    return list(found.order_by("item__sort_key", "item_id"))


@beat(every=timedelta(minutes=15))
def clear_up(now: datetime) -> None:
    """Bundles of yesterday go; so does what nobody took in, and what was refused a week ago."""
    Upload.objects.filter(state=UploadState.REFUSED, at__lt=now - timedelta(days=7)).delete()
    throw_away(Bundle.objects.filter(asked_at__lt=now - KEPT))
    waiting = set(Upload.objects.filter(state=UploadState.WAITING).values_list("pk", flat=True))
    for which, path in store.forgotten():
        if which not in waiting:
            path.unlink(missing_ok=True)


@job(zones=WORKER_ONLY)
def remind_to_review(month: str) -> None:
    """Who keeps up the library hears, once a month, that the date of review of some items has come."""
    if not Item.objects.to_review(timezone.localdate()).exists():
        return
    for editor in ByEmail().with_perm("netwerk.change_item", include_superusers=False):
        mail.send("netwerk_herzien", to=editor.email, link="/beheer/")


@beat(every=timedelta(hours=1))
def ask_to_review_items(now: datetime) -> None:
    today = timezone.localtime(now).date()
    if Item.objects.to_review(today).exists():
        enqueue(remind_to_review, key=f"items:{today:%Y-%m}", month=f"{today:%Y-%m}")
