"""What the network office works with at /beheer/."""

from . import (
    basis,
    gathering,
    key_figure,
    meeting,
    organisation,
    partner,
    people,
    reporting_point,
    theme,
    training,
)

__all__ = [
    "basis",
    "gathering",
    "key_figure",
    "meeting",
    "organisation",
    "partner",
    "people",
    "reporting_point",
    "theme",
    "training",
]
