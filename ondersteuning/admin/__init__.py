"""What the support team works with at /beheer/."""

from . import (
    breakglass,
    case,
    counted,
    duty,
    erasure,
    export,
    figures,
    saved_views,
    signals,
    start,
    team,
    tour,
)

__all__ = [
    "breakglass",
    "case",
    "counted",
    "duty",
    "erasure",
    "export",
    "figures",
    "saved_views",
    "signals",
    "start",
    "team",
    "tour",
]
