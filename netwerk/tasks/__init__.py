"""Jobs and questions of the network."""

from . import basis, partner, people

__all__ = [
    "basis",
    "partner",
    "people",
]
