from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from netwerk.actions.story import end_consent
from netwerk.models import Story
from weerbaar.jobs import beat


@beat(every=timedelta(hours=1))
def end_run_out_consent(now: datetime) -> None:
    """Erase the stories whose teller agreed until a day that has passed. (No page shows them by then.)"""
    for story in Story.objects.run_out(timezone.localtime(now).date()):
        end_consent(story, by=None)
