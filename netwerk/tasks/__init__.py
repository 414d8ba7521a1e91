"""Jobs and questions of the network."""

from . import basis, partner, people, signup, story

__all__ = [
    "basis",
    "partner",
    "people",
    "signup",
    "story",
]
