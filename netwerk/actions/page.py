from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from netwerk.lifecycle import PAGE_NEXT, PageStatus
from netwerk.models import Page, Story
from weerbaar.accounts.models import User


@transaction.atomic
def move_page(page: Page, to: PageStatus, *, by: User) -> Page:
    """Publish a page, take it off the site, or make it a draft again. Who published it is kept on it."""
    if not by.has_perm(f"{page._meta.app_label}.change_{page._meta.model_name}"):
        raise PermissionDenied
    page = type(page)._default_manager.select_for_update().get(pk=page.pk)
    old = PageStatus(page.status)
    if to not in PAGE_NEXT[old]:
        words = {"old": old.label.lower(), "new": to.label.lower()}
        raise ValidationError(_("Een pagina kan niet van %(old)s naar %(new)s.") % words, code="move")
    if isinstance(page, Story) and (lacks := missing(page, to)):
        raise ValidationError(lacks, code="missing")
    page.status = to
    if to == PageStatus.PUBLISHED:
        page.published_at, page.published_by = timezone.now(), by
    page.save(update_fields=["status", "published_at", "published_by"])
    return page


def missing(story: Story, to: PageStatus) -> str:
    """Why a story cannot come this far; empty when it can."""
    if to != PageStatus.WITHDRAWN and story.consent_ended_on:
        return _("De verteller trok de toestemming in. Dit verhaal is gewist en komt niet terug.")
    if to != PageStatus.PUBLISHED:
        return ""
    if not (story.title and story.summary and story.body):
        return _("Vul eerst de titel, de samenvatting en het verhaal in.")
    if story.is_composed:
        return ""
    if not (story.consent_from and story.consent_on):
        return _("Leg eerst vast wie toestemming gaf, en wanneer.")
    if story.consent_until and story.consent_until < timezone.localdate():
        return _("De toestemming van de verteller is verlopen.")
    return ""
