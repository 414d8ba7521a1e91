from __future__ import annotations

from datetime import datetime, timedelta

from weerbaar.jobs import beat

from .models import Draft


@beat(every=timedelta(hours=1))
def remove_expired_drafts(now: datetime) -> None:
    """What was not sent within seven days goes, and so does the result of what was."""
    Draft.objects.filter(expires_at__lte=now).delete()
