"""What other packages use: `from weerbaar.audit import api as audit`, then `audit.log(…)`."""

from .history import by, track
from .log import Actor, AuditUnavailable, LookedRow, log, log_many, overview
from .models import AccessLog, Purpose, Result

__all__ = [
    "AccessLog",
    "Actor",
    "AuditUnavailable",
    "LookedRow",
    "Purpose",
    "Result",
    "by",
    "log",
    "log_many",
    "overview",
    "track",
]
