"""What the network office works with at /beheer/."""

from . import organisation, partner, people

__all__ = ["organisation", "partner", "people"]
