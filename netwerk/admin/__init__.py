"""What the network office works with at /beheer/."""

from . import (
    basis,
    card,
    gathering,
    intervention,
    item,
    key_figure,
    meeting,
    organisation,
    partner,
    people,
    policy,
    project,
    reporting_point,
    story,
    theme,
    training,
)

__all__ = [
    "basis",
    "card",
    "gathering",
    "intervention",
    "item",
    "key_figure",
    "meeting",
    "organisation",
    "partner",
    "people",
    "policy",
    "project",
    "reporting_point",
    "story",
    "theme",
    "training",
]
