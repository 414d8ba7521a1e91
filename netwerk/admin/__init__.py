"""What the network office works with at /beheer/."""

from . import key_figure, organisation, partner, people, reporting_point

__all__ = [
    "key_figure",
    "organisation",
    "partner",
    "people",
    "reporting_point",
]
