"""The agressieprotocol as a paper: what it is filled with. Registered in AppConfig.ready."""

from __future__ import annotations

from typing import Any

from netwerk.models import AggressionProtocol


def context(subject: str) -> dict[str, Any]:
    """What the template shows of one version. LookupError when it is not there."""
    protocol = AggressionProtocol.objects.select_related("organisation").filter(pk=subject).first()
    if protocol is None:
        raise LookupError(subject)
    organisation = protocol.organisation
    return {
        "protocol": protocol,
        "organisation": organisation,
        "reference": f"{organisation.name}, versie {protocol.version}",
    }
