"""Jobs and questions of the network."""

from . import basis, partner, people, release, signup, story

__all__ = [
    "basis",
    "partner",
    "people",
    "release",
    "signup",
    "story",
]
