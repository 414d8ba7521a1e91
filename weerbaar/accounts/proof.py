"""The second factor shown again, just before something that weighs more than the rest."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

if TYPE_CHECKING:
    from .requests import ZonedRequest

FRESH = timedelta(minutes=5)


def is_fresh(request: ZonedRequest) -> bool:
    """Whether this session showed its second factor in the last five minutes."""
    from .adapter import latest_proof  # noqa: PLC0415 - allauth is slow to import; most processes never ask

    latest = latest_proof(request)
    return latest is not None and time.time() - latest <= FRESH.total_seconds()


def url_to_show(path: str) -> str:
    """Where the second factor is shown again; it leads back to `path`."""
    return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': path})}"
