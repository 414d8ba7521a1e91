from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from netwerk.lifecycle import PageStatus
from netwerk.models import Story
from weerbaar.accounts.models import User


@transaction.atomic
def end_consent(story: Story, *, by: User | None) -> Story:
    """The teller takes the story back, or agreed until a day that has passed (then `by` is None, the system).

    It is off the site at once and its text is erased; the address says that it is gone. Twice is once.
    """
    if by is not None and not by.has_perm("netwerk.change_story"):
        raise PermissionDenied
    story = Story.objects.select_for_update().get(pk=story.pk)
    if story.consent_ended_on:
        return story
    if story.status == PageStatus.PUBLISHED:
        story.status = PageStatus.WITHDRAWN
    story.consent_ended_on = timezone.localdate()
    story.title = story.summary = story.body = story.shown_as = ""
    story.save(update_fields=["status", "consent_ended_on", "title", "summary", "body", "shown_as"])
    return story
