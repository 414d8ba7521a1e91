"""What the network office works with at /beheer/."""

from . import basis, key_figure, organisation, partner, people, reporting_point

__all__ = [
    "basis",
    "key_figure",
    "organisation",
    "partner",
    "people",
    "reporting_point",
]
