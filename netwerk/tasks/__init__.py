"""Jobs and questions of the network."""

from . import partner, people

__all__ = [
    "partner",
    "people",
]
