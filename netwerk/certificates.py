"""The certificate (deelnamebewijs) of a training, for who was at enough of its sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netwerk.models import Signup

KIND = "training_certificate"


def context(subject: str) -> Mapping[str, Any]:
    """What stands on it; LookupError when somebody did not earn it, or it was forgotten."""
    signups = Signup.objects.placed().with_attendance().select_related("user", "edition__training__provider")
    signup = signups.filter(pk=subject, edition__isnull=False).first()
    if signup is None or not signup.earned_certificate:
        raise LookupError(subject)
    attended = [one.session for one in signup.attendances.select_related("session").order_by("session")]
    return {"signup": signup, "edition": signup.edition, "sessions": attended}
