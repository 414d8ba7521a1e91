"""Jobs and questions of the network."""

from . import basis, finding, following, partner, people, release, signup, story

__all__ = [
    "basis",
    "finding",
    "following",
    "partner",
    "people",
    "release",
    "signup",
    "story",
]
