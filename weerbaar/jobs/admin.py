from __future__ import annotations

from datetime import timedelta

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from weerbaar.audit.admin import ReadOnlyAdmin
from weerbaar.audit.models import Result
from weerbaar.audit.site import Tile, beheer
from weerbaar.zones import Zone, zone_url

from .models import Heartbeat, Job, JobQuerySet, State

SILENCE = timedelta(minutes=5)  # without a tick through Celery; the stand-in does the work meanwhile


@admin.register(Job, site=beheer)
class JobAdmin(ReadOnlyAdmin):
    """What is waiting and what was given up; nothing of it can be changed, but it can be tried again."""

    list_display = ["name", "state", "attempts", "due_at", "last_error"]
    list_filter = ["state", "queue"]
    ordering = ["due_at"]
    actions = ["retry"]
    fields = ["name", "queue", "state", "attempts", "due_at", "created_at", "lease_until", "last_error"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).exclude(state=State.DONE)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("jobs.change_job")

    @admin.action(description=_("Opnieuw proberen"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: JobQuerySet) -> None:
        self.trail(request, None, Result.DONE, "opnieuw geprobeerd")
        count = queryset.retry()
        words = ngettext(
            "%(count)d opdracht wordt opnieuw geprobeerd.",
            "%(count)d opdrachten worden opnieuw geprobeerd.",
            count,
        )
        self.message_user(request, words % {"count": count}, messages.SUCCESS)


@beheer.on_start_page
def trouble(request: HttpRequest) -> list[Tile]:
    """For who keeps the portal running: what was given up, and that nothing is being done."""
    if not request.user.has_perm("jobs.view_job"):
        return []
    url = zone_url(Zone.BEHEER, "admin:jobs_job_changelist")
    tiles = [
        Tile(
            gettext("Opdrachten die niet lukten"), Job.objects.parked().count(), f"{url}?state__exact=parked"
        )
    ]
    if not Heartbeat.objects.filter(name="tick:default", at__gt=Now() - SILENCE).exists():
        tiles.append(Tile(gettext("Opdrachten worden niet op tijd uitgevoerd"), "!", url, urgent=True))
    return tiles
